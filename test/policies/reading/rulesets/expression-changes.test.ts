/** Which rules of a plan count as having another expression, what it does, and what is said about it. */
import { describe, expect, it } from 'vitest';
import { expressionChanges } from '../../../../policies/reading/rulesets/expression-changes.ts';
import { indexPlan } from '../../../../policies/reading/plan-index.ts';
import type { JsonObject, ResourceChange } from '../../../../scripts/plan/types.ts';
import { aPlan } from '../../../builders/plan.ts';
import type { PlanBuilder } from '../../../builders/plan.ts';
import { aRuleset, aWafRule, ruleChange } from '../../rules/cases/waf-cases.ts';

const inPlan = (plan: PlanBuilder) => expressionChanges(indexPlan(plan.build()));
const toldOf = (plan: PlanBuilder) => inPlan(plan).map(({ gains, loses }) => ({ gains, loses }));

const at = (path: string, parts: JsonObject = {}): JsonObject =>
  aWafRule({ expression: `http.request.uri.path eq "${path}"`, ...parts });
const reference = (name: string): JsonObject => aWafRule({ expression: `\${${name}}` });
const open = { gains: 'unknown', loses: 'unknown' };

describe('a changed expression', () => {
  it.each([
    ['of a rule that is added', null, at('/a')],
    ['of a rule that is removed', at('/a'), null],
    ['of a rule that gets another action only', at('/a'), at('/a', { action: 'log' })],
  ])('is not that %s', (_, before, after) => {
    expect(inPlan(ruleChange(before, after))).toEqual([]);
  });

  it.each([
    ['another path', at('/a'), at('/b'), { gains: 'yes', loses: 'yes' }],
    [
      'a proven equal',
      at('/a'),
      aWafRule({ expression: 'http.request.uri.path in {"/a"}' }),
      { gains: 'no', loses: 'no' },
    ],
    ['something only known after apply', at('/a'), reference('var.expression'), open],
    ['something where it was not known', reference('var.expression'), at('/a'), open],
    ['another text that is not known either', reference('var.old'), reference('var.new'), open],
  ])('is that with %s', (_, before, after, told) => {
    expect(toldOf(ruleChange(before, after))).toEqual([told]);
  });

  it('is compared for the first 300 rules of a plan, and not known for the rest', () => {
    const rules = (prefix: string) =>
      aRuleset(
        Array.from({ length: 302 }, (_, index) =>
          at(`/${prefix}${String(index)}`, { ref: `r${String(index)}` }),
        ),
      );
    const told = toldOf(aPlan().updating('cloudflare_ruleset.waf', rules('a'), rules('b')));
    expect(told.slice(298)).toEqual([
      { gains: 'yes', loses: 'yes' },
      { gains: 'yes', loses: 'yes' },
      open,
      open,
    ]);
  });
});

describe('what is said about it', () => {
  const lineOf = (plan: PlanBuilder): string =>
    inPlan(plan)
      .map(({ line }) => line)
      .join('\n');
  const example = expect.stringContaining('/b') as string;
  const hidden = 'different (sensitive)';

  const attribute = (path: ResourceChange['attributes'][number]['path'], sensitive: boolean) => ({
    path,
    kind: 'changed' as const,
    unknown: false,
    sensitive,
    forcesReplacement: false,
  });
  const withAttributes = (attributes: ResourceChange['attributes']) =>
    aPlan().updating('cloudflare_ruleset.waf', aRuleset([at('/a')]), aRuleset([at('/b')]), { attributes });

  it.each([
    ['gives an example', ruleChange(at('/a'), at('/b')), example],
    ['gives one beside a secret elsewhere', ruleChange(at('/a'), at('/b')).withSensitive('name'), example],
    [
      'gives none when a rule holds a secret',
      ruleChange(at('/a'), at('/b')).withSensitive('rules', 0),
      hidden,
    ],
    ['gives none when all of the ruleset is one', ruleChange(at('/a'), at('/b')).withSensitive(), hidden],
    [
      'gives none when a changed attribute of the rules is one',
      withAttributes([attribute(['name'], false), attribute(['rules', 0, 'expression'], true)]),
      hidden,
    ],
    [
      'gives one when a changed attribute elsewhere is one',
      withAttributes([attribute(['name'], true), attribute(['rules', 0, 'expression'], false)]),
      example,
    ],
  ])('%s', (_, plan, expected) => {
    expect(lineOf(plan)).toEqual(expected);
  });
});
