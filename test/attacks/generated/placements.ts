/** Files that a change brings along: what decides, what npm, git or Terraform would take for their own, and what is the team's. */
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { constantFrom, type Arbitrary } from 'fast-check';
import { withProposal, type Ingredient } from './draft.ts';

const hostileFiles: readonly (readonly [path: string, text: string])[] = [
  ['npm-shrinkwrap.json', '{ "lockfileVersion": 3 }\n'],
  ['stacks/npm-shrinkwrap.json', '{ "lockfileVersion": 3 }\n'],
  ['.npmrc', 'ignore-scripts=false\n'],
  ['stacks/clients/acme/.npmrc', 'node-options=--require ./x.cjs\n'],
  ['.gitattributes', '* filter=x\n'],
  ['stacks/.gitattributes', '*.yaml -diff\n'],
  ['.gitmodules', '[submodule "x"]\n\tpath = x\n\turl = https://x.example/\n'],
  ['dist/x/cli.js', 'export {};\n'],
  ['node_modules/tsx/package.json', '{ "name": "tsx" }\n'],
  ['stacks/node_modules/yaml/index.js', 'export {};\n'],
  ['.sluice/rehearsals/x.json', '{}\n'],
  ['scripts/cli/main.ts', 'export {};\n'],
  [
    'package.json',
    '{ "name": "estate", "private": true, "type": "module", "scripts": { "prepare": "id" } }\n',
  ],
  ['package-lock.json', '{ "lockfileVersion": 3 }\n'],
  ['tsconfig.json', '{ "compilerOptions": { "paths": { "yaml": ["./x.ts"] } } }\n'],
  ['cdktf.json', '{ "language": "typescript", "app": "id" }\n'],
  ['.github/workflows/release.yml', 'on: push\njobs: {}\n'],
  ['.github/actions/setup/action.yml', 'runs: { using: composite, steps: [] }\n'],
  ['.ci/run', 'exit 0\n'],
  ['.terraformrc', 'plugin_cache_dir = "x"\n'],
  ['policies/roster.yaml', 'people: []\n'],
  ['policies/quorum.yaml', 'low: { approvals: 0 }\n'],
  ['policies/extra.yaml', 'x: 1\n'],
  ['Policies/roster.yaml', 'people: []\n'],
  ['stacks/clients/service.schema.json', '{}\n'],
  ['stacks/clients/acme/service.yaml', 'apiVersion: sluice/v1\n'],
  ['stacks/clients/acme/a/service.yaml', 'apiVersion: sluice/v1\n'],
  ['stacks/clients/acme/Service.yaml', 'apiVersion: sluice/v1\n'],
  ['stacks/clients/acme/traffic/must-pass.yaml', 'cases: []\n'],
  ['changes/list.yaml', 'incidents: []\n'],
  ['changes/record.schema.json', '{}\n'],
  ['changes/acme/CHG-2026-0999.yaml', 'id: CHG-2026-0999\n'],
  ['releases/R0009/release.json', '{}\n'],
];

const harmlessFiles: readonly (readonly [path: string, text: string])[] = [
  ['stacks/clients/acme/hosts.ts', "export const hosts = ['www'];\n"],
];

const files: readonly Ingredient[] = [
  ...hostileFiles.map((file) => ({ file, hostile: true })),
  ...harmlessFiles.map((file) => ({ file, hostile: false })),
].map(({ file: [path, text], hostile }) => ({
  name: `the file ${path}`,
  hostile,
  add: (draft) =>
    withProposal(draft, (proposal) => ({ ...proposal, files: { ...proposal.files, [path]: text } })),
}));

const links: readonly Ingredient[] = [
  ['stacks/clients/acme/data.json', '/proc/self/environ'],
  ['changes/acme/CHG-2026-0998.yaml', '../../policies/roster.yaml'],
  ['stacks/clients/acme/link', '../../../policies'],
].map(([path = '', target = '']) => ({
  name: `the link ${path} to ${target}`,
  hostile: true,
  add: (draft) => ({
    ...draft,
    plant: [
      ...draft.plant,
      (world) => {
        world.write(`${path}.folder`, '');
        symlinkSync(target, join(world.folder, path));
      },
    ],
  }),
}));

const submodule: Ingredient = {
  name: 'a submodule',
  hostile: true,
  add: (draft) => ({
    ...draft,
    plant: [
      ...draft.plant,
      (world) => {
        const commit = world.git('rev-parse', 'HEAD');
        // An empty folder is a submodule that is not checked out; without it, adding everything takes the entry out again.
        mkdirSync(join(world.folder, 'stacks/clients/acme/sub'), { recursive: true });
        world.git('update-index', '--add', '--cacheinfo', `160000,${commit},stacks/clients/acme/sub`);
      },
    ],
  }),
};

export const placements: Arbitrary<Ingredient> = constantFrom(...files, ...links, submodule);
