/** No pull request locks the gate for the next one, and what locked it can be repaired. */
import { approved, everybody, newId, outcomeOf, propose, push } from '../acts.ts';
import { edited } from '../estate.ts';
import type { Attempt, Outcome, Scenario } from '../scenario.ts';
import type { World } from '../world.ts';
import {
  administer,
  administrative,
  bring,
  each,
  land,
  other,
  together,
  type Brought,
  type Trick,
} from './administrative.ts';

const broken = (content: string | Uint8Array): Brought => ({ files: { 'policies/roster.yaml': content } });

/** The roster as it must not be. */
function rosterTricks(world: World): readonly Trick[] {
  const roster = world.read('policies/roster.yaml');
  return [
    { trick: 'a roster that ends too early', brought: broken('people: ['), says: 'policies/roster.yaml:1:' },
    {
      trick: 'a roster with a seat that there is not',
      brought: broken(roster.replace('seat: engineer', 'seat: emperor')),
      says: 'policies/roster.yaml:',
    },
    {
      trick: 'no roster at all',
      brought: { deleted: ['policies/roster.yaml'] },
      says: 'policies/roster.yaml is missing',
    },
    {
      trick: 'a roster of two megabytes',
      brought: broken(`${roster}${'# more\n'.repeat(300_000)}`),
      says: 'the document is too large to be read',
    },
  ];
}

/** The other data that every decision reads. */
function dataTricks(world: World): readonly Trick[] {
  const as = (path: string, text: string): Brought => ({ files: { [path]: text } });
  return [
    {
      trick: 'a register that does not read',
      brought: as('stacks/clients/acme/service.yaml', 'spec: 1\n'),
      says: 'stacks/clients/acme/service.yaml:',
    },
    {
      trick: 'a register of somebody else in the folder of a new client',
      brought: as('stacks/clients/nova/service.yaml', world.read('stacks/clients/acme/service.yaml')),
      says: 'does not agree with the client',
    },
    {
      trick: 'a policy file that nobody reads',
      brought: as('policies/emergency.yaml', 'approvals: 0\n'),
      says: 'is not a policy file that Sluice knows',
    },
    {
      trick: 'keys of the ledger that are none',
      brought: as('policies/ledger-keys.yaml', 'repository: managed-services/estate\nkeys: [7]\n'),
      says: 'policies/ledger-keys.yaml:2:',
    },
    {
      trick: 'a catalogue that is a list',
      brought: as('policies/catalogue.yaml', '[]\n'),
      says: 'policies/catalogue.yaml:1:1',
    },
  ];
}

/** The rest of the roster without whoever holds a seat. */
interface Seated {
  seats: { readonly seat: string }[];
  delegations?: { readonly seat: string }[];
}

function without(text: string, seat: string): string {
  return edited(text, (roster) => {
    for (const person of roster['people'] as Seated[]) {
      person.seats = person.seats.filter((each_) => each_.seat !== seat);
      if (person.delegations?.some((each_) => each_.seat === seat) === true) {
        delete person.delegations;
      }
    }
    roster['people'] = (roster['people'] as { seats: readonly unknown[] }[]).filter(
      ({ seats }) => seats.length > 0,
    );
  });
}

function seatTricks(world: World): readonly Trick[] {
  const roster = world.read('policies/roster.yaml');
  const quorum = world.read('policies/quorum.yaml');
  const greedy = edited(quorum, (levels) => {
    for (const level of ['high', 'critical']) {
      Object.assign(levels[level] as object, { approvals: 50 });
    }
  });
  return [
    {
      trick: 'no process owner',
      brought: broken(without(roster, 'process-owner')),
      says: 'nobody on the roster could fill the high quorum: process-owner',
    },
    {
      trick: 'no change manager',
      brought: broken(without(roster, 'change-manager')),
      says: 'nobody on the roster could fill the high quorum for acme: change-manager',
    },
    {
      trick: 'more approvals than people',
      brought: { files: { 'policies/quorum.yaml': greedy } },
      says: 'nobody on the roster could fill the high quorum for acme: peer',
    },
    {
      trick: 'nobody whose seat has begun',
      brought: broken(roster.replaceAll('2025-01-06', '2099-01-06')),
      says: 'nobody on the roster could fill the low quorum for acme',
    },
    {
      trick: 'nobody to speak for the client',
      brought: broken(without(roster, 'client-approver')),
      says: 'client-approver of acme',
    },
  ];
}

