/**
 * Runs every rule and says what became of each. Fails closed: a rule that throws is a finding of its own that no waiver
 * hides, a registry that is empty or ambiguous denies, and nothing is allowed unless at least one rule really looked.
 */
import { compareText } from '../scripts/json/json.ts';
import type { SourceLocation } from '../scripts/plan/types.ts';
import type { RuleInput } from './model/facts.ts';
import { ownPrefix, RuleFailure } from './model/finding.ts';
import type {
  Doubt,
  Finding,
  Observation,
  Rule,
  RuleContext,
  RuleOutcome,
  RuleReport,
  RuleResult,
} from './model/finding.ts';
import { contextFor } from './context.ts';
import { isOwedLater } from './emergency/owed.ts';
import { findingId, readWaivers, waiverChecks, waives } from './waivers.ts';
import type { WaiverProblem, WaiverReading } from './waivers.ts';

/** Evaluates all rules. The report has an outcome for every rule and for every waiver check, sorted by id. */
export function evaluateRules(rules: readonly Rule[], input: RuleInput): RuleReport {
  return evaluateWith(rules, input, contextOf(input));
}

/** The same where the context is there already: what it worked out for others is not worked out again. */
export function evaluateIn(rules: readonly Rule[], context: RuleContext): RuleReport {
  return evaluateWith(rules, context, context);
}

function evaluateWith(rules: readonly Rule[], input: RuleInput, context: RuleContext | Error): RuleReport {
  const waivers = readWaivers(input, rules);
  const run: RuleEvaluation = { input, waivers, used: new Set() };
  const judgedRules = rules.map((rule) => applyRule(rule, context, run));
  const waiverResults = applyWaiverChecks(
    run,
    judgedRules.flatMap((one) => one.findings),
  );
  const findings = [
    ...judgedRules.flatMap((one) => one.findings),
    ...waiverResults.findings,
    ...registryFindings(rules, judgedRules),
  ];
  const outcomes = [...judgedRules.map((one) => one.outcome), ...waiverResults.outcomes];
  return {
    outcomes: outcomes.toSorted((a, b) => compareText(a.ruleId, b.ruleId)),
    findings: findings.toSorted(worstFirst),
    verdict: verdictOf(findings, outcomes),
  };
}

interface RuleEvaluation {
  readonly input: RuleInput;
  readonly waivers: WaiverReading;
  /** Positions of waivers that matched something. */
  readonly used: Set<number>;
}

interface WaivedOutcome {
  readonly outcome: RuleOutcome;
  readonly findings: readonly Finding[];
}

/** A plan that cannot even be indexed makes every rule crash, which denies, instead of ending the run. */
function contextOf(input: RuleInput): RuleContext | Error {
  try {
    return contextFor(input);
  } catch (error) {
    return asError(error);
  }
}

function applyRule(rule: Rule, context: RuleContext | Error, run: RuleEvaluation): WaivedOutcome {
  if (context instanceof Error) {
    return crashed(rule, context);
  }
  try {
    return outcomeOf(rule, rule.evaluate(context), run);
  } catch (error) {
    return crashed(rule, asError(error));
  }
}

/** Inside the guard as well: an answer that is not a result must not end the run. */
function outcomeOf(rule: Rule, result: RuleResult, run: RuleEvaluation): WaivedOutcome {
  switch (result.kind) {
    case 'not-applicable':
      return { outcome: { ruleId: rule.id, kind: 'not-applicable', reason: result.reason }, findings: [] };
    case 'judged':
      return judgedOutcome(rule, result, run);
    default:
      // Not reachable by the types; a rule from elsewhere may still answer with something else.
      return crashed(rule, new TypeError('the rule gave no result'));
  }
}

