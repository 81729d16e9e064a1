/** Rules without names of their own, and what managed rulesets, lists, redirects and caches have to do with older rules. */
import type { Json, JsonObject } from '../../../scripts/plan/types.ts';
import type { RuleInput } from '../../../policies/model/facts.ts';
import { only, updated } from './rule-cases.ts';
import type { CaseTable } from './rule-cases.ts';
import { aRuleset } from './waf-cases.ts';

const waf = 'cloudflare_ruleset.waf';
const subject = `acme-production/${waf}`;
const rulesets = (before: Json, after: Json): Partial<RuleInput> =>
  updated(waf, aRuleset(before), aRuleset(after));

const onApi = 'http.host eq "api.shop.example"';
/** Neither has a ref. */
const closed: JsonObject = { description: 'nobody but partners', action: 'block', expression: onApi };
const partners: JsonObject = {
  description: 'partner probes until 2026-12-31',
  action: 'skip',
  action_parameters: { ruleset: 'current' },
  expression: `${onApi} and ip.src eq 192.0.2.7`,
};
/** As Cloudflare holds them: with an id, of which it makes the ref. */
const live = (rule: JsonObject, id: string): JsonObject => ({ ...rule, id, ref: id, version: '1' });

export const requestEdgeCases: CaseTable = {
  'waf-order-kept': only({
    finds: [
      {
        when: 'two rules without a ref change places',
        input: rulesets([partners, closed], [closed, partners]),
        subjects: [`${subject}#rules`],
      },
      {
        when: 'two rules whose refs Cloudflare made up change places',
        input: rulesets([live(partners, '1'), live(closed, '2')], [closed, partners]),
        subjects: [`${subject}#rules`],
      },
    ],
    passes: [
      {
        when: 'a rule without a ref is edited where it stands',
        input: rulesets(
          [live(partners, '1'), live(closed, '2')],
          [partners, { ...closed, expression: `${onApi} and ssl` }],
        ),
      },
      {
        when: 'one comes between two without a ref',
        input: rulesets(
          [partners, closed],
          [partners, { ...closed, expression: 'ssl', description: 'x' }, closed],
        ),
      },
    ],
  }),
  'waf-rule-shadowed': only({
    finds: [
      {
        when: 'a block moves before a skip, neither with a ref',
        input: rulesets([partners, closed], [closed, partners]),
        subjects: [`${subject}#rules[1]`],
      },
      {
        when: 'a skip of the current phase moves before a block that it takes all of',
        input: rulesets(
          [{ ...closed, expression: `${onApi} and ssl` }, partners],
          [
            { ...partners, action_parameters: { phase: 'current' }, expression: onApi },
            { ...closed, expression: `${onApi} and ssl` },
          ],
        ),
        subjects: [`${subject}#rules[1]`],
      },
    ],
    passes: [
      {
        when: 'the two stood so before, neither with a ref, and a third is edited',
        input: rulesets(
          [closed, partners, { ...closed, description: 'old', expression: 'http.host eq "a.shop.example"' }],
          [closed, partners, { ...closed, description: 'old', expression: 'http.host eq "b.shop.example"' }],
        ),
      },
    ],
  }),
  'waf-protection-removed': only({
    skips: [
      {
        when: 'a rule whose ref Cloudflare made up is edited',
        input: rulesets([live(closed, '1')], [{ ...closed, expression: `${onApi} and ssl` }]),
      },
    ],
  }),
};
