/**
 * What each rule says, word for word, in every example of the case tables: subject, what was seen, what is required, the
 * place in the record, the fix. Those texts are what a person acts on. `said.json` holds them; after a change of a text or
 * of an example, run with `SLUICE_WRITE_SAID=1` and read the difference.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { RuleInput } from '../../../policies/model/facts.ts';
import { allRules } from '../../../policies/registry.ts';
import type { Rule } from '../../../policies/model/finding.ts';
import { aRuleContext } from '../../builders/facts.ts';
import { accessCases } from './cases/access-cases.ts';
import { accessEntryCases } from './cases/access-entry-cases.ts';
import { accessRestrictionCases, accessTrustCases } from './cases/access-trust-cases.ts';
import { boundaryCases } from './cases/boundary-cases.ts';
import { edgeCases } from './cases/edge-cases.ts';
import { listCases } from './cases/list-cases.ts';
import { moreEdgeCases } from './cases/more-edge-cases.ts';
import { exposureCases } from './cases/exposure-cases.ts';
import { placeCases } from './cases/place-cases.ts';
import { planCases } from './cases/plan-cases.ts';
import { protectionCases } from './cases/protection-cases.ts';
import { meetingCases } from './meeting-cases.ts';
import { recordCases } from './cases/record-cases.ts';
import { recordFieldCases } from './record-field-cases.ts';
import { requestCases } from './cases/request-cases.ts';
import { nameCases } from './cases/name-cases.ts';
import { reachabilityCases } from './cases/reachability-cases.ts';
import { requestEdgeCases } from './cases/request-edge-cases.ts';
import type { CaseTable, RuleCases } from './cases/rule-cases.ts';
import { scopeCases } from './cases/scope-cases.ts';
import { servingCases } from './cases/serving-cases.ts';
import { settingsCases } from './cases/settings-cases.ts';
import { trafficCases } from './cases/traffic-cases.ts';
import { twinCases } from './cases/twin-cases.ts';
import { unknownCases, valueCases } from './cases/value-cases.ts';
import { wafCases } from './cases/waf-cases.ts';
import { zoneCases } from './cases/zone-cases.ts';

type Said = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;

const goldenFile = new URL('said.json', import.meta.url);
const tables: readonly CaseTable[] = [
  zoneCases,
  wafCases,
  trafficCases,
  protectionCases,
  accessCases,
  accessEntryCases,
  accessTrustCases,
  exposureCases,
  nameCases,
  reachabilityCases,
  servingCases,
  placeCases,
  planCases,
  valueCases,
  scopeCases,
  settingsCases,
  meetingCases,
  recordCases,
  recordFieldCases,
  edgeCases,
  moreEdgeCases,
  boundaryCases,
  twinCases,
  unknownCases,
  requestEdgeCases,
  accessRestrictionCases,
  listCases,
  requestCases,
];

/** Everything that the rule answers, one line per observation or doubt. */
function answer(rule: Rule, input: Partial<RuleInput>): readonly string[] {
  const result = rule.evaluate(aRuleContext(input));
  if (result.kind !== 'judged') {
    return [`not applicable: ${result.reason}`];
  }
  return [
    ...result.observations.map(({ subject, seen, required, pointer, fix, severity, sides }) =>
      JSON.stringify({ subject, seen, required, pointer, fix, severity, sides }),
    ),
    ...result.doubts.map(({ subject, doubt }) => JSON.stringify({ subject, doubt })),
  ];
}

function saidBy(rule: Rule): Readonly<Record<string, readonly string[]>> {
  const cases = tables.flatMap((table) => {
    const own = table[rule.id];
    return own === undefined ? [] : [...own.finds, ...own.passes, ...own.skips, ...(own.doubts ?? [])];
  });
  return Object.fromEntries(
    cases.map(({ when, input }, index) => [`${String(index + 1)}. ${when}`, answer(rule, input)]),
  );
}

if (process.env['SLUICE_WRITE_SAID'] === '1') {
  const said = Object.fromEntries(allRules.map((rule) => [rule.id, saidBy(rule)]));
  writeFileSync(goldenFile, `${JSON.stringify(said, null, 2)}\n`);
}

const golden = JSON.parse(readFileSync(goldenFile, 'utf8')) as Said;

it('is written down for every rule', () => {
  expect(Object.keys(golden)).toEqual(allRules.map(({ id }) => id));
});

it.each(allRules.map((rule) => [rule.id, rule] as const))('%s says what is written down', (id, rule) => {
  expect(saidBy(rule)).toEqual(golden[id]);
});

function subjectsOf(rule: Rule, input: Partial<RuleInput>): unknown {
  const result = rule.evaluate(aRuleContext(input));
  return result.kind === 'judged'
    ? {
        objects: result.observations.map(({ subject }) => subject),
        doubts: result.doubts.map(({ subject }) => subject),
      }
    : result.kind;
}

const examples = allRules.flatMap((rule) =>
  [
    edgeCases,
    moreEdgeCases,
    boundaryCases,
    twinCases,
    unknownCases,
    requestEdgeCases,
    accessRestrictionCases,
  ].flatMap((table) => examplesOf(rule, table[rule.id])),
);

function examplesOf(rule: Rule, cases: RuleCases | undefined) {
  return [
    ...(cases?.finds ?? []).map(({ subjects, ...rest }) => ({
      ...rest,
      expected: { objects: subjects, doubts: [] },
    })),
    ...(cases?.passes ?? []).map((one) => ({ ...one, expected: { objects: [], doubts: [] } })),
    ...(cases?.skips ?? []).map((one) => ({ ...one, expected: 'not-applicable' })),
    ...(cases?.doubts ?? []).map(({ subjects, ...rest }) => ({
      ...rest,
      expected: { objects: [], doubts: subjects },
    })),
  ].map((one) => [`${rule.id}: ${one.when}`, { rule, ...one }] as const);
}

it.each(examples)('%s', (_, { rule, input, expected }) => {
  expect(subjectsOf(rule, input)).toEqual(expected);
});
