/** What an author writes is a claim. Whose a place is, is told by the registers and by what a change does. */
import type { JsonObject } from '../../../scripts/plan/types.ts';
import {
  api,
  approved,
  everybody,
  everyday,
  gate,
  landOnMain,
  newId,
  propose,
  type Decided,
  type Proposal,
  type Pull,
  whereMediumNeedsTwo,
} from '../acts.ts';
import { acmeAccount, edited, withRecord, withResource, yamlOf, type Estate } from '../estate.ts';
import { behind, type Behaviour } from '../front.ts';
import type { Attempt, Outcome, Scenario } from '../scenario.ts';
import type { Login, World } from '../world.ts';

/** Whom a change of staging asks that was never made before: one of the CAB and a peer. */
const stagingQuorum: readonly Login[] = ['m-lind', 'j-novak'];

const stagingZone = '${cloudflare_zone.shop.id}';

/** The estate with more resources in staging. */
function inStaging(type: string, resources: JsonObject): (estate: Estate) => Estate {
  return (estate) => {
    const swapped = { ...estate, 'acme-production': estate['acme-staging'] ?? {} };
    const added = withResource(swapped, type, resources)['acme-production'] ?? {};
    return { ...estate, 'acme-staging': added };
  };
}

interface StagingChange {
  readonly trick: string;
  readonly category: string;
  readonly type: string;
  readonly body: JsonObject;
  /** What refuses it, beside that too few have approved. */
  readonly checks?: readonly string[];
  readonly says?: string;
}

/** A change of staging, approved by whom staging asks and nobody else. */
async function asStaging(world: World, change: StagingChange): Promise<Decided> {
  const { category, type, body } = change;
  const proposal: Partial<Proposal> = {
    id: newId(),
    category,
    stacks: ['acme-staging'],
    edit: inStaging(type, { trick: body }),
  };
  return approved(world, await propose(world, proposal), stagingQuorum);
}

/** Each of the changes is production's, so whom staging asks are too few. */
async function tooFew(world: World, changes: readonly StagingChange[]): Promise<readonly Attempt[]> {
  const attempts: Attempt[] = [];
  for (const change of changes) {
    attempts.push({
      trick: change.trick,
      outcome: await asStaging(world, change),
      exit: 'denied',
      checks: [...(change.checks ?? []), 'approvals'],
      says: change.says ?? 'missing: ',
    });
  }
  return attempts;
}

const everydayStaging: Partial<Proposal> = {
  stacks: ['acme-staging'],
  category: 'dns',
  edit: (estate) => withRecord(estate, 'h3', { content: '198.51.100.9' }, 'acme-staging'),
};

/** What staging does every day, by whom staging asks. */
async function ordinary(world: World, changes: readonly StagingChange[]): Promise<readonly Outcome[]> {
  const usual = await propose(world, { id: newId(), ...everydayStaging });
  const done: Outcome[] = [await approved(world, usual, stagingQuorum)];
  for (const change of changes) {
    done.push(await asStaging(world, change));
  }
  return done;
}

function route(trick: string, pattern: string, parts: Partial<StagingChange> = {}): StagingChange {
  const body = { zone_id: stagingZone, pattern, script: 'trial' };
  return { trick, category: 'workers', type: 'cloudflare_workers_route', body, ...parts };
}

function record(trick: string, zone: string, parts: Partial<StagingChange> = {}): StagingChange {
  const body = { zone_id: zone, name: 'trial', type: 'A', content: '203.0.113.66', ttl: 1, proxied: true };
  return { trick, category: 'dns', type: 'cloudflare_dns_record', body, ...parts };
}

function application(trick: string, parts: JsonObject): StagingChange {
  const body = {
    account_id: acmeAccount,
    name: 'Trial',
    type: 'self_hosted',
    session_duration: '8h',
    ...parts,
  };
  return { trick, category: 'access', type: 'cloudflare_zero_trust_access_application', body };
}

const shopZoneId = 'b'.repeat(32);

