/** An approval is good for one effect on each stack: what is left of it after the releases that were made. */
import { describe, expect, it } from 'vitest';
import { doneOn, spentProblems } from '../../../policies/gate/approval-use.ts';
import type { ApprovalUse } from '../../../policies/model/approval-use.ts';
import { check, decideApproved, text } from './approved.ts';

const change = 'CHG-2026-0042';
const use = (stack: string, became: ApprovalUse['became'], by: string | null = null): ApprovalUse => ({
  stack,
  release: `${stack}-0003`,
  became,
  by,
});
const both = ['acme-production', 'acme-staging'];
const said = (uses: readonly ApprovalUse[], stacks: readonly string[], id: string | null = change) =>
  spentProblems(id, uses, stacks).map((problem) => problem.text);

describe('an approval', () => {
  it.each<[string, readonly ApprovalUse[], readonly string[]]>([
    ['nothing was released', [], both],
    ['one of two stacks is left', [use('acme-staging', 'in-force')], both],
    ['another stack is left', [use('acme-staging', 'in-force')], ['acme-production']],
    ['it is released to no stack at all', [], []],
    ['it is released to no stack any more', [use('acme-staging', 'in-force')], []],
  ])('is good while %s', (_, uses, stacks) => {
    expect(said(uses, stacks)).toEqual([]);
  });

  it('is used up once every stack has got it', () => {
    const uses = both.map((stack) => use(stack, 'in-force'));
    expect(spentProblems(change, uses, both)).toEqual([
      {
        text: `${change} was released already, to acme-production as acme-production-0003, acme-staging as acme-staging-0003: its approvals are used up`,
        next: 'leave it as it was released; for another change: sluice new',
      },
    ]);
    expect(said(uses, both, null)[0]).toMatch(/^the change was released already/);
  });

  it.each<[string, ApprovalUse, string]>([
    ['was rolled back', use('acme-staging', 'rolled-back', 'R0009'), 'rolled back by R0009'],
    ['was rolled back by nobody knows what', use('acme-staging', 'rolled-back'), 'rolled back by a rollback'],
    ['was followed by another', use('acme-staging', 'superseded', 'R0010'), 'followed by R0010'],
    ['was followed, by what is not known', use('acme-staging', 'superseded'), 'followed by another release'],
  ])('is used up everywhere once a release of it %s', (_, over, how) => {
    const uses = [use('acme-production', 'in-force'), over];
    expect(spentProblems(change, uses, ['acme-live'])).toEqual([
      {
        text: `${change} was released to acme-staging as acme-staging-0003 and ${how}: its approvals are used up`,
        next: `write a record of its own that names the old one: sluice retry ${change}`,
      },
    ]);
  });

  it('is done where its release is the last word, and nowhere else', () => {
    const uses = [
      use('acme-production', 'in-force'),
      use('acme-staging', 'rolled-back'),
      use('acme-live', 'superseded'),
    ];
    expect([...doneOn(uses)]).toEqual([['acme-production', 'acme-production-0003']]);
  });

  it('opens the gate for its change only while it is not used up', () => {
    const ledger = (uses: readonly ApprovalUse[]) => check(decideApproved({ uses }), 'ledger');
    expect(ledger([]).verdict).toBe('allow');
    expect(ledger([use('acme-staging', 'in-force')]).verdict).toBe('allow');
    expect(ledger([use('acme-production', 'in-force')]).verdict).toBe('deny');
    expect(text(ledger([use('acme-staging', 'rolled-back', 'R0009')]))).toContain('rolled back by R0009');
  });
});
