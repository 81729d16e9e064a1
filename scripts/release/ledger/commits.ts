/**
 * What the history of the branch says: it only grew, one document of one release at a time, every step has its tag, and
 * it goes on from what this clone saw before. A new root, a cut end and a rewritten middle all show here.
 */
import type { LedgerFault } from '../types.ts';
import { documentKinds, endFiles, type LedgerBranch, type LedgerCommit } from './branch.ts';
import { indexFolder } from './index-form.ts';
import { idOf, idOfFolder, ledgerBranch, ledgerTags, nameIn, tagOf, type LedgerDocument } from './format.ts';

/** A commit that is about one document of one folder. */
export interface LedgerStep {
  readonly sha: string;
  readonly folder: string;
  readonly document: LedgerDocument;
  /** Everything that the commit added, by name. */
  readonly names: readonly string[];
}

/** Brings what origin has more of, and refuses what was rewritten there. */
export const fetchAgain = `git fetch origin ${ledgerBranch}:${ledgerBranch} 'refs/tags/${ledgerTags}*:refs/tags/${ledgerTags}*'`;

/** The steps in their order. What is no such step is a fault and left out. */
export function stepsIn(history: readonly LedgerCommit[], faults: LedgerFault[]): readonly LedgerStep[] {
  return history.flatMap((written, index) => {
    const commit = { ...written, changes: written.changes.filter((change) => !isOfIndex(change)) };
    const found = faultsOf(commit, index === 0);
    faults.push(...found);
    const step = stepOf(commit);
    if (step === null && found.length === 0) {
      faults.push({ place: at(commit.sha), what: 'adds neither the beginning nor the end of one release' });
    }
    return found.length > 0 || step === null ? [] : [step];
  });
}

/** Pages of the index are written again; whether they are right, the entries say. Once there is an index it stays. */
function isOfIndex({ status, path }: LedgerCommit['changes'][number]): boolean {
  return path.startsWith(indexFolder) && (status === 'A' || status === 'M');
}

function at(sha: string): string {
  return `commit ${sha.slice(0, 12)}`;
}

function faultsOf({ sha, parents, changes }: LedgerCommit, isFirst: boolean): readonly LedgerFault[] {
  const place = at(sha);
  return [
    ...(parents > 1 ? [{ place, what: 'is a merge; the ledger only grows one commit at a time' }] : []),
    ...(parents === 0 && !isFirst ? [{ place, what: 'is a second beginning of the ledger' }] : []),
    ...changes
      .filter(({ status }) => status !== 'A')
      .map(({ status, path }) => ({
        place,
        what: `${status === 'D' ? 'deletes' : 'rewrites'} ${path}, which was already recorded`,
      })),
  ];
}

function stepOf({ sha, changes }: LedgerCommit): LedgerStep | null {
  const folders = new Set(changes.map(({ path }) => path.slice(0, path.lastIndexOf('/'))));
  const [folder] = folders;
  const names = changes.map(({ path }) => nameIn(path));
  if (
    folder === undefined ||
    folders.size !== 1 ||
    names.some((name) => !Object.hasOwn(documentKinds, name))
  ) {
    return null;
  }
  const isEnd = names.includes('release.json');
  const isBeginning = names.includes('intent.json');
  const onlyEnd = names.every((name) => endFiles.has(name));
  if (isEnd === isBeginning || (isEnd && !onlyEnd)) {
    return null;
  }
  return { sha, folder, document: isEnd ? 'release' : 'intent', names };
}

/** Begun one after the other without a gap, each ended at most once and after it was begun. */
export function orderFaults(steps: readonly LedgerStep[]): readonly LedgerFault[] {
  const begun = new Set<string>();
  let count = 0;
  const ended = new Set<string>();
  return steps.flatMap(({ folder, document }): readonly LedgerFault[] => {
    if (document === 'intent') {
      begun.add(folder);
      count += 1;
      const id = idOf(count);
      return idOfFolder(folder) === id
        ? []
        : [{ place: folder, what: `has not the next number: the release that was begun here is ${id}` }];
    }
    const isTwice = ended.has(folder);
    ended.add(folder);
    return begun.has(folder) && !isTwice
      ? []
      : [{ place: folder, what: isTwice ? 'ends twice' : 'ends before it was begun' }];
  });
}

/** Tags that mark nothing of this branch, steps without their tag, and a head that this clone saw and cannot find. */
export function memoryFaults(
  branch: Omit<LedgerBranch, 'tree'>,
  steps: readonly LedgerStep[],
): readonly LedgerFault[] {
  const { history, tags, seen, origin } = branch;
  const commits = new Set(history.map(({ sha }) => sha));
  const wanted = new Map(steps.map((step) => [tagOf(idOfFolder(step.folder), step.document), step.sha]));
  // An ordinary fetch brings tags of what origin has more of, and leaves the branch where it is.
  const isYetToCome = (sha: string): boolean =>
    isContinued(branch) && !commits.has(sha) && origin?.commits.has(sha) === true;
  const lost = [...tags]
    .filter(([tag, sha]) => wanted.get(tag) !== sha && (wanted.has(tag) || !isYetToCome(sha)))
    .map(([tag, sha]) => ({
      place: `tag ${tag}`,
      what: commits.has(sha)
        ? `marks ${at(sha)}, which is not that entry`
        : `marks ${at(sha)}, which the branch ${ledgerBranch} does not have: it was cut off or rewritten`,
      next: `git log -3 ${tag}`,
    }));
  const untagged = [...wanted.keys()]
    .filter((tag) => !tags.has(tag))
    .map((tag) => ({
      place: `tag ${tag}`,
      what: 'is missing: tags mark how far the ledger had come',
      next: fetchAgain,
    }));
  return [...lost, ...untagged, ...seenFaults(commits, seen)];
}

function seenFaults(commits: ReadonlySet<string>, seen: string | null): readonly LedgerFault[] {
  return seen === null || commits.has(seen)
    ? []
    : [
        {
          place: `branch ${ledgerBranch}`,
          what: `does not continue ${at(seen)}, which this clone saw and verified: it was cut off, rewritten or replaced`,
          next: `git log -3 ${seen.slice(0, 12)}`,
        },
      ];
}

function isContinued({ history, origin }: Pick<LedgerBranch, 'history' | 'origin'>): boolean {
  const here = history.at(-1)?.sha;
  return origin === null || here === undefined || origin.commits.has(here);
}

/** Origin's branch is only ever ahead of what is here: entries are pushed before they count anywhere. */
export function originFaults(branch: Pick<LedgerBranch, 'history' | 'origin'>): readonly LedgerFault[] {
  const { history, origin } = branch;
  return origin === null || isContinued(branch)
    ? []
    : [
        {
          place: `branch origin/${ledgerBranch}`,
          what: `is at ${at(origin.tip)}, which does not continue ${at(history.at(-1)?.sha ?? '')}, where this clone has it: it was cut off, rewritten or replaced there`,
          // Where origin was put right meanwhile, this shows it.
          next: 'git fetch origin',
        },
      ];
}

/** Where the branch is not there at all but was before. */
export function absenceFaults({ tags, seen }: Pick<LedgerBranch, 'tags' | 'seen'>): readonly LedgerFault[] {
  const [tag] = tags.keys();
  const gone = { place: `branch ${ledgerBranch}`, next: `git log -3 ${seen?.slice(0, 12) ?? tag ?? ''}` };
  if (seen !== null) {
    return [{ ...gone, what: `is gone, but this clone saw ${at(seen)} of it` }];
  }
  return tag === undefined ? [] : [{ ...gone, what: `is gone, but the tag ${tag} marks an entry of it` }];
}
