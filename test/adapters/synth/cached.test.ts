/** What is kept of stack code: the same answer for the same sources, and no answer of other ones. */
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createLocalSynthesizer, type CachedSynthOptions } from '../../../scripts/adapters/synth/cached.ts';
import { bundlesOfMerge } from '../../../scripts/change/proposed-bundles.ts';
import type { Services } from '../../../scripts/contract/context.ts';
import type { JsonObject } from '../../../scripts/plan/types.ts';
import { fakeReporter } from '../../fakes/reporter.ts';
import { realConfinement } from '../process/real-confinement.ts';
import { tempFolder, writeFiles } from '../files/temp-folder.ts';

const program = `import { readFileSync } from 'node:fs';
import { Annotations, App, TerraformOutput, TerraformStack } from 'cdktf';
import { value } from './value.ts';
const app = new App();
const stack = new TerraformStack(app, 'acme-production');
Annotations.of(stack).addWarning('look here');
new TerraformOutput(stack, 'x', { value: value + readFileSync('data/names.txt', 'utf8') });
app.synth();`;

interface World {
  readonly folder: string;
  readonly store: string;
  readonly warnings: string[];
  /** How often stack code was run. */
  readonly runs: () => number;
  readonly synth: (more?: Partial<CachedSynthOptions>) => Promise<ReadonlyMap<string, JsonObject>>;
}

async function world(): Promise<World> {
  const [folder, store] = [await tempFolder(), await tempFolder()];
  await writeFiles(folder, {
    'package.json': '{"type":"module"}',
    'stacks/main.ts': program,
    'stacks/value.ts': "export const value = 'one';",
    'data/names.txt': 'www',
  });
  const confinement = realConfinement();
  const counted = { runs: 0 };
  const warnings: string[] = [];
  return {
    folder,
    store,
    warnings,
    runs: () => counted.runs,
    synth: async (more = {}) =>
      createLocalSynthesizer({
        environment: process.env,
        nodeModules: new URL('../../../node_modules', import.meta.url).pathname,
        guard: new URL('../../../scripts/adapters/synth/guard.mjs', import.meta.url).pathname,
        confinement: {
          ...confinement,
          whyNot: async () => {
            counted.runs += 1;
            return confinement.whyNot();
          },
        },
        onWarning: (text) => warnings.push(text),
        version: '1.0.0',
        store: async () => store,
        ...more,
      }).synthCached(folder),
  };
}

const valueOf = (stacks: ReadonlyMap<string, JsonObject>): unknown =>
  (stacks.get('acme-production')?.['output'] as { readonly x?: { readonly value: string } } | undefined)?.x
    ?.value;

describe('stack code', () => {
  it('runs once for the same sources, and warns each time', async () => {
    const { synth, runs, warnings } = await world();
    const [first, second] = [await synth(), await synth()];
    expect(valueOf(first)).toBe('onewww');
    expect([...second]).toEqual([...first]);
    expect(runs()).toBe(1);
    expect(warnings).toHaveLength(2);
    expect(warnings[1]).toBe(warnings[0]);
  });

  it.each<[string, Readonly<Record<string, string>>, Partial<CachedSynthOptions>]>([
    ['its sources', { 'stacks/value.ts': "export const value = 'two';" }, {}],
    ['a file that it reads', { 'data/names.txt': 'api' }, {}],
    ['a file that it could read', { 'docs/new.md': 'new' }, {}],
    ['Sluice', {}, { version: '1.0.1' }],
    ['what it is told', {}, { context: { backend: 's3' } }],
  ])('runs again after %s changed', async (_what, files, more) => {
    const { synth, runs, folder } = await world();
    await synth();
    await writeFiles(folder, files);
    await synth(more);
    await synth(more);
    expect(runs()).toBe(2);
  });

  it('gives what changed sources say, and for the old ones again what they said', async () => {
    const { synth, runs, folder } = await world();
    await synth();
    await writeFiles(folder, { 'data/names.txt': 'api' });
    expect(valueOf(await synth())).toBe('oneapi');
    await writeFiles(folder, { 'data/names.txt': 'www' });
    expect(valueOf(await synth())).toBe('onewww');
    expect(runs()).toBe(2);
  });

  it('runs each time where nothing may be kept, and where a link leads out of what is known', async () => {
    const { synth, runs, folder } = await world();
    await synth({ store: async () => null });
    await synth({ store: async () => null });
    await fs.symlink('/etc/hostname', join(folder, 'data/link'));
    await synth();
    await synth();
    expect(runs()).toBe(4);
  });

  it('is not stopped by a folder that cannot be written to', async () => {
    const { synth, runs, warnings, store } = await world();
    const file = join(store, 'a-file');
    await fs.writeFile(file, '');
    const folderless = { store: async () => join(file, 'kept') };
    expect(valueOf(await synth(folderless))).toBe('onewww');
    expect(valueOf(await synth(folderless))).toBe('onewww');
    expect(runs()).toBe(2);
    expect(warnings).toContain(
      'What the stack code gave cannot be kept (ENOTDIR): it is run again by the next command.',
    );
  });

  it('runs again where what was kept does not read', async () => {
    const { synth, runs, store } = await world();
    await synth();
    const [kept = ''] = await fs.readdir(store);
    await fs.writeFile(join(store, kept), '{"warnings":[],"stac');
    expect(valueOf(await synth())).toBe('onewww');
    expect(runs()).toBe(2);
  });
});

describe('what is proposed', () => {
  const stacks = (name: string): ReadonlyMap<string, JsonObject> => new Map([[name, { resource: {} }]]);
  const services = {
    git: { root: async () => '/' },
    reporter: fakeReporter(),
    synth: { synth: async () => stacks('run-now') },
    localSynth: { synthCached: async () => stacks('kept') },
  } as unknown as Services;

  it.each([
    ['cloudflare', ['run-now']],
    ['sandbox', ['kept']],
    ['decision', ['kept']],
  ] as const)('for %s is of %s', async (goesTo, expected) => {
    const { bundles } = await bundlesOfMerge(services, { from: 'tree' }, goesTo);
    expect([...bundles.keys()]).toEqual(expected);
  });
});
