import type { ResourceChange } from '../../../scripts/plan/types.ts';
import { dnsLosses, txtOf } from '../../reading/dns/records.ts';
import { dnsName, subjectOf } from '../../reading/estate-context.ts';
import { defineRule, fine, finding, judged, notApplicable } from '../../rule.ts';
import type { Judgement } from '../../rule.ts';
import type { Side } from '../../reading/values.ts';

export const spfKept = defineRule({
  id: 'spf-kept',
  title: 'SPF is not removed or weakened',
  area: 'estate',
  severity: 'deny',
  why: 'Without a closing -all or ~all anyone can send mail in the name of the domain.',
  fix: 'Keep the SPF record and a closing qualifier at least as strict as before.',
  since: '2026-11-23',
  source: 'RFC 7208 sections 4.6 and 5.1',
  waivable: true,
  evaluate: (context) => {
    const { lost, unchanged } = dnsLosses(context.index, 'TXT', spfName);
    if (lost.length === 0 && unchanged.length === 0) {
      return notApplicable('no SPF record changes');
    }
    return judged([
      ...lost
        .filter((loss) => loss.successor === null)
        .flatMap((loss) =>
          finding(subjectOf(loss.change), `the SPF record of ${loss.name} is removed`, 'an SPF record'),
        ),
      ...unchanged.flatMap(judge),
    ]);
  },
});

const strictness: Readonly<Record<string, number>> = { '+': 0, '?': 1, '~': 2, '-': 3 };

function judge(change: ResourceChange): Judgement {
  const after = closing(txtOf(change, 'after') ?? '');
  const before = closing(txtOf(change, 'before') ?? '');
  const subject = subjectOf(change, 'content');
  const isNew = spfName(change, 'before') === null;
  if (!isNew && rank(after) < rank(before)) {
    return finding(subject, `${before} -> ${after}`, `${before} or stricter`);
  }
  return rank(after) < 2 && (isNew || after !== before) ? finding(subject, after, '~all or -all') : fine;
}

/** The qualifier of `all`, or the redirect that stands in for it; `(no all)` counts as neutral, as RFC 7208 4.7 says. */
function closing(text: string): string {
  const terms = text.toLowerCase().split(/\s/);
  const all = terms.find((term) => /^[-+~?]?all$/.test(term));
  if (all !== undefined) {
    return all === 'all' ? '+all' : all;
  }
  return terms.find((term) => term.startsWith('redirect=')) ?? '(no all)';
}

function rank(term: string): number {
  if (term.startsWith('redirect=')) {
    return 2;
  }
  return strictness[term.charAt(0)] ?? 1;
}

function spfName(change: ResourceChange, side: Side): string | null {
  return txtOf(change, side)?.toLowerCase().startsWith('v=spf1') === true
    ? (dnsName(change, side) ?? change.address)
    : null;
}
