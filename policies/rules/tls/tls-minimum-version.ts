import { defineRule, judgeEach } from '../../rule.ts';
import { judgeStrength, settingChanges } from '../../reading/zone-settings.ts';

export const tlsMinimumVersion = defineRule({
  id: 'tls-minimum-version',
  title: 'The minimum TLS version is not weakened',
  area: 'estate',
  severity: 'deny',
  why: 'A lower minimum lets clients fall back to protocol versions with known attacks.',
  fix: 'Keep min_tls_version at the threshold or above; lower it only under a waiver from security.',
  since: '2026-11-23',
  source: 'Cloudflare documentation of min_tls_version; threshold minTlsVersion; RFC 8996',
  protects: 'security',
  waivable: true,
  evaluate: (context) =>
    judgeEach(settingChanges(context, 'min_tls_version'), 'no minimum TLS version changes', (setting) =>
      judgeStrength(setting, {
        order: ['1.0', '1.1', '1.2', '1.3'],
        floor: context.policy.thresholds.minTlsVersion,
      }),
    ),
});
