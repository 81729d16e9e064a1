import { placesOf } from '../../reading/access/places.ts';
import { applicationType } from '../../reading/access/policies.ts';
import type { RuleContext } from '../../model/finding.ts';
import { zoneName } from '../../reading/estate-context.ts';
import { settingChanges } from '../../reading/zone-settings.ts';
import type { SettingChange } from '../../reading/zone-settings.ts';
import { defineRule, doubt, fine, finding, judgeEach } from '../../rule.ts';
import type { Judgement } from '../../rule.ts';

export const alwaysOnlinePrivate = defineRule({
  id: 'always-online-private',
  title: 'Copies of private hosts are not kept at the Internet Archive',
  area: 'estate',
  severity: 'deny',
  why: 'Always Online hands addresses of the zone to the Internet Archive and serves its copies: a host behind a login is none of its business.',
  fix: 'Leave always_online off in a zone with private hosts, or switch it off for them by a configuration rule first.',
  since: '2026-11-30',
  source: 'Cloudflare documentation of Always Online',
  protects: 'security',
  waivable: true,
  evaluate: (context) =>
    judgeEach(settingChanges(context, 'always_online'), 'Always Online does not change', (setting) =>
      judge(setting, context),
    ),
});

function judge(setting: SettingChange, context: RuleContext): Judgement {
  const { before, after } = setting;
  const isOn = after.kind === 'known' && after.value === 'on';
  const wasOn = before.kind === 'known' && before.value === 'on';
  if (wasOn || !(isOn || after.kind === 'unknown')) {
    return fine;
  }
  const zone = zoneName(setting.change);
  const hosts = privateHosts(context).filter(
    (host) => zone === null || host === zone || host.endsWith(`.${zone}`),
  );
  if (hosts.length === 0) {
    return fine;
  }
  const named = `${hosts.slice(0, 3).join(', ')}${hosts.length > 3 ? ` and ${hosts.length - 3} more` : ''}`;
  return isOn
    ? finding(
        setting.subject,
        `is switched on for a zone with hosts behind Access: ${named}`,
        'always_online = off',
      )
    : doubt(setting.subject, `whether it is on is known only after apply; ${named} is behind Access`);
}

function privateHosts({ estate }: RuleContext): readonly string[] {
  const hosts = estate
    .all(applicationType)
    .flatMap((application) => placesOf(application, 'after'))
    .flatMap(({ parts }) => (parts === null ? [] : [parts.host.join('.')]));
  return [...new Set(hosts)];
}
