import { closestName } from '../../../scripts/waf/language/suggest.ts';
import { managedLists } from '../../../scripts/waf/lint/rules/value-domains.ts';
import type { RuleContext } from '../../model/finding.ts';
import { mayShareAccount } from '../../reading/places/accounts.ts';
import { registerOfStack } from '../../reading/estate-context.ts';
import { namesList } from '../../reading/lists/users.ts';
import { ruleText } from '../../reading/rulesets/rules.ts';
import type { RulesetRuleChange } from '../../reading/rulesets/rules.ts';
import { knownText } from '../../reading/values.ts';
import { defineRule, fine, finding, judgeEach } from '../../rule.ts';
import type { Judgement } from '../../rule.ts';

export const listKnown = defineRule({
  id: 'list-known',
  title: 'Lists that expressions name exist',
  area: 'estate',
  severity: 'deny',
  why: 'Cloudflare refuses a rule with a list that the account does not have, when half of the change may already be live.',
  fix: 'Correct the name, declare the list, or register it under objects of the stack if it is kept elsewhere.',
  since: '2026-11-30',
  source: 'Cloudflare Rules language reference, lists',
  waivable: true,
  evaluate: (context) =>
    judgeEach(
      context.index.rulesetRules.filter(({ after }) => after !== null),
      'no rule is added or changed',
      (pair) => judge(pair, context),
    ),
});

/** A list that the rule named before is there, whoever keeps it. */
function judge(pair: RulesetRuleChange, context: RuleContext): Judgement {
  const reading = pair.expression();
  const counting = ruleText(pair, 'after', ['ratelimit', 'counting_expression']);
  const named = [
    ...(reading.kind === 'known' ? reading.analysis.lists : []),
    ...(counting === null ? [] : context.index.expressions.read(counting).names.lists),
    ...[ruleText(pair, 'after', fromList)].filter((name) => name !== null),
  ];
  const newNames = [...new Set(named)].filter((name) => !namedBefore(pair, name, context));
  return newNames.flatMap((name) =>
    name.startsWith('cf.') ? judgeManaged(pair, name) : judgeOwn(pair, name, context),
  );
}

/** Where a bulk redirect names its list. */
const fromList = ['action_parameters', 'from_list', 'name'];

function namedBefore(pair: RulesetRuleChange, name: string, { index }: RuleContext): boolean {
  const texts = [['expression'], ['ratelimit', 'counting_expression']].map((path) =>
    ruleText(pair, 'before', path),
  );
  return (
    texts.some((text) => text !== null && namesList(text, name, index.expressions)) ||
    ruleText(pair, 'before', fromList) === name
  );
}

/** New managed lists come without notice: only what looks like a slip of one that is documented is refused. */
function judgeManaged(pair: RulesetRuleChange, name: string): Judgement {
  const meant = closestName(name, managedLists);
  return managedLists.has(name) || meant === null
    ? fine
    : finding(pair.subject, `names $${name}, which Cloudflare does not document`, `$${meant}`);
}

/**
 * Refused where the lists of the account are kept in this estate, or one of nearly that name is: lists that people make by
 * hand, or that another estate keeps, are not in view, and a rule that uses one is not a mistake.
 */
function judgeOwn(pair: RulesetRuleChange, name: string, context: RuleContext): Judgement {
  const lists = context.estate
    .all('cloudflare_list')
    .filter((list) => list.after !== null && mayShareAccount(list, pair.change, context));
  const names = lists.map((list) => knownText(list, 'after', ['name']));
  const register = registerOfStack(context.policy, pair.change.stack);
  const isRegistered = register?.stacks.some((stack) => stack.objects?.includes(name) === true) === true;
  if (isRegistered || names.includes(name)) {
    return fine;
  }
  const known = names.filter((one) => one !== null);
  const meant = closestName(name, known);
  const isOurs = register !== null && known.length > 0 && known.length === names.length;
  const required = meant === null ? 'a list that the account has' : `$${meant}, if that is what is meant`;
  return isOurs || meant !== null
    ? finding(pair.subject, `names the list $${name}, which is not configured`, required)
    : finding(
        pair.subject,
        `names the list $${name}, which is not in view: whether it exists cannot be told`,
        required,
        {
          severity: 'warn',
        },
      );
}
