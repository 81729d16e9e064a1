import type { Json, JsonObject } from '../../../scripts/plan/types.ts';
import type { RuleContext } from '../../model/finding.ts';
import { headerActs } from '../../reading/response-headers.ts';
import { valueWithin } from '../../reading/values.ts';
import { settingChanges } from '../../reading/zone-settings.ts';
import type { SettingChange } from '../../reading/zone-settings.ts';
import { defineRule, fine, finding, judged, notApplicable } from '../../rule.ts';
import type { Judgement } from '../../rule.ts';

const directives = ['preload', 'include_subdomains'] as const;
const kinds = [...directives, 'header'] as const;

export const hstsLasting = defineRule({
  id: 'hsts-lasting',
  title: 'HSTS for all subdomains and the preload list is decided on purpose',
  area: 'estate',
  severity: 'warn',
  why: 'It cannot be taken back for months: browsers remember it for max_age, and leaving the preload list takes as long as their releases.',
  fix: 'See that every host of the zone, those elsewhere and internal ones too, answers by HTTPS; begin with a short max_age.',
  since: '2026-11-30',
  source: 'RFC 6797, sections 6.1.2 and 14; submission requirements of hstspreload.org',
  waivable: true,
  kinds,
  evaluate: (context) => {
    const settings = settingChanges(context, 'security_header');
    const headers = headerRules(context);
    return settings.length + headers.length === 0
      ? notApplicable('HSTS does not change')
      : judged([...settings.flatMap(judge), ...headers]);
  },
});

function judge(setting: SettingChange): Judgement {
  return directives.flatMap((directive) => {
    const isNew = holds(setting.after, directive) && !holds(setting.before, directive);
    return isNew
      ? finding(
          setting.subject,
          `${directive} is switched on${maxAgeOf(setting.after)}: it cannot be taken back for months`,
          'a decision of the client, in the record',
          { kind: directive },
        )
      : fine;
  });
}

function holds(value: SettingChange['after'], directive: string): boolean {
  const found = partOf(value, directive);
  const enabled = partOf(value, 'enabled');
  return found === true && enabled !== false;
}

function partOf(value: SettingChange['after'], name: string): Json {
  const found =
    value.kind === 'known'
      ? valueWithin(value.value, ['strict_transport_security', name])
      : { kind: 'absent' as const };
  return found.kind === 'known' ? found.value : null;
}

function maxAgeOf(value: SettingChange['after']): string {
  const seconds = partOf(value, 'max_age');
  return typeof seconds === 'number' ? ` with max_age ${seconds} seconds` : '';
}

/** The same by a rule that writes the header. */
function headerRules({ index }: RuleContext): Judgement {
  return index.rulesetRules.flatMap((pair) => {
    const [was, is] = [headerIn(pair.before), headerIn(pair.after)];
    const added = ['preload', 'includesubdomains'].filter((one) => is.includes(one) && !was.includes(one));
    return added.length > 0
      ? finding(
          pair.subject,
          `sets Strict-Transport-Security with ${added.join(' and ')}: it cannot be taken back for months`,
          'a decision of the client, in the record',
          { kind: 'header' },
        )
      : fine;
  });
}

/** The value that a rule gives the header, in lower case; empty when it gives none. */
function headerIn(rule: JsonObject | null): string {
  return headerActs(rule).find(({ name }) => name === 'strict-transport-security')?.value ?? '';
}
