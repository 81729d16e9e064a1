/**
 * The audit log joined with the ledger, both ways, one entry after the other: what each entry belongs to, and what of each release
 * the log has. Of an entry nothing is kept but 16 bytes of its id, so that the same one is not counted twice.
 */
import { compareText } from '../../json/json.ts';
import { Bursts } from './bursts.ts';
import { ReleaseMatcher } from './match.ts';
import { SeenIds } from './seen-ids.ts';
import { isOfCloudflare, isOfProfile } from './own-actors.ts';
import type {
  AuditAside,
  AuditCounts,
  AuditEntry,
  AuditGap,
  AuditMonth,
  AuditReport,
  AuditedRelease,
  ReleaseAudit,
  ReleaseToken,
} from './types.ts';

export interface AuditQuestion {
  /** Milliseconds since 1970, half-open. */
  readonly from: number;
  readonly until: number;
  /** Of the estate, as far as they are asked about. */
  readonly accounts: readonly string[];
  readonly releases: readonly AuditedRelease[];
  readonly tokens: readonly ReleaseToken[];
}

type Joined = Pick<
  AuditReport,
  'entries' | 'counts' | 'unauthorised' | 'beyond' | 'months' | 'asides' | 'releases' | 'gaps'
>;

interface SeenOfRelease {
  entries: number;
  /** Entries of requests that no known type makes. */
  unknown: number;
  readonly types: Set<string>;
}

const mostAsides = 200;

