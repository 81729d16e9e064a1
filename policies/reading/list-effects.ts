/** What changes of lists do through the rules that name them, whether those change themselves or not. */
import type { Json, ResourceChange } from '../../scripts/plan/types.ts';
import { analyseExpression } from '../../scripts/waf/check/analyse.ts';
import type { Comparison } from '../../scripts/waf/compare/compare.ts';
import { compareThroughList } from '../../scripts/waf/compare/list-change.ts';
import { showComparison } from '../../scripts/waf/compare/show.ts';
import type { RuleContext } from '../model/finding.ts';
import { mayShareAccount } from './accounts.ts';
import { subjectOf } from './estate-context.ts';
import { changedLists } from './lists.ts';
import type { ChangedList } from './lists.ts';
import { ruleLabel, ruleName, rulesOn } from './ruleset-rules.ts';
import { isObject, isReference } from './values.ts';

/** An enabled rule that names a list which changes. */
export interface ListEffect {
  readonly list: ChangedList;
  readonly ruleset: ResourceChange;
  readonly subject: string;
  /** What the rule is called in a message. */
  readonly label: string;
  readonly action: string;
  /** `no` is proven, `yes` is shown by an example. */
  readonly gains: Comparison['gains'];
  readonly loses: Comparison['loses'];
  /** One line with an example where there is one. */
  readonly line: string;
}

/** Beyond this many they are not compared, and what the list does through them is unknown. */
const maxCompared = 200;

const known = new WeakMap<RuleContext['estate'], readonly ListEffect[]>();

/** Effects in the order of the lists and of the rules that use them. */
export function listEffects(context: RuleContext): readonly ListEffect[] {
  let effects = known.get(context.estate);
  if (effects === undefined) {
    const uses = changedLists(context.estate).flatMap((list) => usesOf(list, context));
    effects = uses.map((use, at) => effectOf(use, at < maxCompared));
    known.set(context.estate, effects);
  }
  return effects;
}

/** How many rules named the list before, of those in view. */
export function usesBefore(list: ChangedList, context: RuleContext): number {
  const rulesets = context.estate.all('cloudflare_ruleset');
  return rulesets
    .filter((ruleset) => mayShareAccount(ruleset, list.change, context))
    .flatMap((ruleset) => rulesOn(ruleset, 'before'))
    .map((rule) => (isObject(rule) ? rule['expression'] : null))
    .filter((expression) => typeof expression === 'string' && namesList(expression, list.name)).length;
}

interface Use {
  readonly list: ChangedList;
  readonly ruleset: ResourceChange;
  readonly rule: Json;
  readonly position: number;
  readonly expression: string;
}

function usesOf(list: ChangedList, context: RuleContext): readonly Use[] {
  return context.estate
    .all('cloudflare_ruleset')
    .filter((ruleset) => ruleset.after !== null && mayShareAccount(ruleset, list.change, context))
    .flatMap((ruleset) =>
      rulesOn(ruleset, 'after').flatMap((rule, position) => {
        const expression = isObject(rule) && rule['enabled'] !== false ? rule['expression'] : null;
        return typeof expression === 'string' && namesList(expression, list.name)
          ? [{ list, ruleset, rule, position, expression }]
          : [];
      }),
    );
}

/** What only Terraform can put together counts as a use when the name stands in it. */
export function namesList(expression: string, name: string): boolean {
  if (!expression.includes(`$${name}`)) {
    return false;
  }
  const analysis = analyseExpression(expression);
  return isReference(expression) || !analysis.parsed || analysis.lists.includes(name);
}

function effectOf({ list, ruleset, rule, position, expression }: Use, isCompared: boolean): ListEffect {
  const about = {
    list,
    ruleset,
    subject: subjectOf(ruleset, ruleName(rule, position)),
    label: ruleLabel(rule, position),
    action: isObject(rule) && typeof rule['action'] === 'string' ? rule['action'] : '',
  };
  if (list.after === null || !isCompared) {
    const line = list.after === null ? 'names a list that is gone' : 'what it matches is not known';
    return { ...about, gains: 'unknown', loses: 'unknown', line };
  }
  const { name, kind, before, after } = list;
  const comparison = compareThroughList(expression, { name, kind, before, after });
  const { gains, loses } = comparison;
  // The tests are those of the comparison, not of the rule, and what is said of the list itself is known.
  const [line = ''] = showComparison(comparison).line.split('; tests: ');
  return { ...about, gains, loses, line: line.replaceAll(`, not in the list $${name}`, '') };
}
