import type { ResourceChange } from '../../../scripts/plan/types.ts';
import { showAt, subjectOf } from '../../reading/estate-context.ts';
import { changesOf } from '../../reading/plan-index.ts';
import { isReference, readValue } from '../../reading/values.ts';
import type { Side, Value } from '../../reading/values.ts';
import { defineRule, doubt, fine, finding, judgeEach } from '../../rule.ts';
import type { Judgement } from '../../rule.ts';

export const zoneAuthoritative = defineRule({
  id: 'zone-authoritative',
  title: 'Cloudflare stays authoritative for the zone',
  area: 'estate',
  severity: 'deny',
  why: 'Of a partial or secondary zone Cloudflare no longer holds the records: names resolve elsewhere or not at all, mail included.',
  fix: 'Leave type = "full"; to move DNS away, copy every record first and plan it as a migration with the client.',
  since: '2026-11-30',
  source: 'Cloudflare documentation of zone setups; provider 5.14.0 (default: full)',
  waivable: true,
  evaluate: (context) =>
    judgeEach(
      [
        ...changesOf(context.index, 'cloudflare_zone').filter(
          ({ before, after }) => before !== null && after !== null,
        ),
        ...changesOf(context.index, modesType).filter(({ after }) => after !== null),
      ],
      'no existing zone, nor its DNS mode, changes',
      (change) => (change.type === modesType ? judgeMode(change) : judge(change)),
    ),
});

const modesType = 'cloudflare_zone_dns_settings';

/** What a mode takes away from a zone that is served in full. */
const modes: Readonly<Record<string, string>> = {
  cdn_only: 'Cloudflare no longer answers for its names',
  dns_only: 'no host of it is proxied any more, and every protection is off',
};

function judgeMode(change: ResourceChange): Judgement {
  const [was, is] = [readValue(change, 'before', ['zone_mode']), readValue(change, 'after', ['zone_mode'])];
  const subject = subjectOf(change, 'zone_mode');
  if (is.kind === 'unknown') {
    // Cloudflare fills it in where nobody sets it.
    const isWritten = isReference(change.after?.['zone_mode']);
    return isWritten ? doubt(subject, 'in which mode the zone will be is known only after apply') : fine;
  }
  const mode = is.kind === 'known' && typeof is.value === 'string' ? is.value : 'standard';
  const before = was.kind === 'known' && typeof was.value === 'string' ? was.value : 'standard';
  const lost = modes[mode];
  return lost === undefined || before === mode
    ? fine
    : finding(subject, `zone_mode ${before} -> ${mode}: ${lost}`, 'zone_mode = "standard"');
}

function judge(change: ResourceChange): Judgement {
  const [was, is] = [typeOf(change, 'before'), typeOf(change, 'after')];
  const subject = subjectOf(change, 'type');
  if (is.kind === 'unknown') {
    return doubt(subject, 'of which type the zone will be is known only after apply');
  }
  const isLeft = was.kind === 'known' && was.value === 'full' && is.kind === 'known' && is.value !== 'full';
  return isLeft
    ? finding(
        subject,
        `type full -> ${showAt(change, 'after', ['type'])}: Cloudflare is no longer authoritative for the zone`,
        'type = "full"',
      )
    : fine;
}

/** The provider's default where nothing is said. */
function typeOf(change: ResourceChange, side: Side): Value {
  const found = readValue(change, side, ['type']);
  return found.kind === 'absent' ? { kind: 'known', value: 'full' } : found;
}
