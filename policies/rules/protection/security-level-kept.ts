import { defineRule, judgeEach } from '../../rule.ts';
import { judgeStrength, settingChanges } from '../../reading/zone-settings.ts';

export const securityLevelKept = defineRule({
  id: 'security-level-kept',
  title: 'Security level and browser check are not turned down',
  area: 'estate',
  severity: 'warn',
  why: 'A lower level challenges fewer suspicious visitors on every host of the zone at once.',
  fix: 'Lower the level for single paths with a configuration rule, or say in the record why the zone needs it.',
  since: '2026-11-23',
  source: 'Cloudflare documentation of security_level and browser_check',
  protects: 'security',
  waivable: true,
  evaluate: (context) =>
    judgeEach(
      settingChanges(context, 'security_level', 'browser_check'),
      'no security level changes',
      (setting) =>
        judgeStrength(
          setting,
          setting.setting === 'browser_check'
            ? { order: ['off', 'on'], floor: 'on' }
            : {
                order: ['off', 'essentially_off', 'low', 'medium', 'high', 'under_attack'],
                floor: 'low',
              },
        ),
    ),
});
