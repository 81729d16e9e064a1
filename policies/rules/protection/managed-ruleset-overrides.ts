import type { JsonObject, Json } from '../../../scripts/plan/types.ts';
import { defineRule, doubt, finding, judgeEach } from '../../rule.ts';
import type { Judgement } from '../../rule.ts';
import { overrideParts } from '../../../scripts/plan/logged-rule.ts';
import {
  isSameRuleset,
  named,
  sensitivityName,
  sensitivityOf,
} from '../../reading/rulesets/managed-starts.ts';
import { isInPhase, ruleValue } from '../../reading/rulesets/rules.ts';
import type { RulesetRuleChange } from '../../reading/rulesets/rules.ts';

import { managedPhases } from '../../reading/rulesets/phases.ts';
import { isObject } from '../../../scripts/json/json.ts';

export const managedRulesetOverrides = defineRule({
  id: 'managed-ruleset-overrides',
  title: 'Overrides do not switch managed rules off',
  area: 'estate',
  severity: 'deny',
  why: 'An override can disable a whole managed ruleset, or only log what it finds, while it still looks deployed.',
  fix: 'Override single rules by id and say why in the record; a ruleset or category that is off needs a waiver.',
  since: '2026-11-23',
  source: 'Cloudflare documentation of managed ruleset overrides',
  protects: 'security',
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
  const isNew = pair.before === null || !isSameRuleset(pair.before, pair.after ?? {});
  const before = new Set(
    was.kind === 'known' && !isNew ? weakOverrides(was.value).map(({ seen }) => seen) : [],
  );
  const after = now.kind === 'known' ? weakOverrides(now.value) : [];
  return [
    ...after.filter((one) => !before.has(one.seen) && !(isNew && one.isChoice)),
    ...(isNew ? [] : loosened(pair)),
  ].flatMap((one) =>
    finding(
      pair.subject,
      one.seen,
      'managed rules stay enabled and act',
      one.single ? { severity: 'warn' } : {},
    ),
  );
}

/** A threshold that is raised, a sensitivity that is lowered: part by part, also where the override goes. */
function loosened({ before, after }: RulesetRuleChange): readonly WeakOverride[] {
  const [was, is] = [settingsOf(before), settingsOf(after)];
  return [...new Set([...was.keys(), ...is.keys()])].flatMap((part) => {
    const [old, now] = [was.get(part) ?? {}, is.get(part) ?? {}];
    const [low, high] = [old['score_threshold'], now['score_threshold']];
    const isRaised = typeof low === 'number' && typeof high === 'number' && high > low;
    // Essentially off is said above.
    const isLess = sensitivityOf(now) < sensitivityOf(old) && now['sensitivity_level'] !== 'eoff';
    return [
      ...(isRaised
        ? [
            {
              seen: `${named(part)} acts from a score of ${high} on, before from ${low}`,
              single: false,
              isChoice: false,
            },
          ]
        : []),
      ...(isLess
        ? [
            {
              seen: `${named(part)} is less sensitive: ${sensitivityName(now)}`,
              single: part.startsWith('rule '),
              isChoice: false,
            },
          ]
        : []),
    ];
  });
}

function settingsOf(rule: JsonObject | null): ReadonlyMap<string, JsonObject> {
  const parts = rule === null ? [] : overrideParts(rule);
  return new Map(parts.map(({ part, setting }) => [part, setting]));
}

interface WeakOverride {
  readonly seen: string;
  /** One managed rule only: shown to the CAB, stops nothing. */
  readonly single: boolean;
  /** Chosen when the ruleset is deployed it weakens nothing. */
  readonly isChoice: boolean;
}

/**
 * Cloudflare's documented way to deploy the OWASP ruleset at a paranoia level is to disable the levels above it. That is
 * a choice when the ruleset is deployed; disabling a level later is a weakening like any other. So is logging: a ruleset
 * that is deployed in log mode is watched first, one that acted and now only logs protects no more.
 */
const paranoiaAbove = /^category paranoia-level-[234]$/;

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
    return [{ seen: `${what} is disabled by an override`, single, isChoice: paranoiaAbove.test(what) }];
  }
  if (override['action'] === 'log') {
    return [{ seen: `${what} only logs by an override`, single, isChoice: true }];
  }
  return override['sensitivity_level'] === 'eoff'
    ? [{ seen: `${what} is at sensitivity eoff`, single, isChoice: false }]
    : [];
}

function objectsOf(value: Json | undefined): readonly JsonObject[] {
  return Array.isArray(value) ? (value as readonly Json[]).filter(isObject) : [];
}

function nameOf(value: JsonObject, key: string): string {
  const name = value[key];
  return typeof name === 'string' ? name : '(unnamed)';
}
