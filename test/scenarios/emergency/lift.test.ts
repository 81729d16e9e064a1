/**
 * What an emergency switched on is taken out again, or stays, whatever it was: the record, the branch and the pull request
 * of a normal change, which nothing denies but its approvals. The plan of the first is the emergency's backwards; that of the
 * second takes the end away and nothing else.
 */
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { Plan } from '../../../scripts/plan/types.ts';
import { startNight, type Night } from './night.ts';

const program = `import { AddressList, RateLimits, WafCustomRules, Zone, type EstateStack } from '../../constructs/library.ts';
import { servicesRateLimits } from './rate-limits.ts';
import { servicesWaf } from './waf/services.ts';
import { boroughLists } from './lists.ts';

export function declareBoroughProduction(stack: EstateStack): void {
  const lists = Object.values(boroughLists).map((list) => new AddressList(stack, list));
  const services = new Zone(stack, { key: 'services', domain: 'borough-services.example' });
  new WafCustomRules(services, { rules: servicesWaf, lists });
  new RateLimits(services, servicesRateLimits);
}
`;

let night: Night;
beforeAll(async () => {
  night = await startNight(program, { cases: false });
  await night.job('baseline', '--reason', 'first release');
});
afterEach(() => night.git('switch', '--quiet', 'main'));
afterAll(() => night.close());

const people = ['--by', 'r.okafor', '--backup', 'k.dunne', '--reviewer', 't.berg'];

/** Per address, what it does and to which rules: `update …services_rate_limits`. */
async function planned(): Promise<readonly string[]> {
  const { stacks } = JSON.parse((await night.job('plan', '--format', 'json')).stdout) as Plan;
  return stacks
    .flatMap(({ changes }) => changes)
    .flatMap(({ address, actions, attributes }) => {
      const paths = attributes.map(({ path, after }) => {
        const name = path.map((part) => (typeof part === 'object' ? part.is : String(part))).join('.');
        return `${name.replace(/inc-\d+/u, 'inc')} -> ${after === undefined ? 'nothing' : typeof after}`;
      });
      return paths.map((path) => `${actions.join('+')} ${address} ${path}`);
    });
}

it.each([
  [
    'limit path /login to 20 a minute',
    'Limit /login to 20 requests a minute',
    ['update cloudflare_ruleset.services_rate_limits rules.inc-limit -> nothing'],
  ],
  ['under attack', 'Under Attack mode', ['delete cloudflare_ruleset.services_under_attack']],
  [
    'disable rule block-posting-from-afar',
    'block-posting-from-afar, switched off,',
    [
      'update cloudflare_ruleset.services_waf_custom rules.block-posting-from-afar.description -> string',
      'update cloudflare_ruleset.services_waf_custom rules.block-posting-from-afar.enabled -> boolean',
    ],
  ],
])('%s, taken out', async (text, title, effect) => {
  const { id, incident } = await switchedOn(text);
  await night.resolved('k-dunne', incident);
  const lifted = await night.sluice('r-okafor', ['lift', id, ...people]);
  expect([lifted.exit, lifted.stdout, lifted.stderr]).toEqual([
    'ok',
    expect.stringContaining(title),
    expect.any(String),
  ]);
  const found = await planned();
  for (const each of effect) {
    expect(found).toEqual(expect.arrayContaining([expect.stringContaining(each)]));
  }
  expect(await decided(incident + 2)).toContain('ALLOW');
});

it.each([
  [
    'block ASN 64496 on /login',
    'Block AS64496 on /login',
    ['update cloudflare_ruleset.services_waf_custom rules.inc-block.description -> string'],
    'risk medium',
  ],
  [
    'disable rule block-tor-on-benefits',
    'block-tor-on-benefits, switched off,',
    ['update cloudflare_ruleset.services_waf_custom rules.block-tor-on-benefits.description -> string'],
    'an emergency had switched it off until',
  ],
])('%s, kept', async (text, title, effect, told) => {
  const { id, incident } = await switchedOn(text);
  const why = ['--reason', 'The attack of the night comes back whenever it is let in.'];
  const kept = await night.sluice('r-okafor', ['keep', id, ...people, ...why]);
  expect([kept.exit, kept.stdout, kept.stderr]).toEqual([
    'ok',
    expect.stringContaining(title),
    expect.any(String),
  ]);
  expect(night.read('stacks/clients/borough/emergency/production.ts')).toContain(
    `keptBy: '${night.git('branch', '--show-current')}'`,
  );
  expect(await planned()).toEqual(effect);
  const open = await night.gated(incident + 2);
  expect([open.exit, open.stdout]).toEqual(['denied', expect.stringContaining(told)]);
  const shown = await night.sluice('m-lind', ['show', night.git('branch', '--show-current')]);
  expect(shown.stdout).toMatch(
    /From pull request \d+, risk .*\n {2}update borough-production\/.*\n {2}hosts: /u,
  );
  expect(shown.stdout).toMatch(/ {2}missing:\n {4}1 x /u);
  expect(await decided(incident + 2)).toContain('ALLOW');
  const again = await night.sluice('r-okafor', ['keep', id, ...people, ...why]);
  expect([again.exit, again.stderr]).toEqual(['usage', expect.stringContaining('is kept already')]);
});

/** An emergency all the way to live; the number of its incident, and the id of the change. */
async function switchedOn(text: string): Promise<{ readonly id: string; readonly incident: number }> {
  const incident = await night.incident();
  const raised = await night.sluice('r-okafor', ['emergency', text, '--incident', String(incident)]);
  expect([raised.exit, raised.stderr]).toEqual(['ok', expect.any(String)]);
  const id = night.git('branch', '--show-current');
  await night.gated(incident + 1);
  await night.approved('p-iyer', incident + 1);
  await night.gated(incident + 1);
  await night.merged('p-iyer', incident + 1);
  expect((await night.job('release', '--pr', String(incident + 1))).exit).toBe('ok');
  return { id, incident };
}

/** What the gate says when everybody who may has approved. */
async function decided(number: number): Promise<string> {
  await night.gated(number);
  for (const login of ['s-haddad', 'm-lind', 'h-frost', 'j-novak', 'p-iyer', 't-berg']) {
    await night.approved(login, number);
  }
  return (await night.gated(number)).stdout;
}
