/**
 * The published schemas, as an editor or another program uses them: compiled by a stock validator, and every example in
 * the repository accepted. What our own readers say about documents is tested with them.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { ValidateFunction } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { diffBundles, assemblePlan } from '../scripts/plan/difference/diff.ts';
import { canonicalBundle } from '../scripts/plan/bundle.ts';
import { readTerraformPlan } from '../scripts/plan/terraform/plan.ts';
import type { Bundle, JsonObject, Plan } from '../scripts/plan/types.ts';
import { readRecord } from '../scripts/read/record/record.ts';
import { someFacts } from './builders/facts.ts';

const root = new URL('..', import.meta.url).pathname;
const folders = ['changes', 'policies', 'scripts', 'stacks'] as const;

function filesBelow(folder: string, pattern: RegExp): readonly string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && pattern.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length))
    .toSorted();
}

function readJson(path: string): JsonObject {
  return JSON.parse(readFileSync(join(root, path), 'utf8')) as JsonObject;
}

/** As an editor reads it: times stay texts. */
function readYaml(path: string): unknown {
  return parse(readFileSync(join(root, path), 'utf8'));
}

const schemas: ReadonlyMap<string, JsonObject> = new Map(
  folders.flatMap((folder) => filesBelow(folder, /\.schema\.json$/)).map((path) => [path, readJson(path)]),
);

function idOf(path: string): string {
  const id = schemas.get(path)?.['$id'];
  return typeof id === 'string' ? id : '';
}

function validatorOf(path: string): ValidateFunction {
  const ajv = new Ajv2020({
    allErrors: true,
    strict: true,
    // A branch may ask for a property, or narrow a value, that is declared one level up.
    strictRequired: false,
    strictTypes: false,
    allowUnionTypes: true,
  });
  addFormats.default(ajv, { mode: 'full' });
  ajv.addVocabulary(['x-fix', 'x-expected']);
  ajv.addSchema([...schemas.values()]);
  const validate = ajv.getSchema(idOf(path));
  if (validate === undefined) {
    throw new Error(`${path} is not found under its own id`);
  }
  return validate;
}

function problems(path: string, document: unknown): readonly string[] {
  const validate = validatorOf(path);
  validate(document);
  return (validate.errors ?? []).map((error) => `${error.instancePath} ${error.message ?? error.keyword}`);
}

function bundleFrom(path: string): Bundle {
  return canonicalBundle('example', readJson(path));
}

function planFrom(before: string): Plan {
  const after = before.replace('before.tf.json', 'after.tf.json');
  const stack = diffBundles({ stack: 'example', before: bundleFrom(before), after: bundleFrom(after) });
  return assemblePlan([stack], 'configuration');
}

describe.each([...schemas])('%s', (path, schema) => {
  it('compiles in strict mode, with the schemas it refers to', () => {
    expect(validatorOf(path)).toBeTypeOf('function');
  });

  it('names its dialect, itself and its subject', () => {
    expect(schema['$schema']).toBe('https://json-schema.org/draft/2020-12/schema');
    expect(idOf(path)).toMatch(/^https:\/\/sluice\.example\/schemas\/[\w.-]+\.json$/);
    expect(schema['title']).toMatch(/\w{4}/);
  });

  it('refuses a document that is nothing', () => {
    expect(problems(path, {})).not.toEqual([]);
    expect(problems(path, null)).not.toEqual([]);
  });
});

describe('the schemas', () => {
  it('are all there, each under an id of its own', () => {
    const ids = [...schemas.keys()].map(idOf);
    expect(schemas.size).toBeGreaterThanOrEqual(11);
    expect(new Set(ids).size).toBe(schemas.size);
  });
});

describe('examples', () => {
  it.each(filesBelow('changes', /^CHG-.*\.yaml$/))('%s is a change record', (path) => {
    expect(problems('changes/record.schema.json', readYaml(path))).toEqual([]);
  });

  it.each(filesBelow('stacks/clients', /^service\.yaml$/))('%s is a service register', (path) => {
    expect(problems('stacks/clients/service.schema.json', readYaml(path))).toEqual([]);
  });

  it.each(filesBelow('stacks/clients', /\.yaml$/).filter((path) => path.includes('/traffic/')))(
    '%s is a file of must-pass cases',
    (path) => {
      expect(problems('stacks/clients/traffic-cases.schema.json', readYaml(path))).toEqual([]);
    },
  );

  it.each(filesBelow('policies', /\.yaml$/))('%s follows the schema of its name', (path) => {
    expect(problems(`policies/schemas/${basename(path, '.yaml')}.schema.json`, readYaml(path))).toEqual([]);
  });

  it.each(filesBelow('test/fixtures/plans', /^plan\.json$/))('%s becomes a plan', (path) => {
    const plan = readTerraformPlan(readJson(path), 'example');
    expect(plan.ok && problems('scripts/plan/plan.schema.json', plan.value)).toEqual([]);
  });

  const configurations = filesBelow('test/fixtures/configurations', /^before\.tf\.json$/);

  it.each(configurations)('%s and its after make a plan', (path) => {
    const plan = planFrom(path);
    expect(plan.stacks[0]?.changes.length).toBeGreaterThan(0);
    expect(problems('scripts/plan/plan.schema.json', plan)).toEqual([]);
  });

  it.each(configurations)('facts of a decision about %s are facts, and one field more is refused', (path) => {
    const file = 'changes/acme/CHG-2026-0003.yaml';
    const record = readRecord(readFileSync(join(root, file), 'utf8'), file);
    expect(record.ok).toBe(true);
    const records = record.ok ? [record.value] : [];
    const facts = JSON.parse(JSON.stringify({ ...someFacts(), records, plan: planFrom(path) })) as JsonObject;
    expect(problems('policies/schemas/facts.schema.json', facts)).toEqual([]);
    expect(problems('policies/schemas/facts.schema.json', { ...facts, approved: true })).not.toEqual([]);
  });
});
