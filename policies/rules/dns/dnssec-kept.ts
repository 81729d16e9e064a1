import { show, subjectOf } from '../../reading/estate-context.ts';
import { changesOf } from '../../reading/plan-index.ts';
import { defineRule, doubt, fine, finding, judgeEach } from '../../rule.ts';
import { readValue } from '../../reading/values.ts';

export const dnssecKept = defineRule({
  id: 'dnssec-kept',
  title: 'DNSSEC stays active',
  area: 'estate',
  severity: 'deny',
  why: 'Switching DNSSEC off while the parent still has a DS record makes the whole zone unresolvable.',
  fix: 'Keep the zone signed. To retire DNSSEC, remove the DS at the registrar first and wait out its TTL, under a waiver.',
  since: '2026-11-23',
  source: 'RFC 6781 section 4.3; Cloudflare documentation of cloudflare_zone_dnssec',
  waivable: true,
  evaluate: (context) =>
    judgeEach(changesOf(context.index, 'cloudflare_zone_dnssec'), 'DNSSEC does not change', (change) => {
      const subject = subjectOf(change, 'status');
      const required = 'status active';
      if (change.after === null || change.actions.includes('delete')) {
        return finding(subject, 'the DNSSEC resource is removed', required);
      }
      const status = readValue(change, 'after', ['status']);
      if (status.kind === 'unknown') {
        return doubt(subject, 'the DNSSEC status is known only after apply');
      }
      // Without a status the provider leaves signing as it is: only an explicit "disabled" turns it off.
      return status.kind === 'known' && status.value !== 'active'
        ? finding(subject, `status ${show(status.value)}`, required)
        : fine;
    }),
});
