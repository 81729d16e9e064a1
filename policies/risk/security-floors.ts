/**
 * Floors about security controls. What counts as weakening is what the rules object to, so that risk and rules cannot
 * disagree; a waiver lets a change through, it does not make it less risky.
 */
import type { Json, ResourceChange } from '../../scripts/plan/types.ts';
import { compareText, canonicalJson } from '../../scripts/json/json.ts';
import { subjectOf } from '../reading/estate-context.ts';
import type { RuleContext } from '../model/finding.ts';
import { changesOf } from '../reading/plan-index.ts';
import { unproxied } from '../rules/dns/dns-proxied-kept.ts';
import { planReviewedTypes } from '../rules/plan/plan-reviewed-types.ts';
import { wafLogFirst } from '../rules/waf/waf-log-first.ts';
import { isLabelEdit } from '../reading/label-edits.ts';
import { newSkips } from '../reading/rulesets/skip-rules.ts';
import { readList, readValue } from '../reading/values.ts';
import type { Floor } from './floor.ts';
import { protectingSecurity } from '../protecting.ts';
import { subjectsOf } from './rule-subjects.ts';

export function securityFloors(context: RuleContext): readonly Floor[] {
  return [...securityWeaken(context), ...unreviewedType(context), ...blockNew(context)];
}

function securityWeaken(context: RuleContext): readonly Floor[] {
  const subjects = new Set([
    ...protectingSecurity.flatMap((rule) => subjectsOf(rule, context)),
    ...unproxied(context).map((change) => subjectOf(change, 'proxied')),
    ...newSkips(context.index).map((pair) => pair.subject),
    ...changesOf(context.index, 'cloudflare_zero_trust_access_policy', 'cloudflare_zero_trust_access_group')
      .filter((change) => !isLabelEdit(change) && isBroadened(change))
      .map((change) => subjectOf(change)),
  ]);
  return subjects.size === 0
    ? []
    : [
        {
          id: 'security-weaken',
          level: 'high',
          text: 'a security control is weakened, skipped or removed: the security seat must agree',
          subjects: [...subjects].toSorted(compareText),
        },
      ];
}

function unreviewedType(context: RuleContext): readonly Floor[] {
  const subjects = subjectsOf(planReviewedTypes, context);
  return subjects.length === 0
    ? []
    : [
        {
          id: 'unreviewed-type',
          level: 'high',
          text: 'a resource type that no rule was written for changes in production: the security seat must agree',
          subjects,
        },
      ];
}

/** Lets in more people than before: another selector to include, or one less to exclude or require. Removal is a policy gone. */
function isBroadened(change: ResourceChange): boolean {
  if (change.before === null) {
    return false;
  }
  if (change.after === null) {
    return readValue(change, 'before', ['decision']).kind !== 'known' || change.before['decision'] === 'deny';
  }
  return (
    hasNew(readList(change, 'before', ['include']), readList(change, 'after', ['include'])) ||
    hasNew(readList(change, 'after', ['exclude']), readList(change, 'before', ['exclude'])) ||
    hasNew(readList(change, 'after', ['require']), readList(change, 'before', ['require'])) ||
    isLooserDecision(change)
  );
}

/** True when `after` has an element that `before` has not, or when either cannot be read. */
function hasNew(before: readonly Json[] | null, after: readonly Json[] | null): boolean {
  if (before === null || after === null) {
    return true;
  }
  const old = new Set(before.map(canonicalJson));
  return after.some((item) => !old.has(canonicalJson(item)));
}

function isLooserDecision(change: ResourceChange): boolean {
  const before = readValue(change, 'before', ['decision']);
  const after = readValue(change, 'after', ['decision']);
  return (
    before.kind === 'known' && before.value === 'deny' && !(after.kind === 'known' && after.value === 'deny')
  );
}

function blockNew(context: RuleContext): readonly Floor[] {
  const result = wafLogFirst.evaluate(context);
  if (result.kind !== 'judged') {
    return [];
  }
  const subjects = [...result.observations, ...result.doubts].map(({ subject }) => subject);
  const zones = new Set(
    context.index.rulesetRules
      .filter((pair) => subjects.includes(pair.subject))
      .map((pair) => pair.change.zone),
  );
  return subjects.length === 0
    ? []
    : [
        {
          id: 'block-new',
          level: zones.size > 1 || zones.has(null) ? 'high' : 'medium',
          text: 'a rule begins to stop requests without having been watched in log mode',
          subjects,
        },
      ];
}
