import type { ResourceChange } from '../../../scripts/plan/types.ts';
import type { RuleContext } from '../../model/finding.ts';
import { subjectOf } from '../../reading/estate-context.ts';
import { changesOf } from '../../reading/plan-index.ts';
import { headerActs, securityHeaders } from '../../reading/response-headers.ts';
import type { HeaderAct } from '../../reading/response-headers.ts';
import type { RulesetRuleChange } from '../../reading/rulesets/rules.ts';
import { readList } from '../../reading/values.ts';
import type { Side } from '../../reading/values.ts';
import { defineRule, fine, finding, judged, notApplicable } from '../../rule.ts';
import type { Judgement } from '../../rule.ts';
import { isObject } from '../../../scripts/json/json.ts';

const transformsType = 'cloudflare_managed_transforms';

export const securityHeadersKept = defineRule({
  id: 'security-headers-kept',
  title: 'Security headers of responses are not removed',
  area: 'estate',
  severity: 'deny',
  why: 'Without them browsers frame the page, guess types, run scripts of others and use plain HTTP again.',
  fix: 'Leave the header in place; if the origin sends it now, show that in the record and ask security for a waiver.',
  since: '2026-11-30',
  source: 'OWASP Secure Headers Project; Cloudflare documentation of response header transform rules',
  protects: 'security',
  waivable: true,
  kinds: [...securityHeaders, 'managed'],
  evaluate: (context) => {
    const pairs = context.index.rulesetRules.filter(
      ({ before, after }) => headerActs(before).length + headerActs(after).length > 0,
    );
    const managed = changesOf(context.index, transformsType).filter(({ before }) => before !== null);
    return pairs.length + managed.length === 0
      ? notApplicable('no header of responses changes')
      : judged([...pairs.flatMap((pair) => judge(pair, context)), ...managed.flatMap(judgeManaged)]);
  },
});

function judge(pair: RulesetRuleChange, { index }: RuleContext): Judgement {
  const [was, is] = [headerActs(pair.before), headerActs(pair.after)];
  const removed = is.filter(
    (act) =>
      act.operation === 'remove' && !was.some((one) => one.operation === 'remove' && one.name === act.name),
  );
  const dropped = was.filter(
    (act) => act.operation !== 'remove' && isDropped(act, is, pair, index.rulesetRules),
  );
  return [
    ...removed.flatMap(({ name }) => judgementOf(pair, name, `removes ${name} from responses`)),
    ...dropped.flatMap(({ name }) => judgementOf(pair, name, `${name} is no longer set`)),
  ];
}

/** Not set by the rule any more, nor by another one of the ruleset that comes or changes beside it. */
function isDropped(
  { name }: HeaderAct,
  after: readonly HeaderAct[],
  pair: RulesetRuleChange,
  all: readonly RulesetRuleChange[],
): boolean {
  const sets = (acts: readonly HeaderAct[]): boolean =>
    acts.some((one) => one.name === name && one.operation !== 'remove');
  const isRemoved = after.some((one) => one.name === name);
  return !isRemoved && !all.some((other) => other.change === pair.change && sets(headerActs(other.after)));
}

function judgementOf(pair: RulesetRuleChange, name: string, seen: string): Judgement {
  return securityHeaders.has(name) ? finding(pair.subject, seen, 'the header stays', { kind: name }) : fine;
}

/** The managed transform that adds all of them. */
function judgeManaged(change: ResourceChange): Judgement {
  return isAdded(change, 'before') && !isAdded(change, 'after')
    ? finding(
        subjectOf(change, 'managed_response_headers'),
        'add_security_headers is switched off',
        'the headers stay',
        { kind: 'managed' },
      )
    : fine;
}

function isAdded(change: ResourceChange, side: Side): boolean {
  return (readList(change, side, ['managed_response_headers']) ?? []).some(
    (one) => isObject(one) && one['id'] === 'add_security_headers' && one['enabled'] !== false,
  );
}
