/** Rules without names of their own, and what managed rulesets, lists, redirects and caches have to do with older rules. */
import { loggedBy } from '../../../../scripts/plan/logged-rule.ts';
import type { Json, JsonObject } from '../../../../scripts/plan/types.ts';
import type { RuleInput } from '../../../../policies/model/facts.ts';
import { aPlan } from '../../../builders/plan.ts';
import { only, updated } from './rule-cases.ts';
import type { CaseTable } from './rule-cases.ts';
import { aRuleset, ruleChange } from './waf-cases.ts';

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

const managed = 'http_request_firewall_managed';
const owasp = '4814384a9e5d4991b9815dcfc25d2f1f';
/** A rule that executes the OWASP ruleset, with overrides; and the change from one to another. */
const execute = (overrides: JsonObject | null, parts: JsonObject = {}): JsonObject => ({
  ref: 'owasp',
  description: 'OWASP',
  action: 'execute',
  expression: 'true',
  action_parameters: { id: owasp, ...(overrides === null ? {} : { overrides }) },
  ...parts,
});
const executing = (
  before: JsonObject | null,
  after: JsonObject | null,
  parts: Partial<RuleInput> = {},
): Partial<RuleInput> => ({ plan: ruleChange(before, after, managed).build(), ...parts });
const starts = `${subject}#owasp`;
const logs = { action: 'log' };
const level = (number: number, parts: JsonObject): JsonObject => ({
  categories: [{ category: `paranoia-level-${String(number)}`, ...parts }],
});
const scored = (parts: JsonObject): JsonObject => ({ rules: [{ id: 'score', ...parts }] });
/** That the OWASP ruleset only logs has been known since then. */
const watchedSince = (at: string): RuleInput['baselines'] => [
  { stack: 'acme-production', at, loggedRules: loggedBy(starts, execute(logs)) },
];
const asLong = '2026-11-20T09:00:00Z';
const tooShort = '2026-11-23T01:00:00Z';
const begins = (when: string, before: JsonObject | null, after: JsonObject | null, severity?: 'warn') => ({
  when,
  input: executing(before, after),
  subjects: [starts],
  ...(severity === undefined ? {} : { severity }),
});

