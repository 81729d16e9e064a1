import { subjectOf } from '../../reading/estate-context.ts';
import { defineRule, doubt, judgeEach } from '../../rule.ts';

export const planPlacesKnown = defineRule({
  id: 'plan-places-known',
  title: 'It can be told what a change acts on',
  area: 'plan',
  severity: 'deny',
  why: "A host or zone that is known only after apply may be anybody's; until then it counts as production.",
  fix: 'Write the host, or refer to the zone of the own stack. If that is not possible, somebody who has looked waives it.',
  since: '2026-11-29',
  source: 'Bypass list: production through staging',
  waivable: true,
  evaluate: ({ reach }) =>
    judgeEach(
      [...reach.beyond].filter(([, { unknown }]) => unknown.length > 0),
      'every place that is named is known',
      ([change, { unknown }]) =>
        doubt(subjectOf(change), `it acts on what is not known before apply: ${unknown.join(', ')}`),
    ),
});
