/**
 * Whether an approval is for what would happen now. It is for a digest tuple that was on show, given after the head
 * became the head by the server's clock. The commit that a review names is not looked at: it is known to move.
 */
import { instantMs } from '../gate/instant.ts';
import type { DigestTuple } from '../model/facts.ts';

export interface Occasion {
  /** Server time at which it was said. */
  readonly at: string;
  readonly tuple: DigestTuple | null;
}

export interface DatedMoment {
  readonly headAt: string;
  readonly tuple: DigestTuple;
}

const parts = ['effectDigest', 'recordDigest', 'policyDigest'] as const;

const partTexts: Readonly<Record<(typeof parts)[number], string>> = {
  effectDigest: 'what would be done has changed since',
  recordDigest: 'the change record has changed since',
  policyDigest: 'roster, policies or registers have changed since',
};

/** All four parts are equal. An unknown tuple equals nothing. */
export function isSameTuple(given: DigestTuple | null, current: DigestTuple): boolean {
  return (
    given !== null &&
    given.headSha === current.headSha &&
    parts.every((part) => given[part] === current[part])
  );
}

/**
 * Why it is not for what would happen now; null when it is. It is when the tuple is the same and it was said strictly
 * after the head became the head: no push leaves an approval standing, also one that changes nothing, and a push back to
 * a head that was approved earlier revives none. Anything unknown is stale.
 */
export function staleReason(occasion: Occasion, moment: DatedMoment): string | null {
  const occurredAt = instantMs(occasion.at);
  const head = instantMs(moment.headAt);
  if (occurredAt === null || head === null) {
    return 'the time of the review or of the head cannot be read';
  }
  const given = occasion.tuple;
  if (given === null) {
    return 'it is not known what was on show when it was given';
  }
  const changed = parts.filter((part) => given[part] !== moment.tuple[part]);
  if (changed.length > 0) {
    return changed.map((part) => partTexts[part]).join('; ');
  }
  if (given.headSha !== moment.tuple.headSha) {
    return `it was given for head ${given.headSha.slice(0, 10)}`;
  }
  return occurredAt > head ? null : 'it was given before this head was pushed';
}

/** What an approver of a critical change types, to show that the effect was read: the first 12 digits of its digest. */
export function fingerprintOf(tuple: DigestTuple): string {
  return tuple.effectDigest.replace('sha256:', '').slice(0, 12);
}