/** The register of acme knows the ids of its zones. */
function withZoneIds(world: World): string {
  return edited(world.read('stacks/clients/acme/service.yaml'), (register) => {
    const { stacks } = register['spec'] as { stacks: Record<string, unknown>[] };
    Object.assign(stacks[0] ?? {}, { zoneIds: { 'shop.example': shopZoneId } });
  });
}

/** Windows that the slot of these records does not fit into. */
function withShortWindows(world: World): string {
  return edited(world.read('stacks/clients/acme/service.yaml'), (register) => {
    const { windows } = register['spec'] as { windows: Record<string, unknown>[] };
    Object.assign(windows[0] ?? {}, { start: '10:00', end: '11:00' });
    Object.assign(windows[1] ?? {}, { start: '13:00', end: '14:00' });
  });
}

/** GitHub telling that a bot opened the pull requests. */
const byBot: Behaviour = {
  changes: [
    {
      path: /\/pulls\/\d+$/,
      edit: (answer) => {
        const pull = answer as { readonly user: object };
        return { ...pull, user: { ...pull.user, type: 'Bot' } };
      },
    },
  ],
};

async function assign(world: World, { number }: Pull, who: Login, method = 'POST'): Promise<void> {
  const path = `issues/${String(number)}/assignees`;
  await api(world, 's-haddad', { method, path, body: { assignees: [who] } });
}

function waiver(rule: string): string {
  return `  - rule: ${rule}
    subject: acme-production/cloudflare_page_rule.trial
    approvedBy: j.novak
    reason: The old pages are taken down on Friday and hold nothing
    expires: ${new Date(Date.now() + 5 * 24 * 3_600_000).toISOString()}
`;
}

