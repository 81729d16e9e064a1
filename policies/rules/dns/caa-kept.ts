import type { ResourceChange } from '../../../scripts/plan/types.ts';
import { showAt, subjectOf } from '../../reading/estate-context.ts';
import { dnsLosses, recordsOf } from '../../reading/dns/records.ts';
import { defineRule, fine, finding, judged, notApplicable } from '../../rule.ts';
import type { Judgement } from '../../rule.ts';

export const caaKept = defineRule({
  id: 'caa-kept',
  title: 'CAA records are not removed or opened',
  area: 'estate',
  severity: 'deny',
  why: 'CAA names the authorities that may issue certificates for the domain; without it every authority may.',
  fix: 'Keep at least one CAA record for the name; add the new issuer before the old one goes.',
  since: '2026-11-23',
  source: 'RFC 8659 (certification authority authorization)',
  protects: 'security',
  waivable: true,
  evaluate: (context) => {
    const { lost, unchanged } = dnsLosses(context.index, 'CAA', (change, side) =>
      recordsOf(change, side, 'CAA'),
    );
    if (lost.length === 0 && unchanged.length === 0) {
      return notApplicable('no CAA record changes');
    }
    return judged([
      ...lost.flatMap((loss) =>
        finding(
          subjectOf(loss.change),
          `the CAA record of ${loss.name} is removed`,
          'a CAA record for the name',
          loss.successor === null
            ? {}
            : { severity: 'warn', fix: `Check that ${loss.successor} names the right issuers.` },
        ),
      ),
      ...unchanged.flatMap(judgeEdit),
    ]);
  },
});

/** Another issuer, or a critical flag dropped, is for the CAB to see; it is not a removal. */
function judgeEdit(change: ResourceChange): Judgement {
  if (change.before === null) {
    return fine;
  }
  const paths = [['data', 'tag'], ['data', 'value'], ['data', 'flags'], ['content']] as const;
  return paths.flatMap((path) => {
    const was = showAt(change, 'before', path);
    const is = showAt(change, 'after', path);
    return was === is
      ? fine
      : finding(subjectOf(change, path.join('.')), `${was} -> ${is}`, 'issuers changed on purpose', {
          severity: 'warn',
        });
  });
}
