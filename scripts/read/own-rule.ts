/** Reads what a rule of an estate's own answered: text from a program that was written by others. */
import schema from '../../policies/schemas/own-rule.schema.json' with { type: 'json' };
import { findingIds, type RuleHead, type RuleResult } from '../../policies/model/finding.ts';
import type { RuleCase } from '../../policies/model/rule-case.ts';
import { limits } from '../json/limits.ts';
import type { Diagnostic, Parsed } from '../plan/types.ts';
import { readJson } from './json/json.ts';
import { checkSchema } from './schema/schema.ts';

export interface OwnRuleDocument {
  readonly rule: RuleHead;
  readonly result: RuleResult;
}

/** Anything but a description and a result, each as the schema has them, is refused; so is a kind that the rule does not have. */
export function readOwnRule(text: string, path: string): Parsed<OwnRuleDocument> {
  return readAnswer<OwnRuleDocument>(schema, { text, path }, ({ result }) => [result]);
}

/** A rule and what it says of each of its examples. */
export interface RuleTrial {
  readonly rule: RuleHead;
  readonly results: readonly {
    readonly case: Pick<RuleCase, 'name' | 'finds' | 'doubts'>;
    readonly result: RuleResult;
  }[];
}

const subjects = { type: 'array', maxItems: 1000, items: { type: 'string' } } as const;

const trialSchema = {
  ...schema,
  $id: 'https://sluice.example/schemas/rule-trial.schema.json',
  required: ['rule', 'results'],
  properties: {
    rule: schema.properties.rule,
    results: {
      type: 'array',
      maxItems: 1000,
      items: {
        type: 'object',
        additionalProperties: false,
        required: ['case', 'result'],
        properties: {
          case: {
            type: 'object',
            additionalProperties: false,
            required: ['name', 'finds', 'doubts'],
            properties: { name: { type: 'string' }, finds: subjects, doubts: subjects },
          },
          result: schema.properties.result,
        },
      },
    },
  },
};

/** The same of a rule that was tried on its examples. */
export function readRuleTrial(text: string, path: string): Parsed<RuleTrial> {
  return readAnswer<RuleTrial>(trialSchema, { text, path }, ({ results }) =>
    results.map(({ result }) => result),
  );
}

function readAnswer<T extends { readonly rule: RuleHead }>(
  answerSchema: object,
  { text, path }: { readonly text: string; readonly path: string },
  resultsIn: (answer: T) => readonly RuleResult[],
): Parsed<T> {
  const document = readJson(text, path, limits.document);
  if (!document.ok) {
    return document;
  }
  const read = checkSchema<T>(answerSchema, document.value);
  if (!read.ok) {
    return read;
  }
  const { rule } = read.value;
  const strange = resultsIn(read.value).flatMap((result) => strangeKinds(rule, result));
  return strange.length === 0 ? read : { ok: false, diagnostics: strange };
}

function strangeKinds(rule: RuleHead, result: RuleResult): readonly Diagnostic[] {
  const known = findingIds(rule);
  const judgements = result.kind === 'judged' ? [...result.observations, ...result.doubts] : [];
  const strange = new Set(
    judgements
      .map(({ kind }) => (kind === undefined ? rule.id : `${rule.id}/${kind}`))
      .filter((id) => !known.includes(id)),
  );
  return [...strange].map((id) => ({ message: `it says ${id}`, expected: `one of ${known.join(', ')}` }));
}
