/**
 * Asks the rules of an estate's own. They are read from where the policies are read from (the gate: the base branch), and
 * get what the rules of the product get.
 */
import type { Services } from '../contract/context.ts';
import { readOwnRule } from '../read/own-rule.ts';
import type { Diagnostic } from '../plan/types.ts';
import { ruleInputOf } from '../../policies/gate/input.ts';
import type { Facts, PolicySet, RuleInput } from '../../policies/model/facts.ts';
import type { OwnRuleAnswer } from '../../policies/model/own-rule.ts';
import { ownRuleAt } from '../../policies/reading/places/places.ts';
import { ruleTexts, type PolicySource } from './policy.ts';
import { asRuleFile } from './rule-files.ts';

/** Processes at a time. */
const atOnce = 2;

/** What each rule says; in the order of the policy's files. A text that is not the policy's is not a rule. */
export async function askOwnRules(
  { rules }: Pick<Services, 'rules'>,
  source: PolicySource,
  input: RuleInput,
): Promise<Facts['ownRules']> {
  const paths = rulePaths(input.policy);
  if (paths.length === 0) {
    return [];
  }
  const known = new Map(input.policy.ruleFiles.map(({ path, digest }) => [path, digest]));
  const texts = await ruleTexts(source);
  const sources = new Map(
    texts
      .filter((file) => known.get(file.path) === asRuleFile(file).digest)
      .map(({ path, text }) => [path, text]),
  );
  const answers: OwnRuleAnswer[] = [];
  for (let at = 0; at < paths.length; at += atOnce) {
    const some = paths.slice(at, at + atOnce).map(async (path) => {
      const run = await rules.run({ path, sources, input, cases: null });
      return run.ok ? answered(path, run.value) : failed(path, run.reason);
    });
    answers.push(...(await Promise.all(some)));
  }
  return answers;
}

/** The facts with what the rules say of them: asked last, when everything else is known. */
export async function withOwnRules(
  services: Pick<Services, 'rules'>,
  source: PolicySource,
  facts: Facts,
): Promise<Facts> {
  return { ...facts, ownRules: await askOwnRules(services, source, ruleInputOf(facts)) };
}

function rulePaths({ ruleFiles }: Pick<PolicySet, 'ruleFiles'>): readonly string[] {
  return ruleFiles.map(({ path }) => path).filter((path) => ownRuleAt(path, 'ownRule') !== null);
}

function answered(path: string, text: string): OwnRuleAnswer {
  const read = readOwnRule(text, path);
  return read.ok
    ? { path, kind: 'answered', ...read.value }
    : failed(path, `its answer is not one: ${problemText(read.diagnostics)}`);
}

export function problemText([first]: readonly Diagnostic[]): string {
  const expected = first?.expected === undefined ? '' : `; expected ${first.expected}`;
  return `${first?.message ?? 'it does not read'}${expected}`;
}

function failed(path: string, reason: string): OwnRuleAnswer {
  return { path, kind: 'failed', reason: reason.slice(0, 2000) };
}
