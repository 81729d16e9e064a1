import { defineRule, judgeEach } from '../../rule.ts';
import { judgeStrength, settingChanges } from '../../reading/zone-settings.ts';

export const tls13Kept = defineRule({
  id: 'tls-1-3-kept',
  title: 'TLS 1.3 stays available',
  area: 'estate',
  severity: 'warn',
  why: 'Turning TLS 1.3 off costs every modern client the stronger handshake.',
  fix: 'Leave tls_1_3 on (or zrt); find the client that cannot negotiate and fix it there.',
  since: '2026-11-23',
  source: 'Cloudflare documentation of tls_1_3',
  protects: 'security',
  waivable: true,
  evaluate: (context) =>
    judgeEach(settingChanges(context, 'tls_1_3'), 'TLS 1.3 does not change', (setting) =>
      judgeStrength(setting, { order: ['off', 'on', 'zrt'], floor: 'on' }),
    ),
});
