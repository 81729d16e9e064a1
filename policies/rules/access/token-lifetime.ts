import type { ResourceChange } from '../../../scripts/plan/types.ts';
import { tokenChanges } from '../../reading/api-tokens.ts';
import { show, subjectOf } from '../../reading/estate-context.ts';
import { defineRule, doubt, fine, finding, judgeEach } from '../../rule.ts';
import type { Judgement } from '../../rule.ts';
import { readList, readValue } from '../../reading/values.ts';

/** A token is rotated at least once a year. */
const maxDays = 366;
const dayMs = 86_400_000;

export const tokenLifetime = defineRule({
  id: 'token-lifetime',
  title: 'API tokens expire and are bound to addresses',
  area: 'estate',
  severity: 'deny',
  why: 'A token without an end that leaks stays useful to whoever finds it.',
  fix: 'Set expires_on at most a year ahead, and condition.request_ip.in to the addresses that use the token.',
  since: '2026-11-23',
  source: 'Cloudflare documentation of API token restrictions; ISO 27001 A.8.2',
  waivable: true,
  evaluate: (context) =>
    judgeEach(tokenChanges(context.index), 'no API token is created or changed', (change) => [
      ...judgeExpiry(change, Date.parse(context.now)),
      ...judgeAddresses(change),
    ]),
});

function judgeExpiry(change: ResourceChange, nowMs: number): Judgement {
  const subject = subjectOf(change, 'expires_on');
  const required = `an end at most ${maxDays} days ahead`;
  const expires = readValue(change, 'after', ['expires_on']);
  if (expires.kind !== 'known') {
    return expires.kind === 'absent'
      ? finding(subject, 'no expires_on', required)
      : doubt(subject, 'expires_on is known only after apply');
  }
  const days = (Date.parse(show(expires.value)) - nowMs) / dayMs;
  // A date that cannot be read is NaN, fails both comparisons and is refused.
  return days > 0 && days <= maxDays ? fine : finding(subject, `expires_on ${show(expires.value)}`, required);
}

function judgeAddresses(change: ResourceChange): Judgement {
  const allowed = readList(change, 'after', ['condition', 'request_ip', 'in']);
  return allowed === null || allowed.length > 0
    ? fine
    : finding(subjectOf(change, 'condition'), 'usable from every address', 'condition.request_ip.in', {
        severity: 'warn',
      });
}
