import type { JsonObject, Json } from '../../scripts/plan/types.ts';
import { defineRule, doubt, finding, judgeEach } from '../rule.ts';
import type { Judgement } from '../rule.ts';
import { isInPhase, ruleValue } from '../reading/ruleset-rules.ts';
import type { RulesetRuleChange } from '../reading/ruleset-rules.ts';
import { isObject } from '../reading/values.ts';
import { managedPhases } from '../reading/ruleset-phases.ts';

export const managedRulesetOverrides = defineRule({
  id: 'managed-ruleset-overrides',
  title: 'Overrides do not switch managed rules off',
  area: 'estate',
  severity: 'deny',
  why: 'An override can disable a whole managed ruleset, or only log what it finds, while it still looks deployed.',
  fix: 'Override single rules by id and say why in the record; a ruleset or category that is off needs a waiver.',
  since: '2026-11-23',
  source: 'Cloudflare documentation of managed ruleset overrides',
  waivable: true,
  evaluate: (context) =>
    judgeEach(
      context.index.rulesetRules.filter(
        (pair) => pair.after?.['action'] === 'execute' && isInPhase(pair, ...managedPhases),
      ),
      'no execute rule of a managed phase changes',
      judge,
    ),
});

function judge(pair: RulesetRuleChange): Judgement {
  const now = ruleValue(pair, 'after', ['action_parameters', 'overrides']);
  if (now.kind === 'unknown') {
    return doubt(pair.subject, 'its overrides are known only after apply');
  }
  const was = ruleValue(pair, 'before', ['action_parameters', 'overrides']);
  const before = new Set(was.kind === 'known' ? weakOverrides(was.value).map((one) => one.seen) : []);
  const after = now.kind === 'known' ? weakOverrides(now.value) : [];
  return after
    .filter((one) => !before.has(one.seen) && !(pair.before === null && choosesParanoia.test(one.seen)))
    .flatMap((one) =>
      finding(
        pair.subject,
        one.seen,
        'managed rules stay enabled and act',
        one.single ? { severity: 'warn' } : {},
      ),
    );
}

/**
 * Cloudflare's documented way to deploy the OWASP ruleset at a paranoia level is to disable the levels above it. That is
 * a choice when the ruleset is deployed; disabling a level later is a weakening like any other.
 */
const choosesParanoia = /^category paranoia-level-[234] is disabled by an override$/;

interface WeakOverride {
  readonly seen: string;
  /** One managed rule only: shown to the CAB, stops nothing. */
  readonly single: boolean;
}

function weakOverrides(overrides: Json): readonly WeakOverride[] {
  if (!isObject(overrides)) {
    return [];
  }
  const groups = [
    ...weakness(overrides, 'the ruleset', false),
    ...objectsOf(overrides['categories']).flatMap((one) =>
      weakness(one, `category ${nameOf(one, 'category')}`, false),
    ),
    ...objectsOf(overrides['rules']).flatMap((one) => weakness(one, `rule ${nameOf(one, 'id')}`, true)),
  ];
  return groups;
}

function weakness(override: JsonObject, what: string, single: boolean): readonly WeakOverride[] {
  if (override['enabled'] === false) {
    return [{ seen: `${what} is disabled by an override`, single }];
  }
  if (override['action'] === 'log') {
    return [{ seen: `${what} only logs by an override`, single }];
  }
  return override['sensitivity_level'] === 'eoff' ? [{ seen: `${what} is at sensitivity eoff`, single }] : [];
}

function objectsOf(value: Json | undefined): readonly JsonObject[] {
  return Array.isArray(value) ? (value as readonly Json[]).filter(isObject) : [];
}

function nameOf(value: JsonObject, key: string): string {
  const name = value[key];
  return typeof name === 'string' ? name : '(unnamed)';
}
