/** Which rules of a ruleset count as changed, under what name, and what can be read of them. */
import { describe, expect, it } from 'vitest';
import { indexPlan } from '../../../../policies/reading/plan-index.ts';
import {
  hasUnknownRules,
  isInPhase,
  ruleText,
  ruleValue,
} from '../../../../policies/reading/rulesets/rules.ts';
import { isEnabled, isStopping } from '../../../../policies/reading/rulesets/skip-rules.ts';
import type { Json, JsonObject } from '../../../../scripts/plan/types.ts';
import { aPlan } from '../../../builders/plan.ts';
import type { PlanBuilder } from '../../../builders/plan.ts';
import { aRuleset, aWafRule } from '../../rules/cases/waf-cases.ts';

const address = 'cloudflare_ruleset.waf';
const pairsOf = (plan: PlanBuilder) => indexPlan(plan.build()).rulesetRules;
const updated = (before: Json, after: Json) =>
  pairsOf(aPlan().updating(address, aRuleset(before), aRuleset(after)));

/** A rule without ref. */
const at = (path: string, parts: JsonObject = {}): JsonObject => ({
  expression: `http.request.uri.path eq "${path}"`,
  action: 'block',
  ...parts,
});
const named = (ref: string, parts: JsonObject = {}): JsonObject => ({ ...at('/a'), ref, ...parts });

/** The names of the rules that changed, with a sign for one that came or went. */
function changed(before: Json, after: Json): readonly string[] {
  return updated(before, after).map((pair) => {
    const sign = pair.before === null ? '+' : pair.after === null ? '-' : '';
    return `${sign}${pair.subject.replace(/^.*#/, '')}`;
  });
}

describe('a list of rules', () => {
  it.each<[string, Json, Json, readonly string[]]>([
    ['in another order has no changed rule', [named('a'), named('b')], [named('b'), named('a')], []],
    ['by expression, in another order, has none either', [at('/a'), at('/b')], [at('/b'), at('/a')], []],
    ['with one more at its head has one that came', [at('/a')], [at('/b'), at('/a')], ['+rules[0]']],
    ['with one less at its head has one that went', [at('/b'), at('/a')], [at('/a')], ['-rules[0]']],
    [
      'with an empty ref goes by expression',
      [at('/a', { ref: '' })],
      [at('/b', { ref: '' }), at('/a', { ref: '' })],
      ['+rules[0]'],
    ],
    ['with the same expression again has one that came', [at('/a')], [at('/a'), at('/a')], ['+rules[1]']],
    [
      'with the same expression three times goes by place',
      [at('/a'), at('/a'), at('/a')],
      [at('/a'), at('/a'), at('/a', { action: 'log' })],
      ['rules[2]'],
    ],
    ['with another path in its expression has one that changed', [at('/a')], [at('/b')], ['rules[0]']],
    [
      'with two that were edited has two that changed, each its own',
      [at('/a', { description: 'office' }), at('/b/c')],
      [at('/z'), at('/b/d', { description: 'office' })],
      ['rules[0]', 'rules[1]'],
    ],
    [
      'with a rule of another kind in its place has one that came and one that went',
      [at('/a')],
      [{ expression: 'ip.src.country in {"T1" "XX"}', action: 'block' }],
      ['+rules[0]', '-rules[0]'],
    ],
    [
      'that does something else, with another expression, is another rule',
      [at('/a')],
      [at('/b', { action: 'skip' })],
      ['+rules[0]', '-rules[0]'],
    ],
    [
      'with a ref that Cloudflare made up goes by expression',
      [
        { ...at('/a'), id: '1', ref: '1' },
        { ...at('/b'), id: '2', ref: '2' },
      ],
      [at('/b'), at('/a')],
      [],
    ],
    [
      'given a ref where Cloudflare had made one up has one that changed, and none that went',
      [{ ...at('/a'), id: '1', ref: '1' }],
      [{ ...at('/a'), ref: 'mine' }],
      ['mine'],
    ],
    [
      'with another expression under the same ref has one that changed',
      [named('a')],
      [{ ...at('/b'), ref: 'a' }],
      ['a'],
    ],
    ['without expressions goes by place', [{ action: 'block' }], [{ action: 'log' }], ['rules[0]']],
    [
      'with an expression that is not text has one that came and one that went',
      [{ expression: 7 }],
      [{ expression: 8 }],
      ['+rules[0]', '-rules[0]'],
    ],
    ['with something that is not a rule leaves it out', ['x', named('a')], [null, named('a')], []],
  ])('%s', (_, before, after, expected) => {
    expect(changed(before, after)).toEqual(expected);
  });

  it('that is not known yields none, not even as removed', () => {
    const plan = aPlan().updating(address, aRuleset([named('a')]), aRuleset('${local.rules}'));
    const { changes, rulesetRules } = indexPlan(plan.build());
    expect(rulesetRules).toEqual([]);
    expect(changes.map(hasUnknownRules)).toEqual([true]);
  });
});

