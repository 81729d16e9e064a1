import type { ResourceChange } from '../../../scripts/plan/types.ts';
import { showAt, subjectOf } from '../../reading/estate-context.ts';
import { changesOf } from '../../reading/plan-index.ts';
import { defineRule, doubt, fine, finding, judgeEach } from '../../rule.ts';
import type { Judgement } from '../../rule.ts';
import { knownText, readValue } from '../../reading/values.ts';

export const ipAccessAllowScope = defineRule({
  id: 'ip-access-allow-scope',
  title: 'IP access rules do not allow whole countries or networks',
  area: 'estate',
  severity: 'deny',
  why: 'An allow in an IP access rule passes by every WAF rule, rate limit and challenge.',
  fix: 'Allow single addresses, or use a skip rule that names what is skipped and for which path.',
  since: '2026-11-23',
  source: 'Cloudflare documentation of IP Access rules',
  protects: 'security',
  waivable: true,
  evaluate: (context) =>
    judgeEach(
      changesOf(context.index, 'cloudflare_access_rule').filter((change) => change.after !== null),
      'no IP access rule is created or changed',
      judge,
    ),
});

function judge(change: ResourceChange): Judgement {
  const mode = readValue(change, 'after', ['mode']);
  if (mode.kind === 'unknown') {
    return doubt(subjectOf(change, 'mode'), 'its mode is known only after apply');
  }
  if (mode.kind !== 'known' || mode.value !== 'whitelist') {
    return fine;
  }
  const target = knownText(change, 'after', ['configuration', 'target']);
  if (target === null) {
    return doubt(subjectOf(change, 'configuration'), 'what it allows is known only after apply');
  }
  const value = showAt(change, 'after', ['configuration', 'value']);
  if (target === 'ip' || target === 'ip6') {
    return fine;
  }
  const severity = target === 'ip_range' ? 'warn' : 'deny';
  return finding(subjectOf(change, 'configuration'), `allows ${target} ${value}`, 'single addresses', {
    severity,
  });
}
