/**
 * Every form of the catalogue, carried from the incident to live: the code that is written synthesizes, the plan has the
 * intended effect and no other, nothing denies but the one approval that is missing, and the release applies and verifies.
 */
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { Json, JsonObject, Path, Plan } from '../../../scripts/plan/types.ts';
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
const incidents: number[] = [];
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
  return path
    .map((part) => (typeof part === 'object' ? part.is : String(part)))
    .join('.')
    .replace(/inc-\d+/, 'inc');
}

function shown(value: Json | undefined): string {
  return (value === undefined ? 'nothing' : JSON.stringify(value))
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

const underAttack = (title: string, expression: string): JsonObject => ({
  action: 'set_config',
  action_parameters: { security_level: 'under_attack' },
  description: `${title}; expires DAY, INC`,
  enabled: true,
  expression,
  ref: 'inc-under-attack',
});

const switchedOff = (ruleset: string, ref: string, description: string): readonly string[] => [
  `${ruleset} rules.${ref}.description: ${JSON.stringify(description)} -> ${JSON.stringify(`${description}; switched off; expires DAY, INC`)}`,
  `${ruleset} rules.${ref}.enabled: true -> false`,
];

const missesOnlyItsApproval =
  /What is missing:\n(?: {2}- ask Priya Iyer to approve it\n)? {2}- 1 x ecab; Priya Iyer or Kit Dunne could give it\n\nThen/u;

interface Case {
  readonly text: string;
  readonly effect: readonly string[];
  /** Who waives what denies it. */
  readonly waivedBy?: string;
}

const login = String.raw`(http.request.uri.path eq "/login" or starts_with(http.request.uri.path, "/login/"))`;

const cases: readonly Case[] = [
  {
    text: 'block 198.51.100.7',
    effect: added('block', 'Block 198.51.100.7', '(ip.src eq 198.51.100.7)'),
  },
  {
    text: 'challenge 2001:db8::/32 on /login',
    effect: added(
      'challenge',
      'Challenge 2001:db8::/32 on /login',
      `(${login} and ip.src in {2001:db8::/32})`,
    ),
  },
  {
    text: 'block country KP on my.borough-services.example',
    effect: added(
      'block',
      'Block country KP on my.borough-services.example',
      '(http.host eq "my.borough-services.example" and ip.src.country eq "KP")',
    ),
  },
  {
    text: `challenge agent "BadBot/1.0 (it's)" on /login`,
    effect: added(
      'challenge',
      `Challenge agent "BadBot/1.0 (it's)" on /login`,
      `(${login} and lower(http.user_agent) contains "badbot/1.0 (it's)")`,
    ),
  },
  { text: 'block path /login', effect: added('block', 'Block /login', `(${login})`) },
  {
    text: 'limit path /login to 20 a minute',
    effect: [
      `${limits} rules.inc-limit: nothing -> ${JSON.stringify({
        action: 'block',
        description: 'Limit /login to 20 requests a minute for each address; expires DAY, INC',
        enabled: true,
        expression: `(${login})`,
        ratelimit: {
          characteristics: ['cf.colo.id', 'ip.src'],
          mitigation_timeout: 60,
          period: 60,
          requests_per_period: 20,
        },
        ref: 'inc-limit',
      })}`,
    ],
  },
  {
    text: 'under attack',
    effect: [
      'create cloudflare_ruleset.services_under_attack description: nothing -> "Under Attack mode of borough-services.example"',
      'create cloudflare_ruleset.services_under_attack kind: nothing -> "zone"',
      'create cloudflare_ruleset.services_under_attack name: nothing -> "services-under-attack"',
      'create cloudflare_ruleset.services_under_attack phase: nothing -> "http_config_settings"',
      `create cloudflare_ruleset.services_under_attack rules: nothing -> ${JSON.stringify([
        underAttack(
          'Under Attack mode',
          '(http.host eq "borough-services.example" or ends_with(http.host, ".borough-services.example"))',
        ),
      ])}`,
      'create cloudflare_ruleset.services_under_attack zone_id: nothing -> "${cloudflare_zone.services.id}"',
    ],
  },
  {
    text: 'under attack on my.borough-services.example',
    effect: [
      `update cloudflare_ruleset.services_under_attack rules.inc-under-attack: nothing -> ${JSON.stringify(
        underAttack(
          'Under Attack mode on my.borough-services.example',
          '(http.host eq "my.borough-services.example")',
        ),
      )}`,
    ],
  },
  {
    text: 'disable rule block-posting-from-afar',
    effect: switchedOff(
      custom,
      'block-posting-from-afar',
      'Forms and payments are sent from Europe; from elsewhere residents use the phone line',
    ),
  },
  {
    text: 'disable rule limit-forms',
    waivedBy: 'p.iyer',
    effect: switchedOff(limits, 'limit-forms', 'Form submissions: 10 in ten minutes for each address'),
  },
];

it('begins with what is live', () => {
  expect(baseline).toBe('ok');
});

it('says in the ledger whose account it was', async () => {
  expect((await night.job('ledger', 'show')).stdout).toMatch(/R0001 .*account \d+/u);
});

it.each(cases.map((each) => [each.text, each] as const))('%s', async (text, { effect, waivedBy }) => {
  const incident = await night.incident();
  incidents.push(incident);
  const number = incident + 1;
  const words = ['emergency', text, '--incident', String(incident)];
  const stopped = waivedBy === undefined ? null : await night.sluice('r-okafor', words);
  expect(stopped?.stderr ?? '--waived-by p.iyer').toContain('--waived-by p.iyer');
  const raised = await night.sluice('r-okafor', [
    ...words,
    ...(waivedBy === undefined ? [] : ['--waived-by', waivedBy]),
  ]);
  expect([raised.exit, raised.stdout]).toEqual(['ok', expect.stringContaining('Priya Iyer')]);
  const planned = await night.job('plan', '--format', 'json');
  expect(effectOf(JSON.parse(planned.stdout) as Plan)).toEqual(effect);
  const asked = await night.gated(number);
  expect([asked.exit, asked.stdout]).toEqual(['denied', expect.stringMatching(missesOnlyItsApproval)]);
  await night.approved('p-iyer', number);
  const allowed = await night.gated(number);
  expect([allowed.exit, allowed.stdout]).toEqual(['ok', expect.stringContaining('emergency')]);
  await night.merged('p-iyer', number);
  const live = await night.job('release', '--pr', String(number));
  expect([live.exit, live.stdout]).toEqual(['ok', expect.stringContaining('no changes left')]);
});

it('each of them is named by status, check and gate when its day is over, by whatever changes in its stack', async () => {
  expect((await night.job('status')).stdout).not.toContain('Emergency moves that are over');
  night.later(8 * 86_400_000);
  expect((await night.job('status')).stdout).toContain(
    `Emergency moves that are over (${String(incidents.length)})`,
  );
  for (const incident of incidents) {
    await night.resolved('k-dunne', incident);
  }
  night.git('switch', '--quiet', '--create', 'planning');
  const records = 'stacks/clients/borough/dns/services.ts';
  night.write(records, night.read(records).replace('192.0.2.164', '192.0.2.174'));
  const made = await night.sluice('r-okafor', [
    'new',
    '--requester',
    'r.okafor',
    '--backup-implementer',
    'k.dunne',
    '--reason',
    'The planning portal moves to its new server.',
  ]);
  expect([made.exit, made.stderr]).toEqual(['ok', expect.any(String)]);
  night.git('add', '--all');
  night.git('commit', '--quiet', '--message', 'Move the planning portal');
  const checked = JSON.parse((await night.job('check', '--format', 'json')).stdout) as {
    readonly report: Findings;
  };
  expect(movesOver(checked.report)).toHaveLength(incidents.length);
  const raised = await night.sluice('r-okafor', ['raise', '--draft']);
  expect([raised.exit, raised.stderr]).toEqual(['ok', expect.any(String)]);
  const number = (incidents.at(-1) ?? 0) + 2;
  const gated = await night.job('gate', '--pr', String(number), '--format', 'json');
  expect(movesOver(JSON.parse(gated.stdout) as Findings)).toHaveLength(incidents.length);
});

interface Findings {
  readonly findings: readonly {
    readonly ruleId: string;
    readonly subject: string;
    readonly seen: string;
  }[];
}

/** The moves that are found to be over. */
function movesOver({ findings }: Findings): readonly string[] {
  return findings
    .filter(({ ruleId, seen }) => ruleId === 'waf-emergency-expiry' && seen.includes('ago'))
    .map(({ subject }) => subject);
}
