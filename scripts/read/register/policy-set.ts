/**
 * Reads the data files of `policies/` into one policy set, without what is kept with each client.
 *
 * A policy set that is wrong in any file is not used at all: with half a roster or without its calendar the gate would
 * decide by omission. What a schema cannot say (that ids are unique, that a deputy exists, that a freeze ends after it
 * starts) is checked here, across files.
 */
import calendarSchema from '../../../policies/schemas/calendar.schema.json' with { type: 'json' };
import catalogueSchema from '../../../policies/schemas/catalogue.schema.json' with { type: 'json' };
import quorumSchema from '../../../policies/schemas/quorum.schema.json' with { type: 'json' };
import matrixSchema from '../../../policies/schemas/risk-matrix.schema.json' with { type: 'json' };
import rosterSchema from '../../../policies/schemas/roster.schema.json' with { type: 'json' };
import thresholdsSchema from '../../../policies/schemas/thresholds.schema.json' with { type: 'json' };
import type { Calendar } from '../../../policies/model/calendar.ts';
import type {
  Catalogue,
  PolicySet,
  Quorum,
  RiskMatrix,
  Roster,
  Thresholds,
} from '../../../policies/model/facts.ts';
import type { Diagnostic, Parsed } from '../../plan/types.ts';
import type { LocatedDocument } from '../document.ts';
import { calendarProblems, catalogueProblems, quorumProblems, rosterProblems } from './policy-checks.ts';
import { ledgerKeysPath, readLedgerKeys } from '../ledger/keys.ts';
import { checkSchema } from '../schema/schema.ts';
import { readYaml } from '../yaml/yaml.ts';

/** The data files of a policy set; each must be there. */
export const policyFiles = [
  'roster.yaml',
  'quorum.yaml',
  'risk-matrix.yaml',
  'thresholds.yaml',
  'calendar.yaml',
  'catalogue.yaml',
] as const;

/** Not part of what a decision is taken with, and not needed where nothing reaches Cloudflare; but it must read. */
const keysFile = ledgerKeysPath.slice('policies/'.length);

type PolicyFile = (typeof policyFiles)[number];

interface ReadPolicyFile<T> {
  readonly value: T | null;
  readonly document: LocatedDocument | null;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Reads all files of a policy set, keyed by their name in `policies/`. Returns everything that is wrong in all of them
 * at once; a file that is missing, or one that is not known, is a problem of its own.
 */
export function readPolicySet(
  files: ReadonlyMap<string, string>,
): Parsed<Omit<PolicySet, 'registers' | 'trafficCases' | 'ruleFiles'>> {
  const roster = readOne<Roster>(files, 'roster.yaml', rosterSchema);
  const quorum = readOne<Quorum>(files, 'quorum.yaml', quorumSchema);
  const matrix = readOne<{ readonly matrix: RiskMatrix }>(files, 'risk-matrix.yaml', matrixSchema);
  const thresholds = readOne<Thresholds>(files, 'thresholds.yaml', thresholdsSchema);
  const calendar = readOne<Calendar>(files, 'calendar.yaml', calendarSchema);
  const catalogue = readOne<Catalogue>(files, 'catalogue.yaml', catalogueSchema);
  const diagnostics = [
    ...unknownFiles(files),
    ...keyProblems(files),
    ...[roster, quorum, matrix, thresholds, calendar, catalogue].flatMap((read) => read.diagnostics),
    ...checked(roster, rosterProblems),
    ...checked(quorum, quorumProblems),
    ...checked(calendar, calendarProblems),
    ...checked(catalogue, (value, document) => catalogueProblems(value, document, roster.value)),
  ];
  if (
    diagnostics.length > 0 ||
    roster.value === null ||
    quorum.value === null ||
    matrix.value === null ||
    thresholds.value === null ||
    calendar.value === null ||
    catalogue.value === null
  ) {
    return { ok: false, diagnostics };
  }
  return {
    ok: true,
    value: {
      roster: roster.value,
      quorum: quorum.value,
      matrix: matrix.value.matrix,
      thresholds: thresholds.value,
      calendar: calendar.value,
      catalogue: catalogue.value,
    },
  };
}

function keyProblems(files: ReadonlyMap<string, string>): readonly Diagnostic[] {
  const text = files.get(keysFile);
  const reading = text === undefined ? null : readLedgerKeys(text);
  return reading === null || reading.ok ? [] : reading.diagnostics;
}

function readOne<T>(files: ReadonlyMap<string, string>, name: PolicyFile, schema: object): ReadPolicyFile<T> {
  const text = files.get(name);
  if (text === undefined) {
    return { value: null, document: null, diagnostics: [missing(name)] };
  }
  const document = readYaml(text, `policies/${name}`);
  if (!document.ok) {
    return { value: null, document: null, diagnostics: document.diagnostics };
  }
  const parsed = checkSchema<T>(schema, document.value);
  return parsed.ok
    ? { value: parsed.value, document: document.value, diagnostics: [] }
    : { value: null, document: document.value, diagnostics: parsed.diagnostics };
}

function checked<T>(
  read: ReadPolicyFile<T>,
  check: (value: T, document: LocatedDocument) => readonly Diagnostic[],
): readonly Diagnostic[] {
  return read.value === null || read.document === null ? [] : check(read.value, read.document);
}

function missing(name: PolicyFile): Diagnostic {
  return {
    location: { file: `policies/${name}`, line: 1, column: 1 },
    message: `policies/${name} is missing`,
    expected: `all of ${policyFiles.join(', ')}`,
    found: 'no such file on the base branch',
    fix: `restore it: git checkout <base branch> -- policies/${name}`,
  };
}

function unknownFiles(files: ReadonlyMap<string, string>): readonly Diagnostic[] {
  const known: ReadonlySet<string> = new Set([...policyFiles, keysFile]);
  return [...files.keys()]
    .filter((name) => !known.has(name))
    .toSorted()
    .map((name) => ({
      location: { file: `policies/${name}`, line: 1, column: 1 },
      message: `policies/${name} is not a policy file that Sluice knows`,
      expected: `one of ${policyFiles.join(', ')}`,
      found: name,
      fix: 'remove the file, or correct its name: a file that nobody reads looks like a policy that holds',
    }));
}