describe('a rule is the same', () => {
  const parts = (value: Json): JsonObject => named('a', { action_parameters: value });

  it.each<[string, Json, Json, boolean]>([
    ['with the same list', { a: ['x', 'y'] }, { a: ['x', 'y'] }, true],
    ['with a list in another order', { a: ['x', 'y'] }, { a: ['y', 'x'] }, false],
    ['with another end of a list', { a: ['x', 'y'] }, { a: ['x', 'z'] }, false],
    ['with a longer list', { a: ['x'] }, { a: ['x', 'y'] }, false],
    ['with a shorter list', { a: ['x', 'y'] }, { a: ['x'] }, false],
    ['with a list instead of its only text', { a: 'x' }, { a: ['x'] }, false],
    ['with a text instead of its only item', { a: ['x'] }, { a: 'x' }, false],
    ['with null instead of nothing', { a: 'x' }, { a: 'x', b: null }, true],
    ['with nothing instead of null', { a: 'x', b: null }, { a: 'x' }, true],
    ['with false instead of nothing', { a: 'x' }, { a: 'x', b: false }, false],
    ['with another object inside', { a: { b: 1 } }, { a: { b: 2 } }, false],
    [
      'as a later version of itself',
      { version: '1', last_updated: 'a' },
      { version: '2', last_updated: 'b' },
      true,
    ],
  ])('%s: %j, %j: %s', (_, before, after, isSame) => {
    expect(changed([parts(before)], [parts(after)])).toEqual(isSame ? [] : ['a']);
  });
});

describe('what is read of a rule', () => {
  it('that came has nothing before, and is not enabled there', () => {
    const [came] = updated([], [aWafRule()]);
    expect(came !== undefined && isEnabled(came, 'before')).toBe(false);
    expect(came !== undefined && isEnabled(came, 'after')).toBe(true);
  });

  it('that went is nothing after, whatever stands in its place', () => {
    const went = updated([named('a'), named('b')], [named('b')]).find(({ after }) => after === null);
    expect(went?.ref).toBe('a');
    expect(went !== undefined && ruleValue(went, 'after', ['action'])).toEqual({ kind: 'absent' });
    expect(went !== undefined && ruleText(went, 'before', ['action'])).toBe('block');
    expect(went?.expression()).toEqual({ kind: 'absent' });
    expect(went !== undefined && isStopping(went, 'before')).toBe(true);
    expect(went !== undefined && isStopping(went, 'after')).toBe(false);
  });

  it.each([
    ['is its expression', 'ip.src eq 192.0.2.1', { kind: 'known', text: 'ip.src eq 192.0.2.1' }],
    ['is unknown as a reference', '${var.x}', { kind: 'unknown' }],
    ['is an empty one when it is not text', 7, { kind: 'known', text: '', analysis: { parsed: false } }],
  ])('%s', (_, expression, reading) => {
    expect(updated([], [{ ref: 'a', expression }])[0]?.expression()).toMatchObject(reading);
  });

  it('is read for the zone that it stands in, whose own name confines nothing', () => {
    const rules = aRuleset([named('a', { expression: 'ends_with(http.host, ".lab.shop.example")' })]);
    const confinedBy = (zone: string | null) =>
      pairsOf(aPlan().inZone(zone).creating(address, rules)).map((pair) => {
        const reading = pair.expression();
        return reading.kind === 'known' ? reading.analysis.confinedBy : null;
      });
    expect(confinedBy('shop.example')).toEqual([['host']]);
    expect(confinedBy('lab.shop.example')).toEqual([[]]);
    expect(confinedBy(null)).toEqual([[]]);
  });
});

describe('the phase of a rule', () => {
  const phases = (plan: PlanBuilder) => pairsOf(plan).map(({ phase }) => phase);
  const [old, now] = [aRuleset([named('a')], 'old'), aRuleset([named('b')], 'new')];

  it('is the new one of its ruleset, or that of one that is deleted', () => {
    expect(phases(aPlan().creating(address, now))).toEqual([{ kind: 'known', value: 'new' }]);
    expect(phases(aPlan().deleting(address, old))).toEqual([{ kind: 'known', value: 'old' }]);
    expect(phases(aPlan().updating(address, old, now))).toEqual(
      ['new', 'new'].map((value) => ({ kind: 'known', value })),
    );
  });

  it.each<[string, Json, boolean]>([
    ['that is asked for', 'http_ratelimit', true],
    ['that is another', 'ddos_l7', false],
    ['that is not known', '${var.phase}', true],
    ['that is not given', null, true],
    ['that is not text', 7, false],
  ])('%s', (_, phase, isIn) => {
    const ruleset: JsonObject = { ...aRuleset([named('a')]), phase };
    const [pair] = pairsOf(aPlan().creating(address, ruleset));
    expect(pair !== undefined && isInPhase(pair, 'http_ratelimit', 'http_log')).toBe(isIn);
  });
});
