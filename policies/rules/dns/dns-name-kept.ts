import { nameLost } from '../../reading/dns/state.ts';
import { dnsName, subjectOf } from '../../reading/estate-context.ts';
import { changesOf } from '../../reading/plan-index.ts';
import { defineRule, fine, finding, judgeEach } from '../../rule.ts';

export const dnsNameKept = defineRule({
  id: 'dns-name-kept',
  title: 'Names do not disappear by a rename',
  area: 'estate',
  severity: 'warn',
  why: 'The plan calls it an update, but whoever asks for the old name gets no answer, as if the record were deleted.',
  fix: 'Add a record with the new name, move its users, and delete the old one in a change of its own.',
  since: '2026-11-30',
  source: 'Provider 5.14.0: cloudflare_dns_record is renamed in place',
  waivable: true,
  evaluate: (context) =>
    judgeEach(
      changesOf(context.index, 'cloudflare_dns_record').filter(
        ({ before, after }) => before !== null && after !== null,
      ),
      'no DNS record changes in place',
      (change) => {
        const lost = nameLost(change, context.estate);
        return lost === null
          ? fine
          : finding(
              subjectOf(change, 'name'),
              `${lost.name} (${lost.type}) disappears: the record becomes one of ${dnsName(change, 'after') ?? 'a name that is not known'}`,
              'another record for the old name',
            );
      },
    ),
});
