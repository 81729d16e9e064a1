import type { Json } from '../../../scripts/plan/types.ts';
import { defineRule, doubt, fine, finding, judgeEach } from '../../rule.ts';
import type { Judgement } from '../../rule.ts';
import { valueWithin } from '../../reading/values.ts';
import { settingChanges } from '../../reading/zone-settings.ts';
import type { SettingChange } from '../../reading/zone-settings.ts';

export const hstsKept = defineRule({
  id: 'hsts-kept',
  title: 'HSTS is not turned off or shortened',
  area: 'estate',
  severity: 'deny',
  why: 'Browsers that were told to use HTTPS only would be free to use plain HTTP again.',
  fix: 'Keep strict_transport_security enabled with the same or a longer max_age.',
  since: '2026-11-23',
  source: 'RFC 6797; Cloudflare documentation of security_header',
  protects: 'security',
  waivable: true,
  evaluate: (context) => judgeEach(settingChanges(context, 'security_header'), 'HSTS does not change', judge),
});

function judge(setting: SettingChange): Judgement {
  const required = 'strict_transport_security enabled, max_age and include_subdomains not reduced';
  if (setting.after.kind === 'absent') {
    return finding(setting.subject, 'the HSTS setting is no longer managed', required);
  }
  if (setting.after.kind === 'unknown') {
    return doubt(setting.subject, 'strict_transport_security is known only after apply');
  }
  const after = setting.after.value;
  const before = setting.before.kind === 'known' ? setting.before.value : {};
  const fields = ['enabled', 'max_age', 'include_subdomains'] as const;
  const unknownField = fields.find((field) => part(after, field).kind === 'unknown');
  if (unknownField !== undefined) {
    return doubt(setting.subject, `strict_transport_security.${unknownField} is known only after apply`);
  }
  if (!holds(after, 'enabled')) {
    return finding(setting.subject, 'strict_transport_security.enabled is not true', required);
  }
  if (maxAge(after) < maxAge(before)) {
    return finding(setting.subject, `max_age ${maxAge(before)} -> ${maxAge(after)} seconds`, required);
  }
  if (holds(before, 'include_subdomains') && !holds(after, 'include_subdomains')) {
    return finding(setting.subject, 'include_subdomains is dropped', required);
  }
  return fine;
}

function part(value: Json, field: string): ReturnType<typeof valueWithin> {
  return valueWithin(value, ['strict_transport_security', field]);
}

function holds(value: Json, field: string): boolean {
  const found = part(value, field);
  return found.kind === 'known' && found.value === true;
}

function maxAge(value: Json): number {
  const found = part(value, 'max_age');
  return found.kind === 'known' && typeof found.value === 'number' ? found.value : 0;
}
