import type { ResourceChange } from '../../../scripts/plan/types.ts';
import { grantedGroups, grantingPolicies, tokenChanges } from '../../reading/api-tokens.ts';
import { subjectOf } from '../../reading/estate-context.ts';
import { defineRule, doubt, finding, judgeEach } from '../../rule.ts';
import type { Judgement } from '../../rule.ts';

export const tokenPermissions = defineRule({
  id: 'token-permissions',
  title: 'API tokens get no forbidden permission',
  area: 'estate',
  severity: 'deny',
  why: 'A token that can write tokens, members or billing can give itself everything else.',
  fix: 'Grant the narrow group that the job needs; a forbidden one needs a waiver from security.',
  since: '2026-11-23',
  source: 'Threshold forbiddenTokenPermissions; Cloudflare list of permission groups',
  waivable: true,
  evaluate: (context) =>
    judgeEach(tokenChanges(context.index), 'no API token is created or changed', (change) =>
      judge(change, context.policy.thresholds.forbiddenTokenPermissions),
    ),
});

function judge(change: ResourceChange, forbidden: readonly string[]): Judgement {
  const subject = subjectOf(change, 'policies');
  const policies = grantingPolicies(change);
  if (policies === null) {
    return doubt(subject, 'its policies are known only after apply');
  }
  return policies.flatMap(grantedGroups).flatMap((group) => {
    if (group.kind === 'unknown') {
      return forbidden.includes(group.id)
        ? finding(subject, `grants ${group.id}`, 'no forbidden permission group')
        : doubt(subject, `which permission ${group.id} grants is not known`);
    }
    return forbidden.includes(group.name) || forbidden.includes(group.id)
      ? finding(subject, `grants ${group.name}`, 'no forbidden permission group')
      : [];
  });
}
