/**
 * What the gate reads of a branch before it decides anything: policies, registers, must-pass cases, records.
 * A mistake in any of it stops every change, so it is read as a whole, of the default branch and of what a pull request
 * would make of it alike. Where the default branch's own does not read, the newest commit is looked for whose does: the
 * pull request that repairs it is decided with that, and nothing else is.
 */
import { InputError, type Diagnostic } from '../contract/errors.ts';
import type { Parsed } from '../plan/types.ts';
import type { Git } from '../contract/ports.ts';
import type { PolicySet } from '../../policies/model/facts.ts';
import type { PolicyFallback, ProposalFault } from '../../policies/model/proposal.ts';
import type { LocatedRecord } from '../../policies/model/record.ts';
import { printable } from '../../policies/reading/places/placement.ts';
import { readMustPass } from './must-pass.ts';
import { fromRef, readPolicy, type PolicySource } from './policy.ts';
import { readRecords } from './records.ts';

export interface DecisionData {
  readonly policy: PolicySet;
  readonly records: readonly LocatedRecord[];
}

/** Where all of it lies. */
const folders = ['policies', 'stacks/clients', 'changes'] as const;

/** Reads everything and gives every problem; a file that cannot be read at all is one. */
export async function readDecisionData(source: PolicySource): Promise<Parsed<DecisionData>> {
  try {
    const [policy, records] = await Promise.all([readPolicy(source), readRecords(source)]);
    const clients = policy.ok ? policy.value.registers.map(({ client }) => client) : [];
    const cases = await readMustPass(source, clients);
    const diagnostics = [policy, records, cases].flatMap((read) => (read.ok ? [] : read.diagnostics));
    return policy.ok && records.ok && diagnostics.length === 0
      ? { ok: true, value: { policy: policy.value, records: records.value } }
      : { ok: false, diagnostics };
  } catch (error) {
    if (error instanceof InputError) {
      return { ok: false, diagnostics: error.parts.diagnostics ?? [{ message: error.parts.what }] };
    }
    throw error;
  }
}

/** The same; throws InputError with every problem of every file. */
export async function loadDecisionData(source: PolicySource): Promise<DecisionData> {
  const read = await readDecisionData(source);
  if (!read.ok) {
    throw new InputError({
      what: 'The policy data does not read.',
      diagnostics: read.diagnostics,
      why: 'Policies, registers, must-pass cases and records decide what may be released; nothing is decided with a part of them.',
      fix: 'Correct the places above.',
      next: 'sluice check',
    });
  }
  return read.value;
}

export interface BaseData {
  readonly data: DecisionData;
  /** Where it was read from; must-pass cases are read from there, too. */
  readonly source: PolicySource;
  /** Null when it is the branch's own. */
  readonly fallback: PolicyFallback | null;
}

/** The data of a branch, or the last that read. Throws InputError when no commit of it has data that reads. */
export async function baseData(git: Git, ref: string): Promise<BaseData> {
  const source = fromRef(git, ref);
  const own = await readDecisionData(source);
  if (own.ok) {
    return { data: own.value, source, fallback: null };
  }
  const [, ...earlier] = await git.firstParents(ref, folders);
  for (const sha of earlier) {
    const before = fromRef(git, sha);
    const read = await readDecisionData(before);
    if (read.ok) {
      const fallback = { sha, faults: own.diagnostics.map(asFault) };
      return { data: read.value, source: before, fallback };
    }
  }
  throw new InputError({
    what: 'The policy data of the default branch does not read, and no commit of it has data that does.',
    diagnostics: own.diagnostics,
    why: 'Rules, roster, calendar and registers decide what may be released; nothing is decided with a part of them.',
    fix: 'Correct the places above on the default branch; in a shallow clone fetch the whole history first.',
    next: 'git fetch --unshallow',
  });
}

/** Without what was found there: a fault may be shown to everybody who reads the pull request. */
export function asFault({ location, message, expected, fix }: Diagnostic): ProposalFault {
  const { file, line, column } = location ?? { file: 'policies', line: 1, column: 1 };
  return {
    file: printable(file),
    line,
    column,
    text: (expected === undefined ? message : `${message}; expected ${expected}`).slice(0, 500),
    fix: (fix ?? 'correct it, then: sluice check').slice(0, 500),
  };
}
