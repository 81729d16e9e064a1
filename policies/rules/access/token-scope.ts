import type { ResourceChange } from '../../../scripts/plan/types.ts';
import { grantingPolicies, policyResources, tokenChanges } from '../../reading/api-tokens.ts';
import { subjectOf } from '../../reading/estate-context.ts';
import { defineRule, doubt, finding, judgeEach } from '../../rule.ts';
import type { Judgement } from '../../rule.ts';
import { isReference } from '../../reading/values.ts';

export const tokenScope = defineRule({
  id: 'token-scope',
  title: 'API tokens are confined to named accounts and zones',
  area: 'estate',
  severity: 'deny',
  why: 'A token for all accounts or all zones reaches every client, also those that come later.',
  fix: 'Name the account and the zones: com.cloudflare.api.account.zone.<id>.',
  since: '2026-11-23',
  source: 'Cloudflare documentation of API token resources',
  waivable: true,
  evaluate: (context) => judgeEach(tokenChanges(context.index), 'no API token is created or changed', judge),
});

function judge(change: ResourceChange): Judgement {
  const subject = subjectOf(change, 'policies');
  const policies = grantingPolicies(change);
  if (policies === null) {
    return doubt(subject, 'its policies are known only after apply');
  }
  return policies.flatMap((policy) => {
    const resources = policyResources(policy);
    if (resources === null) {
      return doubt(subject, 'its resources are known only after apply');
    }
    const names = Object.keys(resources);
    const wide = names.filter((name) => name.endsWith('.*') || name === '*');
    if (wide.length > 0) {
      return finding(subject, `reaches ${wide.join(', ')}`, 'named accounts and zones');
    }
    return names
      .filter((name) => isReference(name) && !name.startsWith('com.cloudflare.api.'))
      .flatMap((name) => doubt(subject, `what ${name} reaches is known only after apply`));
  });
}
