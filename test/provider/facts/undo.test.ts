/** What is said before the approval of what a rollback leaves. */
import { describe, expect, it } from 'vitest';
import { leftByRollback, leftText } from '../../../scripts/provider/undo.ts';
import type { Json } from '../../../scripts/plan/types.ts';
import { unprovenOf } from '../../../scripts/release/rehearsal.ts';
import { linesOf } from '../../../scripts/render/plan/lines.ts';
import { changeAt, configuration, diff } from '../../plan/configurations.ts';
import { Expressions } from '../../../scripts/waf/reason/expressions.ts';

const zone = '0'.repeat(32);
type Body = Record<string, Json>;

const between = (type: string, before: Body, after: Body) => {
  const body = (values: Body) => configuration({ [type]: { x: { zone_id: zone, ...values } } });
  return diff(body(before), body(after));
};

describe('an attribute that an update begins to set', () => {
  it('is left to Cloudflare by a rollback where the provider keeps what is there', () => {
    const type = 'cloudflare_bot_management';
    const plan = between(type, { enable_js: true }, { enable_js: true, fight_mode: true });
    const change = changeAt(plan, `${type}.x`);
    expect(leftByRollback(change)).toEqual(['fight_mode']);
    const said = leftText(['fight_mode']) ?? '';
    expect(said).toContain('a rollback takes fight_mode out of the code again and does NOT set it back');
    expect(linesOf(change, new Expressions()).map(({ text }) => text)).toContain(said);
    expect(unprovenOf(plan).map(({ what }) => what)).toContain(said);
  });

  it.each<[string, string, Body, Body]>([
    ['is only another value', 'cloudflare_bot_management', { fight_mode: false }, { fight_mode: true }],
    [
      'has a default',
      'cloudflare_page_rule',
      { target: 'a.example/*' },
      { target: 'a.example/*', status: 'active' },
    ],
    ['is not computed', 'cloudflare_dns_record', { name: 'a' }, { name: 'a', comment: 'why' }],
  ])('is set back by a rollback where it %s', (_, type, before, after) => {
    const plan = between(type, before, after);
    expect(plan.changes).toHaveLength(1);
    expect(leftByRollback(changeAt(plan, `${type}.x`))).toEqual([]);
  });
});
