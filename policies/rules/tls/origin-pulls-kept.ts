import type { Json, ResourceChange } from '../../../scripts/plan/types.ts';
import { show, subjectOf } from '../../reading/estate-context.ts';
import { changesOf } from '../../reading/plan-index.ts';

import { judgeStrength, settingChanges } from '../../reading/zone-settings.ts';
import { defineRule, fine, finding, judged, notApplicable } from '../../rule.ts';
import type { Judgement } from '../../rule.ts';
import { isObject } from '../../../scripts/json/json.ts';

const ofZone = 'cloudflare_authenticated_origin_pulls_settings';
const ofHosts = 'cloudflare_authenticated_origin_pulls';

export const originPullsKept = defineRule({
  id: 'origin-pulls-kept',
  title: 'Origins go on asking Cloudflare for its certificate',
  area: 'estate',
  severity: 'deny',
  why: 'Without its certificate an origin cannot tell Cloudflare from others: it refuses every request, or serves whoever finds it.',
  fix: 'Leave authenticated origin pulls on, or show in the record what the origin checks instead.',
  since: '2026-11-30',
  source: 'Cloudflare documentation of authenticated origin pulls',
  protects: 'security',
  waivable: true,
  evaluate: (context) => {
    const settings = settingChanges(context, 'tls_client_auth');
    const changes = changesOf(context.index, ofZone, ofHosts).filter(({ before }) => before !== null);
    return settings.length + changes.length === 0
      ? notApplicable('no authenticated origin pull changes')
      : judged([
          ...settings.flatMap((setting) => judgeStrength(setting, { order: ['off', 'on'], floor: 'off' })),
          ...changes.flatMap(judge),
        ]);
  },
});

function judge(change: ResourceChange): Judgement {
  const after = new Set(pullsOf(change.after));
  const lost = pullsOf(change.before).filter((pull) => !after.has(pull));
  return lost.length === 0
    ? fine
    : finding(
        subjectOf(change, change.type === ofZone ? 'enabled' : 'config'),
        `authenticated origin pulls end for ${lost.slice(0, 3).join(', ')}`,
        'origin pulls stay on',
      );
}

/** Hosts, or the zone, for which they are on. */
function pullsOf(values: ResourceChange['after']): readonly string[] {
  const config: Json = values?.['config'] ?? null;
  if (!Array.isArray(config)) {
    return values?.['enabled'] === true ? ['the zone'] : [];
  }
  return (config as readonly Json[]).flatMap((entry) =>
    isObject(entry) && entry['enabled'] === true
      ? [show(entry['hostname'] ?? 'a host that is not named')]
      : [],
  );
}
