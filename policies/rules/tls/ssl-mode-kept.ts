import { defineRule, judgeEach } from '../../rule.ts';
import { judgeStrength, settingChanges } from '../../reading/zone-settings.ts';

export const sslModeKept = defineRule({
  id: 'ssl-mode-kept',
  title: 'The SSL mode towards the origin is not weakened',
  area: 'estate',
  severity: 'deny',
  why: 'With off or flexible, traffic between Cloudflare and the origin travels unencrypted.',
  fix: 'Keep full or strict; if an origin cannot do TLS, fix the origin first.',
  since: '2026-11-23',
  source: 'Cloudflare documentation of SSL/TLS encryption modes',
  protects: 'security',
  waivable: true,
  evaluate: (context) =>
    judgeEach(settingChanges(context, 'ssl'), 'no SSL mode changes', (setting) =>
      judgeStrength(setting, { order: ['off', 'flexible', 'full', 'strict', 'origin_pull'], floor: 'full' }),
    ),
});
