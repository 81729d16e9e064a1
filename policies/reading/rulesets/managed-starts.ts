/**
 * What of a managed ruleset begins to stop requests by a change of the rule that executes it. Its own rules are not public:
 * what no override says is taken to act, as Cloudflare ships it.
 */
import { executed, overrideParts } from '../../../scripts/plan/logged-rule.ts';
import type { JsonObject } from '../../../scripts/plan/types.ts';
import type { Severity } from '../../model/finding.ts';
import { managedPhases, managedWafPhase } from './phases.ts';
import { isInPhase } from './rules.ts';
import type { RulesetRuleChange } from './rules.ts';
import { isEnabled } from './skip-rules.ts';

export interface ManagedStart {
  readonly pair: RulesetRuleChange;
  /** `all`, `category …`, `rule …`. */
  readonly part: string;
  readonly seen: string;
  /** It was in log mode before, so that it may have been watched. */
  readonly wasLogged: boolean;
  readonly severity: Severity;
}

/**
 * `on` is a part that an override switches on, `acts` one with a stopping action of its own, `default` one that nothing is
 * said of.
 */
type PartState = 'off' | 'log' | 'on' | 'acts' | 'default';

/** Parts that begin to stop requests, or stop more of them, in the order of the overrides after the change. */
export function managedStarts(pair: RulesetRuleChange): readonly ManagedStart[] {
  const { before, after } = pair;
  if (after?.['action'] !== 'execute' || !isInPhase(pair, ...managedPhases) || !isEnabled(pair, 'after')) {
    return [];
  }
  const ran = before?.['action'] === 'execute' && isEnabled(pair, 'before') && isSameRuleset(before, after);
  return ran ? between(pair, before, after) : deployed(pair, after);
}

/** False when the rule executes another ruleset than before. */
export function isSameRuleset(before: JsonObject, after: JsonObject): boolean {
  return executed(before).ruleset === executed(after).ruleset;
}

/**
 * DDoS and bot rulesets run in every zone: a rule that executes one only adjusts it. What Cloudflare ships is tried on the
 * traffic of many, so that deploying it is shown, while switching on what somebody had switched off is refused.
 */
function deployed(pair: RulesetRuleChange, after: JsonObject): readonly ManagedStart[] {
  const state = stateOf(after, 'all');
  const isOfPhase = pair.phase.kind !== 'known' || pair.phase.value === managedWafPhase;
  const seen = `begins to run managed ruleset ${executed(after).ruleset}`;
  return isOfPhase && state !== 'log' && state !== 'off'
    ? [start(pair, 'all', { seen, was: 'off', severity: 'warn' })]
    : [];
}

function between(pair: RulesetRuleChange, before: JsonObject, after: JsonObject): readonly ManagedStart[] {
  const parts = new Set([...overrideParts(after), ...overrideParts(before)].map(({ part }) => part));
  return [...parts].flatMap((part) => [
    ...byState(pair, part, [stateOf(before, part), stateOf(after, part)]),
    ...byFigure(pair, part, [settingOf(before, part), settingOf(after, part)]),
  ]);
}

function byState(
  pair: RulesetRuleChange,
  part: string,
  [was, is]: readonly [PartState, PartState],
): readonly ManagedStart[] {
  if (is === 'off' || is === 'log' || is === was) {
    return [];
  }
  if (was === 'off' || was === 'log') {
    return [start(pair, part, { seen: `${named(part)} ${wordsOf[was]}, and now ${wordsOf[is]}`, was })];
  }
  const seen = `${named(part)} now ${wordsOf[is]}`;
  // Some managed rules are off as they are shipped; with a named action nearly all of them only get a milder or a firmer one.
  return is === 'default'
    ? []
    : [start(pair, part, { seen, was, severity: is === 'on' && was === 'default' ? 'deny' : 'warn' })];
}

const wordsOf: Readonly<Record<PartState, string>> = {
  off: 'was off',
  log: 'only logged',
  on: 'is switched on',
  acts: 'has an action of its own',
  default: 'acts as Cloudflare ships it',
};

/** A lower score or a higher sensitivity stops more. */
function byFigure(
  pair: RulesetRuleChange,
  part: string,
  [was, is]: readonly [JsonObject, JsonObject],
): readonly ManagedStart[] {
  if (is['action'] === 'log' || is['enabled'] === false) {
    return [];
  }
  const wasLogged: PartState = was['action'] === 'log' ? 'log' : 'off';
  const [old, now] = [was['score_threshold'], is['score_threshold']];
  const isLower = typeof now === 'number' && now < (typeof old === 'number' ? old : Number.POSITIVE_INFINITY);
  const isUp = sensitivityOf(is) > sensitivityOf(was);
  return [
    ...(isLower && old !== now
      ? [
          start(pair, part, {
            seen: `${named(part)} stops from a score of ${String(now)} on, before ${typeof old === 'number' ? String(old) : 'as Cloudflare ships it'}`,
            was: wasLogged,
            severity: typeof old === 'number' ? 'deny' : 'warn',
          }),
        ]
      : []),
    ...(isUp
      ? [
          start(pair, part, {
            seen: `${named(part)} goes from sensitivity ${sensitivityName(was)} to ${sensitivityName(is)}`,
            was: wasLogged,
          }),
        ]
      : []),
  ];
}

/** Of least sensitivity first; what is not said is the highest. Cloudflare documentation of DDoS overrides. */
const sensitivities: readonly string[] = ['eoff', 'low', 'medium', 'default'];

/** How sensitive a setting is, more as the number grows. */
export function sensitivityOf(setting: JsonObject): number {
  const at = sensitivities.indexOf(sensitivityName(setting));
  return at === -1 ? sensitivities.length - 1 : at;
}

/** As it is written; what is not said is `default`. */
export function sensitivityName({ sensitivity_level: level }: JsonObject): string {
  return typeof level === 'string' ? level : 'default';
}

interface StartObservation {
  readonly seen: string;
  readonly was: PartState;
  readonly severity?: Severity;
}

function start(
  pair: RulesetRuleChange,
  part: string,
  { seen, was, severity = 'deny' }: StartObservation,
): ManagedStart {
  return { pair, part, seen, wasLogged: was === 'log', severity };
}

function settingOf(rule: JsonObject, part: string): JsonObject {
  return overrideParts(rule).find((one) => one.part === part)?.setting ?? {};
}

/** What a part says of itself, else what is said of the whole ruleset. */
function stateOf(rule: JsonObject, part: string): PartState {
  const [own, all] = [settingOf(rule, part), settingOf(rule, 'all')];
  const enabled = own['enabled'] ?? all['enabled'] ?? null;
  const action = own['action'] ?? all['action'] ?? null;
  if (enabled === false) {
    return 'off';
  }
  if (action === 'log') {
    return 'log';
  }
  return typeof action === 'string' ? 'acts' : enabled === true ? 'on' : 'default';
}

/** A part of a managed ruleset in a message. */
export function named(part: string): string {
  return part === 'all' ? 'the whole ruleset' : part;
}
