import type { Json, ResourceChange } from '../../../scripts/plan/types.ts';
import { subjectOf } from '../../reading/estate-context.ts';
import { isLabelEdit } from '../../reading/label-edits.ts';
import { changesOf } from '../../reading/plan-index.ts';
import { defineRule, doubt, fine, finding, judgeEach } from '../../rule.ts';
import type { Judgement } from '../../rule.ts';
import { readList, readValue } from '../../reading/values.ts';
import { isObject } from '../../../scripts/json/json.ts';

export const accessPolicyNotOpen = defineRule({
  id: 'access-policy-not-open',
  title: 'Access is not opened to everyone',
  area: 'estate',
  severity: 'deny',
  why: 'A policy that includes everyone, any service token, or bypasses Access puts the application on the open internet.',
  fix: 'Include named groups, mail domains or identity providers; keep bypass for single paths under a waiver.',
  since: '2026-11-23',
  source: 'Cloudflare documentation of Access policies',
  protects: 'security',
  waivable: true,
  evaluate: (context) =>
    judgeEach(
      changesOf(
        context.index,
        'cloudflare_zero_trust_access_policy',
        'cloudflare_zero_trust_access_application',
        'cloudflare_zero_trust_access_group',
      ).filter((change) => change.after !== null),
      'no Access policy, application or group is created or changed',
      judge,
    ),
});

function judge(change: ResourceChange): Judgement {
  if (isLabelEdit(change)) {
    return fine;
  }
  const opened = openings(change, 'after');
  const already = new Set(openings(change, 'before').flatMap((one) => ('seen' in one ? [one.seen] : [])));
  return opened.filter((one) => 'doubt' in one || !already.has(one.seen));
}

function openings(change: ResourceChange, side: 'before' | 'after'): Judgement {
  if (change.type !== 'cloudflare_zero_trust_access_application') {
    return policyOpenings(change, side, []);
  }
  const policies = readList(change, side, ['policies']);
  if (policies === null || hasUnknown(change, side, ['policies'], policies)) {
    return doubt(subjectOf(change, 'policies'), 'its policies are known only after apply');
  }
  return policies.flatMap((policy, at) =>
    isObject(policy) ? policyOpenings(change, side, ['policies', at]) : [],
  );
}

function policyOpenings(
  change: ResourceChange,
  side: 'before' | 'after',
  at: readonly (string | number)[],
): Judgement {
  const decision = readValue(change, side, [...at, 'decision']);
  const subject = subjectOf(change, [...at, 'decision'].join('.'));
  if (decision.kind === 'unknown') {
    return doubt(subject, 'its decision is known only after apply');
  }
  const says = decision.kind === 'known' ? decision.value : null;
  if (says === 'bypass') {
    return finding(subject, 'decision bypass', 'a decision that checks who asks');
  }
  return says === 'deny' ? [] : includeOpenings(change, side, at);
}

function includeOpenings(
  change: ResourceChange,
  side: 'before' | 'after',
  at: readonly (string | number)[],
): Judgement {
  const subject = subjectOf(change, [...at, 'include'].join('.'));
  const include = readList(change, side, [...at, 'include']);
  if (include === null || hasUnknown(change, side, [...at, 'include'], include)) {
    return doubt(subject, 'whom it includes is known only after apply');
  }
  return include.flatMap((one) => {
    const wide = ['everyone', 'any_valid_service_token'].find((key) => isSet(one, key));
    return wide === undefined ? [] : finding(subject, `includes ${wide}`, 'named people, groups or tokens');
  });
}

/** True when an element as a whole is known only after apply. */
function hasUnknown(
  change: ResourceChange,
  side: 'before' | 'after',
  path: readonly (string | number)[],
  list: readonly Json[],
): boolean {
  return list.some((_, at) => readValue(change, side, [...path, at]).kind === 'unknown');
}

/** The selector is an empty object when it is chosen, and null or absent when not. */
function isSet(selector: Json, key: string): boolean {
  return (
    isObject(selector) && selector[key] !== undefined && selector[key] !== null && selector[key] !== false
  );
}