/** What is wrong on main, and what puts it right. */
async function repairs(world: World): Promise<readonly (readonly [string, Brought, Brought])[]> {
  const roster = { 'policies/roster.yaml': world.read('policies/roster.yaml') };
  const register = { 'stacks/clients/acme/service.yaml': world.read('stacks/clients/acme/service.yaml') };
  const record = 'changes/acme/CHG-2026-0998.yaml';
  const path = 'stacks/clients/acme/traffic/shop.yaml';
  return [
    ['a roster', broken('people: ['), { files: roster }],
    [
      'a roster that is a link',
      { deleted: ['policies/roster.yaml'], links: { 'policies/roster.yaml': 'quorum.yaml' } },
      { deleted: ['policies/roster.yaml'], files: roster },
    ],
    [
      'keys of the ledger',
      { files: { 'policies/ledger-keys.yaml': 'keys: {' } },
      { files: { 'policies/ledger-keys.yaml': 'repository: managed-services/estate\nkeys: []\n' } },
    ],
    ['a register', { files: { 'stacks/clients/acme/service.yaml': 'spec: 1\n' } }, { files: register }],
    ['a case', { files: { [path]: 'cases: 7\n' } }, { deleted: [path] }],
    [
      'a record',
      { files: { [record]: 'kind: Change\n' } },
      { files: { [record]: administrative('CHG-2026-0998') } },
    ],
  ];
}

async function lockedOut(world: World): Promise<{
  readonly honest: readonly Outcome[];
  readonly attempts: readonly Attempt[];
}> {
  const honest: Outcome[] = [];
  const attempts: Attempt[] = [];
  for (const [trick, harm, repair] of await repairs(world)) {
    const before = world.git('rev-parse', 'main');
    await land(world, harm);
    const unrelated = await approved(world, await propose(world, { id: newId() }), everybody);
    const refused = { exit: 'denied', checks: ['proposal'] } as const;
    attempts.push({
      trick: `${trick}: another change`,
      outcome: unrelated,
      ...refused,
      says: 'Until it does, only a pull request that changes nothing but policies',
    });
    const mended = await administer(world, repair);
    const named = mended.decision?.checks.find(({ id }) => id === 'proposal')?.summary ?? '';
    honest.push(named.includes(before) ? mended : { ...mended, exit: 'internal', text: named });
    world.git('checkout', '--quiet', '--force', 'main');
    world.git('reset', '--quiet', '--hard', before);
    await push(world, 'main', 'd-quist');
  }
  await land(world, broken('people: ['));
  const roster = { 'policies/roster.yaml': world.git('show', 'main~1:policies/roster.yaml') };
  const ownerless = everybody.filter((login) => login !== 'd-quist');
  const alone = await administer(world, { files: roster }, ownerless);
  const more = await administer(world, { files: { ...roster, 'scripts/x.ts': 'export {};\n' } });
  return {
    honest,
    attempts: [
      ...attempts,
      {
        trick: 'a repair without the process owner',
        outcome: alone,
        exit: 'denied',
        checks: ['approvals'],
        says: 'process-owner',
      },
      {
        trick: 'a repair that brings something more',
        outcome: more,
        exit: 'denied',
        checks: ['proposal'],
        says: 'Until it does',
      },
    ],
  };
}

