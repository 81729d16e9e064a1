/** What of a period the audit log can tell: silence about the rest is no zero. Pure. */
import type { AuditGap } from './types.ts';

const day = 24 * 60 * 60_000;
/** https://developers.cloudflare.com/fundamentals/account/account-security/audit-logs/, "Retention", read 2026-12-01. */
const retainedMonths = 18;

interface AuditSpan {
  /** Milliseconds since 1970, half-open. */
  readonly from: number;
  readonly until: number;
}

/** From when on Cloudflare still has entries. */
export function retainedSince(now: number): number {
  const at = new Date(now);
  return Date.UTC(at.getUTCFullYear(), at.getUTCMonth() - retainedMonths, at.getUTCDate());
}

/** Days of the period, each asked about by itself: a failure costs a day, and no answer has too many pages. */
export function daysOf({ from, until }: AuditSpan): readonly AuditSpan[] {
  const days: AuditSpan[] = [];
  for (let at = from; at < until;) {
    const next = Math.min(until, (Math.floor(at / day) + 1) * day);
    days.push({ from: at, until: next });
    at = next;
  }
  return days;
}

export function gapOf(account: string, { from, until }: AuditSpan, reason: string): AuditGap {
  return {
    account,
    from: new Date(from).toISOString(),
    until: new Date(until).toISOString(),
    reason,
  };
}

/** Gaps that follow each other for the same reason are one. */
export function joinedGaps(gaps: readonly AuditGap[]): readonly AuditGap[] {
  const joined: AuditGap[] = [];
  for (const gap of gaps) {
    const last = joined.at(-1);
    if (last?.account === gap.account && last.reason === gap.reason && last.until === gap.from) {
      joined[joined.length - 1] = { ...last, until: gap.until };
    } else {
      joined.push(gap);
    }
  }
  return joined;
}

/** The days on which files have an entry, of the account: which files there should be, nobody can tell from them. */
export class CoveredDays {
  readonly #days = new Map<string, Set<number>>();

  add(account: string | null, at: number): void {
    const days = this.#days.get(account ?? '') ?? new Set<number>();
    days.add(Math.floor(at / day));
    this.#days.set(account ?? '', days);
  }

  /** Days of the period without an entry. */
  gaps(account: string, span: AuditSpan): readonly AuditGap[] {
    const days = this.#days.get(account) ?? new Set<number>();
    return daysOf(span)
      .filter(({ from }) => !days.has(Math.floor(from / day)))
      .map((one) => gapOf(account, one, 'the files have no entry of it'));
  }
}
