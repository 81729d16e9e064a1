import { personById, voicesAt } from '../../approvals/people.ts';
import { instantMs } from '../../gate/instant.ts';
import type { RuleContext } from '../../model/finding.ts';
import type { ChangeRecord } from '../../model/record.ts';
import { isSecurityRelevant } from '../../reading/security-relevance.ts';
import { defineRule, finding, judgeRecord, judged } from '../../rule.ts';
import type { Judgement } from '../../rule.ts';
import { subjectOf } from '../../reading/estate-context.ts';

export const recordSecurityImpact = defineRule({
  id: 'record-security-impact',
  title: 'The security impact is assessed, and reviewed where controls change',
  area: 'record',
  severity: 'deny',
  why: 'An auditor asks for the assessment of every change, and for a second pair of eyes where a control is touched.',
  fix: 'Set securityImpact.assessed and summary; name a reviewer from the security seat when WAF, TLS, Access, tokens or members change.',
  since: '2026-11-23',
  source: 'ISO 27001 A.8.32',
  waivable: true,
  evaluate: (context) =>
    judgeRecord(context, (record) => {
      const { assessed, summary } = record.securityImpact;
      const touched = context.index.changes.find(isSecurityRelevant);
      return judged([
        ...(assessed && summary.trim() !== ''
          ? []
          : finding('record', 'not assessed', 'an assessed security impact with a summary', { pointer })),
        ...(touched === undefined ? [] : reviewerProblem(context, record, subjectOf(touched))),
      ]);
    }),
});

const pointer = '/securityImpact';

/** Anybody can write a name: it has to be one that can look at it, and did not do it. */
function reviewerProblem(context: RuleContext, record: ChangeRecord, subject: string): Judgement {
  const id = (record.securityImpact.reviewer ?? '').trim();
  if (id === '') {
    return finding('record', `no reviewer, though ${subject} changes`, 'securityImpact.reviewer', {
      pointer,
    });
  }
  const required = 'somebody in the security seat who took no part in the change';
  if (!holdsSecuritySeat(context, id)) {
    return finding('record', 'the reviewer holds no security seat', required, { pointer });
  }
  const { requester, owner, implementer, backupImplementer } = record;
  return [requester, owner, implementer, backupImplementer].includes(id)
    ? finding('record', 'the reviewer takes part in the change', required, { pointer })
    : [];
}

function holdsSecuritySeat({ now, policy }: RuleContext, id: string): boolean {
  const at = instantMs(now);
  const person = personById(policy.roster, id);
  return (
    at !== null &&
    person !== null &&
    voicesAt(policy.roster, person, at).some(({ seat }) => seat === 'security')
  );
}
