/**
 * Which digest tuple the gate shows on a commit. It travels in the check run's `external_id`, which reviewers cannot
 * edit; `started_at` is set to the moment from which this tuple was shown. A review given before it is for something
 * else.
 */
import type { DigestTuple } from '../../policies/model/facts.ts';

export interface Shown {
  readonly tuple: DigestTuple;
  readonly since: string;
}

const digest = /^[0-9a-f]{64}$/;

/** `v1.<effect>.<record>.<policy>`; the head is the commit that the check run is on. */
export function writeShown(tuple: DigestTuple): string {
  return ['v1', tuple.effectDigest, tuple.recordDigest, tuple.policyDigest]
    .map((part) => part.replace('sha256:', ''))
    .join('.');
}

/** Null when the text is not of this form: the tuple is then unknown and no review counts. */
export function readShown(
  headSha: string,
  externalId: string | null,
  startedAt: string | null,
): Shown | null {
  const [version, effect = '', record = '', policy = '', ...rest] = (externalId ?? '').split('.');
  if (
    version !== 'v1' ||
    rest.length > 0 ||
    ![effect, record, policy].every((part) => digest.test(part)) ||
    startedAt === null
  ) {
    return null;
  }
  return {
    since: startedAt,
    tuple: {
      headSha,
      effectDigest: `sha256:${effect}`,
      recordDigest: `sha256:${record}`,
      policyDigest: `sha256:${policy}`,
    },
  };
}
