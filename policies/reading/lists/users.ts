/** Expressions that name a list, wherever a resource has one. */
import { rulesetType } from '../../../scripts/provider/ruleset-type.ts';
import { providerType, providerTypes } from '../../../scripts/provider/types.ts';
import { readRule } from '../../../scripts/waf/rulesets/rules.ts';
import type { Json, JsonObject, ResourceChange } from '../../../scripts/plan/types.ts';
import type { Expressions } from '../../../scripts/waf/reason/expressions.ts';
import { mayShareAccount } from '../places/accounts.ts';
import type { RuleContext } from '../../model/finding.ts';
import { subjectOf } from '../estate-context.ts';
import { ruleLabel } from '../rulesets/rules.ts';
import { isReference, readList, readValue } from '../values.ts';
import type { Side } from '../values.ts';
import { isObject } from '../../../scripts/json/json.ts';

export interface ListUser {
  readonly holder: ResourceChange;
  readonly subject: string;
  /** What the rule is called in a message. */
  readonly label: string;
  /** What the rule does; empty where the expression only chooses. */
  readonly action: string;
  readonly expression: string;
}

const ofRuleset = { in: 'rules', attribute: 'expression' };

/** Types whose resources may name a list. */
export const listNamingTypes: readonly string[] = [
  rulesetType,
  ...providerTypes().flatMap(([type, { expressions }]) => (expressions === undefined ? [] : [type])),
];

/** Enabled rules on one side that name the list, of resources that may be in its account. */
export function listUsers(
  list: { readonly name: string; readonly change: ResourceChange },
  side: Side,
  context: RuleContext,
): readonly ListUser[] {
  return listNamingTypes
    .flatMap((type) => context.estate.all(type))
    .filter((holder) => holder[side] !== null)
    .flatMap((holder) => usersIn(holder, side))
    .filter(({ expression }) => namesList(expression, list.name, context.index.expressions))
    .filter(({ holder }) => mayShareAccount(holder, list.change, context));
}

/** What only Terraform can put together counts as a use when the name stands in it. */
export function namesList(expression: string, name: string, expressions: Expressions): boolean {
  if (!expression.includes(`$${name}`)) {
    return false;
  }
  const { tree, names } = expressions.read(expression);
  return isReference(expression) || tree === null || names.lists.includes(name);
}

function usersIn(holder: ResourceChange, side: Side): readonly ListUser[] {
  const { in: rules = '', attribute: member } = providerType(holder.type)?.expressions ?? ofRuleset;
  const list = rules === '' ? [holder[side] ?? null] : readList(holder, side, [rules]);
  if (list === null) {
    return madeByTerraform(holder, side, rules);
  }
  return list.flatMap((rule, position) => {
    if (!isObject(rule) || rule['enabled'] === false || rule['disabled'] === true) {
      return [];
    }
    const action = typeof rule['action'] === 'string' && holder.type === rulesetType ? rule['action'] : '';
    const about = rules === '' ? holderAs(holder) : ruleAs(holder, rule, position);
    const counting = isObject(rule['ratelimit']) ? rule['ratelimit']['counting_expression'] : null;
    return [
      ...userOf({ ...about, action }, rule[member]),
      ...userOf({ ...about, label: `${about.label} (what it counts)`, action }, counting),
    ];
  });
}

type ListUserPlace = Omit<ListUser, 'expression'>;

function userOf(about: ListUserPlace, expression: Json | undefined): readonly ListUser[] {
  return typeof expression === 'string' ? [{ ...about, expression }] : [];
}

function holderAs(holder: ResourceChange): Omit<ListUserPlace, 'action'> {
  return { holder, subject: subjectOf(holder), label: 'the expression' };
}

/** Rules of other types have a `name` for people, and no ref. */
function ruleAs(
  holder: ResourceChange,
  written: JsonObject,
  position: number,
): Omit<ListUserPlace, 'action'> {
  const { name } = written;
  const isNamed = holder.type !== rulesetType && typeof name === 'string';
  const rule = readRule(written, position);
  return {
    holder,
    subject: subjectOf(holder, rule.name),
    label: isNamed ? name : ruleLabel(rule),
  };
}

/** Rules that are one expression of Terraform's: what they do is not known, and the list's name in it is. */
function madeByTerraform(holder: ResourceChange, side: Side, rules: string): readonly ListUser[] {
  const written = holder[side]?.[rules];
  return readValue(holder, side, [rules]).kind === 'unknown' && typeof written === 'string'
    ? [
        {
          holder,
          subject: subjectOf(holder, rules),
          label: 'rules that Terraform puts together',
          action: '',
          expression: written,
        },
      ]
    : [];
}
