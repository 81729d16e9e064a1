/** What of a plan counts as a change, and how the changes are grouped. */
import { describe, expect, it } from 'vitest';
import { dnsChangesOf, indexPlan, subjectsOfForgotten } from '../../../policies/reading/plan-index.ts';
import type { PlanIndex } from '../../../policies/reading/plan-index.ts';
import { unseenSettings } from '../../../policies/reading/stack-settings.ts';
import type { Action, Lifecycle, ResourceChange } from '../../../scripts/plan/types.ts';
import { aDnsRecord, aPlan } from '../../builders/plan.ts';

const address = 'cloudflare_dns_record.it';

function indexOf(actions: readonly Action[], parts: Partial<ResourceChange> = {}): PlanIndex {
  const { address: _, actions: __, ...rest } = { address, actions, ...parts };
  return indexPlan(aPlan().changing(address, actions, rest).build());
}

describe('a change', () => {
  it.each<[readonly Action[], boolean, boolean]>([
    [['create'], true, false],
    [['update'], true, false],
    [['delete'], true, true],
    [['delete', 'create'], true, true],
    [['create', 'delete'], true, true],
    [['forget'], true, false],
    [['no-op'], false, false],
    [['read'], false, false],
    [['read', 'update'], true, false],
    [['no-op', 'read'], false, false],
  ])('%j counts: %s, as a removal: %s', (actions, counts, removes) => {
    const index = indexOf(actions);
    expect(index.changes).toHaveLength(counts ? 1 : 0);
    expect(index.removals).toHaveLength(removes ? 1 : 0);
    expect(index.changedStacks).toEqual(counts ? ['acme-production'] : []);
    expect(index.byType.get('cloudflare_dns_record') ?? []).toHaveLength(counts ? 1 : 0);
  });

  it('of data is none', () => {
    expect(indexOf(['create'], { mode: 'data' }).changes).toEqual([]);
    expect(indexOf(['read'], { mode: 'data' }).changes).toEqual([]);
  });

  it('leaves the state as a forgotten one', () => {
    expect(subjectsOfForgotten(indexOf(['forget']))).toEqual([`acme-production/${address}`]);
    expect(subjectsOfForgotten(indexOf(['delete']))).toEqual([]);
  });
});

describe('a lifecycle that asks for something', () => {
  const plain: Lifecycle = { preventDestroy: false, createBeforeDestroy: true, ignoreChanges: [] };
  const guarding: Lifecycle = { ...plain, preventDestroy: true };
  const ignoring: Lifecycle = { ...plain, ignoreChanges: ['ttl'] };

  it.each<[string, Lifecycle | null, Lifecycle | null, boolean]>([
    ['is one that was guarded', guarding, null, true],
    ['is one that will ignore changes', null, ignoring, true],
    ['is none that will be guarded', plain, guarding, false],
    ['is none that ignored changes', ignoring, plain, false],
    ['is none that says nothing', plain, plain, false],
    ['is none without a lifecycle', null, null, false],
  ])('%s', (_, before, after, expected) => {
    expect(indexOf(['update'], { lifecycle: { before, after } }).guarded).toHaveLength(expected ? 1 : 0);
    expect(indexOf(['no-op'], { lifecycle: { before, after } }).guarded).toHaveLength(expected ? 1 : 0);
  });
});

it('the stacks that change come sorted', () => {
  const plan = aPlan().creating(address).inStack('acme-staging').creating(address).build();
  const turned = { ...plan, stacks: plan.stacks.toReversed() };
  expect(indexPlan(turned).changedStacks).toEqual(['acme-production', 'acme-staging']);
});

it('a record that changes its type comes once, and is found under both', () => {
  const plan = aPlan()
    .updating(address, aDnsRecord({ type: 'a' }), aDnsRecord({ type: 'CNAME' }))
    .build();
  const index = indexPlan(plan);
  expect(dnsChangesOf(index, 'A', 'CNAME')).toEqual(index.changes);
  expect(dnsChangesOf(index, 'A')).toEqual(index.changes);
  expect(dnsChangesOf(index, 'CNAME')).toEqual(index.changes);
  expect(dnsChangesOf(index, 'MX')).toEqual([]);
});

describe('settings that are missing', () => {
  const stacksOf = (plan: ReturnType<typeof aPlan>) =>
    unseenSettings(plan.withSettings({ after: null }).build());

  it('are a doubt as soon as one resource will be there', () => {
    expect(stacksOf(aPlan().deleting(address).creating(address))).toMatchObject([
      { subject: 'acme-production' },
    ]);
    expect(stacksOf(aPlan().deleting(address))).toEqual([]);
    expect(stacksOf(aPlan())).toEqual([]);
    expect(unseenSettings(aPlan().creating(address).build())).toEqual([]);
  });
});
