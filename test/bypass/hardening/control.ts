/** H301 to H305 and H401 to H406: what decides is control by default, and a pull request cannot lock the gate. */
import { existsSync, mkdirSync, symlinkSync, unlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { openPull } from '../../../scripts/github-local/acts.ts';
import {
  approveAll,
  approved,
  at,
  everybody,
  gate,
  newId,
  outcomeOf,
  propose,
  push,
  type Decided,
  type Pull,
} from '../acts.ts';
import { edited, withBlock } from '../estate.ts';
import type { Attempt, Outcome, Scenario } from '../scenario.ts';
import type { Login, World } from '../world.ts';

/** What a pull request brings: texts by path, and what only git commands can bring. */
interface Brought {
  readonly files?: Readonly<Record<string, string>>;
  readonly links?: Readonly<Record<string, string>>;
  readonly deleted?: readonly string[];
  /** Path of a submodule. */
  readonly module?: string;
}

function bring(world: World, { files = {}, links = {}, deleted = [], module }: Brought): void {
  for (const [path, text] of Object.entries(files)) {
    world.write(path, text);
  }
  for (const path of deleted) {
    unlinkSync(join(world.folder, path));
  }
  for (const [path, target] of Object.entries(links)) {
    mkdirSync(dirname(join(world.folder, path)), { recursive: true });
    symlinkSync(target, join(world.folder, path));
  }
  const paths = [...Object.keys(files), ...Object.keys(links)];
  world.git('add', '--all');
  if (paths.length > 0) {
    world.git('add', '--force', '--', ...paths);
  }
  if (module !== undefined) {
    const entry = `160000,${world.git('rev-parse', 'HEAD')},${module}`;
    world.git('update-index', '--add', '--cacheinfo', entry);
  }
}

function administrative(id: string): string {
  return `apiVersion: sluice/v1
kind: Administrative
id: ${id}
title: Edit for ${id}
client: acme
service: storefront
type: normal
category: other
reason: >-
  The scenario needs an administrative change whose record is complete, so that nothing but the attack is in its way.
requester: r.okafor
owner: k.dunne
stacks: []
impact: { level: 1, users: nobody at all, expectedOutage: PT0S }
risk: { declared: low }
securityImpact: { assessed: true, summary: Nothing that runs for a client changes with it., reviewer: t.berg }
test:
  post: [{ what: The gate allows it, how: sluice gate, automated: true }]
acceptanceCriteria: [{ statement: The pull request is merged }]
rollback:
  strategy: revert
  steps: [Revert the pull request]
  maxDurationMin: 30
  triggers: [anybody misses something]
  decider: k.dunne
`;
}

/** Not the working tree, which not every system could check out: bundles made of main, which the change leaves as it is. */
async function bundlesOfMain(world: World): Promise<readonly string[]> {
  const folder = '.sluice/of-main';
  if (!existsSync(join(world.folder, folder))) {
    world.git('checkout', '--quiet', '--force', 'main');
    await world.sluice(['synth', '--out', folder]);
  }
  return ['--bundles', folder];
}

/** An administrative pull request that these people have approved. */
async function administer(
  world: World,
  brought: Brought,
  by: readonly Login[] = everybody,
): Promise<Decided> {
  const pull = await proposeAdministrative(world, brought);
  const flags = await bundlesOfMain(world);
  const { decision } = await gate(world, pull, { flags });
  await approveAll(world, pull, { shown: decision, by });
  return gate(world, pull, { flags });
}

async function proposeAdministrative(world: World, brought: Brought): Promise<Pull> {
  const id = newId();
  world.git('checkout', '--quiet', '--force', '-B', id, 'main');
  world.write(`changes/acme/${id}.yaml`, administrative(id));
  bring(world, brought);
  world.git('commit', '--quiet', '--message', id);
  // What a submodule or a file with an impossible name left behind is not part of the next one.
  await push(world, 'main');
  await push(world, id);
  world.git('checkout', '--quiet', '--force', 'main');
  const number = await openPull(at(world), { login: 'r-okafor', head: id, title: id, body: '' });
  return { number, branch: id };
}

/** Committed on main without any pull request, by somebody who may. */
async function land(world: World, brought: Brought): Promise<void> {
  world.git('checkout', '--quiet', '--force', 'main');
  bring(world, brought);
  world.git('commit', '--quiet', '--message', 'Something on main');
  await push(world, 'main', 'd-quist');
}

/** Each alone in an administrative pull request that everybody approved, refused by the tree alone. */
async function each(
  world: World,
  tricks: readonly { readonly trick: string; readonly brought: Brought; readonly says: string }[],
): Promise<readonly Attempt[]> {
  const attempts: Attempt[] = [];
  for (const { trick, brought, says } of tricks) {
    const outcome = await administer(world, brought);
    attempts.push({ trick, outcome, exit: 'denied', checks: ['proposal'], says });
  }
  return attempts;
}

const engineer: readonly Login[] = ['m-lind'];

/** What costs one engineer, as it always did. */
function cheap(world: World): Promise<Outcome> {
  const files = {
    'docs/on-call.md': '# Whom to call\n',
    'README.md': '# Estate\n',
    'changes/acme/evidence/mail.txt': 'We agree.\n',
  };
  return administer(world, { files }, engineer);
}

const broken = (text: string): Brought => ({ files: { 'policies/roster.yaml': text } });

/** A trick on the data that every decision reads: the file as it must not be. */
function dataTricks(world: World): Parameters<typeof each>[1] {
  const record = world.read('changes/acme/CHG-2026-0001.yaml');
  const as = (path: string, text: string): Brought => ({ files: { [path]: text } });
  const roster = world.read('policies/roster.yaml');
  return [
    {
      trick: 'a roster that ends too early',
      brought: broken('people: ['),
      says: 'policies/roster.yaml:1:10',
    },
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
      trick: 'incidents that do not read',
      brought: as('changes/incidents.yaml', 'incidents: 7\n'),
      says: 'changes/incidents.yaml:1:',
    },
    {
      trick: 'a must-pass case that does not read',
      brought: as('stacks/clients/acme/traffic/shop.yaml', 'cases: 7\n'),
      says: 'stacks/clients/acme/traffic/shop.yaml:1:',
    },
    {
      trick: 'a policy file that nobody reads',
      brought: as('policies/emergency.yaml', 'approvals: 0\n'),
      says: 'is not a policy file that Sluice knows',
    },
    {
      trick: 'a file of two megabytes',
      brought: broken(`${roster}${'# more\n'.repeat(300_000)}`),
      says: 'the document is too large to be read',
    },
    {
      trick: 'a second record that does not read',
      brought: as('changes/acme/CHG-2026-0999.yaml', `${record}\nrisk: none\n`),
      says: 'changes/acme/CHG-2026-0999.yaml:',
    },
  ];
}

