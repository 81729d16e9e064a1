import { defineRule, finding, judged, notApplicable } from '../../rule.ts';

export const planScopeSize = defineRule({
  id: 'plan-scope-size',
  title: 'A change is small enough to review',
  area: 'plan',
  severity: 'warn',
  why: 'In a change of a hundred resources the one that matters is overlooked.',
  fix: 'Split the change by zone or by purpose.',
  since: '2026-11-23',
  source: 'Thresholds maxZones and maxResources; bypass list B27',
  waivable: true,
  evaluate: ({ index, policy }) => {
    if (index.changes.length === 0) {
      return notApplicable('nothing changes');
    }
    const { maxZones, maxResources } = policy.thresholds;
    const zones = new Set(index.changes.map((change) => change.zone).filter((zone) => zone !== null)).size;
    return judged([
      ...(zones > maxZones ? finding('plan', `${zones} zones`, `at most ${maxZones} zones`) : []),
      ...(index.changes.length > maxResources
        ? finding('plan', `${index.changes.length} resources`, `at most ${maxResources} resources`)
        : []),
    ]);
  },
});
