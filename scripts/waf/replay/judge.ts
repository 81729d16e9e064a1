/** What a change of rules means for one request. */
import { requestFields } from '../evaluate/request.ts';
import type { RecordedRequest } from '../evaluate/request.ts';
import { defaultSettings } from '../evaluate/compile.ts';
import { compileRulesets } from '../rulesets/ruleset-run.ts';
import type { RequestOutcome, RequestRunner, RequestVerdict } from '../rulesets/ruleset-run.ts';
import type { RequestFields } from '../evaluate/runtime.ts';
import type { VerdictChange } from './types.ts';
import type { ZoneReplay, ZoneSide } from './zone-rules.ts';

export interface RuleName {
  readonly rule: string;
  readonly ruleset: string;
}

export interface JudgedRequest {
  readonly change: VerdictChange;
  readonly before: RequestVerdict;
  readonly after: RequestVerdict;
  /** The rule that answers for the change; null when nothing changed. */
  readonly responsible: RuleName | null;
  /** The change would not be there if the rules had kept their old order. */
  readonly onlyByOrder: boolean;
  /** The change, or that there is none, depends on what `ne` says about a missing value. */
  readonly flips: boolean;
  /** A rate limit counts the request that did not before. */
  readonly newlyCounted: boolean;
  /** Managed rulesets and rate limits that looked at the request and do not any more, though it still gets there. */
  readonly lost: readonly string[];
  /** What would have to be known; empty unless undecidable. */
  readonly causes: readonly string[];
}

/** A zone without rules lets everything through. */
const runNothing: RequestRunner = compileRulesets([], defaultSettings);

const none: readonly string[] = [];

/** Judges one request for a zone. A zone that a side does not have lets everything through on that side. */
export function judgeRequest(zone: ZoneReplay, request: RecordedRequest): JudgedRequest {
  const fields = requestFields(request);
  const before = (zone.before?.run ?? runNothing)(fields);
  if (zone.isSame) {
    return unchanged(before, before);
  }
  const after = (zone.after?.run ?? runNothing)(fields);
  const change = changeBetween(zone, before, after);
  const flips = flipsWithMissing(zone, fields, change);
  if (change === 'unchanged') {
    return { ...unchanged(before, after), flips };
  }
  return {
    change,
    before,
    after,
    responsible: responsibleFor(zone, change, before, after),
    onlyByOrder: isOnlyByOrder(zone, fields, { before, change }),
    flips,
    newlyCounted: isNewlyCounted(before, after),
    lost: lostBetween(before, after),
    causes: change === 'undecidable' ? [...new Set([...before.causes, ...after.causes])].toSorted() : none,
  };
}

function unchanged(before: RequestVerdict, after: RequestVerdict): JudgedRequest {
  return {
    change: 'unchanged',
    before,
    after,
    responsible: null,
    onlyByOrder: false,
    flips: false,
    newlyCounted: before !== after && isNewlyCounted(before, after),
    lost: before === after ? none : lostBetween(before, after),
    causes: none,
  };
}

/** What a verdict does, in one word: an action, `pass`, or `unknown`. */
export function actionOf({ outcome }: RequestVerdict): string {
  return outcome === null ? 'unknown' : (outcome.action ?? outcome.effect);
}

function changeBetween(zone: ZoneReplay, before: RequestVerdict, after: RequestVerdict): VerdictChange {
  if (before.outcome === null || after.outcome === null) {
    return isSameOpenQuestion(zone, before, after) ? 'unchanged' : 'undecidable';
  }
  return changeOf(zone, before.outcome, after.outcome);
}

function changeOf(zone: ZoneReplay, before: RequestOutcome, after: RequestOutcome): VerdictChange {
  if (before.effect === after.effect && before.action === after.action) {
    return answersTheSame(zone, before, after) ? 'unchanged' : 'changed-action';
  }
  if (after.effect === 'block') {
    return 'newly-blocked';
  }
  if (after.effect === 'challenge' && before.effect !== 'challenge' && before.effect !== 'block') {
    return 'newly-challenged';
  }
  return after.effect === 'pass' && before.effect !== 'redirect' ? 'newly-allowed' : 'changed-action';
}