function judgedOutcome(
  rule: Rule,
  result: RuleResult & { kind: 'judged' },
  run: RuleEvaluation,
): WaivedOutcome {
  const findings = result.observations.map((observation) => findingOf(rule, observation, run));
  const open: Doubt[] = [];
  const settled: Finding[] = [];
  for (const doubt of result.doubts) {
    const finding = findingOf(rule, asObservation(doubt), run);
    if (finding.waivedBy === undefined && !isOwedLater(rule.id, run.input.record)) {
      open.push(doubt);
    } else {
      settled.push(finding);
    }
  }
  const all = [...findings, ...settled];
  const isDenied = findings.some(isDeny);
  const reason = open.length === 0 ? {} : { reason: doubtText(open) };
  if (open.length > 0 && !isDenied) {
    return { outcome: { ruleId: rule.id, kind: 'undetermined', ...reason }, findings: all };
  }
  const kind = all.length === 0 ? 'passed' : 'findings';
  return { outcome: { ruleId: rule.id, kind, ...reason }, findings: all };
}

function asObservation({ doubt, ...about }: Doubt): Observation {
  return { ...about, seen: `cannot be told: ${doubt}`, required: 'a person who has looked' };
}

function findingOf(rule: Rule, observation: Observation, run: RuleEvaluation): Finding {
  const location = placeOf(run.input, observation.pointer);
  const ruleId = findingId(rule, observation.kind);
  const waivedBy = waiverFor(ruleId, observation.subject, run);
  const isOwed = isOwedLater(rule.id, run.input.record);
  return {
    ruleId,
    severity: isOwed ? 'warn' : (observation.severity ?? rule.severity),
    subject: observation.subject,
    ...(location === undefined ? {} : { location }),
    seen: observation.seen,
    required: observation.required,
    why: rule.why,
    fix: isOwed ? 'Nothing now: it is owed when the emergency is ratified.' : (observation.fix ?? rule.fix),
    ...(observation.sides === undefined ? {} : { sides: observation.sides }),
    ...(waivedBy === undefined ? {} : { waivedBy }),
  };
}

function waiverFor(ruleId: string, subject: string, run: RuleEvaluation): Finding['waivedBy'] {
  const matching = run.waivers.valid.filter(({ waiver }) => waives(waiver, ruleId, subject));
  for (const { position } of matching) {
    run.used.add(position);
  }
  const first = matching[0]?.waiver;
  return first === undefined
    ? undefined
    : { approvedBy: first.approvedBy, reason: first.reason, expires: first.expires };
}

/** The place of a field in the record, or of the nearest block around it that has one. */
function placeOf(input: RuleInput, pointer: string | undefined): SourceLocation | undefined {
  if (pointer === undefined || input.record === null) {
    return undefined;
  }
  const { locations } = input.record;
  for (let at = pointer; at !== ''; at = at.slice(0, at.lastIndexOf('/'))) {
    if (Object.hasOwn(locations, at)) {
      return locations[at];
    }
  }
  return locations[''];
}

function applyWaiverChecks(
  run: RuleEvaluation,
  judged: readonly Finding[],
): { outcomes: readonly RuleOutcome[]; findings: readonly Finding[] } {
  const unused = run.waivers.valid
    .filter(({ position }) => !run.used.has(position))
    .map(({ waiver, position }) => ({
      id: 'waiver-unused' as const,
      position,
      seen: `${waiver.rule} has no finding about ${waiver.subject}`,
      required: 'a waiver that something needs',
    }));
  const problems = [...run.waivers.problems.map((problem) => namingIds(problem, judged)), ...unused];
  const hasWaivers = (run.input.record?.record.waivers ?? []).length > 0;
  const outcomes = Object.values(waiverChecks).map(({ id }): RuleOutcome => {
    if (!hasWaivers) {
      return { ruleId: id, kind: 'not-applicable', reason: 'the record has no waivers' };
    }
    return { ruleId: id, kind: problems.some((problem) => problem.id === id) ? 'findings' : 'passed' };
  });
  const findings = problems.map(({ id, position, seen, required }): Finding => {
    const { severity, why, fix } = waiverChecks[id];
    const location = placeOf(run.input, `/waivers/${position}`);
    return {
      ruleId: id,
      severity,
      subject: 'record',
      ...(location === undefined ? {} : { location }),
      seen,
      required,
      why,
      fix,
    };
  });
  return { outcomes, findings };
}

