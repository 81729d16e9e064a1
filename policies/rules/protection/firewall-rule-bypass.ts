import type { ResourceChange } from '../../../scripts/plan/types.ts';
import { subjectOf } from '../../reading/estate-context.ts';
import { changesOf } from '../../reading/plan-index.ts';
import { defineRule, doubt, fine, finding, judgeEach } from '../../rule.ts';
import type { Judgement } from '../../rule.ts';
import { readValue } from '../../reading/values.ts';
import { isObject } from '../../../scripts/json/json.ts';

const lettingPast: ReadonlySet<string> = new Set(['allow', 'bypass', 'skip']);

export const firewallRuleBypass = defineRule({
  id: 'firewall-rule-bypass',
  title: 'Firewall rules of the old kind let nothing past the protections',
  area: 'estate',
  severity: 'deny',
  why: 'A bypass or allow of the old kind is a skip without a last day, and no rule about skips sees it.',
  fix: 'Write a skip rule in a ruleset: confined, with the protections it skips and the day it ends.',
  since: '2026-11-23',
  source: 'Cloudflare documentation of firewall rules (replaced by custom rules)',
  protects: 'security',
  waivable: true,
  evaluate: (context) =>
    judgeEach(
      changesOf(context.index, 'cloudflare_firewall_rule').filter((change) => change.after !== null),
      'no firewall rule of the old kind is created or changed',
      judge,
    ),
});

function judge(change: ResourceChange): Judgement {
  const action = readValue(change, 'after', ['action']);
  const isNested = action.kind === 'known' && isObject(action.value);
  const mode = isNested ? readValue(change, 'after', ['action', 'mode']) : action;
  const subject = subjectOf(change, 'action');
  if (mode.kind !== 'known' || typeof mode.value !== 'string') {
    return doubt(subject, 'what the rule does is not known');
  }
  return lettingPast.has(mode.value)
    ? finding(subject, `its action is ${mode.value}`, 'an action that stops or watches requests')
    : fine;
}
