/** Whether an entry of the audit log is the work of a release: token, time, zone and type of object. Pure. */
import { typesWrittenBy } from '../../provider/writes.ts';
import type { AuditEntry, AuditedRelease, ReleaseToken, UnauthorisedReason } from './types.ts';

/**
 * Two clocks are compared: that of the machine that releases and Cloudflare's, which logs a request after it was answered. Figure of
 * this project: machines of CI are set by NTP to within a second, and an entry later than that is logged late.
 */
const skew = 2 * 60_000;

type EntryVerdict = { readonly release: string; readonly types: readonly string[] } | UnauthorisedReason;

/** Releases that are asked about entries, by their account. */
export class ReleaseMatcher {
  readonly #byAccount: ReadonlyMap<string, readonly AuditedRelease[]>;
  readonly #tokens: readonly ReleaseToken[];

  /** `tokens` are all that any release is applied with: of a client without a release as well. */
  constructor(releases: readonly AuditedRelease[], tokens: readonly ReleaseToken[]) {
    const byAccount = new Map<string, AuditedRelease[]>();
    for (const release of releases) {
      byAccount.set(release.account, [...(byAccount.get(release.account) ?? []), release]);
    }
    this.#byAccount = byAccount;
    this.#tokens = tokens;
  }

  verdict(entry: AuditEntry): EntryVerdict {
    if (!this.#tokens.some((token) => isBy(entry, token))) {
      return 'other-actor';
    }
    const running = (this.#byAccount.get(entry.account.id ?? '') ?? [])
      .filter((release) => distance(entry.at, release) <= skew)
      .filter(({ tokens }) => tokens.some((token) => isBy(entry, token)))
      .toSorted((a, b) => distance(entry.at, a) - distance(entry.at, b));
    const { method, uri } = entry.request;
    const types = method === null || uri === null ? [] : typesWrittenBy(method, uri);
    const made = running.find((release) => isIn(entry, release) && isOf(types, release));
    return made === undefined
      ? running.length === 0
        ? 'token-outside-release'
        : 'token-elsewhere'
      : { release: made.id, types };
  }
}

/** A name can be given to any token; where the id is known, the id decides. */
function isBy({ actor }: AuditEntry, { id, name }: ReleaseToken): boolean {
  return id === null ? actor.tokenName === name : actor.tokenId === id;
}

/** Milliseconds from the time of a release; 0 within it. */
function distance(at: number, { from, until }: AuditedRelease): number {
  return Math.max(from - at, at - (until ?? Number.POSITIVE_INFINITY), 0);
}

/** What names no zone is of the account: it is told by the type alone. */
function isIn({ zone }: AuditEntry, { zones }: AuditedRelease): boolean {
  return zone.name === null || zones.includes(zone.name.toLowerCase());
}

/**
 * A release that did not end well may have changed more than it recorded. A request that no known type makes is taken for one
 * beside the others: what the provider calls to make an object is not all known.
 */
function isOf(types: readonly string[], { changed }: AuditedRelease): boolean {
  return changed === null || types.length === 0 || types.some((type) => changed.has(type));
}
