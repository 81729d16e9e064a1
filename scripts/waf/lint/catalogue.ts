/** All lint rules. */
import { actionRules } from './rules/actions.ts';
import { addressRules } from './rules/addresses.ts';
import { betweenRules } from './rules/between-rules.ts';
import { contextRules } from './rules/contexts.ts';
import { expressionRules } from './rules/expressions.ts';
import { functionRules } from './rules/functions.ts';
import { listNameRules } from './rules/list-names.ts';
import { listRules } from './rules/lists.ts';
import { managedRules } from './rules/managed.ts';
import { meaningRules } from './rules/meaning.ts';
import { numberRules } from './rules/numbers.ts';
import { patternRules } from './rules/patterns.ts';
import { rateLimitRules } from './rules/rate-limits.ts';
import { redirectRules } from './rules/redirects.ts';
import type { LintRule } from './rule.ts';
import { settingRules } from './rules/settings.ts';
import { structureRules } from './rules/structure.ts';
import { styleRules } from './rules/style.ts';
import { trapRules } from './rules/traps.ts';
import { transformRules } from './rules/transforms.ts';
import { valueRules } from './rules/values.ts';

export const lintAreas: Readonly<Record<string, readonly LintRule[]>> = {
  Expressions: expressionRules,
  'Phase and plan': contextRules,
  Functions: functionRules,
  Values: [...valueRules, ...numberRules],
  'Addresses and sets': addressRules,
  Patterns: patternRules,
  Meaning: [...meaningRules, ...trapRules],
  Style: styleRules,
  'Rulesets and rules': structureRules,
  'Between rules and plan limits': betweenRules,
  Actions: actionRules,
  'Skip and execute': managedRules,
  'Rate limits': rateLimitRules,
  Redirects: redirectRules,
  Transforms: transformRules,
  'Cache, configuration and origin': settingRules,
  Lists: [...listRules, ...listNameRules],
};

export const lintRules: readonly LintRule[] = Object.values(lintAreas).flat();
