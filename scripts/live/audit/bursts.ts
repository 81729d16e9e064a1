/**
 * Changes that nobody decided on, each counted once: entries of one actor about one object, of which none is more than an hour
 * after the one before, are one burst. An hour is the figure of this project's service management rules ("count distinct actor,
 * resource, 1 h bursts"); Cloudflare writes an entry for each request, and one edit in the dashboard makes several.
 *
 * The order in which entries come changes nothing. Memory grows with the bursts, up to `mostBursts`, and not with the entries.
 */
import { compareText } from '../../json/json.ts';
import type { AuditEntry, UnauthorisedBurst, UnauthorisedReason } from './types.ts';

const hour = 60 * 60_000;
/** What comes after so many is counted and not named. */
const mostBursts = 10_000;
const mostAddresses = 5;

interface OpenBurst {
  reason: UnauthorisedReason;
  first: number;
  last: number;
  entries: number;
  entry: AuditEntry;
  readonly from: Set<string>;
  readonly actions: Set<string>;
}

export class Bursts {
  readonly #open = new Map<string, OpenBurst[]>();
  readonly #most: number;
  #count = 0;
  #beyond = 0;

  constructor(most: number = mostBursts) {
    this.#most = most;
  }

  /** Entries that found no place any more. */
  get beyond(): number {
    return this.#beyond;
  }

  add(entry: AuditEntry, reason: UnauthorisedReason): void {
    const key = `${actorKey(entry)}\n${objectKey(entry)}\n${reason}`;
    const known = this.#open.get(key) ?? [];
    const near = known.filter(({ first, last }) => entry.at >= first - hour && entry.at <= last + hour);
    if (near.length === 0 && this.#count >= this.#most) {
      this.#beyond += 1;
      return;
    }
    const joined = joinedBurst([...near, burstOf(entry, reason)]);
    this.#count += 1 - near.length;
    this.#open.set(key, [...known.filter((one) => !near.includes(one)), joined]);
  }

  /** In the order of time. */
  all(): readonly UnauthorisedBurst[] {
    return [...this.#open.values()]
      .flat()
      .toSorted((a, b) => a.first - b.first || compareText(orderOf(a.entry), orderOf(b.entry)))
      .map(({ from, actions, first, last, ...rest }) => ({
        ...rest,
        first: new Date(first).toISOString(),
        last: new Date(last).toISOString(),
        from: [...from].toSorted(compareText).slice(0, mostAddresses),
        actions: [...actions].toSorted(compareText),
      }));
  }
}

function burstOf(entry: AuditEntry, reason: UnauthorisedReason): OpenBurst {
  return {
    reason,
    first: entry.at,
    last: entry.at,
    entries: 1,
    entry,
    from: new Set(entry.actor.ip === null ? [] : [entry.actor.ip]),
    actions: new Set([entry.action.type ?? 'unknown']),
  };
}

function joinedBurst([one, ...others]: readonly OpenBurst[]): OpenBurst {
  if (one === undefined) {
    throw new Error('a burst has an entry');
  }
  for (const other of others) {
    if (other.first < one.first || (other.first === one.first && orderOf(other.entry) < orderOf(one.entry))) {
      one.entry = other.entry;
    }
    one.first = Math.min(one.first, other.first);
    one.last = Math.max(one.last, other.last);
    one.entries += other.entries;
    other.from.forEach((address) => one.from.add(address));
    other.actions.forEach((action) => one.actions.add(action));
  }
  return one;
}

function orderOf({ id, request, resource }: AuditEntry): string {
  return id ?? `${request.ray ?? ''} ${request.uri ?? ''} ${resource.id ?? ''}`;
}

/** Who acted: the token where there was one, else the person, else where it came from. */
function actorKey({ actor }: AuditEntry): string {
  const who = actor.tokenId ?? actor.tokenName ?? actor.id ?? actor.email ?? `from ${actor.ip ?? 'nowhere'}`;
  return `${actor.type ?? ''} ${actor.context ?? ''} ${who}`;
}

function objectKey({ account, zone, resource, request }: AuditEntry): string {
  return [account.id, zone.id ?? zone.name, resource.type, resource.id ?? request.uri].map(String).join(' ');
}
