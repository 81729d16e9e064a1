/** How ledgers note that a rule was in log mode: with what it logged, for another expression was not watched. */
import { isList, isObject, own, sha256Hex } from '../json/json.ts';
import type { Json, JsonObject } from './types.ts';

/** `stack/address#ref sha256:…`; `subject` is `stack/address#ref`. */
export function loggedRule(subject: string, expression: string): string {
  return `${subject} sha256:${sha256Hex(expression)}`;
}

/** The same for a part of a managed ruleset that a rule executes: `all`, `category …` or `rule …`. */
export function loggedPart(subject: string, rule: JsonObject, part: string): string {
  const { expression, ruleset } = executed(rule);
  return loggedRule(`${subject} ${part}`, JSON.stringify([expression, ruleset]));
}

/** What a rule has in log mode, as ledgers note it: itself, or parts of the managed ruleset that it executes. */
export function loggedBy(subject: string, rule: JsonObject): readonly string[] {
  const { action, enabled, expression } = rule;
  if (enabled === false || typeof expression !== 'string') {
    return [];
  }
  if (action === 'log') {
    return [loggedRule(subject, expression)];
  }
  return action === 'execute'
    ? overrideParts(rule)
        .filter(({ setting }) => setting['action'] === 'log' && setting['enabled'] !== false)
        .map(({ part }) => loggedPart(subject, rule, part))
    : [];
}

export interface OverridePart {
  /** `all`, `category paranoia-level-3`, `rule 6179…`: what the setting is for. */
  readonly part: string;
  readonly setting: JsonObject;
}

/** The overrides of an execute rule, one by one; the whole ruleset first, and always. */
export function overrideParts(rule: JsonObject): readonly OverridePart[] {
  const parameters = own(rule, 'action_parameters');
  const overrides = isObject(parameters) ? own(parameters, 'overrides') : undefined;
  const all = isObject(overrides) ? overrides : {};
  return [
    { part: 'all', setting: all },
    ...partsOf(own(all, 'categories'), 'category', 'category'),
    ...partsOf(own(all, 'rules'), 'id', 'rule'),
  ];
}

function partsOf(list: Json | undefined, key: string, what: string): readonly OverridePart[] {
  return isList(list)
    ? list.filter(isObject).map((setting) => {
        const name = own(setting, key);
        return { part: `${what} ${typeof name === 'string' ? name : ''}`, setting };
      })
    : [];
}

/** Which ruleset a rule executes, and for what; empty where it is not said. */
export function executed(rule: JsonObject): { readonly expression: string; readonly ruleset: string } {
  const parameters = own(rule, 'action_parameters');
  const id = isObject(parameters) ? own(parameters, 'id') : undefined;
  const expression = own(rule, 'expression');
  return {
    expression: typeof expression === 'string' ? expression : '',
    ruleset: typeof id === 'string' ? id : '',
  };
}
