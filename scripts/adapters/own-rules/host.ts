/**
 * What a rule of an estate's own is made into one program with (runner.ts): the library that it imports as
 * `sluice/policies`, and the program around it. That reads the input, asks the rule, and writes what it answered. It runs
 * where the rule runs: nothing here is believed before its answer was read.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { argv } from 'node:process';
import { caseInput } from '../../../policies/rule-cases.ts';
import type { RuleInput } from '../../../policies/model/facts.ts';
import type { Rule, RuleResult } from '../../../policies/model/finding.ts';
import type { RuleCase } from '../../../policies/model/rule-case.ts';
import { contextFor } from '../../../policies/context.ts';

export * from '../../../policies/library.ts';

/** The rule's answer to the input: what `own-rule.schema.json` describes. */
export function answer(rule: Rule): void {
  write({ rule: head(rule), result: ask(rule, read()) });
}

/** Its answers to its own examples, in their order. */
export function answerCases(rule: Rule, cases: readonly RuleCase[]): void {
  const input = read();
  write({
    rule: head(rule),
    results: cases.map((one) => ({ case: asData(one), result: ask(rule, caseInput(input, one)) })),
  });
}

function asData({ name, finds, doubts = [] }: RuleCase): Pick<RuleCase, 'name' | 'finds' | 'doubts'> {
  return { name, finds, doubts };
}

function ask(rule: Rule, input: RuleInput): RuleResult {
  return rule.evaluate(contextFor(input));
}

function head({ evaluate: _code, ...described }: Rule): Omit<Rule, 'evaluate'> {
  return described;
}

function read(): RuleInput {
  return JSON.parse(readFileSync(argv[2] ?? '', 'utf8')) as RuleInput;
}

function write(document: object): void {
  writeFileSync(argv[3] ?? '', JSON.stringify(document));
}
