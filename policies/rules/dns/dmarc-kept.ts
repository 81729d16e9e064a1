import type { ResourceChange } from '../../../scripts/plan/types.ts';
import { dnsLosses, txtOf } from '../../reading/dns/records.ts';
import { dnsName, subjectOf } from '../../reading/estate-context.ts';
import { defineRule, fine, finding, judged, notApplicable } from '../../rule.ts';
import type { Judgement } from '../../rule.ts';
import type { Side } from '../../reading/values.ts';

export const dmarcKept = defineRule({
  id: 'dmarc-kept',
  title: 'DMARC is not removed or weakened',
  area: 'estate',
  severity: 'deny',
  why: 'DMARC tells receivers to refuse forged mail; a weaker policy lets it through.',
  fix: 'Keep p= and sp= at least as strict as before, and pct at least as high.',
  since: '2026-11-23',
  source: 'RFC 7489 section 6.3',
  waivable: true,
  evaluate: (context) => {
    const { lost, unchanged } = dnsLosses(context.index, 'TXT', dmarcName);
    if (lost.length === 0 && unchanged.length === 0) {
      return notApplicable('no DMARC record changes');
    }
    return judged([
      ...lost
        .filter((loss) => loss.successor === null)
        .flatMap((loss) =>
          finding(subjectOf(loss.change), `the DMARC record ${loss.name} is removed`, 'a DMARC record'),
        ),
      ...unchanged.flatMap(judge),
    ]);
  },
});

const policies = ['none', 'quarantine', 'reject'] as const;

function judge(change: ResourceChange): Judgement {
  if (dmarcName(change, 'before') === null) {
    return fine;
  }
  const was = tagsOf(txtOf(change, 'before') ?? '');
  const is = tagsOf(txtOf(change, 'after') ?? '');
  const subject = subjectOf(change, 'content');
  if (policyRank(is, 'p') < policyRank(was, 'p')) {
    return finding(
      subject,
      `p=${was.get('p') ?? ''} -> p=${is.get('p') ?? ''}`,
      `p=${was.get('p') ?? ''} or stricter`,
    );
  }
  // Without sp, subdomains follow p (RFC 7489 6.3).
  if (policyRank(is, 'sp', 'p') < policyRank(was, 'sp', 'p')) {
    return finding(subject, 'the policy for subdomains (sp) is weaker', 'sp at least as strict as before');
  }
  return percent(is) < percent(was)
    ? finding(subject, `pct=${percent(is)}`, `pct=${percent(was)} or more`)
    : fine;
}

function tagsOf(text: string): ReadonlyMap<string, string> {
  return new Map(
    text.split(';').map((part) => {
      const at = part.indexOf('=');
      return [
        part.slice(0, Math.max(at, 0)).trim().toLowerCase(),
        part
          .slice(at + 1)
          .trim()
          .toLowerCase(),
      ] as const;
    }),
  );
}

function policyRank(tags: ReadonlyMap<string, string>, ...names: readonly string[]): number {
  const value = names.map((name) => tags.get(name)).find((found) => found !== undefined);
  return policies.findIndex((policy) => policy === value);
}

function percent(tags: ReadonlyMap<string, string>): number {
  const value = Number(tags.get('pct') ?? '100');
  return Number.isFinite(value) ? value : 0;
}

function dmarcName(change: ResourceChange, side: Side): string | null {
  if (txtOf(change, side)?.toLowerCase().startsWith('v=dmarc1') !== true) {
    return null;
  }
  const name = dnsName(change, side);
  return name?.startsWith('_dmarc') === true ? name : null;
}
