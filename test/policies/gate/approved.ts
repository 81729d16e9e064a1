/** Decisions on a change that everybody approved, and how tests read them. */
import { decide } from '../../../policies/gate.ts';
import type { CheckResult, Decision } from '../../../policies/model/decision.ts';
import type { Facts } from '../../../policies/model/facts.ts';
import { aPull, cleanRecord, facts, review, showing } from '../world.ts';

export const quorum = () => [review('novak'), review('osei')];

/** The decision on a change that everybody approved while exactly these facts were on show. */
export function decideApproved(parts: Partial<Facts> = {}): Decision {
  return decide(facts({ reviews: showing(parts, quorum()), ...parts }));
}

export function check(decision: Decision, id: CheckResult['id']): CheckResult {
  const found = decision.checks.find((each) => each.id === id);
  if (found === undefined) {
    throw new Error(`no check ${id}`);
  }
  return found;
}

export const failing = (decision: Decision) =>
  decision.checks.filter(({ verdict }) => verdict !== 'allow').map(({ id }) => id);
export const text = (result: CheckResult) => [result.summary, ...result.reasons, ...result.next].join('\n');

/** Merged, in the agreed slot, with approvals of that morning. */
export function atApply(parts: Partial<Facts> = {}): Partial<Facts> {
  const pull = aPull({
    state: 'merged',
    headAt: '2026-12-07T07:00:00Z',
    merge: { at: '2026-12-07T12:00:00Z', sha: 'e'.repeat(40), tree: 'same' },
  });
  const base = { moment: 'apply', now: '2026-12-07T20:05:00Z', pull, ...parts } as const;
  const reviews = showing(base, quorum()).map((each) => ({ ...each, submittedAt: '2026-12-07T08:00:00Z' }));
  return { reviews, ...base };
}

export const slot = (plannedStart: string, plannedEnd: string, window?: string) =>
  cleanRecord({ schedule: { plannedStart, plannedEnd, ...(window === undefined ? {} : { window }) } });
