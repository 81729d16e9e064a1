/**
 * Reads a facts document: everything that a decision may know. Strict all the way down, because a field that nobody reads
 * looks like one that was taken into account, and an absent one would be a decision by omission. The schema of the whole
 * is assembled here from the parts that other documents have as well; `policies/schemas/facts.schema.json` refers to them.
 */
import recordSchema from '../../changes/record.schema.json' with { type: 'json' };
import calendarSchema from '../../policies/schemas/calendar.schema.json' with { type: 'json' };
import catalogueSchema from '../../policies/schemas/catalogue.schema.json' with { type: 'json' };
import factsSchema from '../../policies/schemas/facts.schema.json' with { type: 'json' };
import ownRuleSchema from '../../policies/schemas/own-rule.schema.json' with { type: 'json' };
import quorumSchema from '../../policies/schemas/quorum.schema.json' with { type: 'json' };
import matrixSchema from '../../policies/schemas/risk-matrix.schema.json' with { type: 'json' };
import rosterSchema from '../../policies/schemas/roster.schema.json' with { type: 'json' };
import thresholdsSchema from '../../policies/schemas/thresholds.schema.json' with { type: 'json' };
import type { Facts } from '../../policies/model/facts.ts';
import { readPlan } from '../plan/read.ts';
import type { Diagnostic, Json, Parsed, SourceLocation } from '../plan/types.ts';
import type { LocatedDocument } from './document.ts';
import {
  calendarProblems,
  catalogueProblems,
  quorumProblems,
  rosterProblems,
} from './register/policy-checks.ts';
import { checkSchema } from './schema/schema.ts';

/** The schema with the parts it refers to. The plan is left to its own reader, which checks more than a schema can. */
const schema = {
  ...factsSchema,
  properties: { ...factsSchema.properties, plan: { type: 'object' } },
  $defs: {
    ...factsSchema.$defs,
    changeRecord: recordSchema,
    ownRule: ownRuleSchema,
    roster: rosterSchema,
    quorum: quorumSchema,
    matrix: matrixSchema,
    thresholds: thresholdsSchema,
    calendar: calendarSchema,
    catalogue: catalogueSchema,
  },
};

/** Reads facts from a document with places: every problem is shown at its line. */
export function readLocatedFacts(document: LocatedDocument): Parsed<Facts> {
  const parsed = checkSchema<Facts>(schema, document);
  if (!parsed.ok) {
    return parsed;
  }
  const facts = parsed.value;
  const plan = readPlan(facts.plan);
  const diagnostics = [
    ...(plan.ok
      ? []
      : plan.diagnostics.map((diagnostic) => ({ location: document.locate('/plan'), ...diagnostic }))),
    ...policyProblems(facts, document),
  ];
  return plan.ok && diagnostics.length === 0
    ? { ok: true, value: { ...facts, plan: plan.value } }
    : { ok: false, diagnostics };
}

/** Reads facts from plain data, such as a parsed JSON document. Problems name the JSON pointer instead of a line. */
export function readFacts(document: unknown): Parsed<Facts> {
  const parsed = readLocatedFacts({
    file: 'facts',
    value: document as Json,
    locations: {},
    locate: pointerPlace,
    locateKey: pointerPlace,
  });
  return parsed.ok ? parsed : { ok: false, diagnostics: parsed.diagnostics.map(withPointer) };
}

function pointerPlace(pointer: string): SourceLocation {
  return { file: pointer === '' ? '/' : pointer, line: 1, column: 1 };
}

function withPointer(diagnostic: Diagnostic): Diagnostic {
  const { location, ...rest } = diagnostic;
  return location === undefined ? diagnostic : { ...rest, message: `${location.file}: ${rest.message}` };
}

/** The policy set inside the facts obeys the same rules as the files it was read from. */
function policyProblems(facts: Facts, document: LocatedDocument): readonly Diagnostic[] {
  const { roster, quorum, calendar, catalogue } = facts.policy;
  return [
    ...rosterProblems(roster, within(document, '/policy/roster')),
    ...quorumProblems(quorum, within(document, '/policy/quorum')),
    ...calendarProblems(calendar, within(document, '/policy/calendar')),
    ...catalogueProblems(catalogue, within(document, '/policy/catalogue'), roster),
  ];
}

function within(document: LocatedDocument, at: string): LocatedDocument {
  return {
    ...document,
    locate: (pointer) => document.locate(`${at}${pointer}`),
    locateKey: (pointer) => document.locateKey(`${at}${pointer}`),
  };
}
