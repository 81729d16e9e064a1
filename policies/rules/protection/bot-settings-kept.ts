import type { ResourceChange } from '../../../scripts/plan/types.ts';
import { show, showAt, subjectOf } from '../../reading/estate-context.ts';
import { changesOf } from '../../reading/plan-index.ts';
import { defineRule, doubt, fine, finding, judgeEach } from '../../rule.ts';
import type { Judgement } from '../../rule.ts';
import { readValue } from '../../reading/values.ts';

/** Per setting, its values from weak to strong. */
const orders: Readonly<Record<string, readonly string[]>> = {
  fight_mode: ['false', 'true'],
  enable_js: ['false', 'true'],
  sbfm_definitely_automated: ['allow', 'managed_challenge', 'block'],
  sbfm_likely_automated: ['allow', 'managed_challenge', 'block'],
  sbfm_static_resource_protection: ['false', 'true'],
  ai_bots_protection: ['disabled', 'only_on_ad_pages', 'block'],
  crawler_protection: ['disabled', 'enabled'],
};

export const botSettingsKept = defineRule({
  id: 'bot-settings-kept',
  title: 'Bot protection is not turned down',
  area: 'estate',
  severity: 'deny',
  why: 'Weaker bot settings let scrapers and credential stuffing reach the whole zone.',
  fix: 'Keep the setting; let good bots through with a scoped skip rule instead.',
  since: '2026-11-23',
  source: 'Cloudflare documentation of bot management settings',
  protects: 'security',
  waivable: true,
  kinds: [...Object.keys(orders), 'unmanaged'],
  evaluate: (context) =>
    judgeEach(
      changesOf(context.index, 'cloudflare_bot_management').filter((change) => change.before !== null),
      'no bot settings that were in force change',
      judge,
    ),
});

function judge(change: ResourceChange): Judgement {
  if (change.after === null) {
    return finding(
      subjectOf(change),
      'the bot settings are no longer managed',
      'the bot settings stay managed',
      { kind: 'unmanaged' },
    );
  }
  return Object.entries(orders).flatMap(([name, order]) => judgeSetting(change, name, order));
}

function judgeSetting(change: ResourceChange, name: string, order: readonly string[]): Judgement {
  const before = readValue(change, 'before', [name]);
  const after = readValue(change, 'after', [name]);
  if (before.kind !== 'known') {
    return fine;
  }
  const subject = subjectOf(change, name);
  if (after.kind === 'unknown') {
    return doubt(subject, `${name} is known only after apply`, name);
  }
  // Left out, the setting stays with Cloudflare as it is; only an explicit weaker value turns it down.
  const isWeaker =
    after.kind === 'known' && order.indexOf(show(after.value)) < order.indexOf(show(before.value));
  return isWeaker
    ? finding(
        subject,
        `${showAt(change, 'before', [name])} -> ${showAt(change, 'after', [name])}`,
        'not weaker than before',
        { kind: name },
      )
    : fine;
}
