import { describe, expect, it } from 'vitest';
import { indexPlan } from '../../../policies/reading/plan-index.ts';
import { ruleLabel, rulesOn } from '../../../policies/reading/rulesets/rules.ts';
import { loggedRules } from '../../../scripts/release/history.ts';
import { lintConfiguration } from '../../../scripts/waf/lint/lint.ts';
import { rulesetsOf } from '../../../scripts/waf/rulesets/configured.ts';
import { readRuleset } from '../../../scripts/waf/rulesets/rules.ts';
import type { JsonObject } from '../../../scripts/plan/types.ts';
import { aPlan } from '../../builders/plan.ts';
import type { PlanBuilder } from '../../builders/plan.ts';

/** Each is refused by the same lint rule, so that lint has a subject for every one of them. */
const rule = (more: JsonObject): JsonObject => ({ expression: 'no.such.field', action: 'log', ...more });

const rules = [
  rule({ ref: 'named', description: 'Has a ref' }),
  rule({ description: 'Has none' }),
  rule({ ref: '', id: 'b7d1', description: 'Not released' }),
  rule({ ref: 'f00d', id: 'f00d', description: 'Ref made up by Cloudflare' }),
  rule({ ref: '${var.ref}', description: 'Known to Terraform only' }),
  rule({ ref: 'released', id: '9c2e', enabled: false }),
];
const names = ['named', 'rules[1]', 'rules[2]', 'rules[3]', 'rules[4]', 'released'];

const attributes: JsonObject = {
  zone_id: 'z',
  kind: 'zone',
  phase: 'http_request_firewall_custom',
  rules,
};
const address = 'cloudflare_ruleset.waf';
const changesIn = (plan: PlanBuilder) => plan.build().stacks.flatMap(({ changes }) => changes);

const zone = { type: 'cloudflare_zone', id: 'z', attributes: { name: 'shop.example' } };
const ruleset = { type: 'cloudflare_ruleset', id: 'r', attributes };

describe('the name of a rule', () => {
  it('is the ref that somebody gave it, else its place', () => {
    expect(readRuleset(attributes).rules.map(({ name }) => name)).toEqual(names);
  });

  it('is the same where requests are tried, in lint, and in policies on either side', () => {
    const run = rulesetsOf([zone, ruleset], zone).flatMap((one) => one.rules);
    expect(run.map(({ name }) => name)).toEqual(names);

    const linted = lintConfiguration([ruleset]).map(({ subject }) => subject);
    expect(new Set(linted.filter((subject) => subject.includes('#')))).toEqual(
      new Set(names.map((name) => `r#${name}`)),
    );

    for (const plan of [aPlan().creating(address, attributes), aPlan().deleting(address, attributes)]) {
      const inOrder = indexPlan(plan.build()).editedRules.toSorted((a, b) => a.position - b.position);
      expect(inOrder.map(({ subject }) => subject.split('#')[1])).toEqual(names);
    }
  });

  it('has the description beside it in a message where it is only a place', () => {
    const [change] = changesIn(aPlan().creating(address, attributes));
    const labels = change === undefined ? [] : rulesOn(change, 'after').map(ruleLabel);
    expect(labels).toEqual([
      'named',
      'rules[1] (Has none)',
      'rules[2] (Not released)',
      'rules[3] (Ref made up by Cloudflare)',
      'rules[4] (Known to Terraform only)',
      'released',
    ]);
  });

  it('is noted in a ledger only where it is a ref: a place is no identity', () => {
    const noted = loggedRules({
      kind: 'sluice.bundle',
      version: 1,
      stack: 'shop',
      configuration: { resource: { cloudflare_ruleset: { waf: attributes } } },
    });
    expect(noted.map((line) => line.split(' ')[0])).toEqual(['shop/cloudflare_ruleset.waf#named']);
  });
});

describe('a ruleset as it is written', () => {
  it('keeps the places of what is no rule, and takes a rule that stands alone', () => {
    const read = readRuleset({ rules: ['x', null, rule({})] }).rules;
    expect(read.map(({ position, name }) => [position, name])).toEqual([[2, 'rules[2]']]);
    expect(readRuleset({ rules: rule({ ref: 'only' }) }).rules.map(({ name }) => name)).toEqual(['only']);
    expect(readRuleset({ rules: '${local.rules}' }).rules).toEqual([]);
  });

  it('takes a rule for enabled unless it says that it is not', () => {
    const written = [undefined, null, true, false, '${var.on}'].map((enabled) =>
      rule(enabled === undefined ? {} : { enabled }),
    );
    expect(readRuleset({ rules: written }).rules.map(({ enabled }) => enabled)).toEqual([
      true,
      true,
      true,
      false,
      true,
    ]);
  });
});
