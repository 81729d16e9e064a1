/**
 * Runs rulesets on one request: phases in order, account before zone, the first terminating match wins. A rule that
 * cannot be told does not stop the run: its outcome stays possible beside those of later rules, and the verdict is
 * decided only when every possible outcome is the same. Managed rules are not public: which would run is told, whether
 * they match is not guessed. Rate limits depend on counters, so a match of one is reported and decides nothing.
 */
import { compileAccess } from './access.ts';
import type { AccessControl, CompiledAccess } from './access.ts';
import type { EvaluationSettings } from '../evaluate/compile.ts';
import { Expressions } from '../reason/expressions.ts';
import { requestPhases } from './phases.ts';
import { RequestRun } from './request-run.ts';
import type { Program } from './request-run.ts';
import { compileRuleset } from './ruleset.ts';
import type { CompiledRuleset, RunRuleset } from './ruleset.ts';
import type { RequestFields } from '../evaluate/runtime.ts';
import type { RequestVerdict } from './verdict.ts';

export type { MatchedRule, RequestOutcome, RequestVerdict } from './verdict.ts';

export interface RulesetRunOptions {
  /** What decides before custom rules. */
  readonly access?: readonly AccessControl[];
  /** Runs the request of a client that has passed a challenge: challenges let it on. */
  readonly passesChallenges?: boolean;
  /** Where expressions are read; a table of its own where nobody hands one. */
  readonly expressions?: Expressions;
}

export type RequestRunner = (request: RequestFields) => RequestVerdict;

/** Prepares rulesets for running; those of phases after the response and of other products are not run. */
export function compileRulesets(
  rulesets: readonly RunRuleset[],
  settings: EvaluationSettings,
  { access = [], passesChallenges = false, expressions = new Expressions() }: RulesetRunOptions = {},
): RequestRunner {
  const compiled = new Map(
    rulesets.map((ruleset) => [ruleset.id, compileRuleset(ruleset, settings, expressions)]),
  );
  const entries: CompiledRuleset[] = [];
  for (const phase of requestPhases) {
    for (const kind of ['root', 'zone'] as const) {
      entries.push(
        ...[...compiled.values()].filter(({ ruleset }) => ruleset.phase === phase && ruleset.kind === kind),
      );
    }
  }
  const controls = compileAccess(access);
  const later = entries.findIndex(({ ruleset }) => isAfterAccess(ruleset.phase));
  const program: Program = {
    compiled,
    entries,
    access: controls,
    accessAt: controls.length === 0 ? -1 : later === -1 ? entries.length : later,
    skipping: skippingEntries(rulesets, entries, controls),
    passesChallenges,
  };
  return (request) => new RequestRun(program, request).run();
}

const customPhase = 'http_request_firewall_custom';
const phaseOrder: readonly string[] = requestPhases;

function isAfterAccess(phase: string): boolean {
  return phaseOrder.indexOf(phase) >= phaseOrder.indexOf(customPhase);
}

function skippingEntries(
  rulesets: readonly RunRuleset[],
  entries: readonly CompiledRuleset[],
  controls: readonly CompiledAccess[],
): readonly CompiledRuleset[] {
  const isNeeded =
    controls.some((control) => control.skippable !== null) &&
    rulesets.some(({ rules }) => rules.some((rule) => (rule.skip?.products.length ?? 0) > 0));
  return isNeeded ? entries.filter(({ ruleset }) => ruleset.phase === customPhase) : [];
}
