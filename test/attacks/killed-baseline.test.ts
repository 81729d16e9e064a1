/**
 * The baseline of a stack is killed, and run again as is printed. It takes over what it made, and makes nothing twice.
 */
import type { ChildProcess } from 'node:child_process';
import { afterEach, describe, expect, it } from 'vitest';
import { live } from '../scenarios/change.ts';
import { makeSmallEstate, type SmallEstate } from '../scenarios/small-estate.ts';
import {
  followToTheEnd,
  inOwnProcess,
  serve,
  stack,
  terraformEnded,
  type Strike,
  type Victim,
} from './crash/crash.ts';
import { at, expectClean, powerCut, record } from './crash/world.ts';

let estate: SmallEstate;
const children: ChildProcess[] = [];

afterEach(() => {
  children.splice(0).forEach((child) => child.kill('SIGKILL'));
  estate.remove();
});

/** With a setting, which has no id of its own and is set again rather than made. */
function freshEstate(): SmallEstate {
  const fresh = makeSmallEstate();
  const text = fresh.read('stacks/estate.ts');
  fresh.write(
    'stacks/estate.ts',
    text.replace("zone: 'shop.example',", "zone: 'shop.example', settings: { always_online: 'on' },"),
  );
  fresh.git('commit', '--quiet', '--all', '--message', 'with a setting');
  fresh.write('.sluice/.keep', '');
  return fresh;
}

describe('H43 a baseline that was killed', () => {
  it.each<[string, Strike, readonly Victim[]]>([
    ['after its zone was made', at('create', 1, 'after', 'cloudflare_zone'), powerCut],
    ['after its second record was made', at('create', 2, 'after', record), powerCut],
    ['after its setting was set', at('create', 1, 'after', 'cloudflare_zone_setting'), powerCut],
    // Nothing is read before there is a state: the first look is that of the plan that verifies.
    ['after its state was written', at('read', 1, 'before', 'cloudflare_zone'), ['sluice']],
  ])('%s takes over what it made and goes on', async (_, strike, victims) => {
    estate = freshEstate();
    children.push(await serve({ folder: estate.folder, stack, at: strike, victims }));
    const baseline = ['baseline', stack, '--reason', 'first'];
    expect(await inOwnProcess(estate, baseline)).toBeNull();
    await terraformEnded(estate);
    const ends = await followToTheEnd(estate, baseline);
    await expectClean({ estate }, ends);
    expect(ends.at(-1)?.stdout).toContain('acme-production');
    expect((await estate.sluice(['ledger', 'verify'])).exit).toBe('ok');
    const types = (await live(estate)).map((object) =>
      object.split(' ', 1).join('').slice('cloudflare_'.length),
    );
    expect(types).toEqual(['dns_record', 'dns_record', 'dns_record', 'ruleset', 'zone', 'zone_setting']);
  });
});