export const requestEdgeCases: CaseTable = {
  'waf-log-first': only({
    finds: [
      begins('a managed ruleset is deployed as Cloudflare ships it', null, execute(null), 'warn'),
      begins('a managed ruleset that was off is switched on', execute({ enabled: false }), execute(null)),
      begins('all rules of it are switched on', execute(null), execute({ enabled: true })),
      begins(
        'a category that only logged acts, and nobody knows since when it logged',
        execute({ categories: [{ category: 'wordpress', action: 'log' }] }),
        execute(null),
      ),
      begins('a paranoia level comes', execute(level(3, { enabled: false })), execute(null)),
      begins(
        'a paranoia level is switched on',
        execute(level(3, { enabled: false })),
        execute(level(3, { enabled: true })),
      ),
      begins(
        'the score is lowered',
        execute(scored({ score_threshold: 60 })),
        execute(scored({ score_threshold: 25 })),
      ),
      begins(
        'a rule that was off acts',
        execute(scored({ enabled: false })),
        execute(scored({ action: 'block' })),
      ),
      begins(
        'another ruleset is run',
        execute(null),
        execute(null, { action_parameters: { id: 'other' } }),
        'warn',
      ),
      begins(
        'the rule gets an action of its own',
        execute(null),
        execute(scored({ action: 'block' })),
        'warn',
      ),
      begins('it is run for other requests', execute(null, { expression: 'ssl' }), execute(null), 'warn'),
      {
        when: 'a managed ruleset that logged for too short a time since the baseline acts',
        input: executing(execute(logs), execute(null), { baselines: watchedSince(tooShort), history: [] }),
        subjects: [starts],
        severity: 'warn',
      },
      {
        when: 'the baseline is of a time to come',
        input: executing(execute(logs), execute(null), {
          baselines: watchedSince('2027-01-01T00:00:00Z'),
          history: [],
        }),
        subjects: [starts],
      },
    ],
    passes: [
      {
        when: 'a managed ruleset that has logged since the baseline, for long enough, acts',
        input: executing(execute(logs), execute(null), { baselines: watchedSince(asLong), history: [] }),
      },
      {
        when: 'a custom rule that has logged since the baseline, for long enough, stops requests',
        input: {
          ...rulesets([{ ...closed, ref: 'api', action: 'log' }], [{ ...closed, ref: 'api' }]),
          history: [],
          baselines: [
            {
              stack: 'acme-production',
              at: asLong,
              loggedRules: loggedBy(`${subject}#api`, { ...closed, action: 'log' }),
            },
          ],
        },
      },
    ],
    skips: [
      { when: 'a managed ruleset is deployed in log mode', input: executing(null, execute(logs)) },
      {
        when: 'a paranoia level goes',
        input: executing(execute(null), execute(level(3, { enabled: false }))),
      },
      {
        when: 'the score is raised',
        input: executing(execute(scored({ score_threshold: 25 })), execute(scored({ score_threshold: 60 }))),
      },
      {
        when: 'a managed ruleset comes with its zone',
        input: {
          plan: aPlan()
            .creating('cloudflare_zone.shop', { name: 'shop.example' })
            .creating(waf, aRuleset([execute(null)], managed))
            .build(),
        },
      },
    ],
  }),
  'managed-ruleset-kept': only({
    finds: [
      {
        when: 'another ruleset is run in its place',
        input: executing(execute(null), execute(null, { action_parameters: { id: 'other' } })),
        subjects: [starts],
      },
    ],
  }),
  'managed-ruleset-overrides': only({
    finds: [
      {
        when: 'the score is raised',
        input: executing(execute(scored({ score_threshold: 25 })), execute(scored({ score_threshold: 60 }))),
        subjects: [starts],
      },
      {
        when: 'the sensitivity is lowered',
        input: executing(execute(null), execute({ sensitivity_level: 'low' })),
        subjects: [starts],
      },
      {
        when: 'a ruleset that acted only logs',
        input: executing(execute(null), execute(logs)),
        subjects: [starts],
      },
    ],
    passes: [
      { when: 'a ruleset is deployed in log mode', input: executing(null, execute(logs)) },
      {
        when: 'the score is lowered',
        input: executing(execute(scored({ score_threshold: 60 })), execute(scored({ score_threshold: 25 }))),
      },
    ],
  }),
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
  'waf-expression-constant': only({
    finds: [
      '(http.host eq "www.shop.example") and ((ip.src ne 192.0.2.1) or (ip.src ne 192.0.2.2))',
      'http.host eq "www.shop.example" and (not ip.src in {192.0.2.1} or not ip.src in {192.0.2.2})',
      'http.host eq "www.shop.example" and not (http.request.method eq "GET" and http.request.method eq "POST")',
      'starts_with(http.request.uri.path, "/pay") and (ip.src.country ne "DE" or ip.src.country ne "AT")',
      'ssl or (http.host eq "www.shop.example" and (ip.src ne 192.0.2.1 or ip.src ne 192.0.2.2))',
    ].map((expression) => ({
      when: `a part of it narrows nothing: ${expression}`,
      input: rulesets([], [{ ...closed, expression }]),
      subjects: [`${subject}#rules[0]`],
    })),
    passes: [
      'http.host eq "www.shop.example" and ip.src ne 192.0.2.1 and ip.src ne 192.0.2.2',
      'http.host eq "www.shop.example" and (ip.src ne 192.0.2.1 or http.request.method ne "GET")',
      'http.host eq "old.shop.example"',
      'http.host eq "old.shop.example" and starts_with(http.request.uri.path, "/")',
    ].map((expression) => ({
      when: `each part of it narrows: ${expression}`,
      input: rulesets([], [{ ...closed, expression }]),
    })),
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
