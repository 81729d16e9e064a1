import type { ResourceChange } from '../../../scripts/plan/types.ts';
import { subjectOf } from '../../reading/estate-context.ts';
import { changesOf } from '../../reading/plan-index.ts';
import { defineRule, doubt, fine, finding, judgeEach } from '../../rule.ts';
import type { Judgement } from '../../rule.ts';
import { isReference, readList } from '../../reading/values.ts';
import { guardsOn, placesOf } from '../../reading/access/places.ts';
import type { Guards, AccessPlace } from '../../reading/access/places.ts';

export const accessKept = defineRule({
  id: 'access-kept',
  title: 'Access stays in front of applications',
  area: 'estate',
  severity: 'deny',
  why: 'Removing an Access application, one of its hosts or paths, or the last of its policies, removes the login in front of it.',
  fix: 'Retire the application behind it first, and show that in the record, or ask security for a waiver.',
  since: '2026-11-23',
  source: 'Cloudflare documentation of Access applications',
  protects: 'security',
  waivable: true,
  evaluate: (context) => {
    const guards = guardsOn('after', context.estate);
    return judgeEach(
      changesOf(context.index, 'cloudflare_zero_trust_access_application').filter(
        (change) => change.before !== null,
      ),
      'no existing Access application changes',
      (change) => judge(change, guards),
    );
  },
});

function judge(change: ResourceChange, guards: Guards): Judgement {
  const places = placesOf(change, 'before');
  const lost = places.filter((place) => guards(place) === null);
  if (change.after === null) {
    // What another application stands in front of is compared by the rule access-not-widened.
    return lost.length === 0
      ? fine
      : finding(
          subjectOf(change),
          'the Access application is removed',
          'the application stays behind Access',
        );
  }
  return [...judgePlaces(change, lost), ...judgePolicies(change)];
}

function judgePlaces(change: ResourceChange, lost: readonly AccessPlace[]): Judgement {
  if (lost.length === 0) {
    return fine;
  }
  const more = lost.length > 3 ? ` and ${lost.length - 3} more` : '';
  const named = `${lost
    .slice(0, 3)
    .map(({ text }) => text)
    .join(', ')}${more}`;
  return placesOf(change, 'after').some(({ text }) => isReference(text))
    ? doubt(subjectOf(change, 'domain'), `whether ${named} stays behind Access is known only after apply`)
    : finding(
        subjectOf(change, 'domain'),
        `${named} is no longer behind Access`,
        'every host and path stays behind Access',
      );
}

function judgePolicies(change: ResourceChange): Judgement {
  const before = readList(change, 'before', ['policies']);
  const after = readList(change, 'after', ['policies']);
  if (after === null) {
    return doubt(subjectOf(change, 'policies'), 'its policies are known only after apply');
  }
  const hadPolicies = before === null || before.length > 0;
  return hadPolicies && after.length === 0
    ? finding(subjectOf(change, 'policies'), 'its last policy is removed', 'at least one policy')
    : fine;
}
