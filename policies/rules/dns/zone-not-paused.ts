import { subjectOf } from '../../reading/estate-context.ts';
import { changesOf } from '../../reading/plan-index.ts';
import { defineRule, doubt, fine, finding, judgeEach } from '../../rule.ts';
import { readValue } from '../../reading/values.ts';

export const zoneNotPaused = defineRule({
  id: 'zone-not-paused',
  title: 'A zone is not paused',
  area: 'estate',
  severity: 'deny',
  why: 'A paused zone answers with the origin addresses: every protection of the zone is off at once.',
  fix: 'Leave paused = false; take single records out of the proxy if something must be debugged.',
  since: '2026-11-23',
  source: 'Cloudflare documentation of pausing a zone',
  protects: 'security',
  waivable: true,
  evaluate: (context) =>
    judgeEach(
      changesOf(context.index, 'cloudflare_zone').filter((change) => change.after !== null),
      'no zone is created or changed',
      (change) => {
        const paused = readValue(change, 'after', ['paused']);
        // The provider computes the flag when it is left out, and never pauses on its own.
        const isWritten = change.attributes.some(
          (attribute) => attribute.path[0] === 'paused' && !attribute.unknown,
        );
        if (paused.kind === 'unknown') {
          return isWritten ? doubt(subjectOf(change, 'paused'), 'paused is known only after apply') : fine;
        }
        return paused.kind === 'known' && paused.value === true
          ? finding(subjectOf(change, 'paused'), 'paused = true', 'paused = false')
          : fine;
      },
    ),
});
