/** Validators that are made when the command line is bundled say what those say that are compiled when they are needed. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { build } from 'esbuild';
import { afterAll, beforeAll, expect, it } from 'vitest';
import ajvOptions from '../../scripts/read/schema/ajv-options.json' with { type: 'json' };

const root = new URL('../..', import.meta.url).pathname;
// Among the packages that it imports.
const bundle = join(root, 'dist', `validators-${String(process.pid)}.mjs`);
let prepared: Readonly<Record<string, ValidateFunction>> = {};

beforeAll(async () => {
  const path = pathToFileURL(join(root, 'scripts/build/validators.mjs')).href;
  const { preparedValidators } = (await import(path)) as {
    readonly preparedValidators: (
      folder: string,
    ) => NonNullable<Parameters<typeof build>[0]['plugins']>[number];
  };
  await build({
    absWorkingDir: root,
    entryPoints: ['scripts/read/schema/prepared.ts'],
    outfile: bundle,
    bundle: true,
    packages: 'external',
    format: 'esm',
    platform: 'node',
    logLevel: 'error',
    plugins: [preparedValidators(root.replace(/\/$/, ''))],
  });
  const made = (await import(pathToFileURL(bundle).href)) as { readonly prepared: typeof prepared };
  ({ prepared } = made);
});
afterAll(() => rmSync(bundle, { force: true }));

const schemas = ['changes', 'policies/schemas', 'scripts', 'stacks/clients'].flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.schema.json') && !name.endsWith('facts.schema.json'))
    .map((name) => `${folder}/${name}`),
);

const documents = [
  {},
  null,
  [],
  { apiVersion: 'sluice/v1', kind: 'Change', id: 7, title: '', steps: [{}], at: 'yesterday' },
  { kind: 'sluice.plan', version: 1, source: 'elsewhere', stacks: [{ stack: 7, changes: [{}] }] },
];

it.each(schemas)('%s', (path) => {
  const schema = JSON.parse(readFileSync(join(root, path), 'utf8')) as object;
  const made = prepared[createHash('sha256').update(JSON.stringify(schema)).digest('hex')];
  const ajv = new Ajv2020(ajvOptions);
  addFormats.default(ajv, { mode: 'full' });
  ajv.addVocabulary(['x-fix', 'x-expected']);
  const compiled = ajv.compile(schema);
  for (const document of documents) {
    expect(made?.(document)).toBe(compiled(document));
    expect(made?.errors).toEqual(compiled.errors);
  }
  expect(compiled.errors).not.toBeNull();
});