/** A waiver of many kinds is told which of them it could mean: those that were found. */
function namingIds(problem: WaiverProblem, judged: readonly Finding[]): WaiverProblem {
  const found = problem.family === undefined ? [] : idsOfFamily(problem.family, judged);
  return found.length === 0 ? problem : { ...problem, required: `one of ${found.join(', ')}` };
}

function idsOfFamily(family: string, judged: readonly Finding[]): readonly string[] {
  const ids = judged.map(({ ruleId }) => ruleId).filter((id) => id.startsWith(`${family}/`));
  return [...new Set(ids)].toSorted(compareText);
}

function crashed(rule: Rule, error: Error): WaivedOutcome {
  // A parser's message may quote the text it failed on, and that text may be a secret.
  const detail = error instanceof SyntaxError ? '' : `: ${error.message.slice(0, 200)}`;
  return {
    outcome: { ruleId: rule.id, kind: 'crashed', reason: `${error.name}${detail}` },
    findings: [
      {
        ruleId: `rule-error/${rule.id}`,
        severity: 'deny',
        subject: `rule/${rule.id}`,
        seen: `${error.name}${detail}`,
        required: 'a rule that comes to a result',
        why: 'A rule that fails has not looked; what it would have found is unknown.',
        fix:
          error instanceof RuleFailure
            ? error.fix
            : 'Report the crash with the plan that causes it. A waiver of the rule does not cover its crash.',
      },
    ],
  };
}

/** What is wrong with the set of rules as a whole. */
function registryFindings(rules: readonly Rule[], applied: readonly WaivedOutcome[]): readonly Finding[] {
  const ids = rules.map((rule) => rule.id);
  const taken = new Set(Object.keys(waiverChecks));
  const twice = new Set(ids.filter((id, at) => ids.indexOf(id) !== at || taken.has(id)));
  return [
    ...[...twice].map((id) => registryFinding(`two rules are called ${id}`, 'every rule id once')),
    ...(rules.length === 0 ? [registryFinding('there are no rules', 'the rules of the registry')] : []),
    // That a rule of the estate's own looked takes nothing away from what the product's rules have to see.
    ...(rules.length > 0 && applied.every(({ outcome }) => !hasLooked(outcome))
      ? [registryFinding('no rule applies to this change', 'at least one rule that looked')]
      : []),
  ];
}

function hasLooked({ ruleId, kind }: RuleOutcome): boolean {
  return kind !== 'not-applicable' && !ruleId.startsWith(ownPrefix);
}

function registryFinding(seen: string, required: string): Finding {
  return {
    ruleId: 'rule-registry',
    severity: 'deny',
    subject: 'rules',
    seen,
    required,
    why: 'Without rules that ran there is no ground on which to allow anything.',
    fix: 'Restore policies/registry.ts, or give the plan that is to be judged.',
  };
}

/** What findings and outcomes come to. That a rule crashed, or that none looked, is a finding that denies. */
export function verdictOf(
  findings: readonly Finding[],
  outcomes: readonly RuleOutcome[],
): RuleReport['verdict'] {
  if (findings.some(isDeny)) {
    return 'deny';
  }
  return outcomes.some(({ kind }) => kind === 'undetermined') ? 'undetermined' : 'allow';
}

function isDeny(finding: Finding): boolean {
  return finding.severity === 'deny' && finding.waivedBy === undefined;
}

function worstFirst(a: Finding, b: Finding): number {
  return rank(a) - rank(b) || compareText(a.subject, b.subject) || compareText(a.ruleId, b.ruleId);
}

function rank(finding: Finding): number {
  if (finding.waivedBy !== undefined) {
    return 2;
  }
  return finding.severity === 'deny' ? 0 : 1;
}

/** The first doubts in full, the rest as a number. */
function doubtText(doubts: readonly Doubt[]): string {
  const listed = doubts.slice(0, 10).map(({ subject, doubt }) => `${subject}: ${doubt}`);
  const more = doubts.length > listed.length ? `; and ${doubts.length - listed.length} more` : '';
  return `${listed.join('; ')}${more}`;
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error('a value that is not an error was thrown');
}
