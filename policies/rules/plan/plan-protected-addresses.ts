import { subjectOf } from '../../reading/estate-context.ts';
import { matchesPattern } from '../../reading/pattern.ts';
import { defineRule, finding, judgeEach } from '../../rule.ts';

export const planProtectedAddresses = defineRule({
  id: 'plan-protected-addresses',
  title: 'Protected resources are not deleted or replaced',
  area: 'plan',
  severity: 'deny',
  why: 'These are the resources whose loss takes a client down: zones, apex records, mail, name servers.',
  fix: 'Keep the resource. A renamed one needs a moved block; a real removal needs a waiver for exactly this address.',
  since: '2026-11-23',
  source: 'Threshold protectedAddresses',
  waivable: true,
  evaluate: (context) => {
    const patterns = context.policy.thresholds.protectedAddresses;
    const gone = context.index.changes.filter(
      (change) => change.actions.includes('delete') || change.actions.includes('forget'),
    );
    return judgeEach(gone, 'nothing is deleted or replaced', (change) => {
      const pattern = patterns.find((one) => matchesPattern(subjectOf(change), one));
      return pattern === undefined
        ? []
        : finding(
            subjectOf(change),
            `${change.actions.join(', ')} of a protected address`,
            `kept (${pattern})`,
          );
    });
  },
});
