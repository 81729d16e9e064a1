/**
 * What has no business in a repository under control, by name or by kind, judged by the tree that a merge would make and
 * not by the diff alone: a link, a name that differs from another one in case only, a file that a package manager or git
 * obeys. Only what the pull request touches is judged: what was there before is nobody's change now.
 */
import type { ProposalFault, ProposedEntry } from '../../model/proposal.ts';
import { placeOf, type Place } from './places.ts';

type Complaint = Pick<ProposalFault, 'text' | 'fix'>;

/** Faults of `changed` paths within `tree`, in the order of the tree. A path that is not in the tree was deleted. */
export function misplaced(
  tree: readonly ProposedEntry[],
  changed: readonly string[],
): readonly ProposalFault[] {
  const touched = new Set(changed);
  const spellings = spellingsOf(tree);
  return tree
    .filter(({ path }) => touched.has(path))
    .flatMap(({ path, mode }) =>
      [kindFault(mode), nameFault(path), twinFault(path, spellings), businessFault(path)]
        .filter((complaint) => complaint !== null)
        .slice(0, 1)
        .map((complaint) => ({ file: printable(path), line: 1, column: 1, ...complaint })),
    );
}

function kindFault(mode: string): Complaint | null {
  switch (mode) {
    case '100644':
    case '100755':
      return null;
    case '120000':
      return {
        text: 'is a symbolic link: what it leads to is read in its place and is not what was reviewed',
        fix: 'commit the file itself',
      };
    case '160000':
      return {
        text: 'is a submodule: its content is in another repository and was not reviewed',
        fix: 'git rm --cached the submodule, and install what it holds as a package',
      };
    default:
      return { text: 'is not a regular file', fix: 'commit a regular file' };
  }
}

