/** What ledgers note as logged. */
import { expect, it } from 'vitest';
import { loggedBy, loggedPart, loggedRule } from '../../scripts/plan/logged-rule.ts';
import type { JsonObject } from '../../scripts/plan/types.ts';

const subject = 'shop/cloudflare_ruleset.waf#a';
const execute = (overrides: JsonObject): JsonObject => ({
  action: 'execute',
  expression: 'true',
  action_parameters: { id: 'owasp', overrides },
});

it('notes a rule that logs with its expression, and none that is off', () => {
  const rule = { action: 'log', expression: 'ssl' };
  expect(loggedBy(subject, rule)).toEqual([loggedRule(subject, 'ssl')]);
  expect(loggedBy(subject, { ...rule, enabled: false })).toEqual([]);
  expect(loggedBy(subject, { ...rule, action: 'block' })).toEqual([]);
});

it('notes each part of a managed ruleset that only logs', () => {
  const rule = execute({
    action: 'log',
    categories: [
      { category: 'php', action: 'log' },
      { category: 'sqli', action: 'block' },
    ],
    rules: [{ id: 'r', action: 'log', enabled: false }],
  });
  expect(loggedBy(subject, rule)).toEqual([
    loggedPart(subject, rule, 'all'),
    loggedPart(subject, rule, 'category php'),
  ]);
});

it('tells apart what was logged of another ruleset, or for other requests', () => {
  const rule = execute({ action: 'log' });
  const others = [
    { ...rule, expression: 'ssl' },
    { ...rule, action_parameters: { id: 'other', overrides: { action: 'log' } } },
  ];
  const notes = [rule, ...others].map((one) => loggedPart(subject, one, 'all'));
  expect(new Set(notes).size).toBe(3);
});
