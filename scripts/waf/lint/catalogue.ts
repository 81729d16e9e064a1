/** All lint rules. */
import { actionRules } from './actions.ts';
import { addressRules } from './addresses.ts';
import { betweenRules } from './between-rules.ts';
import { contextRules } from './contexts.ts';
import { expressionRules } from './expressions.ts';
import { functionRules } from './functions.ts';
import { listNameRules } from './list-names.ts';
import { listRules } from './lists.ts';
import { managedRules } from './managed.ts';
import { meaningRules } from './meaning.ts';
import { numberRules } from './numbers.ts';
import { patternRules } from './patterns.ts';
import { rateLimitRules } from './rate-limits.ts';
import { redirectRules } from './redirects.ts';
import type { LintRule } from './rule.ts';
import { settingRules } from './settings.ts';
import { structureRules } from './structure.ts';
import { styleRules } from './style.ts';
import { trapRules } from './traps.ts';
import { transformRules } from './transforms.ts';
import { valueRules } from './values.ts';

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