/** The rest of the roster without whoever holds a seat. */
function without(text: string, seat: string): string {
  return edited(text, (roster) => {
    for (const person of roster['people'] as { seats: { readonly seat: string }[] }[]) {
      person.seats = person.seats.filter((each_) => each_.seat !== seat);
    }
    roster['people'] = (roster['people'] as { seats: readonly unknown[] }[]).filter(
      ({ seats }) => seats.length > 0,
    );
  });
}

function seatTricks(world: World): Parameters<typeof each>[1] {
  const roster = world.read('policies/roster.yaml');
  const quorum = world.read('policies/quorum.yaml');
  const greedy = edited(quorum, (levels) => Object.assign(levels['high'] as object, { approvals: 90 }));
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
    ['a register', { files: { 'stacks/clients/acme/service.yaml': 'spec: 1\n' } }, { files: register }],
    [
      'incidents',
      { files: { 'changes/incidents.yaml': '{' } },
      { files: { 'changes/incidents.yaml': 'incidents: []\n' } },
    ],
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
    const other = await approved(world, await propose(world, { id: newId() }), everybody);
    const refused = { exit: 'denied', checks: ['proposal'] } as const;
    attempts.push({
      trick: `${trick}: another change`,
      outcome: other,
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

const other = (path: string): Brought => ({ files: { [path]: '{}\n' } });

export const control: readonly Scenario[] = [
  {
    id: 'H301',
    attack: 'files that npm and git obey, in a pull request about nothing',
    run: async (world) => ({
      honest: [await cheap(world)],
      attempts: await each(world, [
        {
          trick: 'another lock file',
          brought: other('npm-shrinkwrap.json'),
          says: 'npm-shrinkwrap.json:1:1 takes the place of package-lock.json',
        },
        {
          trick: 'in capitals',
          brought: other('NPM-Shrinkwrap.json'),
          says: 'takes the place of package-lock.json',
        },
        {
          trick: 'a package within',
          brought: other('stacks/clients/acme/package.json'),
          says: 'changes what Node and npm load',
        },
        {
          trick: 'settings of npm within',
          brought: other('stacks/.npmrc'),
          says: 'changes what Node and npm load',
        },
        { trick: 'attributes', brought: other('.gitattributes'), says: 'makes git write other files' },
        {
          trick: 'attributes within',
          brought: other('stacks/clients/acme/.gitattributes'),
          says: 'makes git write other files',
        },
        {
          trick: 'packages',
          brought: other('node_modules/cdktf/index.js'),
          says: 'is in a folder that tools write',
        },
        {
          trick: 'packages within',
          brought: other('stacks/node_modules/x.js'),
          says: 'is in a folder that tools write',
        },
        {
          trick: 'the bundled command',
          brought: other('dist/x/cli.js'),
          says: 'is in a folder that tools write',
        },
        {
          trick: 'what was synthesized',
          brought: other('cdktf.out/stacks/a/cdk.tf.json'),
          says: 'is in a folder that tools write',
        },
      ]),
    }),
  },
  {
    id: 'H302',
    attack: 'files that decide and are on no list, with one engineer',
    run: async (world) => {
      const attempts: Attempt[] = [];
      const paths = [
        'stacks/clients/service.schema.json',
        'stacks/clients/acme/tsconfig.json',
        'stacks/constructs/zone.ts',
        'stacks/clients/acme/hook.mjs',
        '.terraformrc',
        'x.tfrc',
        '.mailmap',
        'lib/tool.ts',
        'changes/notes.yaml',
        'stacks/clients/acme/traffic.schema.json',
      ];
      for (const path of paths) {
        const outcome = await administer(world, other(path), engineer);
        attempts.push({ trick: path, outcome, exit: 'denied', checks: ['approvals'], says: 'process-owner' });
      }
      return {
        honest: [await cheap(world), await administer(world, other('stacks/constructs/zone.ts'))],
        attempts,
      };
    },
  },
  {
    id: 'H303',
    attack: 'entries of a tree that are no files',
    run: async (world) => ({
      honest: [await approved(world, await propose(world))],
      attempts: await each(world, [
        {
          trick: 'a link for stack code',
          brought: { links: { 'stacks/clients/acme/more.ts': '../../../README.md' } },
          says: 'stacks/clients/acme/more.ts:1:1 is a symbolic link',
        },
        {
          trick: 'a link out of the repository',
          brought: { links: { 'docs/x.md': '/proc/self/environ' } },
          says: 'is a symbolic link',
        },
        {
          trick: 'a link for a folder',
          brought: { links: { 'stacks/clients/nova': 'acme' } },
          says: 'stacks/clients/nova:1:1 is a symbolic link',
        },
        { trick: 'a submodule', brought: { module: 'stacks/clients/acme/shared' }, says: 'is a submodule' },
        {
          trick: 'a submodule and its file',
          brought: {
            files: { '.gitmodules': '[submodule "x"]\n\tpath = x\n\turl = ../x\n\tignore = all\n' },
            module: 'x',
          },
          says: 'x:1:1 is a submodule',
        },
      ]),
    }),
  },
  {
    id: 'H304',
    attack: 'names that another system reads as another file',
    run: async (world) => {
      const named = (path: string): Brought => ({ files: { [path]: '\n' } });
      return {
        honest: [
          await approved(
            world,
            await propose(world, { files: { 'docs/Übersicht.md': '# Übersicht\n' } }),
            everybody,
          ),
        ],
        attempts: await each(world, [
          {
            trick: 'a folder in capitals',
            brought: named('Policies/roster.md'),
            says: 'differs from another file or folder only in how its name is written',
          },
          {
            trick: 'stack code in capitals',
            brought: named('stacks/clients/acme/Estate.ts'),
            says: 'differs from another file or folder only in how its name is written',
          },
          {
            trick: 'a composed letter',
            brought: named('docs/u\u0308.md'),
            says: 'docs/u<U+0308>.md:1:1 has a name that other systems spell',
          },
          {
            trick: 'a dot at the end',
            brought: named('policies/roster.yaml.'),
            says: 'has a name with a blank or a dot at its end',
          },
          {
            trick: 'a blank at the end',
            brought: named('policies /x.md'),
            says: 'has a name with a blank or a dot at its end',
          },
          {
            trick: 'a backslash',
            brought: named('policies\\roster.yaml'),
            says: 'policies<U+005C>roster.yaml:1:1 has a name with a character',
          },
          {
            trick: 'a line end',
            brought: named('docs/a\nb.md'),
            says: 'docs/a<U+000A>b.md:1:1 has a name with a character',
          },
          {
            trick: 'a character without width',
            brought: named('docs/a\u200bb.md'),
            says: 'has a name with a character',
          },
          {
            trick: 'a short name of git',
            brought: named('docs/git~1/config'),
            says: 'has a name that git keeps for itself',
          },
          { trick: 'a stream', brought: named('docs/a.md:x'), says: 'has a name with a character' },
          {
            trick: 'a register in capitals',
            brought: named('stacks/clients/nova/Service.yaml'),
            says: 'is called like a service register and is none',
          },
        ]),
      };
    },
  },
  {
    id: 'H305',
    attack: 'the price of a new version rides along with a change of resources',
    run: async (world) => {
      const lock = { 'package-lock.json': '{}\n' };
      const bump = await approved(
        world,
        await propose(world, {
          id: newId(),
          files: lock,
          category: 'other',
          edit: (estate) =>
            withBlock(estate, 'terraform', (block) => ({ ...block, required_version: '>= 1.11.0' })),
        }),
        everybody,
      );
      const riding = await approved(world, await propose(world, { id: newId(), files: lock }), everybody);
      const shared = await propose(world, {
        id: newId(),
        files: { 'stacks/constructs/zone.ts': 'export {};\n' },
      });
      const cheaper = await approved(world, shared);
      const agreed = await approved(world, shared, everybody);
      return {
        honest: [bump, agreed],
        attempts: [
          {
            trick: 'packages with resources',
            outcome: riding,
            exit: 'denied',
            checks: ['rules/policy-change-alone'],
            says: 'package-lock.json',
          },
          {
            trick: 'code of all stacks without the process owner',
            outcome: cheaper,
            exit: 'denied',
            checks: ['approvals'],
            says: 'process-owner',
          },
        ],
      };
    },
  },
  {
    id: 'H401',
    attack: 'a register where none is read',
    run: async (world) => {
      const nested = other('stacks/clients/acme/a/service.yaml');
      const attempts = await each(world, [
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
    id: 'H402',
    attack: 'decision data that does not read is proposed',
    run: async (world) => {
      await land(world, { files: { 'changes/acme/CHG-2026-0001.yaml': administrative('CHG-2026-0001') } });
      const holiday = { 'policies/calendar.yaml': 'freezes: []\nholidays: ["2026-12-25"]\n' };
      return {
        honest: [await administer(world, { files: holiday })],
        attempts: await each(world, dataTricks(world)),
      };
    },
  },
  {
    id: 'H403',
    attack: 'a quorum that nobody could fill is proposed',
    run: async (world) => {
      const fewer = without(world.read('policies/roster.yaml'), 'ecab');
      const honest = await administer(world, {
        files: {
          'policies/roster.yaml': edited(world.read('policies/roster.yaml'), (roster) => {
            roster['people'] = (roster['people'] as { id: string }[]).filter(({ id }) => id !== 'b.osei');
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
  { id: 'H404', attack: 'decision data on main that does not read', run: lockedOut },
  {
    id: 'H405',
    attack: 'files of a client that are no text, or too large',
    run: async (world) => {
      await land(world, {
        files: {
          'stacks/clients/acme/logo.txt': 'x'.repeat(65 * 1024 * 1024),
          'stacks/clients/acme/b.csv': '\ufffd',
        },
      });
      world.git('checkout', '--quiet', '--force', 'main');
      await land(world, { files: { 'changes/acme/evidence/scan.pdf': '%PDF' } });
      return {
        honest: [await approved(world, await propose(world))],
        attempts: await each(world, [
          { trick: 'a roster of two megabytes', brought: broken('#'.repeat(2_000_000)), says: 'too large' },
        ]),
      };
    },
  },
  {
    id: 'H406',
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
            says: 'policies/roster.yaml:1:10',
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
