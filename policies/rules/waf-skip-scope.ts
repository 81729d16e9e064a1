import { defineRule, doubt, fine, finding, judgeEach } from '../rule.ts';
import { newSkips } from '../reading/skip-rules.ts';

export const wafSkipScope = defineRule({
  id: 'waf-skip-scope',
  title: 'A skip rule is confined to what it is for',
  area: 'estate',
  severity: 'deny',
  why: 'A skip without a condition turns the named protections off for every request of the zone.',
  fix: 'Add the host and the path, address list or other condition that the exception is for.',
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
      const { constant, scoped } = reading.analysis;
      return constant === true || !scoped
        ? finding(pair.subject, 'the skip applies to every request', 'an expression that confines the skip')
        : fine;
    }),
});
