/**
 * Whether a change that calls itself standard is one. The claim is never believed: every constraint of the catalogue
 * entry is proven from the plan, the clock and the ledger. One thing that is outside, unknown or unreadable makes the
 * change a normal one; no waiver changes that, because this is not a rule but the meaning of the word.
 */
import { entryProblems } from './catalogue/entry.ts';
import { planProblems } from './catalogue/scope.ts';
import type { CatalogueMatch } from './model/assessment.ts';
import type { CatalogueEntry, RuleInput } from './model/facts.ts';
import type { ChangeRecord } from './model/record.ts';
import { completeRecord } from './record/complete.ts';
import { namedClients } from './reading/clients.ts';

/**
 * Matches the change with the catalogue entry that its record names. `not-standard` for other types and without a
 * record. All reasons of a mismatch are given at once.
 */
export function matchCatalogue(input: RuleInput): CatalogueMatch {
  if (input.record === null || input.record.record.type !== 'standard') {
    return { kind: 'not-standard' };
  }
  const { record } = completeRecord(input.record, input);
  const claim = record.standardChange;
  if (claim === undefined) {
    return {
      kind: 'mismatch',
      entry: null,
      reasons: [
        'the record is of type standard, names no catalogue entry, and the plan fits none that the client has agreed to',
      ],
    };
  }
  const entry = input.policy.catalogue.entries.find(({ id }) => id === claim.ref);
  if (entry === undefined) {
    return { kind: 'mismatch', entry: null, reasons: [`the catalogue has no entry ${claim.ref}`] };
  }
  const { problems, uses } = entryProblems(entry, input);
  const [first, ...others] = [
    ...recordProblems(entry, { record, version: claim.version }, input),
    ...problems,
    ...planProblems(entry, input),
  ];
  return first === undefined
    ? { kind: 'matches', entry, uses }
    : { kind: 'mismatch', entry, reasons: [first, ...others] };
}

function recordProblems(
  entry: CatalogueEntry,
  { record, version }: { readonly record: ChangeRecord; readonly version: string },
  input: RuleInput,
): readonly string[] {
  const problems: string[] = [];
  if (version !== entry.version) {
    problems.push(`the record names version ${version} of ${entry.id}; the catalogue has ${entry.version}`);
  }
  // Uses and failures are counted by model: another name would start a fresh count.
  if (record.model !== entry.id) {
    problems.push(
      `the record's model is ${record.model ?? 'absent'}; a use of ${entry.id} is counted under model ${entry.id}`,
    );
  }
  if (record.category !== entry.category) {
    problems.push(`the record's category is ${record.category}; the entry is for ${entry.category}`);
  }
  for (const client of namedClients(record)) {
    const register = input.policy.registers.find((one) => one.client === client);
    if (register === undefined) {
      problems.push(`there is no service register of client ${client}`);
    } else if (!register.standardChanges.includes(entry.id)) {
      problems.push(`client ${client} has not agreed to ${entry.id} (standardChanges of its register)`);
    }
  }
  return problems;
}
