/**
 * The rules that judge a change: the product's, and after them those of the estate's own, whose answers are facts. An own
 * rule has an id that the product never gives (`own-…`), so that it stands beside the product's rules and in no rule's
 * place: it adds findings, and takes none away. What did not answer denies.
 */
import { RuleFailure, type Rule } from './model/finding.ts';
import type { Facts, PolicySet, RuleInput } from './model/facts.ts';
import type { OwnRuleAnswer } from './model/own-rule.ts';
import { isRuleFile, ownRuleAt, placeOf } from './reading/places/places.ts';
import { allRules } from './registry.ts';
import { finding, judged } from './rule.ts';

/** All rules, for an input and what the estate's own answered to it. */
export function rulesFor(
  input: Pick<RuleInput, 'plan' | 'changedFiles'> & { readonly policy: Pick<PolicySet, 'ruleFiles'> },
  answers: Facts['ownRules'],
): readonly Rule[] {
  const expected = input.policy.ruleFiles.flatMap(({ path }) =>
    ownRuleAt(path, 'ownRule') === null ? [] : [path],
  );
  const paths = [...new Set([...expected, ...answers.map(({ path }) => path)])];
  const isRepair = repairsRules(input);
  return [
    ...allRules,
    ...paths.map((path) => {
      const given = answers.filter((answer) => answer.path === path);
      const [answer = silent(path), ...more] = expected.includes(path) ? given : [];
      return ownRule(more.length === 0 ? answer : silent(path), isRepair);
    }),
  ];
}

function silent(path: string): OwnRuleAnswer {
  return { path, kind: 'failed', reason: 'it was not asked, or not once' };
}

/**
 * A rule that fails denies everything, and so would deny the pull request that repairs it. One that changes rules of the
 * estate's own and nothing else, but for its record, gets a warning instead: it takes the process owner like any change of
 * a rule.
 */
function repairsRules({ plan, changedFiles }: Pick<RuleInput, 'plan' | 'changedFiles'>): boolean {
  const changesNothing = plan.stacks.every(({ changes }) => changes.length === 0);
  const places = changedFiles.map(placeOf);
  return (
    changesNothing &&
    changedFiles.some(isRuleFile) &&
    places.every((place) => ['ownRule', 'ownRulePart', 'ownRuleCases', 'record'].includes(place))
  );
}

function ownRule(answer: OwnRuleAnswer, isRepair: boolean): Rule {
  const id = ownRuleAt(answer.path, 'ownRule') ?? 'own-rule';
  if (answer.kind === 'failed') {
    return failedRule(id, answer, isRepair);
  }
  return answer.rule.id === id
    ? { ...answer.rule, evaluate: () => answer.result }
    : failedRule(
        id,
        { path: answer.path, reason: `it calls itself ${answer.rule.id}; a rule has the name of its file` },
        isRepair,
      );
}

const required = 'a rule that comes to a result';

function failedRule(
  id: string,
  { path, reason }: { readonly path: string; readonly reason: string },
  isRepair: boolean,
): Rule {
  const fix = `Correct ${path} in a pull request of its own; sluice doctor tries its cases.`;
  return {
    id,
    title: 'A rule of the estate that failed',
    area: 'estate',
    severity: isRepair ? 'warn' : 'deny',
    why: 'A rule that fails has not looked; what it would have found is unknown.',
    fix,
    since: '2026-11-30',
    source: path,
    waivable: false,
    evaluate: () => {
      if (isRepair) {
        return judged(finding(`rule/${id}`, reason, required));
      }
      throw new RuleFailure(reason, fix);
    },
  };
}
