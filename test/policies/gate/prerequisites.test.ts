/** What comes first is in force before a change is released; before the merge that is only said. */
import { describe, expect, it } from 'vitest';
import { laterOrder, openPrerequisites } from '../../../policies/gate/prerequisites.ts';
import type { Prerequisite } from '../../../policies/model/prerequisite.ts';
import { aPlan } from '../../builders/plan.ts';
import { atApply, check, decideApproved, text } from './approved.ts';

const first = 'CHG-2026-0030';
type State = NonNullable<Prerequisite['stacks']>[number]['state'];
const comesFirst = (...states: readonly State[]): Prerequisite => ({
  changeId: first,
  stacks: states.map((state, index) => ({ stack: ['acme-staging', 'acme-production'][index] ?? '', state })),
});
const unknown: Prerequisite = { changeId: first, stacks: null };

describe('what comes first', () => {
  it.each<[string, readonly Prerequisite[]]>([
    ['nothing', []],
    ['a change in force on all its stacks', [comesFirst('in-force', 'in-force')]],
    ['a decision that alters no stack', [comesFirst()]],
  ])('holds nothing back: %s', (_, given) => {
    expect(openPrerequisites(given)).toEqual([]);
    expect(laterOrder(given)).toBe('');
  });

  it('holds back where one of its stacks does not have it', () => {
    expect(openPrerequisites([comesFirst('in-force', 'not-released')])).toEqual([
      {
        text: `\`dependsOn\`: ${first} has to be in force before this change is released, and it is not released on acme-production`,
        next: `release ${first} first: sluice release --pr <its pull request>; sluice ledger show says what is live`,
      },
    ]);
  });

  it('holds back once it was rolled back, or when nobody knows it', () => {
    const [undone] = openPrerequisites([comesFirst('rolled-back')]);
    expect(undone?.text).toContain('and it was rolled back on acme-staging');
    expect(undone?.next).toContain(`take ${first} out of \`dependsOn\``);
    const [nobody] = openPrerequisites([unknown]);
    expect(nobody?.text).toContain(`names ${first}, which is not a change of the default branch`);
    expect(nobody?.next).toContain('delete the entry');
  });
});

describe('the gate', () => {
  const open = [comesFirst('in-force', 'not-released'), comesFirst('in-force')];

  it('denies the release, and says the order before the merge', () => {
    const denied = check(decideApproved(atApply({ prerequisites: open })), 'ledger');
    expect(denied.verdict).toBe('deny');
    expect(text(denied)).toContain('is not released on acme-production');
    const merge = check(decideApproved({ prerequisites: open }), 'ledger');
    expect(merge.verdict).toBe('allow');
    expect(merge.summary).toMatch(/; to be released after CHG-2026-0030, not in force yet$/);
  });

  it('lets the release through once everything is in force', () => {
    const now = check(decideApproved(atApply({ prerequisites: [comesFirst('in-force')] })), 'ledger');
    expect(now).toMatchObject({ verdict: 'allow', summary: expect.not.stringContaining('after') as string });
  });

  it('has no order for what releases nothing', () => {
    const same = `sha256:${'7'.repeat(64)}`;
    const plan = aPlan()
      .inStack('acme-production', { bundles: { before: same, after: same } })
      .build();
    const given = atApply({ prerequisites: open, plan });
    expect(text(check(decideApproved(given), 'ledger'))).not.toContain('dependsOn');
  });
});
