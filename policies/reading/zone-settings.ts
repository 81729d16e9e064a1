/**
 * Zone settings as rules see them: one `cloudflare_zone_setting` per setting, its value before and after. A setting whose
 * name is unknown is left to the rule `plan-unknown-guarded`.
 */
import type { ResourceChange } from '../../scripts/plan/types.ts';
import { show, subjectOf } from './estate-context.ts';
import type { RuleContext } from '../model/finding.ts';
import { changesOf } from './plan-index.ts';
import { doubt, fine, finding } from '../rule.ts';
import type { Judgement } from '../rule.ts';
import { knownText, readValue } from './values.ts';
import type { Value } from './values.ts';

export interface SettingChange {
  readonly change: ResourceChange;
  readonly setting: string;
  readonly subject: string;
  readonly before: Value;
  readonly after: Value;
}

const settingTypes = ['cloudflare_zone_setting', 'cloudflare_hostname_tls_setting'] as const;

/** Changes of the named settings, of a zone or of a hostname. */
export function settingChanges(context: RuleContext, ...names: readonly string[]): readonly SettingChange[] {
  return changesOf(context.index, ...settingTypes).flatMap((change) => {
    const setting = knownText(change, 'after', ['setting_id']) ?? knownText(change, 'before', ['setting_id']);
    if (setting === null || !names.includes(setting)) {
      return [];
    }
    const before = readValue(change, 'before', ['value']);
    const after = readValue(change, 'after', ['value']);
    return [{ change, setting, subject: subjectOf(change, 'value'), before, after }];
  });
}

/** What a setting may be, from weak to strong, and the weakest value that is accepted at all. */
export interface Strength {
  readonly order: readonly string[];
  readonly floor: string;
}

/** Objects when the setting is removed, ends below the floor, or ends weaker than it was. */
export function judgeStrength(setting: SettingChange, strength: Strength): Judgement {
  const required = `${setting.setting} of ${strength.floor} or stronger, and not weaker than before`;
  const was = setting.before.kind === 'known' ? show(setting.before.value) : null;
  if (setting.after.kind === 'absent') {
    const seen = `${setting.setting} is no longer managed (was ${was ?? 'unknown'})`;
    return finding(setting.subject, seen, required);
  }
  return setting.after.kind === 'unknown'
    ? doubt(setting.subject, `${setting.setting} is known only after apply`)
    : judgeRank(setting, strength, { was, is: show(setting.after.value) });
}

function judgeRank(
  setting: SettingChange,
  { order, floor }: Strength,
  { was, is }: { readonly was: string | null; readonly is: string },
): Judgement {
  const rank = order.indexOf(is);
  if (rank === -1) {
    return doubt(setting.subject, `${setting.setting} = ${is} is not a value Sluice can rank`);
  }
  const weaker = was !== null && order.indexOf(was) > rank;
  if (rank >= order.indexOf(floor) && !weaker) {
    return fine;
  }
  const seen = was === null || was === is ? is : `${was} -> ${is}`;
  return finding(
    setting.subject,
    `${setting.setting}: ${seen}`,
    weaker ? `not weaker than ${was}` : `${floor} or stronger`,
  );
}
