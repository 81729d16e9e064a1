/** A new patch version of the provider as a standard change, with bundles made from the lock file. */
import {
  approveAll,
  gate,
  mergePull,
  newId,
  propose,
  push,
  release,
  type Decided,
  type Pull,
} from '../acts.ts';
import { released, withRecord, type Estate } from '../estate.ts';
import type { Attempt, Scenario } from '../scenario.ts';
import type { World } from '../world.ts';

const bindings = '@cdktf/provider-cloudflare';
const old = '13.9.1';

/** The stack program of an estate whose bindings name the provider's version, as those of cdktf do. */
const program = `import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { estate } from './clients/acme/estate.ts';

const bindings = { '13.9.0': '5.13.9', '13.9.1': '5.14.0', '13.9.2': '5.14.1', '13.10.0': '5.15.0' } as Record<string, string>;
const lock = JSON.parse(readFileSync('package-lock.json', 'utf8')) as { packages: Record<string, { version?: string }> };
const version = bindings[lock.packages['node_modules/${bindings}']?.version ?? ''];
const out = process.env['CDKTF_OUTDIR'] ?? 'cdktf.out';
const stacks: Record<string, object> = {};
for (const [name, configuration] of Object.entries(estate) as [string, any][]) {
  const { cloudflare } = configuration.terraform.required_providers;
  const required_providers = { cloudflare: { ...cloudflare, version } };
  mkdirSync(join(out, 'stacks', name), { recursive: true });
  const text = JSON.stringify({ ...configuration, terraform: { ...configuration.terraform, required_providers } });
  writeFileSync(join(out, 'stacks', name, 'cdk.tf.json'), text);
  stacks[name] = { name, annotations: [], dependencies: [] };
}
writeFileSync(join(out, 'manifest.json'), JSON.stringify({ version: '1', stacks }));
`;

interface Packages {
  readonly version: string;
  /** First letter of the digest of the bindings, and of another package. */
  readonly digest?: string;
  readonly other?: string;
  readonly registry?: string;
}

function digestOf(letter: string): string {
  return `sha512-${letter.repeat(86)}==`;
}

function packageFiles({
  version,
  digest = 'A',
  other = 'B',
  registry = 'https://packages.example',
}: Packages): Readonly<Record<string, string>> {
  const dependencies = { [bindings]: version, constructs: '10.7.2' };
  const root = { name: 'estate', private: true, type: 'module', dependencies };
  const lock = {
    name: 'estate',
    lockfileVersion: 3,
    packages: {
      '': { name: 'estate', dependencies },
      [`node_modules/${bindings}`]: {
        version,
        resolved: `${registry}/${bindings}/-/provider-cloudflare-${version}.tgz`,
        integrity: digestOf(digest),
      },
      'node_modules/constructs': {
        version: '10.7.2',
        resolved: 'https://packages.example/constructs/-/constructs-10.7.2.tgz',
        integrity: digestOf(other),
      },
    },
  };
  return {
    'package.json': `${JSON.stringify(root, null, 2)}\n`,
    'package-lock.json': `${JSON.stringify(lock, null, 2)}\n`,
  };
}

const standard = (text: string): string =>
  text
    .replace('type: normal', 'type: standard')
    .replace(
      /model: .*/,
      'model: provider-patch-bump\nstandardChange:\n  ref: provider-patch-bump\n  version: 1.0.0',
    )
    .replace(/riskAnswers:\n(?: {2}.*\n)+/, '');

interface Bump extends Partial<Packages> {
  readonly edit?: (estate: Estate) => Estate;
  readonly files?: Readonly<Record<string, string>>;
}

function otherSource(estate: Estate): Estate {
  return Object.fromEntries(
    Object.entries(estate).map(([stack, configuration]) => [
      stack,
      {
        ...configuration,
        terraform: {
          ...(configuration['terraform'] as object),
          required_providers: { cloudflare: { source: 'cloudfiare/cloudflare', version: '5.14.0' } },
        },
      },
    ]),
  );
}

async function bump(world: World, { edit, files, ...packages }: Bump): Promise<Pull> {
  return propose(world, {
    id: newId(),
    edit: edit ?? (() => released),
    category: 'other',
    stacks: ['acme-production', 'acme-staging'],
    record: standard,
    files: { ...packageFiles({ version: '13.9.2', digest: 'C', ...packages }), ...files },
  });
}

/** As the gate sees it once the process owner has agreed: whatever packages change, that seat must be filled. */
async function agreedByOwner(world: World, pull: Pull): Promise<Decided> {
  const { decision } = await gate(world, pull, { freshSynth: true });
  await approveAll(world, pull, { shown: decision, by: ['d-quist'] });
  return gate(world, pull, { freshSynth: true });
}

const notStandard = ['rules/record-standard-match', 'approvals', 'catalogue'];

async function attempt(
  world: World,
  twin: Pick<Attempt, 'trick' | 'says'> & { readonly bump: Bump; readonly more?: readonly string[] },
): Promise<Attempt> {
  const outcome = await agreedByOwner(world, await bump(world, twin.bump));
  world.git('checkout', '--quiet', 'main');
  const checks = [...notStandard, ...(twin.more ?? [])];
  return { trick: twin.trick, outcome, exit: 'denied', checks, says: twin.says };
}

const twins: readonly Parameters<typeof attempt>[1][] = [
  {
    trick: 'a minor version',
    bump: { version: '13.10.0' },
    says: 'more than the patch version of a provider changes',
  },
  {
    trick: 'an older version',
    bump: { version: '13.9.0' },
    says: 'more than the patch version of a provider changes',
  },
  {
    trick: 'from another source',
    bump: { edit: otherSource },
    more: ['rules/plan-providers-allowed', 'rules/plan-safe-configuration'],
    says: 'more than the patch version of a provider changes',
  },
  {
    trick: 'with another digest of another package',
    bump: { other: 'D' },
    says: 'package-lock.json changes at packages > node_modules/constructs > integrity',
  },
  {
    trick: 'from another registry',
    bump: { registry: 'https://registry.example' },
    says: `package-lock.json changes at packages > node_modules/${bindings} > resolved`,
  },
  {
    trick: 'with another program',
    bump: { files: { 'stacks/main.ts': `${program}// Nothing to see.\n` } },
    says: 'stacks/main.ts changes as well',
  },
];

export const providerPatch: readonly Scenario[] = [
  {
    id: 'H63',
    attack: 'something more than a patch version of the provider as a standard change',
    run: async (world) => {
      world.git('checkout', '--quiet', 'main');
      for (const [path, text] of Object.entries({
        ...packageFiles({ version: old }),
        'stacks/main.ts': program,
      })) {
        world.write(path, text);
      }
      world.git('add', '--all');
      world.git('commit', '--quiet', '--message', 'Packages');
      await push(world, 'main', 'd-quist');
      const attempts: Attempt[] = [];
      for (const twin of twins) {
        attempts.push(await attempt(world, twin));
      }
      const address = await attempt(world, {
        trick: 'with a record of its own',
        bump: { edit: (estate) => withRecord(estate, 'www', { content: '203.0.113.66' }) },
        more: ['rules/policy-change-alone', 'rules/record-category-match'],
        says: 'cloudflare_dns_record is not one of the resource types of the entry',
      });
      const pull = await bump(world, {});
      const honest = await agreedByOwner(world, pull);
      await mergePull(world, pull);
      const done = await release(world, pull, { freshSynth: true });
      return { honest: [honest, done], attempts: [...attempts, address] };
    },
  },
];
