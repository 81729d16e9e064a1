import { describe, expect, it } from 'vitest';
import { fittedChange, isMarks } from '../../../scripts/plan/terraform/planned-marks.ts';
import { readTerraformPlan } from '../../../scripts/plan/terraform/plan.ts';
import type { Json, JsonObject } from '../../../scripts/plan/types.ts';

const policy = (include: Json): JsonObject => ({ id: 'p', name: 'n', decision: 'allow', include });
const staff: JsonObject = { email_domain: { domain: 'shop.example' } };

describe('marks and values that fit', () => {
  it('stay the same object', () => {
    const change: JsonObject = {
      after: policy([staff, null]),
      after_unknown: { include: [{}, true], session_duration: true },
    };
    expect(fittedChange(change)).toBe(change);
    const deleted: JsonObject = { after: null, after_unknown: false };
    expect(fittedChange(deleted)).toBe(deleted);
  });
});

describe('a mark where there is no value', () => {
  it.each<[string, JsonObject, Json, JsonObject, Json]>([
    [
      'behind the end of a list',
      policy([staff]),
      { include: [{}, true] },
      policy([staff, null]),
      { include: [{}, true] },
    ],
    [
      'behind the end of a list, and that by one',
      policy([]),
      { include: [{ email: { email: true } }, {}] },
      policy([null]),
      { include: [true] },
    ],
    ['inside a text', policy('x'), { include: [true] }, policy('x'), { include: true }],
    [
      'inside a list as if it were an object',
      policy([staff]),
      { include: { email: true } },
      policy([staff]),
      { include: true },
    ],
    ['inside what is not there', { id: 'p' }, { include: [{}, true] }, { id: 'p' }, { include: true }],
  ])('%s is not lost', (_, ...[after, marks, value, tree]) => {
    expect(fittedChange({ after, after_unknown: marks })).toMatchObject({
      after: value,
      after_unknown: tree,
    });
  });
});

describe('a tree of marks', () => {
  it('holds true and false and nothing else', () => {
    expect([{}, [], true, null, { a: [{}, false] }].every(isMarks)).toBe(true);
    expect(['yes', 1, { a: ['true'] }, [{ a: 0 }]].some(isMarks)).toBe(false);
  });
});

describe('a plan', () => {
  const plan = (change: JsonObject, format = '1.2'): JsonObject => ({
    format_version: format,
    terraform_version: '1.11.4',
    resource_changes: [
      {
        address: 'cloudflare_zero_trust_access_policy.p',
        mode: 'managed',
        type: 'cloudflare_zero_trust_access_policy',
        name: 'p',
        provider_name: 'registry.terraform.io/cloudflare/cloudflare',
        change,
      },
    ],
  });
  const read = (change: JsonObject, format?: string) => readTerraformPlan(plan(change, format), 'prod');

  it.each(['1.2', '1.9', '1.99'])('of format %s is read', (format) => {
    const update: JsonObject = { actions: ['update'], before: policy([staff]), after: policy([]) };
    expect(read(update, format).ok).toBe(true);
  });

  it.each(['2.0', '0.2', '10.1'])('of format %s is refused by its number', (format) => {
    const answer = read({ actions: ['update'], before: policy([staff]), after: policy([]) }, format);
    expect(JSON.stringify(answer)).toContain(format);
    expect(answer.ok).toBe(false);
  });

  it('lists an element that is known only after apply', () => {
    const answer = read({
      actions: ['update'],
      before: policy([staff]),
      after: policy([staff]),
      after_unknown: { include: [{}, true] },
    });
    const attributes = answer.ok ? answer.value.stacks[0]?.changes[0]?.attributes : [];
    expect(attributes).toMatchObject([{ kind: 'added', unknown: true }]);
  });

  it.each<[string, JsonObject]>([
    [
      'marks that are none',
      { actions: ['update'], before: policy([]), after: policy([]), after_unknown: 'yes' },
    ],
    [
      'an update without values after it',
      { actions: ['update'], before: policy([]), after: null, after_unknown: true },
    ],
    ['a creation without values', { actions: ['create'], before: null, after: null }],
    ['a deletion of nothing', { actions: ['delete'], before: null, after: null }],
  ])('with %s is refused', (_, change) => {
    expect(read(change).ok).toBe(false);
  });
});
