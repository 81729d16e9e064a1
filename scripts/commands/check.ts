import { verdictExit } from './verdict-exit.ts';
import type { SluiceContext, Services } from '../context.ts';
import { UsageError } from '../errors.ts';
import { historyOf, loadRecords } from '../gather/facts.ts';
import { loadIncidents } from '../gather/incidents.ts';
import { loadLedger } from '../gather/ledger.ts';
import { gatherPlan, type GatheredPlan, type PlanRequest } from '../gather/plan.ts';
import { fromWorkingTree, loadPolicy, shippedPolicy } from '../gather/policy.ts';
import { changedRecords, loadRecord, onlyRecord, takenIds } from '../gather/records.ts';
import { findDuplicateIds } from '../input/record-ids.ts';
import { canonicalJson } from '../plan/json.ts';
import { renderCheckText, type CheckReport } from '../render/check-text.ts';
import { maskPlan } from '../render/mask.ts';
import { renderSarif } from '../render/sarif.ts';
import { evaluateRules } from '../../policies/evaluate.ts';
import type { RuleInput } from '../../policies/model/facts.ts';
import type { LocatedRecord } from '../../policies/model/record.ts';
import { deriveState } from '../../policies/model/state.ts';
import { allRules } from '../../policies/registry.ts';
import { classifyRisk } from '../../policies/risk.ts';

export interface CheckFlags extends Omit<PlanRequest, 'stacks'> {
  readonly record?: string;
  readonly format: 'text' | 'json' | 'sarif';
}

/** `sluice check`: the gate's view before anybody is asked. People, windows and rehearsal are the gate's business. */
export async function checkCommand(
  this: SluiceContext,
  flags: CheckFlags,
  ...stacks: string[]
): Promise<void> {
  const services = await this.services();
  const gathered = await gatherPlan(services, { ...flags, stacks });
  const record = await recordFor(services, flags, gathered);
  const input = await ruleInput(services, { flags, gathered, record });
  const result: CheckReport = {
    plan: gathered.plan,
    record,
    state:
      record === null
        ? null
        : deriveState({
            record: record.record,
            pull: null,
            decision: null,
            releases: input.history,
            isApplying: false,
            now: input.now,
          }),
    risk: classifyRisk(input),
    report: evaluateRules(allRules, input),
  };
  const outcome = verdictExit(result.report.verdict);
  switch (flags.format) {
    case 'text':
      this.print(renderCheckText(result, this.style));
      break;
    case 'json':
      this.print(
        `${canonicalJson({ kind: 'sluice.check', version: 1, outcome, ...result, plan: maskPlan(result.plan), record: record?.record ?? null })}\n`,
      );
      break;
    case 'sarif':
      this.print(renderSarif(result.report, allRules));
      break;
  }
  this.exit(outcome);
}

async function recordFor(
  services: Services,
  flags: CheckFlags,
  gathered: GatheredPlan,
): Promise<LocatedRecord | null> {
  const { git, files } = services;
  if (flags.record !== undefined) {
    return loadRecord(files, flags.record, flags.record);
  }
  if (!gathered.own) {
    return null;
  }
  const base = await comparedBranch(services, flags);
  const records = base === null ? [] : await changedRecords(git, files, base);
  const record = onlyRecord(records);
  const duplicate = findDuplicateIds(await takenIds(git, files)).find(
    (taken) => taken.id === record?.record.id,
  );
  if (duplicate !== undefined) {
    throw new UsageError({
      what: `${duplicate.id} is taken: ${duplicate.sightings.map((sighting) => `${sighting.path} on ${sighting.ref}`).join(', ')}.`,
      why: 'An id names one change on every branch, for ever: ledgers and approvals refer to it.',
      fix: 'Give the new record the next free id.',
      next: 'sluice new --help',
    });
  }
  return record;
}

/** What the branch is compared with to see which files it changes: `--base` if it is a ref, else the default branch. */
async function comparedBranch(services: Services, flags: CheckFlags): Promise<string | null> {
  return flags.base === 'released' ? defaultBranch(services) : flags.base;
}

/** The branch that a change will be merged into; null on a repository that has none of the usual ones. */
async function defaultBranch(services: Services): Promise<string | null> {
  const refs = new Set((await services.git.refs()).map((entry) => entry.ref));
  for (const name of [
    'refs/remotes/origin/main',
    'refs/heads/main',
    'refs/remotes/origin/master',
    'refs/heads/master',
  ]) {
    if (refs.has(name)) {
      return name;
    }
  }
  return null;
}

interface Checked {
  readonly flags: CheckFlags;
  readonly gathered: GatheredPlan;
  readonly record: LocatedRecord | null;
}

async function ruleInput(services: Services, { flags, gathered, record }: Checked): Promise<RuleInput> {
  const now = services.clock.now();
  if (!gathered.own) {
    const policy = await shippedPolicy(services);
    return {
      now,
      plan: gathered.plan,
      record,
      policy,
      history: [],
      incidents: [],
      changedFiles: [],
      submittedAt: null,
    };
  }
  const source = fromWorkingTree(services.files, await services.git.root());
  const policy = await loadPolicy(source);
  const incidents = await loadIncidents(source);
  const { ledger } = await loadLedger(services.git);
  const base = await comparedBranch(services, flags);
  return {
    now,
    plan: gathered.plan,
    record,
    policy,
    history: historyOf(ledger, await loadRecords(source), incidents),
    incidents,
    changedFiles: base === null ? [] : await services.git.changedSince(base),
    submittedAt: null,
  };
}
