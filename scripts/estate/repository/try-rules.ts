/**
 * Tries the rules of an estate's own on their own examples, as they lie in the working tree: each says of each example
 * exactly what the example expects, fires on one and leaves one alone.
 */
import type { Services } from '../../contract/context.ts';
import type { Diagnostic } from '../../contract/errors.ts';
import { readRuleTrial, type RuleTrial } from '../../read/own-rule.ts';
import type { GitFile } from '../../contract/ports.ts';
import { assemblePlan } from '../../plan/difference/diff.ts';
import { problemText } from '../../facts/own-rules.ts';
import type { PolicySource } from '../../facts/policy.ts';
import type { PolicySet, RuleInput } from '../../../policies/model/facts.ts';
import { noTraffic } from '../../../policies/model/traffic.ts';
import { isRuleFile, ownRuleAt } from '../../../policies/reading/places/places.ts';

/** Everything that is wrong with them; empty where there are none. */
export async function tryRules(
  { rules, clock }: Pick<Services, 'rules' | 'clock'>,
  source: PolicySource,
  policy: PolicySet,
): Promise<readonly Diagnostic[]> {
  const files = await source(
    'policies',
    (path) => isRuleFile(path) || ownRuleAt(path, 'ownRuleCases') !== null,
  );
  const input = inputFor(policy, clock.now());
  const found: Diagnostic[] = [];
  for (const { path } of files) {
    const orphan = ownRuleAt(path, 'ownRuleCases');
    if (orphan !== null && !files.some((file) => ownRuleAt(file.path, 'ownRule') === orphan)) {
      found.push(
        at(
          path,
          'these are cases of a rule that is not there',
          `write policies/rules/${orphan}.ts, or delete them`,
        ),
      );
    }
    if (ownRuleAt(path, 'ownRule') !== null) {
      found.push(...(await tryRule(rules, { path, files, input })));
    }
  }
  return found;
}

interface Trial {
  readonly path: string;
  readonly files: readonly GitFile[];
  readonly input: RuleInput;
}

async function tryRule(
  rules: Services['rules'],
  { path, files, input }: Trial,
): Promise<readonly Diagnostic[]> {
  const cases = path.replace(/\.ts$/, '.cases.ts');
  if (!files.some((file) => file.path === cases)) {
    return [
      at(
        path,
        'the rule has no cases',
        `write ${cases}: one that it fires on, one as like it as can be that it leaves alone`,
      ),
    ];
  }
  const sources = new Map(files.map((file) => [file.path, file.text]));
  const run = await rules.run({ path, sources, input, cases });
  if (!run.ok) {
    return [
      at(
        path,
        `the rule fails on its cases: ${run.reason}`,
        'correct it; until then it would deny every change',
      ),
    ];
  }
  const read = readRuleTrial(run.value, path);
  return read.ok
    ? trialProblems(read.value, path, cases)
    : [
        at(
          path,
          `the rule's answer is not one: ${problemText(read.diagnostics)}`,
          'correct it; until then it would deny every change',
        ),
      ];
}

function trialProblems({ rule, results }: RuleTrial, path: string, cases: string): readonly Diagnostic[] {
  const id = ownRuleAt(path, 'ownRule') ?? '';
  const expects = new Set(results.map((one) => one.case.finds.length + (one.case.doubts ?? []).length > 0));
  return [
    ...(rule.id === id
      ? []
      : [at(path, `the rule calls itself ${rule.id}`, `give it the id ${id}, the name of its file`)]),
    ...(expects.has(true)
      ? []
      : [at(cases, 'there is no case that the rule fires on', 'add one with a subject in `finds`')]),
    ...(expects.has(false)
      ? []
      : [
          at(
            cases,
            'there is no case that the rule leaves alone',
            'add one with an empty `finds`, as like the other as can be',
          ),
        ]),
    ...results.flatMap((one) => differences(one, cases)),
  ];
}

function differences(
  { case: example, result }: RuleTrial['results'][number],
  cases: string,
): readonly Diagnostic[] {
  const judged = result.kind === 'judged' ? result : { observations: [], doubts: [] };
  const about = (what: string, wanted: readonly string[], got: readonly string[]): readonly Diagnostic[] =>
    isSame(wanted, got)
      ? []
      : [
          {
            ...at(
              cases,
              `"${example.name}": the rule ${what} ${listed(got)}`,
              'correct the rule, or the case',
            ),
            expected: listed(wanted),
          },
        ];
  return [
    ...about(
      'finds',
      example.finds,
      judged.observations.map(({ subject }) => subject),
    ),
    ...about(
      'cannot tell about',
      example.doubts ?? [],
      judged.doubts.map(({ subject }) => subject),
    ),
  ];
}

function isSame(a: readonly string[], b: readonly string[]): boolean {
  return a.toSorted().join('\n') === b.toSorted().join('\n');
}

function listed(subjects: readonly string[]): string {
  return subjects.length === 0 ? 'nothing' : subjects.slice(0, 5).join(', ');
}

function at(file: string, message: string, fix: string): Diagnostic {
  return { location: { file, line: 1, column: 1 }, message, fix };
}

/** The estate's own policies, and a change that the example brings. */
function inputFor(policy: PolicySet, now: string): RuleInput {
  return {
    now,
    plan: assemblePlan([], 'configuration'),
    unchanged: [],
    record: null,
    policy,
    history: [],
    baselines: [],
    incidents: [],
    planned: [],
    traffic: noTraffic,
    changedFiles: [],
    packages: [],
    submittedAt: null,
  };
}
