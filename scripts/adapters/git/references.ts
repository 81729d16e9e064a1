/**
 * The references of a repository and the commits that they lead to. All of them are listed once; afterwards only those are asked
 * about of which git keeps something else on disk, by whatever process it was written.
 */

/** Commits by the whole names of the references that lead to one. */
type ReferredCommits = ReadonlyMap<string, string>;

interface Listed {
  readonly commits: ReferredCommits;
  /** Those that lead to another reference: they move with it. */
  readonly symbolic: readonly string[];
}

interface ReferencesPlace {
  /** What git keeps on disk for them, a line for each path; null where that cannot be told. */
  readonly mark: () => Promise<string | null>;
  /** What `git for-each-ref` with `referenceFormat` tells. */
  readonly list: () => Promise<string>;
  /** The commit that a reference leads to; null where there is none. */
  readonly commitOf: (reference: string) => Promise<string | null>;
  /** Whether what git keeps of a reference is the name of another one. */
  readonly isSymbolic: (reference: string) => Promise<boolean>;
}

/** `<id> <type> <peeled id> <peeled type> <name> <name of the one it leads to>`, separated by NUL. */
export const referenceFormat =
  '%(objectname)%00%(objecttype)%00%(*objectname)%00%(*objecttype)%00%(refname)%00%(symref)';

/** Of more changes than this all are listed anew. */
const mostChanges = 32;

export class ReferenceTable {
  private readonly place: ReferencesPlace;
  private last: { readonly mark: string; readonly found: Promise<Listed> } | null = null;

  constructor(place: ReferencesPlace) {
    this.place = place;
  }

  /** As they are now. The mark is taken first: what is written while git is asked is asked for again. */
  async read(): Promise<ReferredCommits> {
    const mark = await this.place.mark();
    if (mark === null) {
      return (await this.listed()).commits;
    }
    const last = this.last?.mark === mark ? this.last : { mark, found: this.next(this.last, mark) };
    this.last = last;
    last.found.catch(() => {
      this.last = this.last === last ? null : this.last;
    });
    return (await last.found).commits;
  }

  private async next(before: ReferenceTable['last'], mark: string): Promise<Listed> {
    const changed = before === null ? null : changedPaths(before.mark, mark);
    if (before === null || changed === null) {
      return this.listed();
    }
    const newlySymbolic = await Promise.all(changed.map(this.place.isSymbolic));
    return newlySymbolic.includes(true) ? this.listed() : this.with(await before.found, changed);
  }

  private async with({ commits, symbolic }: Listed, changed: readonly string[]): Promise<Listed> {
    const found = new Map(commits);
    for (const reference of [...changed, ...symbolic]) {
      const commit = await this.place.commitOf(reference);
      if (commit === null) {
        found.delete(reference);
      } else {
        found.set(reference, commit);
      }
    }
    return { commits: found, symbolic };
  }

  private async listed(): Promise<Listed> {
    const lines = (await this.place.list()).split('\n').filter((line) => line !== '');
    return {
      commits: new Map(lines.map(readLine).filter((found) => found !== null)),
      symbolic: lines
        .map((line) => line.split('\0'))
        .flatMap(([, , , , name = '', to = '']) => (to === '' ? [] : [name])),
    };
  }
}

/** References that do not lead to a commit are left out. */
function readLine(line: string): readonly [reference: string, commit: string] | null {
  const [id = '', type = '', peeledId = '', peeledType = '', reference = ''] = line.split('\0');
  if (type === 'commit') {
    return [reference, id];
  }
  return peeledType === 'commit' ? [reference, peeledId] : null;
}

/** Paths of single references that are not as they were; null where those that git keeps together are not, or too many. */
function changedPaths(before: string, now: string): readonly string[] | null {
  const [was, is] = [new Set(before.split('\n')), new Set(now.split('\n'))];
  const lines = [...[...was].filter((line) => !is.has(line)), ...[...is].filter((line) => !was.has(line))];
  const paths = [...new Set(lines.map((line) => line.split(' ')[0] ?? ''))];
  return paths.length > mostChanges || paths.some((path) => !path.startsWith('refs/')) ? null : paths;
}