export class AuditJoin {
  readonly #question: AuditQuestion;
  readonly #accounts: ReadonlySet<string>;
  readonly #matcher: ReleaseMatcher;
  readonly #bursts = new Bursts();
  readonly #ids = new SeenIds();
  readonly #seen = new Map<string, SeenOfRelease>();
  readonly #released = new Map<string, number>();
  readonly #asides = new Map<string, number>();
  readonly #counts: Record<keyof AuditCounts, number> = {
    duplicates: 0,
    outside: 0,
    foreign: 0,
    reads: 0,
    failed: 0,
    profile: 0,
    cloudflare: 0,
    released: 0,
    unauthorised: 0,
  };
  #entries = 0;

  constructor(question: AuditQuestion) {
    this.#question = question;
    this.#accounts = new Set(question.accounts);
    this.#matcher = new ReleaseMatcher(question.releases, question.tokens);
  }

  /** In any order. */
  add(entry: AuditEntry): void {
    this.#entries += 1;
    this.#counts[this.#classOf(entry)] += 1;
  }

  #classOf(entry: AuditEntry): keyof AuditCounts {
    const { from, until } = this.#question;
    if (entry.at < from || entry.at >= until) {
      return 'outside';
    }
    if (!this.#accounts.has(entry.account.id ?? '')) {
      return 'foreign';
    }
    if (!this.#isNew(entry)) {
      return 'duplicates';
    }
    if (entry.action.type === 'view' || entry.request.method?.toUpperCase() === 'GET') {
      return 'reads';
    }
    if (entry.action.result === 'failure') {
      return 'failed';
    }
    return this.#aside(entry) ?? this.#judged(entry);
  }

  #isNew(entry: AuditEntry): boolean {
    const { id, at, request, resource } = entry;
    return this.#ids.add(id ?? JSON.stringify([at, request, resource, entry.actor]));
  }

  #aside(entry: AuditEntry): 'cloudflare' | 'profile' | null {
    const kind = isOfCloudflare(entry) ? 'cloudflare' : isOfProfile(entry) ? 'profile' : null;
    if (kind !== null) {
      const key = `${kind}\n${this.#asides.size < mostAsides ? asideText(entry, kind) : 'others'}`;
      this.#asides.set(key, (this.#asides.get(key) ?? 0) + 1);
    }
    return kind;
  }

  #judged(entry: AuditEntry): 'released' | 'unauthorised' {
    const verdict = this.#matcher.verdict(entry);
    if (typeof verdict === 'string') {
      this.#bursts.add(entry, verdict);
      return 'unauthorised';
    }
    const { release, types } = verdict;
    const seen = this.#seen.get(release) ?? { entries: 0, unknown: 0, types: new Set<string>() };
    seen.entries += 1;
    seen.unknown += types.length === 0 ? 1 : 0;
    types.forEach((type) => seen.types.add(type));
    this.#seen.set(release, seen);
    const month = `${monthOf(entry.at)} ${entry.account.id ?? ''}`;
    this.#released.set(month, (this.#released.get(month) ?? 0) + 1);
    return 'released';
  }

  /** `gaps` is what was not read. */
  report(gaps: readonly AuditGap[]): Joined {
    return {
      entries: this.#entries,
      counts: { ...this.#counts },
      unauthorised: this.#bursts.all(),
      beyond: this.#bursts.beyond,
      months: this.#months(gaps),
      asides: [...this.#asides]
        .map(([key, entries]): AuditAside => {
          const [kind = '', what = ''] = key.split('\n');
          return { kind: kind === 'profile' ? 'profile' : 'cloudflare', what, entries };
        })
        .toSorted((a, b) => b.entries - a.entries || compareText(a.what, b.what)),
      releases: this.#question.releases.map((release) => this.#auditOf(release, gaps)),
      gaps,
    };
  }

  #months(gaps: readonly AuditGap[]): readonly AuditMonth[] {
    const { from, until, accounts } = this.#question;
    const bursts = this.#bursts.all();
    return monthsIn(from, until).flatMap((month) =>
      accounts.map((account) => ({
        month,
        account,
        unauthorised: bursts.filter(
          ({ first, entry }) => first.startsWith(month) && entry.account.id === account,
        ).length,
        released: this.#released.get(`${month} ${account}`) ?? 0,
        isCovered: !gaps.some(
          (gap) => gap.account === account && gap.from.slice(0, 7) <= month && isBefore(month, gap.until),
        ),
      })),
    );
  }

  #auditOf(release: AuditedRelease, gaps: readonly AuditGap[]): ReleaseAudit {
    const { id, stack, changed } = release;
    const seen = this.#seen.get(id) ?? { entries: 0, unknown: 0, types: new Set<string>() };
    const missing = [...(changed?.keys() ?? [])]
      .filter((type) => !seen.types.has(type) && seen.unknown === 0)
      .toSorted(compareText);
    const about = { id, stack, entries: seen.entries };
    if (release.until === null) {
      return { ...about, state: 'open', missing: [] };
    }
    if (missing.length === 0) {
      return { ...about, state: changed?.size === 0 ? 'no-changes' : 'found', missing };
    }
    return {
      ...about,
      missing,
      state: isUncovered(release, this.#question, gaps) ? 'not-covered' : 'missing',
    };
  }
}

function asideText({ action, actor, resource }: AuditEntry, kind: AuditAside['kind']): string {
  const who = kind === 'cloudflare' ? actor.type : (actor.email ?? actor.id);
  const what = action.description ?? action.type ?? 'something';
  return `${who ?? 'somebody'}: ${what} of ${resource.product ?? resource.type ?? 'something'}`;
}

/** Part of its time is out of the period or in a gap: what is missing may be there. */
function isUncovered(
  { account, from, until }: AuditedRelease,
  question: AuditQuestion,
  gaps: readonly AuditGap[],
): boolean {
  const end = until ?? from;
  return (
    from < question.from ||
    end >= question.until ||
    gaps.some((gap) => gap.account === account && Date.parse(gap.from) <= end && from < Date.parse(gap.until))
  );
}

function monthOf(at: number): string {
  return new Date(at).toISOString().slice(0, 7);
}

/** A gap that ends with the beginning of a month is not in it. */
function isBefore(month: string, until: string): boolean {
  return Date.parse(`${month}-01T00:00:00Z`) < Date.parse(until);
}

function monthsIn(from: number, until: number): readonly string[] {
  const months: string[] = [];
  for (let at = new Date(from); at.getTime() < until;) {
    months.push(monthOf(at.getTime()));
    at = new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1, 1));
  }
  return months;
}
