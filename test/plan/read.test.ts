import { describe, expect, it } from 'vitest';

import { effectDigest } from '../../scripts/plan/digest.ts';
import { readConfiguration } from '../../scripts/plan/terraform/configuration.ts';
import { readPlan } from '../../scripts/plan/read.ts';
import schema from '../../scripts/plan/plan.schema.json' with { type: 'json' };
import type { Json, Plan } from '../../scripts/plan/types.ts';
import { fixture, fixtureNames, planOf } from './configurations.ts';

const plan = planOf(fixture('edge-with-variables', 'before'), fixture('edge-with-variables', 'after'));
const plain = JSON.parse(JSON.stringify(plan)) as Plan;

const updated = plain.stacks[0]?.changes.findIndex(({ actions }) => actions[0] === 'update') ?? -1;

/** A copy with the value at a path replaced. */
function having(path: readonly (string | number)[], value: Json): unknown {
  const copy = structuredClone(plain) as unknown;
  let place = copy as Record<string | number, unknown>;
  for (const step of path.slice(0, -1)) {
    place = place[step] as Record<string | number, unknown>;
  }
  place[path.at(-1) ?? ''] = value;
  return copy;
}

function refused(document: unknown): string {
  const result = readPlan(document);
  return result.ok ? 'accepted' : result.diagnostics.map((item) => item.message).join('; ');
}

describe('readPlan', () => {
  it.each(fixtureNames)('reads back the plan of %s with the same digest', (name) => {
    const written = planOf(fixture(name, 'before'), fixture(name, 'after'));
    const result = readPlan(JSON.parse(JSON.stringify(written)));
    expect(result.ok && effectDigest(result.value)).toBe(effectDigest(written));
  });

  it.each<[string, unknown, string]>([
    ['another document', { kind: 'sluice.facts' }, 'this is not a Sluice plan'],
    ['a Terraform plan', { format_version: '1.2' }, 'this is not a Sluice plan'],
    ['a newer version', having(['version'], 2), 'the plan has version 2, which this Sluice cannot read'],
    ['an unknown key at the top', having(['extra'], 1), 'must NOT have additional properties'],
    [
      'an unknown key in a change',
      having(['stacks', 0, 'changes', 0, 'approved'], true),
      '/stacks/0/changes/0',
    ],
    [
      'an unknown key in an attribute',
      having(['stacks', 0, 'changes', 0, 'attributes', 0, 'x'], 1),
      'attributes/0',
    ],
    ['an unknown key in the settings', having(['stacks', 0, 'settings', 'after', 'x'], 1), 'settings/after'],
    ['an unknown action', having(['stacks', 0, 'changes', 0, 'actions'], ['explode']), 'actions/0'],
    [
      'an unknown combination',
      having(['stacks', 0, 'changes', 0, 'actions'], ['update', 'delete']),
      'is not known',
    ],
    ['a missing part', having(['stacks', 0, 'changes', 0, 'attributes'], null), 'must be array'],
    ['a digest of another form', having(['stacks', 0, 'bundles', 'after'], 'md5:x'), 'bundles/after'],
    [
      'a change of another stack',
      having(['stacks', 0, 'changes', 0, 'stack'], 'other'),
      'belongs to another stack',
    ],
    [
      'a replacement without the old object',
      having(['stacks', 0, 'changes', updated, 'before'], null),
      'without a side before',
    ],
    [
      'a creation of what exists',
      having(['stacks', 0, 'changes', updated, 'actions'], ['create']),
      'of something that exists before',
    ],
    [
      'a stack twice',
      having(['stacks'], [plain.stacks[0], plain.stacks[0]] as unknown as Json),
      'sorted by name, each once',
    ],
  ])('refuses %s', (_name, document, message) => {
    expect(refused(document)).toContain(message);
  });

  it('deep nesting is a message, not a crash', () => {
    const deep = JSON.parse(`${'['.repeat(10_000)}${']'.repeat(10_000)}`) as Json;
    expect(refused(having(['stacks', 0, 'changes', 0, 'before'], { deep }))).toContain('nests deeper');
  });

  it('the schema allows no unknown key anywhere but in the values of resources', () => {
    const open: string[] = [];
    const visit = (node: unknown, path: string): void => {
      if (typeof node === 'object' && node !== null) {
        const { properties, additionalProperties } = node as Record<string, unknown>;
        if (properties !== undefined && !path.endsWith('/properties') && additionalProperties !== false) {
          open.push(path);
        }
        Object.entries(node).forEach(([key, value]) => visit(value, `${path}/${key}`));
      }
    };
    visit(schema, '');
    expect(open).toEqual([]);
  });
});

const problems = (document: unknown): string => {
  const result = readConfiguration(document, 'x.tf.json');
  return result.ok ? 'accepted' : result.diagnostics.map((item) => item.message).join('; ');
};

describe('readConfiguration', () => {
  it.each(fixtureNames)('accepts %s', (name) => {
    expect(problems(fixture(name, 'after'))).toBe('accepted');
  });

  it.each<[string, unknown, string]>([
    ['a list', [], 'this is not a Terraform configuration'],
    ['a plan', { format_version: '1.2', resource_changes: [] }, 'this is a Terraform plan'],
    ['a state', { serial: 1, lineage: 'x' }, 'this is a Terraform state file'],
    ['a bundle', { kind: 'sluice.bundle' }, 'a document of Sluice'],
    ['an unknown block', { resources: {} }, 'unknown top-level block "resources"'],
    ['resources that are not object', { resource: 'x' }, '"resource" must be an object of types'],
    ['names that are not object', { resource: { a_b: 1 } }, '"resource.a_b" must be an object of names'],
    [
      'a body that is not an object',
      { resource: { a_b: { c: 'x' } } },
      '"resource.a_b.c" must be an object of arguments',
    ],
    ['an address twice', { resource: { a_b: { c: [{ x: 1 }, { x: 2 }] } } }, 'a_b.c is declared twice'],
    [
      'deep nesting',
      JSON.parse(`{"locals":{"a":${'['.repeat(10_000)}${']'.repeat(10_000)}}}`),
      'nests deeper than 200',
    ],
  ])('refuses %s', (_name, document, message) => {
    expect(problems(document)).toContain(message);
  });
});
