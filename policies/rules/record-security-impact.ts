import { isSecurityRelevant } from '../reading/security-relevance.ts';
import { defineRule, finding, judgeRecord, judged } from '../rule.ts';
import { subjectOf } from '../reading/estate-context.ts';

export const recordSecurityImpact = defineRule({
  id: 'record-security-impact',
  title: 'The security impact is assessed, and reviewed where controls change',
  area: 'record',
  severity: 'deny',
  why: 'An auditor asks for the assessment of every change, and for a second pair of eyes where a control is touched.',
  fix: 'Set securityImpact.assessed and summary; name the reviewer when WAF, TLS, Access, tokens or members change.',
  since: '2026-11-23',
  source: 'ISO 27001 A.8.32',
  waivable: true,
  evaluate: (context) =>
    judgeRecord(context, ({ securityImpact }) => {
      const touched = context.index.changes.find(isSecurityRelevant);
      const isReviewed = (securityImpact.reviewer ?? '').trim() !== '';
      return judged([
        ...(securityImpact.assessed && securityImpact.summary.trim() !== ''
          ? []
          : finding('record', 'not assessed', 'an assessed security impact with a summary', {
              pointer: '/securityImpact',
            })),
        ...(touched === undefined || isReviewed
          ? []
          : finding(
              'record',
              `no reviewer, though ${subjectOf(touched)} changes`,
              'securityImpact.reviewer',
              {
                pointer: '/securityImpact',
              },
            )),
      ]);
    }),
});
