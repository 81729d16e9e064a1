/** What decides is control by default, and some things have no business in the repository at all. */
import { approved, everybody, newId, propose } from '../acts.ts';
import { withBlock } from '../estate.ts';
import type { Attempt, Outcome, Scenario } from '../scenario.ts';
import type { Login, World } from '../world.ts';
import { administer, other, together, type Brought } from './administrative.ts';

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

export const control: readonly Scenario[] = [
  {
    id: 'H14',
    attack: 'files that npm and git obey, in a pull request about nothing',
    run: async (world) => ({
      honest: [await cheap(world)],
      attempts: await together(world, [
        {
          trick: 'another lock file',
          brought: other('npm-shrinkwrap.json'),
          says: 'npm-shrinkwrap.json:1:1 takes the place of package-lock.json',
        },
        {
          trick: 'in capitals',
          brought: other('docs/NPM-Shrinkwrap.json'),
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
    id: 'H15',
    attack: 'files that decide and are on no list, with one engineer',
    run: async (world) => {
      const attempts: Attempt[] = [];
      const paths = [
        'stacks/clients/service.schema.json',
        'stacks/clients/acme/hook.mjs',
        '.terraformrc',
        'lib/tool.ts',
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
    id: 'H16',
    attack: 'entries of a tree that are not files',
    run: async (world) => ({
      honest: [await approved(world, await propose(world))],
      attempts: await together(world, [
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
        {
          trick: 'a submodule',
          brought: { modules: ['stacks/clients/acme/shared'] },
          says: 'is a submodule',
        },
        {
          trick: 'a submodule and its file',
          brought: {
            files: { '.gitmodules': '[submodule "x"]\n\tpath = x\n\turl = ../x\n\tignore = all\n' },
            modules: ['x'],
          },
          says: 'x:1:1 is a submodule',
        },
      ]),
    }),
  },
  {
    id: 'H17',
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
        attempts: await together(world, [
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
    id: 'H18',
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
];
