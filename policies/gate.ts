/**
 * The gate: one pure function from facts to a decision.
 *
 * A fixed list of checks is always present. The gate allows only if every one of them allows; a check that crashes is a
 * deny with its name, a fact that is missing is undetermined, and both stop the change. The same function decides before
 * the merge and again right before something is applied.
 */
import { compareText } from '../scripts/json/json.ts';
import { Expressions } from '../scripts/waf/reason/expressions.ts';
import { evaluateApprovals, validApprovers } from './approvals.ts';
import { readDisqualified } from './approvals/disqualified.ts';
import { contextFor } from './context.ts';
import { evaluateIn } from './evaluate.ts';
import { checkApprovals } from './gate/check-approvals.ts';
import { checkPull, checkRecord, checkTuple } from './gate/check-change.ts';
import { checkProposal } from './gate/check-proposal.ts';
import { checkLedger, checkRehearsal, checkRules } from './gate/check-proof.ts';
import { checkFreeze, checkWindow } from './gate/check-time.ts';
import { checkCatalogue, checkEmergency } from './gate/check-type.ts';
import type { CheckAnswer, CheckInput, CheckId } from './gate/check.ts';
import { closedRecord } from './gate/closing.ts';
import { completeOf, ruleInputOf } from './gate/input.ts';
import { wavesOf, type Wave } from './gate/waves.ts';
import type { Risk } from './model/assessment.ts';
import type { Approvals, CheckResult, Decision, Verdict } from './model/decision.ts';
import type { Facts } from './model/facts.ts';
import type { RuleContext, RuleReport } from './model/finding.ts';
import type { CompleteRecord } from './model/record.ts';
import { rulesFor } from './own-rules.ts';

/** The fixed list, in the order in which a person would ask. */
const checks: Readonly<Record<CheckId, (given: CheckInput) => CheckAnswer>> = {
  ledger: checkLedger,
  pull: checkPull,
  proposal: checkProposal,
  record: checkRecord,
  tuple: checkTuple,
  rules: checkRules,
  rehearsal: checkRehearsal,
  approvals: checkApprovals,
  window: checkWindow,
  freeze: checkFreeze,
  emergency: checkEmergency,
  catalogue: checkCatalogue,
};

/**
 * Decides. Never throws: whatever fails inside becomes a check that denies and says so.
 * @param expressions What the facts were read in; a table of its own for facts that come as a document.
 */
export function decide(facts: Facts, expressions = new Expressions()): Decision {
  const crashes = new Map<CheckId, Error>();
  const given = conclude(facts, crashes, expressions);
  const waves = wavesIn(given);
  const results = (Object.keys(checks) as CheckId[]).map((id) => runCheck(id, given, crashes.get(id)));
  return {
    kind: 'sluice.decision',
    version: 1,
    at: facts.now,
    verdict: verdictOf(results),
    changeId: given.record?.id ?? null,
    risk: given.risk,
    checks: results,
    findings: given.rules.findings,
    outcomes: given.rules.outcomes,
    approvals: given.approvals,
    tookPart: tookPart(given),
    ...(given.computed.length === 0 ? {} : { computed: given.computed }),
    ...(waves.length > 1 ? { waves } : {}),
    tuple: facts.tuple,
  };
}

/** Of the stacks that change; none where they are not known. */
function wavesIn({ context, facts, record, risk }: CheckInput): readonly Wave[] {
  if (context === null) {
    return [];
  }
  const { registers } = facts.policy;
  return wavesOf(context.index.changedStacks, {
    registers,
    risk: risk.effective,
    rollout: record?.rollout,
  });
}

function tookPart({ disqualified, record }: CheckInput): readonly string[] {
  const backup = record?.backupImplementer;
  return [...new Set([...disqualified, ...(backup === undefined ? [] : [backup])])].toSorted(compareText);
}

/** Deny wins over undetermined: what is known to be wrong is not worth finding out more about first. */
function verdictOf(results: readonly CheckResult[]): Verdict {
  if (results.some(({ verdict }) => verdict === 'deny')) {
    return 'deny';
  }
  return results.every(({ verdict }) => verdict === 'allow') ? 'allow' : 'undetermined';
}

/** What several checks need. Each part that fails is replaced by its worst value, and the check it belongs to denies. */
function conclude(facts: Facts, crashes: Map<CheckId, Error>, expressions: Expressions): CheckInput {
  const attempt = <T>(id: CheckId, work: () => T, worst: T): T => {
    try {
      return work();
    } catch (error) {
      crashes.set(id, asError(error));
      return worst;
    }
  };
  const context = attempt('rules', () => contextFor(ruleInputOf(facts), expressions), null);
  const risk = context === null ? worstRisk : attempt('rules', () => context.assessment().risk, worstRisk);
  const completed = attempt('record', () => recordOf(facts, context), null);
  return {
    facts,
    context,
    risk,
    rules:
      context === null
        ? worstRules
        : attempt('rules', () => evaluateIn(rulesFor(context, facts.ownRules), context), worstRules),
    approvals: attempt('approvals', () => evaluateApprovals(facts, risk), worstApprovals),
    approvers: attempt('approvals', () => validApprovers(facts, risk), new Set<string>()),
    record: completed?.record ?? null,
    computed: completed?.computed ?? [],
    disqualified: attempt(
      'approvals',
      () => new Set(readDisqualified(facts).people.keys()),
      new Set<string>(),
    ),
  };
}

/** Rules judge the closing of a change as the administrative change that it is; the checks see the record of the change. */
function recordOf(facts: Facts, context: RuleContext | null): CompleteRecord | null {
  return context === null || closedRecord(facts) !== null ? completeOf(facts) : context.record;
}

function runCheck(id: CheckId, given: CheckInput, earlier: Error | undefined): CheckResult {
  if (earlier !== undefined) {
    return crashed(id, earlier);
  }
  try {
    return { id, ...checks[id](given) };
  } catch (error) {
    return crashed(id, asError(error));
  }
}

function crashed(id: CheckId, error: Error): CheckResult {
  // The message of a parser quotes what it failed on, which may be a secret.
  const detail = error instanceof SyntaxError ? error.name : `${error.name}: ${error.message.slice(0, 200)}`;
  return {
    id,
    verdict: 'deny',
    summary: `the ${id} check crashed: nothing was checked, so nothing is allowed`,
    reasons: [detail],
    next: ['report the crash with the facts: sluice gate --pr <number> --save-facts facts.json'],
  };
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

const worstRisk: Risk = {
  effective: 'critical',
  declared: null,
  computed: 'critical',
  reasons: [{ id: 'crashed', level: 'critical', text: 'the risk could not be worked out', subjects: [] }],
  needsSecurityReview: true,
};

const worstRules: RuleReport = { outcomes: [], findings: [], verdict: 'deny' };

const worstApprovals: Approvals = {
  verdict: 'deny',
  level: 'critical',
  required: 0,
  given: 0,
  openSeats: [],
  vetoes: [],
  reviewers: [],
  reasons: ['the approvals could not be judged'],
};
