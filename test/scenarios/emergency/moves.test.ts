/**
 * Every form of the catalogue, carried from the incident to live: the code that is written synthesizes, the plan has the
 * intended effect and no other, nothing denies but the one approval that is missing, and the release applies and verifies.
 */
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { Json, Path, Plan } from '../../../scripts/plan/types.ts';
import { startNight, type Night } from './night.ts';

/** The zones of the reference estate, with what stops requests in them. */
const program = `import { AddressList, DnsRecords, RateLimits, WafCustomRules, Zone, type EstateStack } from '../../constructs/library.ts';
import { servicesRecords } from './dns/services.ts';
import { boroughLists } from './lists.ts';
import { servicesRateLimits } from './rate-limits.ts';
import { publicWaf } from './waf/public.ts';
import { servicesWaf } from './waf/services.ts';

export function declareBoroughProduction(stack: EstateStack): void {
  const lists = Object.values(boroughLists).map((list) => new AddressList(stack, list));
  const site = new Zone(stack, { key: 'borough', domain: 'borough.example' });
  new WafCustomRules(site, { rules: publicWaf, lists });
  const services = new Zone(stack, { key: 'services', domain: 'borough-services.example' });
  new DnsRecords(services, servicesRecords);
  new WafCustomRules(services, { rules: servicesWaf, lists });
  new RateLimits(services, servicesRateLimits);
}
`;

let night: Night;
let baseline = '';
beforeAll(async () => {
  night = await startNight(program);
  baseline = (await night.job('baseline', '--reason', 'first release')).exit;
});
afterEach(() => night.git('switch', '--quiet', 'main'));
afterAll(() => night.close());

/** One line for each attribute that differs; the day and the number of the incident are the same in all of them. */
function effectOf({ stacks }: Plan): readonly string[] {
  return stacks
    .flatMap(({ changes }) => changes)
    .flatMap(({ address, actions, attributes, after }) =>
      attributes.length === 0
        ? [`${actions.join('+')} ${address} ${shown(after)}`]
        : attributes.map(
            ({ path, before, after: now }) =>
              `${actions.join('+')} ${address} ${shownPath(path)}: ${shown(before)} -> ${shown(now)}`,
          ),
    );
}

function shownPath(path: Path): string {
  return path.map((part) => (typeof part === 'object' ? part.is : String(part))).join('.').replace(/inc-\d+/, 'inc');
}

function shown(value: Json | undefined): string {
  return (JSON.stringify(value) ?? 'nothing')
    .replaceAll(/20\d\d-\d\d-\d\d, INC-\d+/g, 'DAY, INC')
    .replaceAll(/inc-\d+/g, 'inc');
}

const custom = 'update cloudflare_ruleset.services_waf_custom';
const limits = 'update cloudflare_ruleset.services_rate_limits';

/** A rule of the custom ruleset that was not there. */
function added(move: 'block' | 'challenge', title: string, expression: string): readonly string[] {
  const rule = {
    action: move === 'block' ? 'block' : 'managed_challenge',
    description: `${title}; expires DAY, INC`,
    enabled: true,
    expression,
    ref: `inc-${move}`,
  };
  return [`${custom} rules.inc-${move}: nothing -> ${JSON.stringify(rule)}`];
}

const switchedOff = (ruleset: string, ref: string, description: string): readonly string[] => [
  `${ruleset} rules.${ref}.description: ${JSON.stringify(description)} -> ${JSON.stringify(`${description}; switched off; expires DAY, INC`)}`,
  `${ruleset} rules.${ref}.enabled: true -> false`,
];

const missesOnlyItsApproval = /What is missing:\n {2}- 1 x ecab; Priya Iyer or Kit Dunne could give it\n\nThen/u;

type Case = readonly [text: string, effect: readonly string[]];

const cases: readonly Case[] = [
  ['block 198.51.100.7', added('block', 'Block 198.51.100.7', '(ip.src eq 198.51.100.7)')],
  ['challenge 2001:db8::/32 on /login', []],
  ['challenge ASN 64496', []],
  ['block country KP on my.borough-services.example', []],
  [`challenge agent "BadBot/1.0 (it's)" on /sign-in`, []],
  ['block path /old-checkout', []],
  ['limit path /login to 20 a minute', []],
  ['under attack', []],
  ['under attack on my.borough-services.example', []],
  ['disable rule limit-forms', switchedOff(limits, 'limit-forms', 'Form submissions: 10 in ten minutes for each address')],
  ['disable rule skip-payment-notification', []],
  ['disable rule block-posting-from-afar', []],
];

it('begins with what is live', () => {
  expect(baseline).toBe('ok');
});

it.each(cases)('%s', async (text, effect) => {
  const incident = await night.incident();
  const number = incident + 1;
  const raised = await night.sluice('r-okafor', ['emergency', text, '--incident', String(incident)]);
  expect([raised.exit, raised.stdout]).toEqual(['ok', expect.stringContaining('Priya Iyer')]);
  const planned = await night.job('plan', '--format', 'json');
  expect.soft(effectOf(JSON.parse(planned.stdout) as Plan)).toEqual(effect);
  const asked = await night.gated(number);
  expect([asked.exit, asked.stdout]).toEqual(['denied', expect.stringMatching(missesOnlyItsApproval)]);
  await night.approved('p-iyer', number);
  const allowed = await night.gated(number);
  expect([allowed.exit, allowed.stdout]).toEqual(['ok', expect.stringContaining('emergency')]);
  await night.merged('p-iyer', number);
  const live = await night.job('release', '--pr', String(number));
  expect([live.exit, live.stdout]).toEqual(['ok', expect.stringContaining('no changes left')]);
});

it('each of them is named when its day is over', async () => {
  expect((await night.job('status')).stdout).not.toContain('Emergency moves that are over');
  night.later(8 * 86_400_000);
  expect((await night.job('status')).stdout).toContain(`Emergency moves that are over (${String(cases.length)})`);
});
