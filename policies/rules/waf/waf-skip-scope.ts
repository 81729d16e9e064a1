import { defineRule, doubt, fine, finding, judgeEach } from '../../rule.ts';
import { newSkips } from '../../reading/rulesets/skip-rules.ts';

export const wafSkipScope = defineRule({
  id: 'waf-skip-scope',
  title: 'A skip rule is confined to what it is for',
  area: 'estate',
  severity: 'deny',
  why: 'A skip without a condition turns the named protections off for every request; one that only says what it is not for, for nearly every one.',
  fix: 'Add the host, path, addresses or list that the exception is for, as a comparison that holds: eq, in, starts_with.',
  since: '2026-11-23',
  source: 'Cloudflare documentation of the skip action',
  waivable: true,
  evaluate: (context) =>
    judgeEach(newSkips(context.index), 'no skip rule is added or changed', (pair) => {
      const reading = pair.expression();
      if (reading.kind === 'absent') {
        return finding(pair.subject, 'no expression', 'an expression that confines the skip');
      }
      if (reading.kind === 'unknown' || !reading.analysis.parsed) {
        return doubt(pair.subject, 'the expression of the skip cannot be read');
      }
      return reading.analysis.confinedBy.length === 0
        ? finding(
            pair.subject,
            'nothing positive confines the skip',
            'a host, a path, addresses or a list that every skipped request has',
          )
        : fine;
    }),
});
