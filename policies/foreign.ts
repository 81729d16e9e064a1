/**
 * Judging a plan of a configuration that no service register knows, given to `sluice check` by file. What the gate asks of
 * a stack of the estate (a registered owner, an allowed provider, a known backend) says nothing about such a change: it is
 * set apart as what the gate would not take, and so is everything around the resources that stays as it is. What the change
 * itself brings is judged like any other. The gate never comes here: it knows no foreign configurations.
 */
import { compareText } from '../scripts/json/json.ts';
import type { Plan, StackSettings } from '../scripts/plan/types.ts';
import { evaluateIn, evaluateRules, verdictOf } from './evaluate.ts';
import type { Finding, Rule, RuleContext, RuleOutcome, RuleReport } from './model/finding.ts';

/** One thing of a foreign configuration that the gate would refuse, or could not decide. */
export interface NotTaken {
  readonly ruleId: string;
  readonly subject: string;
  readonly seen: string;
}

export interface ForeignReport {
  readonly report: RuleReport;
  /** Sorted by rule, then by subject. */
  readonly notTaken: readonly NotTaken[];
}

/** Whose a stack and its places are: no register can know it of a foreign configuration. */
const registerRules: ReadonlySet<string> = new Set([
  'plan-known-stacks',
  'plan-places-known',
  'plan-places-owned',
]);

/** A plan of Terraform's does not tell the backend, and where a stack is new it has none that it could keep. */
const backendRule = 'plan-backend-unchanged';

/** What stands around the resources: judged where it changes. */
const settingsRules: ReadonlySet<string> = new Set([
  backendRule,
  'plan-data-sources-allowed',
  'plan-modules-local',
  'plan-no-provisioners',
  'plan-providers-allowed',
  'plan-safe-configuration',
]);

/** Evaluates all rules on a foreign plan. The report has an outcome for every rule, as `evaluateRules` has. */
export function evaluateForeign(rules: readonly Rule[], input: RuleContext): ForeignReport {
  const houseRules = rules.filter(({ id }) => registerRules.has(id) || settingsRules.has(id));
  const judge = (plan: Plan): RuleReport => evaluateRules(houseRules, { ...input, plan });
  const full = evaluateIn(rules, input);
  const old = new Set(judge(asItWas(input.plan)).findings.map(keyOf));
  const created = stacksWithoutPast(input.plan);
  const isJudged = (finding: Finding): boolean =>
    !registerRules.has(finding.ruleId) &&
    !(settingsRules.has(finding.ruleId) && old.has(keyOf(finding))) &&
    !(finding.ruleId === backendRule && created.has(finding.subject));
  const findings = full.findings.filter(isJudged);
  const outcomes = full.outcomes.map((outcome) => setApart(outcome, findings));
  const asNew = judge(withSettings(input.plan, ({ after }) => ({ before: null, after })));
  const judged = new Set(findings.map(keyOf));
  return {
    report: { outcomes, findings, verdict: verdictOf(findings, outcomes) },
    notTaken: [
      ...asNew.findings.filter((finding) => !judged.has(keyOf(finding))).map(asNotTaken),
      ...asNew.outcomes.flatMap(doubtOf),
    ]
      .filter(({ ruleId }) => !(input.plan.source === 'terraform' && ruleId === backendRule))
      .toSorted((a, b) => compareText(a.ruleId, b.ruleId) || compareText(a.subject, b.subject)),
  };
}

/** The configuration before the change, as a plan that changes nothing. */
function asItWas(plan: Plan): Plan {
  const known = plan.source === 'terraform' ? withPastOf(plan) : plan;
  const past = withSettings(known, ({ before }) => ({ before: null, after: before }));
  return { ...past, stacks: past.stacks.map((stack) => ({ ...stack, changes: [] })) };
}

/**
 * A plan of Terraform's tells what stands around the resources after the change only, and that is taken to have been there;
 * but a provisioner of what the plan creates runs because of it.
 */
function withPastOf(plan: Plan): Plan {
  return {
    ...plan,
    stacks: plan.stacks.map((stack) => {
      const created = new Set(
        stack.changes
          .filter(({ actions }) => actions.includes('create'))
          .map(({ address }) => blockOf(address)),
      );
      const { after } = stack.settings;
      const before =
        after === null
          ? null
          : { ...after, provisioners: after.provisioners.filter((address) => !created.has(address)) };
      return { ...stack, settings: { before, after } };
    }),
  };
}

/** Settings name blocks of a configuration: the address without the keys of instances. */
function blockOf(address: string): string {
  return address.replaceAll(/\[(?:\d+|"(?:[^"\\]|\\.)*")\]/g, '');
}

type Settings = { readonly before: StackSettings | null; readonly after: StackSettings | null };

function withSettings(plan: Plan, change: (settings: Settings) => Settings): Plan {
  return {
    ...plan,
    stacks: plan.stacks.map((stack) => ({ ...stack, settings: change(stack.settings) })),
  };
}

function stacksWithoutPast({ stacks }: Plan): ReadonlySet<string> {
  return new Set(stacks.filter(({ settings }) => settings.before === null).map(({ stack }) => stack));
}

/** The outcome of a rule by what is left of its findings; its doubts are of the same kind and go with them. */
function setApart(outcome: RuleOutcome, findings: readonly Finding[]): RuleOutcome {
  const isHouse = registerRules.has(outcome.ruleId) || settingsRules.has(outcome.ruleId);
  const isLeft = findings.some(({ ruleId }) => ruleId === outcome.ruleId);
  return !isHouse || isLeft || outcome.kind === 'crashed' || outcome.kind === 'passed'
    ? outcome
    : {
        ruleId: outcome.ruleId,
        kind: 'not-applicable',
        reason: 'the configuration is not a stack of this estate',
      };
}

function doubtOf({ ruleId, kind, reason }: RuleOutcome): readonly NotTaken[] {
  return kind === 'undetermined' ? [{ ruleId, subject: '', seen: reason ?? 'cannot be told' }] : [];
}

function asNotTaken({ ruleId, subject, seen }: Finding): NotTaken {
  return { ruleId, subject, seen };
}

function keyOf({ ruleId, subject, seen }: NotTaken): string {
  return JSON.stringify([ruleId, subject, seen]);
}