export const claims: readonly Scenario[] = whereMediumNeedsTwo([
  {
    id: 'H31',
    attack: 'a Worker of staging on a route of production',
    run: async (world) => ({
      honest: await ordinary(world, [route('', 'h1.staging-shop.example/*')]),
      attempts: await tooFew(world, [
        route('a host', 'www.shop.example/*'),
        route('in another spelling', 'https://WWW.Shop.Example.:443/checkout*'),
        route('a pattern that covers it', '*shop.example/*'),
      ]),
    }),
  },
  {
    id: 'H32',
    attack: 'a record of staging in a zone of production',
    run: async (world) => {
      await landOnMain(world, { 'stacks/clients/acme/service.yaml': withZoneIds(world) });
      const lookup = (estate: Estate): Estate => ({
        ...estate,
        'acme-staging': {
          ...estate['acme-staging'],
          data: { cloudflare_zone: { other: { filter: { name: 'shop.example' } } } },
        },
      });
      const honest = await ordinary(world, [record('', stagingZone)]);
      const byId = await tooFew(world, [record('by its id', shopZoneId)]);
      const unregistered = await asStaging(world, record('', 'c'.repeat(32)));
      const looked = await propose(world, {
        id: newId(),
        category: 'dns',
        stacks: ['acme-staging'],
        edit: (estate) =>
          inStaging('cloudflare_dns_record', {
            trick: record('', '${data.cloudflare_zone.other.zone_id}').body,
          })(lookup(estate)),
      });
      return {
        honest,
        attempts: [
          ...byId,
          {
            trick: 'by an id that no register has',
            outcome: unregistered,
            exit: 'denied',
            checks: ['rules/plan-places-owned'],
            says: 'acts on zone id ',
          },
          {
            trick: 'looked up by its name',
            outcome: await approved(world, looked, stagingQuorum),
            exit: 'denied',
            checks: ['rehearsal', 'approvals'],
            says: 'missing: ',
          },
        ],
      };
    },
  },
  {
    id: 'H33',
    attack: 'an Access application of staging in front of production',
    run: async (world) => ({
      honest: await ordinary(world, [application('', { domain: 'h1.staging-shop.example/admin' })]),
      attempts: await tooFew(world, [
        application('as its domain', { domain: 'www.shop.example/checkout' }),
        application('as a destination', {
          domain: 'h1.staging-shop.example',
          destinations: [{ type: 'public', uri: 'www.shop.example' }],
        }),
        application('of the whole account', { type: 'warp' }),
      ]),
    }),
  },
  {
    id: 'H34',
    attack: "a place that is another client's, not known, or closed now, acted on by staging",
    run: async (world) => {
      await landOnMain(world, {
        'stacks/clients/borough/service.yaml': yamlOf('stacks/clients/borough/service.yaml', () => {}),
        'stacks/clients/acme/service.yaml': withShortWindows(world),
      });
      return {
        honest: await ordinary(world, [route('', 'h1.staging-shop.example/*')]),
        attempts: await tooFew(world, [
          route("another client's", 'www.borough.example/*', {
            checks: ['rules/plan-one-client', 'rules/record-client-match', 'window'],
            says: 'changes of acme, borough',
          }),
          route('not known', '${format("%s", "www.shop.example")}/*', {
            checks: ['rules/plan-places-known', 'window'],
            says: 'acts on what is not known before apply: pattern',
          }),
          route('outside the windows', 'www.shop.example/*', {
            checks: ['window'],
            says: 'does not fit into an agreed window',
          }),
        ]),
      };
    },
  },
  {
    id: 'H36',
    attack: "who had a bot's pull request made hands it to somebody else and approves it",
    run: async (world) => {
      const pull = await propose(world, everyday);
      await assign(world, pull, 'r-okafor');
      return behind(world, byBot, async (env) => {
        // Each of the two is needed: nobody stands in for the one who made the bot open it.
        await approved(world, pull, ['m-lind', 'j-novak']);
        const honest = await gate(world, pull, { env });
        await assign(world, pull, 'j-novak');
        await assign(world, pull, 'j-novak', 'DELETE');
        const handed = await gate(world, pull, { env });
        await assign(world, pull, 'o-stranger');
        const strange = await gate(world, pull, { env });
        const byApprovals = { exit: 'denied', checks: ['approvals'] } as const;
        return {
          honest: [honest],
          attempts: [
            {
              trick: 'assigned to one of the CAB, and away again',
              outcome: handed,
              ...byApprovals,
              says: 'Jana Novak was assigned the pull request of a bot',
            },
            {
              trick: 'assigned to nobody of the roster',
              outcome: strange,
              ...byApprovals,
              says: 'who asked the bot for the pull request is not known',
            },
          ],
        };
      });
    },
  },
  {
    id: 'H67',
    attack: 'one waiver for every finding of a family',
    run: async (world) => {
      const waf = (names: readonly string[]): Partial<Proposal> => ({
        id: newId(),
        category: 'rules',
        edit: (estate) =>
          withResource(estate, 'cloudflare_page_rule', {
            trial: {
              zone_id: stagingZone,
              target: 'www.shop.example/old/*',
              priority: 1,
              actions: { waf: 'off', disable_security: true },
            },
          }),
        record: (text) => `${text}waivers:\n${names.map(waiver).join('')}`,
      });
      const all = ['page-rule-weakening/waf', 'page-rule-weakening/disable_security'];
      const honest = await approved(world, await propose(world, waf(all)), everybody);
      const family = await approved(world, await propose(world, waf(['page-rule-weakening'])), everybody);
      const half = await approved(world, await propose(world, waf(all.slice(0, 1))), everybody);
      return {
        honest: [honest],
        attempts: [
          {
            trick: 'the whole family',
            outcome: family,
            exit: 'denied',
            checks: [...all.map((id) => `rules/${id}`), 'rules/waiver-unknown-rule'],
            says: 'one of page-rule-weakening/disable_security, page-rule-weakening/waf',
          },
          {
            trick: 'one for another',
            outcome: half,
            exit: 'denied',
            checks: ['rules/page-rule-weakening/disable_security'],
            says: 'sets disable_security = true',
          },
        ],
      };
    },
  },
]);
