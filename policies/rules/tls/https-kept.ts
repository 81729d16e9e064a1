import { defineRule, judgeEach } from '../../rule.ts';
import { judgeStrength, settingChanges } from '../../reading/zone-settings.ts';

export const httpsKept = defineRule({
  id: 'https-kept',
  title: 'HTTPS stays on',
  area: 'estate',
  severity: 'deny',
  why: 'Without the redirect to HTTPS, visitors who type the plain address are served in the clear.',
  fix: 'Leave always_use_https and automatic_https_rewrites on; exempt single paths with a configuration rule.',
  since: '2026-11-23',
  source: 'Cloudflare documentation of always_use_https and automatic_https_rewrites',
  protects: 'security',
  waivable: true,
  evaluate: (context) =>
    judgeEach(
      settingChanges(context, 'always_use_https', 'automatic_https_rewrites'),
      'no HTTPS setting changes',
      (setting) => judgeStrength(setting, { order: ['off', 'on'], floor: 'on' }),
    ),
});