/** A block is a block whichever rule gives it; a redirect or an error page is what its rule makes of it. */
function answersTheSame(zone: ZoneReplay, before: RequestOutcome, after: RequestOutcome): boolean {
  return before.effect === 'redirect' || before.effect === 'serve-error'
    ? contentOf(zone.before, before) === contentOf(zone.after, after)
    : true;
}

function contentOf(
  side: ZoneSide | null,
  { rule, ruleset }: Pick<RequestOutcome, 'rule' | 'ruleset'>,
): string | null {
  return side?.contents.get(`${ruleset ?? ''}#${rule ?? ''}`) ?? null;
}

/**
 * A request that nobody can tell for is still unchanged when the same rules, unchanged themselves, leave it open on both
 * sides: whatever they answer, they answer it twice.
 */
function isSameOpenQuestion(zone: ZoneReplay, before: RequestVerdict, after: RequestVerdict): boolean {
  if (before.matched.length !== after.matched.length) {
    return false;
  }
  return before.matched.every((was, at) => {
    const now = after.matched[at];
    return (
      now !== undefined &&
      was.rule === now.rule &&
      was.ruleset === now.ruleset &&
      (was.unknownBecause === null) === (now.unknownBecause === null) &&
      contentOf(zone.before, was) !== null &&
      contentOf(zone.before, was) === contentOf(zone.after, now)
    );
  });
}

function flipsWithMissing(zone: ZoneReplay, fields: RequestFields, change: VerdictChange): boolean {
  const { before, after } = zone;
  if ((before?.runOther ?? null) === null && (after?.runOther ?? null) === null) {
    return false;
  }
  const other = changeBetween(zone, otherRun(before)(fields), otherRun(after)(fields));
  return other !== change;
}

function otherRun(side: ZoneSide | null): RequestRunner {
  return side === null ? runNothing : (side.runOther ?? side.run);
}

function isOnlyByOrder(
  zone: ZoneReplay,
  fields: RequestFields,
  judged: { readonly before: RequestVerdict; readonly change: VerdictChange },
): boolean {
  return (
    zone.inOldOrder !== null &&
    judged.change !== 'undecidable' &&
    changeBetween(zone, judged.before, zone.inOldOrder(fields)) === 'unchanged'
  );
}

/**
 * Newly blocked or challenged: the rule that now decides. Newly allowed: a new or changed rule that matches now (an
 * exception), else the old one that decided. Open: the first new or changed rule that matches or may, else the first that
 * cannot be told.
 */
function responsibleFor(
  zone: ZoneReplay,
  change: VerdictChange,
  before: RequestVerdict,
  after: RequestVerdict,
): RuleName | null {
  if (change === 'undecidable') {
    const matched = [...after.matched, ...before.matched];
    return nameOf(
      matched.find((rule) => !isSameRule(zone, rule)) ?? matched.find((rule) => rule.unknownBecause !== null),
    );
  }
  if (change === 'newly-allowed') {
    return nameOf(after.matched.find((rule) => !isSameRule(zone, rule)) ?? before.outcome ?? undefined);
  }
  const decides = after.outcome?.rule ?? null;
  return nameOf((decides === null ? before.outcome : after.outcome) ?? undefined);
}

function isSameRule(zone: ZoneReplay, rule: RuleName): boolean {
  return contentOf(zone.before, rule) === contentOf(zone.after, rule);
}

function nameOf(
  found: { readonly rule: string | null; readonly ruleset: string | null } | undefined,
): RuleName | null {
  return found === undefined || found.rule === null || found.ruleset === null
    ? null
    : { rule: found.rule, ruleset: found.ruleset };
}

function isNewlyCounted(before: RequestVerdict, after: RequestVerdict): boolean {
  return after.rateLimits.some(
    ({ rule, ruleset }) => !before.rateLimits.some((was) => was.rule === rule && was.ruleset === ruleset),
  );
}

/** A request that is stopped now is not looked at by what comes later: that is not loss. */
function lostBetween(before: RequestVerdict, after: RequestVerdict): readonly string[] {
  if (after.outcome?.effect !== 'pass' || (before.managed.length === 0 && before.rateLimits.length === 0)) {
    return none;
  }
  const remaining = new Set(
    [...after.managed, ...after.rateLimits].map(({ rule, ruleset }) => `${ruleset}#${rule}`),
  );
  return [...before.managed, ...before.rateLimits]
    .map(({ rule, ruleset }) => `${ruleset}#${rule}`)
    .filter((name) => !remaining.has(name));
}
