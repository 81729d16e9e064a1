import { subjectOf } from '../../reading/estate-context.ts';
import { defineRule, finding, judgeEach } from '../../rule.ts';

export const planPlacesOwned = defineRule({
  id: 'plan-places-owned',
  title: 'Everything a change acts on belongs to a stack',
  area: 'plan',
  severity: 'deny',
  why: 'A zone, host or account that no register knows has no owner who could agree, no window and no tier.',
  fix: 'Add it to the service register of its owner first, in a pull request of its own: zones, zoneIds, hosts or account.cloudflareId.',
  since: '2026-11-29',
  source: 'Bypass list: production through staging',
  waivable: false,
  evaluate: ({ reach }) =>
    judgeEach(
      [...reach.beyond].filter(([, { nobodys }]) => nobodys.length > 0),
      'every place that is named belongs to a stack',
      ([change, { nobodys }]) =>
        finding(subjectOf(change), `acts on ${nobodys.join(', ')}`, 'places that a service register lists'),
    ),
});