export const lockedGate: readonly Scenario[] = [
  {
    id: 'H19',
    attack: 'a register where none is read',
    run: async (world) => {
      const nested = other('stacks/clients/acme/a/service.yaml');
      const attempts = await together(world, [
        {
          trick: 'below a client',
          brought: nested,
          says: 'stacks/clients/acme/a/service.yaml:1:1 is called like a service register',
        },
        {
          trick: 'with the other ending',
          brought: other('stacks/clients/acme/service.yml'),
          says: 'is called like a service register',
        },
        {
          trick: 'beside the clients',
          brought: other('stacks/clients/service.yaml'),
          says: 'is called like a service register',
        },
        {
          trick: 'cases where none are read',
          brought: other('stacks/clients/acme/traffic/deep/a.yaml'),
          says: 'is a file of must-pass cases that is not read',
        },
        {
          trick: 'a record where none is read',
          brought: other('changes/acme/deep/CHG-2026-0777.yaml'),
          says: 'is called like a change record',
        },
      ]);
      // One that got there before ends nothing for anybody.
      await land(world, nested);
      return { honest: [await approved(world, await propose(world))], attempts };
    },
  },
  {
    id: 'H20',
    attack: 'decision data that does not read is proposed',
    run: async (world) => {
      const holiday = { 'policies/calendar.yaml': 'freezes: []\nholidays: ["2026-12-25"]\n' };
      const cases = 'stacks/clients/acme/traffic/shop.yaml';
      const record = 'changes/acme/CHG-2026-0999.yaml';
      const others = await administer(world, { files: { [record]: 'kind: Change\n' } });
      return {
        honest: [await administer(world, { files: holiday })],
        attempts: [
          ...(await each(world, rosterTricks(world))),
          ...(await together(world, dataTricks(world))),
          ...(await each(world, [
            { trick: 'a must-pass case', brought: { files: { [cases]: 'cases: 7\n' } }, says: `${cases}:1:` },
          ])),
          {
            trick: 'a second record that does not read',
            outcome: others,
            exit: 'denied',
            checks: ['pull', 'proposal'],
            says: `${record}:1:`,
          },
        ],
      };
    },
  },
  {
    id: 'H21',
    attack: 'a quorum that nobody could fill is proposed',
    run: async (world) => {
      const fewer = without(world.read('policies/roster.yaml'), 'ecab');
      const honest = await administer(world, {
        files: {
          'policies/roster.yaml': edited(world.read('policies/roster.yaml'), (roster) => {
            roster['people'] = (roster['people'] as { id: string }[]).filter(({ id }) => id !== 'k.dunne');
          }),
        },
      });
      return {
        honest: [honest],
        attempts: await each(world, [
          ...seatTricks(world),
          {
            trick: 'no emergency board',
            brought: broken(fewer),
            says: 'the emergency quorum for acme: ecab',
          },
        ]),
      };
    },
  },
  { id: 'H22', attack: 'decision data on main that does not read', run: lockedOut },
  {
    id: 'H23',
    attack: 'what the gate would refuse is not said before pushing',
    run: async (world) => {
      const checked = async (brought: Brought): Promise<Outcome> => {
        world.git('checkout', '--quiet', '--force', '-B', newId(), 'main');
        const id = newId();
        world.write(`changes/acme/${id}.yaml`, administrative(id));
        bring(world, brought);
        const outcome = outcomeOf(await world.sluice(['check']));
        world.git('reset', '--quiet', '--hard', 'main');
        return outcome;
      };
      const refused = { exit: 'invalidInput', checks: [] } as const;
      return {
        honest: [await checked({ files: { 'docs/a.md': '# A\n' } })],
        attempts: [
          {
            trick: 'a link',
            outcome: await checked({ links: { 'docs/x.md': '../package.json' } }),
            ...refused,
            says: 'docs/x.md:1:1',
          },
          {
            trick: 'a roster',
            outcome: await checked(broken('people: [')),
            ...refused,
            says: 'policies/roster.yaml:1:',
          },
          {
            trick: 'a seat',
            outcome: await checked(
              broken(without(world.git('show', 'main:policies/roster.yaml'), 'process-owner')),
            ),
            ...refused,
            says: 'nobody on the roster could fill the high quorum',
          },
          {
            trick: 'a lock file',
            outcome: await checked(other('npm-shrinkwrap.json')),
            ...refused,
            says: 'takes the place of package-lock.json',
          },
        ],
      };
    },
  },
];