/** What a segment of a path may consist of: letters and digits of any script, and marks that every system keeps. */
const segment = /^[\p{L}\p{M}\p{N}._@+=,()[\]{}&'!#$%~^;` -]+$/u;
const hidden = /[\p{Default_Ignorable_Code_Point}]/u;
/** `.git` as other file systems read it: without regard to case, and by its short name. */
const repository = /^(?:\.git|git~\d+)$/;

function nameFault(path: string): Complaint | null {
  const parts = path.split('/');
  const rename: Pick<Complaint, 'fix'> = {
    fix: 'rename the file: letters, digits, and . _ - inside a name',
  };
  if (parts.some((part) => !segment.test(part) || hidden.test(part))) {
    return { text: 'has a name with a character that not everybody sees or keeps', ...rename };
  }
  if (path.normalize('NFC') !== path) {
    return { text: 'has a name that other systems spell with other bytes', ...rename };
  }
  if (parts.some((part) => /^ |[ .]$/.test(part))) {
    return { text: 'has a name with a blank or a dot at its end, which other systems leave out', ...rename };
  }
  return parts.some((part) => repository.test(folded(part)))
    ? { text: 'has a name that git keeps for itself', ...rename }
    : null;
}

/** Every folder and file of the tree by its name without regard to case, with the spellings that are there. */
function spellingsOf(tree: readonly ProposedEntry[]): ReadonlyMap<string, ReadonlySet<string>> {
  const spellings = new Map<string, Set<string>>();
  for (const { path } of tree) {
    for (const prefix of prefixesOf(path)) {
      const known = spellings.get(folded(prefix)) ?? new Set();
      spellings.set(folded(prefix), known.add(prefix));
    }
  }
  return spellings;
}

function twinFault(path: string, spellings: ReadonlyMap<string, ReadonlySet<string>>): Complaint | null {
  const isDouble = prefixesOf(path).some((prefix) => (spellings.get(folded(prefix))?.size ?? 0) > 1);
  return isDouble
    ? {
        text: 'differs from another file or folder only in how its name is written: one replaces the other on some systems',
        fix: 'use the spelling that is there, or delete the other one',
      }
    : null;
}

function prefixesOf(path: string): readonly string[] {
  const parts = path.split('/');
  return parts.map((_, index) => parts.slice(0, index + 1).join('/'));
}

/** As a file system without regard to case and composition reads it; `ſ` and the Kelvin sign are letters there, too. */
function folded(text: string): string {
  return text.normalize('NFKC').toUpperCase().toLowerCase().normalize('NFKC');
}

/** Folders that tools write: what is found in them is used and never reviewed. */
const writtenFolders = /(?:^|\/)(?:node_modules|\.sluice|cdktf\.out|\.terraform)(?:\/|$)|^dist(?:\/|$)/;
const packageFiles =
  /(?:^|\/)(?:package\.json|package-lock\.json|\.npmrc|\.yarnrc(?:\.yml)?|\.pnpmfile\.c?js|pnpm-workspace\.yaml)$/;
const otherLocks = /(?:^|\/)(?:npm-shrinkwrap\.json|yarn\.lock|pnpm-lock\.yaml|bun\.lockb?|deno\.lock)$/;
const gitFiles = /(?:^|\/)(?:\.gitattributes|\.gitmodules)$/;

function businessFault(path: string): Complaint | null {
  const name = folded(path);
  if (writtenFolders.test(name)) {
    return {
      text: 'is in a folder that tools write and use unread',
      fix: 'remove it from the repository, and name the folder in .gitignore',
    };
  }
  if (otherLocks.test(name)) {
    return {
      text: 'takes the place of package-lock.json, which is what was reviewed',
      fix: 'delete it; package-lock.json alone says what is installed',
    };
  }
  if (gitFiles.test(name)) {
    return {
      text: 'makes git write other files than those that were reviewed',
      fix: 'delete it; files are taken as they were committed',
    };
  }
  if (packageFiles.test(name) && name.includes('/')) {
    return {
      text: 'changes what Node and npm load below its folder',
      fix: 'delete it; packages belong to the package.json and .npmrc at the root',
    };
  }
  return unreadFault(path, name);
}

const ownRules: ReadonlySet<Place> = new Set(['ownRule', 'ownRuleCases', 'ownRulePart']);

/** What looks like something that is read, and lies where nobody reads it, looks like something that holds. */
function unreadFault(path: string, name: string): Complaint | null {
  const place = placeOf(path);
  if (/^stacks\/(?:.*\/)?service\.ya?ml$/.test(name) && place !== 'register') {
    return {
      text: 'is called like a service register and is none: registers are stacks/clients/<client>/service.yaml',
      fix: 'move it there, or give it another name',
    };
  }
  if (/^stacks\/clients\/[^/]+\/traffic\/.*\.(?:ya?ml|json)$/.test(name) && place !== 'trafficCases') {
    return {
      text: 'is a file of must-pass cases that is not read: they are stacks/clients/<client>/traffic/<name>.yaml',
      fix: 'move it there, or delete it',
    };
  }
  if (/^policies\/rules\/own\b/.test(name) && !ownRules.has(place)) {
    return {
      text: 'is not a rule that is run: rules of the estate are policies/rules/own-<name>.ts, with own-<name>.cases.ts beside it, and what they share in policies/rules/own/',
      fix: 'give it such a name, or delete it',
    };
  }
  return /^changes\/(?:.*\/)?chg-[^/]*$/.test(name) && place !== 'record' && place !== 'evidence'
    ? {
        text: 'is called like a change record and is none: records are changes/<client>/CHG-<year>-<number>.yaml',
        fix: 'move it there, or give it another name',
      }
    : null;
}

/** A path as a message may show it: what is not a plain character is spelled out, so that nothing hides in it. */
export function printable(path: string): string {
  return path
    .slice(0, 300)
    .replaceAll(
      /[^A-Za-z0-9._/@+=,-]/gu,
      (character) => `<U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}>`,
    )
    .slice(0, 500);
}
