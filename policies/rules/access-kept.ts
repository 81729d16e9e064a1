import type { ResourceChange } from '../../scripts/plan/types.ts';
import { subjectOf } from '../reading/estate-context.ts';
import { changesOf } from '../reading/plan-index.ts';
import { defineRule, doubt, fine, finding, judgeEach } from '../rule.ts';
import type { Judgement } from '../rule.ts';
import { readList } from '../reading/values.ts';

export const accessKept = defineRule({
  id: 'access-kept',
  title: 'Access stays in front of applications',
  area: 'estate',
  severity: 'deny',
  why: 'Removing an Access application, or the last of its policies, removes the login in front of it.',
  fix: 'Retire the application behind it first, and show that in the record, or ask security for a waiver.',
  since: '2026-11-23',
  source: 'Cloudflare documentation of Access applications',
  waivable: true,
  evaluate: (context) =>
    judgeEach(
      changesOf(context.index, 'cloudflare_zero_trust_access_application').filter(
        (change) => change.before !== null,
      ),
      'no existing Access application changes',
      judge,
    ),
});

function judge(change: ResourceChange): Judgement {
  if (change.after === null) {
    return finding(
      subjectOf(change),
      'the Access application is removed',
      'the application stays behind Access',
    );
  }
  const before = readList(change, 'before', ['policies']);
  const after = readList(change, 'after', ['policies']);
  if (after === null) {
    return doubt(subjectOf(change, 'policies'), 'its policies are known only after apply');
  }
  const hadPolicies = before === null || before.length > 0;
  return hadPolicies && after.length === 0
    ? finding(subjectOf(change, 'policies'), 'its last policy is removed', 'at least one policy')
    : fine;
}
