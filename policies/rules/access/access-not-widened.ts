import type { ResourceChange } from '../../../scripts/plan/types.ts';
import { isChanged, placeChanges } from '../../reading/access/applications.ts';
import type { PlaceChange } from '../../reading/access/applications.ts';
import { compareEntry, entryLines } from '../../reading/access/entry.ts';
import { groupType, policiesOf, policyType } from '../../reading/access/policies.ts';
import type { AccessPolicyReading } from '../../reading/access/policies.ts';
import { chosenIn } from '../../reading/access/selectors.ts';
import type { RuleContext } from '../../model/finding.ts';
import { subjectOf } from '../../reading/estate-context.ts';
import { defineRule, doubt, fine, finding, judged, notApplicable } from '../../rule.ts';
import type { Judgement } from '../../rule.ts';

export const accessNotWidened = defineRule({
  id: 'access-not-widened',
  title: 'Access lets in nobody who was kept out',
  area: 'estate',
  severity: 'deny',
  why: 'An application is as open as all of its policies in their order: attaching one, moving it up or widening it opens the door.',
  fix: 'Keep denials before what they narrow and leave open policies to single paths of their own; else ask security for a waiver.',
  since: '2026-11-30',
  source:
    'Cloudflare documentation of Access policies: order of execution, reusable policies, application paths',
  protects: 'security',
  waivable: true,
  evaluate: (context) => {
    const pairs = pairsOf(context);
    return pairs.length === 0
      ? notApplicable('no Access application, and no policy or group of one, changes')
      : judged(onePerSubject(pairs.flatMap((pair) => judge(pair, context))));
  },
});

/** A policy of many applications is said once, with the first of them. */
function onePerSubject(judgement: Judgement): Judgement {
  const counts = new Map<string, number>();
  for (const { subject } of judgement) {
    counts.set(subject, (counts.get(subject) ?? 0) + 1);
  }
  const firsts = new Map(judgement.toReversed().map((one) => [one.subject, one]));
  return [...counts].flatMap(([subject, count]) => {
    const first = firsts.get(subject);
    return first === undefined ? [] : [count === 1 ? first : withMore(first, count - 1)];
  });
}

function withMore(one: Judgement[number], more: number): Judgement[number] {
  const rest = `; and of ${more} more`;
  return 'doubt' in one ? { ...one, doubt: `${one.doubt}${rest}` } : { ...one, seen: `${one.seen}${rest}` };
}

interface PolicyPair {
  readonly before: ResourceChange | null;
  readonly after: ResourceChange;
  /** Places that it is about. */
  readonly places: readonly string[];
}

/** Places under the same two applications are judged once. */
function pairsOf({ estate }: RuleContext): readonly PolicyPair[] {
  const pairs = new Map<string, PolicyPair>();
  for (const change of placeChanges(estate)) {
    const pair = paired(change);
    if (pair !== null) {
      const key = [pair.before, pair.after].map((one) => (one === null ? '' : subjectOf(one))).join(' ');
      pairs.set(key, { ...pair, places: [...(pairs.get(key)?.places ?? []), ...pair.places] });
    }
  }
  return [...pairs.values()];
}

/** What is behind nothing any more is for the rule `access-kept`. */
function paired({ place, before, after }: PlaceChange): PolicyPair | null {
  return after === null ? null : { before, after, places: [place.text] };
}

function judge(pair: PolicyPair, context: RuleContext): Judgement {
  const { estate } = context;
  const is = policiesOf(pair.after, 'after', estate);
  const was = pair.before === null ? null : policiesOf(pair.before, 'before', estate);
  const subject = subjectOf(pair.after, 'policies');
  if (is === null) {
    return doubt(subject, 'which policies it has is known only after apply');
  }
  if (pair.before === null) {
    return attachedOpen(pair, is);
  }
  const found = was === null ? null : compareEntry(was, is);
  if (found === null || found.kind === 'unknown') {
    return doubt(
      causeOf(pair, is, context),
      `who may enter ${named(pair)} cannot be told: ${found?.why ?? 'its policies were not known'}`,
    );
  }
  return found.kind === 'same-or-fewer'
    ? fine
    : finding(
        causeOf(pair, is, context),
        `${found.who} may now enter ${named(pair)} ${found.way}`,
        'nobody enters who was kept out, or is let in with less asked',
        { sides: { before: entryLines(was ?? []), after: entryLines(is) } },
      );
}

/** A new application that a policy from elsewhere opens; one that is written or changed here is judged where it is. */
function attachedOpen(pair: PolicyPair, policies: readonly AccessPolicyReading[]): Judgement {
  return policies.flatMap((policy) => {
    const isElsewhere = policy.source !== null && policy.source !== pair.after && !isChanged(policy.source);
    const isOpen = policy.decision === 'bypass' || (policy.decision !== 'deny' && includesEveryone(policy));
    return isElsewhere && isOpen
      ? finding(
          subjectOf(pair.after, 'policies'),
          `is opened by the policy ${policy.name} (${entryLines([policy]).join('')})`,
          'policies that name people, groups or tokens',
        )
      : fine;
  });
}

function includesEveryone({ include }: AccessPolicyReading): boolean {
  return include.some((element) => chosenIn(element).some(([kind]) => kind === 'everyone'));
}

function named({ places }: PolicyPair): string {
  const more = places.length - 2;
  return `${places.slice(0, 2).join(', ')}${more > 0 ? ` and ${more} more places` : ''}`;
}

/** The application where it changes itself, else the policy or the group that changes. */
function causeOf(
  pair: PolicyPair,
  policies: readonly AccessPolicyReading[],
  { estate }: RuleContext,
): string {
  if (isChanged(pair.after)) {
    return subjectOf(pair.after, 'policies');
  }
  const source = policies.find((policy) => policy.source !== null && isChanged(policy.source))?.source;
  const cause = source ?? [...estate.all(groupType), ...estate.all(policyType)].find(isChanged);
  return subjectOf(cause ?? pair.before ?? pair.after);
}
