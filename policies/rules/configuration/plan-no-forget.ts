import { subjectOf } from '../../reading/estate-context.ts';
import { defineRule, finding, judgeEach } from '../../rule.ts';

export const planNoForget = defineRule({
  id: 'plan-no-forget',
  title: 'No resource is left behind unmanaged',
  area: 'plan',
  severity: 'deny',
  why: 'A forgotten resource stays live at Cloudflare and nobody is in control of it any more.',
  fix: 'Delete the resource, or say in a waiver who manages it from now on.',
  since: '2026-11-23',
  source: 'ISO 27001 A.8.32: changes stay traceable',
  waivable: true,
  evaluate: (context) =>
    judgeEach(
      context.index.changes.filter((change) => change.actions.includes('forget')),
      'nothing is forgotten',
      (change) =>
        finding(
          subjectOf(change),
          'it leaves the state and stays at Cloudflare',
          'it stays managed, or is deleted',
        ),
    ),
});
