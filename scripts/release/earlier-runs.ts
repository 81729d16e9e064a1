/**
 * What other runs did of the same change: its stacks may be released by several processes, at once or days apart, and what
 * they know of each other stands in the ledger.
 */
import type { ProbeResult } from '../contract/ports.ts';
import { limits } from '../json/limits.ts';
import { parseJson } from '../json/parse.ts';
import { isMadeWith, type ApprovedChange } from './approval-use.ts';
import { knownStacks, stackState } from './state.ts';
import type { Intent, Ledger, LedgerFolder, ReleaseEntry } from './types.ts';

/** Beside the intent: which stacks the change has, and what its probes found before anything of it was applied. */
export const probesFile = 'probes.json';

export interface ProbesBefore {
  /** All stacks of the change. */
  readonly stacks: readonly string[];
  readonly probes: readonly ProbeResult[];
}

function numberOf({ id }: Pick<Intent, 'id'>): number {
  return Number(id.slice(1));
}

/**
 * As the release that was announced first has it: whoever announced later may have probed after that one had applied. Null
 * before the first release, and for one that wrote nothing down. The ledger was verified.
 */
export function probesBeforeChange(
  ledger: Ledger,
  isOfChange: (intent: Intent) => boolean,
): ProbesBefore | null {
  const [first] = ledger.folders
    .filter(({ intent }) => isOfChange(intent))
    .toSorted((a, b) => numberOf(a.intent) - numberOf(b.intent));
  const text = first === undefined ? undefined : ledger.files.get(`${first.folder}/${probesFile}`);
  return text === undefined ? null : (parseJson(text, limits.document) as ProbesBefore);
}

/** When the newest release of the change ended on these stacks; null while it is in force on none of them. */
export function releasedAt(
  ledger: Ledger,
  approved: Pick<ApprovedChange, 'headSha'>,
  stacks: readonly string[],
): string | null {
  return newestEnd(stacks.flatMap((stack) => inForceOn(ledger, stack, (of) => isMadeWith(of, approved))));
}

/** Where a change is in force, and since when on the last of them; null where it is nowhere. */
export function releasedStacks(
  ledger: Ledger,
  changeId: string,
): { readonly stacks: readonly string[]; readonly since: string } | null {
  const entries = knownStacks(ledger).flatMap((stack) =>
    inForceOn(ledger, stack, ({ action, changeId: of }) => action === 'release' && of === changeId),
  );
  const since = newestEnd(entries);
  return since === null ? null : { stacks: [...new Set(entries.map(({ stack }) => stack))], since };
}

function inForceOn(
  ledger: Ledger,
  stack: string,
  isOfChange: (intent: Intent) => boolean,
): readonly ReleaseEntry[] {
  const { finished, inForce } = stackState(ledger, stack);
  return finished
    .filter(({ entry, intent }) => inForce.has(entry.id) && isOfChange(intent))
    .map(({ entry }) => entry);
}

function newestEnd(entries: readonly ReleaseEntry[]): string | null {
  const ends = entries.map(({ finishedAt }) => finishedAt);
  return ends.toSorted((a, b) => Date.parse(a) - Date.parse(b)).at(-1) ?? null;
}

/** What undoing a change has to undo. */
export interface ChangeToUndo {
  readonly changeId: string;
  /** Stacks that hold it or part of it, the one that was released last first. */
  readonly stacks: readonly string[];
  /** Releases and rollbacks of it that were begun and never ended. */
  readonly open: readonly Intent[];
  /** Whether a release of it failed or broke off, or it was taken back from some stacks only. */
  readonly failed: boolean;
}

/** By the ledger alone, whichever runs released it and whatever became of them. */
export function changeToUndo(ledger: Ledger, changeId: string): ChangeToUndo {
  const folders = ledger.folders.filter(({ intent }) => intent.changeId === changeId);
  const names = [...new Set(folders.map(({ intent }) => intent.stack))];
  const held = names.flatMap((stack) => {
    const last = newestOf(ledger, stack);
    const released = folders.filter(({ intent }) => intent.stack === stack && intent.action === 'release');
    const number = Math.max(...released.map(({ intent }) => numberOf(intent)));
    return last?.intent.changeId === changeId && holds(last) ? [{ stack, number, last }] : [];
  });
  const stacks = held.toSorted((a, b) => b.number - a.number).map(({ stack }) => stack);
  const open = stacks.flatMap((stack) => stackState(ledger, stack).open.map(({ intent }) => intent));
  return {
    changeId,
    stacks,
    open,
    failed:
      stacks.length > 0 &&
      (open.length > 0 ||
        names.some((stack) => failedAttempt(ledger, stack, changeId) !== null) ||
        folders.some(({ intent }) => intent.action === 'rollback')),
  };
}

/** The last that was recorded of a stack, where it is a release of this change that did not end well, whatever it changed. */
export function failedAttempt(ledger: Ledger, stack: string, changeId: string): ReleaseEntry | null {
  const last = stackState(ledger, stack).finished.at(-1)?.entry;
  return last?.action === 'release' && last.changeId === changeId && last.result !== 'successful'
    ? last
    : null;
}

/** What happened last on a stack that may have changed something. */
function newestOf(ledger: Ledger, stack: string): LedgerFolder | null {
  const { open, unsettled, live } = stackState(ledger, stack);
  const found = [...open, unsettled, live].flatMap((folder) => (folder === null ? [] : [folder]));
  return found.toSorted((a, b) => numberOf(b.intent) - numberOf(a.intent))[0] ?? null;
}

/** A rollback that ended well left nothing of it. */
function holds({ intent, entry }: LedgerFolder): boolean {
  return intent.action === 'release' || (intent.action === 'rollback' && entry?.result !== 'successful');
}
