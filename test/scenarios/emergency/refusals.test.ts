/** What somebody in a hurry gets wrong: each is refused before anything is written, with the command that is right. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Ended } from '../small-estate.ts';
import { startNight, type Night } from './night.ts';

const program = `import { RateLimits, WafCustomRules, Zone, type EstateStack } from '../../constructs/library.ts';
import { servicesRateLimits } from './rate-limits.ts';
import { publicWaf } from './waf/public.ts';

const twice = publicWaf.filter(({ ref }) => ref === 'block-dotfiles');

export function declareBoroughProduction(stack: EstateStack): void {
  const site = new Zone(stack, { key: 'borough', domain: 'borough.example' });
  new WafCustomRules(site, { rules: publicWaf });
  const services = new Zone(stack, { key: 'services', domain: 'borough-services.example' });
  new WafCustomRules(services, { rules: twice });
  new RateLimits(services, servicesRateLimits);
}
`;

let night: Night;
let incident = 0;
let both = 0;
beforeAll(async () => {
  night = await startNight(program, { cases: false });
  await night.job('baseline', '--reason', 'first release');
  incident = await night.incident({ title: `"; rm -rf / #\u202e <b>$(id)</b>` });
  both = await night.incident({ services: ['borough'] });
});
afterAll(() => night.close());

const asked = (text: string, number: number, ...more: readonly string[]): Promise<Ended> =>
  night.sluice('r-okafor', ['emergency', text, '--incident', String(number), ...more]);

describe('a rule that is switched off', () => {
  it.each([
    ['limit-form', 'The nearest is limit-forms', 'stacks/clients/borough/rate-limits.ts:'],
    [
      'limit-form',
      "sluice emergency 'disable rule limit-forms' --incident 1",
      'limit-forms of borough-services.example',
    ],
    [
      'block-xmlrpc',
      'is of borough.example, which INC-1 is not about',
      'stacks/clients/borough/waf/public.ts:',
    ],
    ['unheard-of', 'No custom rule and no rate limit of borough-services.example', 'block-dotfiles of'],
  ])('%s is not there: %s', async (ref, said, place) => {
    const ended = await asked(`disable rule ${ref}`, incident);
    expect([ended.exit, ended.stderr]).toEqual(['usage', expect.stringContaining(said)]);
    expect(ended.stderr).toContain(place);
  });

  it('is found in the one zone of several that has it', async () => {
    const ended = await asked('disable rule limit-forms', both, '--dry-run');
    expect([ended.exit, ended.stdout]).toEqual([
      'ok',
      expect.stringContaining('in borough-services.example'),
    ]);
  });

  it('is asked about where two zones have it, or named with --zone', async () => {
    const ended = await asked('disable rule block-dotfiles', both);
    expect([ended.exit, ended.stderr]).toEqual([
      'usage',
      expect.stringMatching(/Next: .* --zone borough\.example/u),
    ]);
    const named = await asked('disable rule block-dotfiles', both, '--zone', 'borough.example', '--dry-run');
    expect([named.exit, named.stdout]).toEqual(['ok', expect.stringContaining('in borough.example')]);
  });
});

describe('several zones', () => {
  it('are chosen from by number on a terminal', async () => {
    const words = ['emergency', 'under attack', '--incident', String(both), '--dry-run'];
    const ended = await night.sluice('r-okafor', words, ['9', 'two', '2']);
    expect(ended.stderr).toMatch(/ {2}1 {2}borough\.example.*\n {2}2 {2}borough-services\.example/u);
    expect([ended.exit, ended.stdout]).toEqual([
      'ok',
      expect.stringContaining('in borough-services.example'),
    ]);
  });

  it.each([
    ['under attack', [], '--zone borough.example'],
    ['block 198.51.100.7 on shop.example', [], 'which has no zone shop.example'],
    ['block 198.51.100.7 on notborough.example', [], 'which has no zone'],
    ['under attack', ['--zone', 'shop.example'], 'which has no zone shop.example'],
  ])('%s %j', async (text, more, said) => {
    const ended = await asked(text, both, ...more);
    expect([ended.exit, ended.stderr]).toEqual(['usage', expect.stringContaining(said)]);
  });
});

describe('what makes no emergency', () => {
  it.each([
    ['block 0.0.0.0/0', 'expected an address or a network'],
    ['block ::/0', 'expected an address or a network'],
    ['limit path /login to 0 a minute', 'expected a number of requests'],
    ['block path "/a\\" or true', 'expected a path'],
  ])('%s', async (text, said) => {
    const ended = await asked(text, incident);
    expect([ended.exit, ended.stderr]).toEqual(['usage', expect.stringContaining(said)]);
  });

  it.each(['0', '91'])('a move of %s days', async (days) => {
    const ended = await asked('block 198.51.100.7', incident, '--days', days);
    expect([ended.exit, ended.stderr]).toEqual(['usage', expect.stringContaining('1 to 90 days')]);
  });

  it('an incident that is closed, or of somebody else', async () => {
    const done = await night.incident();
    await night.resolved('k-dunne', done);
    const over = await asked('block 198.51.100.7', done);
    expect([over.exit, over.stderr]).toEqual(['denied', expect.stringContaining('it is resolved')]);
    const foreign = await night.incident({ services: ['web-shop'] });
    expect(await asked('disable rule limit-forms', foreign)).not.toMatchObject({ exit: 'ok' });
    const theirs = await asked('roll back R0001', foreign);
    expect([theirs.exit, theirs.stderr]).toEqual(['usage', expect.stringContaining('is not about')]);
    const none = await asked('roll back R0099', incident);
    expect([none.exit, none.stderr]).toEqual(['usage', expect.stringContaining('The last one is R0001')]);
  });
});

it('a title that anybody wrote is one line of text in the record, and no command', async () => {
  const ended = await asked('block 198.51.100.7', incident, '--dry-run');
  expect([ended.exit, ended.stdout]).toEqual(['ok', expect.not.stringContaining('\u202e')]);
  const again = /Next: (.*)/u.exec(ended.stdout)?.[1];
  expect(again).toBe(`sluice emergency 'block 198.51.100.7' --incident ${String(incident)}`);
});

it('nothing of all this was written', () => {
  expect([night.git('status', '--porcelain'), night.git('branch', '--list', 'CHG-*')]).toEqual(['', '']);
});
