/** What `sluice check` and `sluice raise` know about a change before anybody is asked. */
import type { Services } from '../contract/context.ts';
import { InputError } from '../contract/errors.ts';
import { loadDecisionData, readDecisionData } from '../facts/decision-data.ts';
import { decisionBasis } from '../facts/basis.ts';
import { incidentsHere } from '../facts/incidents.ts';
import { loadLedger } from '../facts/ledger.ts';
import { packageDifferences } from '../facts/packages.ts';
import { gatherPlan, type GatheredPlan, type PlanRequest } from '../facts/plan.ts';
import { askOwnRules } from '../facts/own-rules.ts';
import { fromRef, fromWorkingTree, ruleTexts, shippedPolicy, type PolicySource } from '../facts/policy.ts';
import { asRuleFile } from '../facts/rule-files.ts';
import { keyFaults, proposalFaults } from '../facts/proposal.ts';
import { stackSources, withSourcePlaces } from '../facts/source-places.ts';
import { changedRecords, loadRecord, onlyRecord, parsedRecord, refuseTakenId } from '../facts/records.ts';
import type { CheckReport } from '../render/decision/check-text.ts';
import { asClosing, closedRecord } from '../../policies/gate/closing.ts';
import { referenceFaults } from '../../policies/gate/references.ts';
import { contextFor } from '../../policies/context.ts';
import { evaluateIn } from '../../policies/evaluate.ts';
import { evaluateForeign } from '../../policies/foreign.ts';
import type { Facts, RuleInput } from '../../policies/model/facts.ts';
import type { Incident } from '../../policies/model/incident.ts';
import type { Rule } from '../../policies/model/finding.ts';
import { rulesFor } from '../../policies/own-rules.ts';
import type { LocatedRecord } from '../../policies/model/record.ts';
import { Expressions } from '../waf/reason/expressions.ts';
import { noTraffic } from '../../policies/model/traffic.ts';
import { deriveState } from '../../policies/model/state.ts';
import { affectedHosts } from '../../policies/reading/places/affected-hosts.ts';
import { isReadUntracked } from '../../policies/reading/places/places.ts';
import { ruleStacks } from '../../policies/reading/rulesets/traffic-scope.ts';
import { allRules } from '../../policies/registry.ts';
import { wavesOf } from '../../policies/gate/waves.ts';

export interface CheckRequest extends PlanRequest {
  /** Record to look at; found on the branch when left away. */
  readonly record?: string;
  /** Ref of the branch that the change will be merged into; the usual ones are looked for when left away. */
  readonly branchedFrom?: string;
}

/** What the working tree adds to the branch. */
interface ChangedFiles {
  /** What the gate would see changed, were it committed as it is. */
  readonly counted: readonly string[];
  /** Not in git and read by nothing: named, and not judged. */
  readonly untracked: readonly string[];
}

export interface CheckedChange {
  readonly result: CheckReport;
  /** What it was judged by. */
  readonly rules: readonly Rule[];
  readonly input: RuleInput;
  /** What it was read in, for whoever shows the change. */
  readonly expressions: Expressions;
}

/** Plan, risk, rules and record of the working tree, or of a plan from elsewhere. */
export async function checkChange(services: Services, request: CheckRequest): Promise<CheckedChange> {
  const gathered = await gatherPlan(services, request);
  const located = await recordFor(services, request, gathered);
  const files = await filesSince(services, request, gathered);
  const expressions = new Expressions();
  const input = await ruleInput(services, {
    request,
    expressions,
    gathered,
    record: located,
    changedFiles: files.counted,
  });
  const context = contextFor(input, expressions);
  const { record } = context;
  const state =
    record === null
      ? null
      : deriveState({
          record: record.record,
          pull: null,
          decision: null,
          releases: input.history,
          isApplying: false,
          now: input.now,
        });
  const rules = gathered.own ? rulesFor(input, await ownAnswers(services, request, input)) : allRules;
  const { report, notTaken } = gathered.own
    ? { report: evaluateIn(rules, context), notTaken: [] }
    : evaluateForeign(allRules, context);
  const { risk, foreignRisk } = context.assessment();
  const { traffic } = input;
  const sources = gathered.own
    ? await stackSources(fromWorkingTree(services.files, await services.git.root()))
    : [];
  return {
    result: {
      plan: gathered.plan,
      record,
      state,
      risk: gathered.own ? risk : foreignRisk,
      report: { ...report, findings: withSourcePlaces(report.findings, input, sources) },
      notTaken,
      own: gathered.own,
      traffic,
      hosts: affectedHosts(context.index),
      waves: gathered.own
        ? wavesOf(context.index.changedStacks, {
            registers: input.policy.registers,
            risk: risk.effective,
            rollout: record?.record.rollout,
          })
        : [],
      untracked: files.untracked,
    },
    rules,
    input,
    expressions,
  };
}

async function filesSince(
  services: Services,
  request: CheckRequest,
  { own }: GatheredPlan,
): Promise<ChangedFiles> {
  const base = own ? await comparedBranch(services, request) : null;
  if (base === null) {
    return { counted: [], untracked: [] };
  }
  const [changed, added] = await Promise.all([services.git.changedSince(base), services.git.untracked()]);
  const unread = new Set(added.filter((path) => !isReadUntracked(path)));
  return { counted: changed.filter((path) => !unread.has(path)), untracked: [...unread] };
}

async function recordFor(
  services: Services,
  request: CheckRequest,
  gathered: GatheredPlan,
): Promise<LocatedRecord | null> {
  const { git, files } = services;
  if (request.record !== undefined) {
    return loadRecord(files, request.record, request.record);
  }
  if (!gathered.own) {
    return null;
  }
  const base = await comparedBranch(services, request);
  const records = base === null ? [] : await changedRecords(git, files, base);
  const record = onlyRecord(records);
  await refuseTakenId(git, files, record);
  return record;
}

/** What the branch is compared with to see which files it changes: `--base` if it is a ref, else the default branch. */
async function comparedBranch(services: Services, request: CheckRequest): Promise<string | null> {
  if (request.branchedFrom !== undefined) {
    return request.branchedFrom;
  }
  const base = request.base ?? 'released';
  return base === 'released' ? usualBranch(services) : base;
}

/** The branch that a change will be merged into, by its usual names; null on a repository that has none of them. Nothing is trusted on it. */
export async function usualBranch(services: Pick<Services, 'git'>): Promise<string | null> {
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
  readonly request: CheckRequest;
  readonly expressions: Expressions;
  readonly gathered: GatheredPlan;
  readonly record: LocatedRecord | null;
  readonly changedFiles: readonly string[];
}

async function ruleInput(
  services: Services,
  { request, expressions, gathered, record, changedFiles }: Checked,
): Promise<RuleInput> {
  if (!gathered.own) {
    const policy = await shippedPolicy(services);
    return {
      now: services.clock.now(),
      plan: gathered.plan,
      unchanged: gathered.unchanged,
      record,
      policy,
      history: [],
      baselines: [],
      incidents: [],
      planned: [],
      traffic: { ...noTraffic, stacks: ruleStacks(gathered.plan.stacks.flatMap(({ changes }) => changes)) },
      changedFiles,
      packages: [],
      submittedAt: null,
    };
  }
  const source = fromWorkingTree(services.files, await services.git.root());
  const { policy: proposed, records } = await loadDecisionData(source);
  const { ledger } = await loadLedger(services);
  const incidents = await incidentsHere(services, { policy: proposed, records, ledger });
  // Never those that the branch brings along: it is judged by what was agreed to.
  const policy = {
    ...proposed,
    ruleFiles: (await ruleTexts(await rulesSource(services, request))).map(asRuleFile),
  };
  const base = await comparedBranch(services, request);
  const [own, others] = apart(records, changedFiles);
  await refuseProposal(services, { source, changedFiles, base, own, incidents });
  const basis = await decisionBasis(services, {
    ...gathered,
    records: record === null ? [] : [record],
    data: { policy, records },
    source,
    incidents,
    ledger,
    ahead: others,
    judged: null,
    expressions,
  });
  return {
    ...basis,
    record: await asJudged(services, { plan: gathered.plan, record, base }),
    changedFiles,
    packages: base === null ? [] : await packagesSince(services, base, changedFiles),
    submittedAt: null,
  };
}

/** Records that the branch changes, and those that it leaves as they are. */
function apart(
  records: readonly LocatedRecord[],
  changedFiles: readonly string[],
): readonly [readonly LocatedRecord[], readonly LocatedRecord[]] {
  const isOwn = ({ file }: LocatedRecord): boolean => changedFiles.includes(file);
  return [records.filter(isOwn), records.filter((located) => !isOwn(located))];
}

/** A record that is only closed is looked at as the gate does. */
async function asJudged(
  { git }: Services,
  {
    plan,
    record,
    base,
  }: {
    readonly plan: RuleInput['plan'];
    readonly record: LocatedRecord | null;
    readonly base: string | null;
  },
): Promise<LocatedRecord | null> {
  if (record?.record.outcome === undefined || base === null) {
    return record;
  }
  const text = await git.fileAt(base, record.file);
  const baseRecords = text === null ? [] : [parsedRecord(text, record.file)];
  return closedRecord({ plan, records: [record], baseRecords }) === null ? record : asClosing(record);
}

/** The branch that the change will be merged into, as it is. */
async function rulesSource(services: Services, request: CheckRequest): Promise<PolicySource> {
  return fromRef(services.git, (await comparedBranch(services, request)) ?? 'HEAD');
}

async function ownAnswers(
  services: Services,
  request: CheckRequest,
  input: RuleInput,
): Promise<Facts['ownRules']> {
  return askOwnRules(services, await rulesSource(services, request), input);
}

async function packagesSince(
  { git, files }: Services,
  base: string,
  changed: readonly string[],
): Promise<RuleInput['packages']> {
  const [root, from] = await Promise.all([git.root(), git.mergeBase(base, 'HEAD')]);
  return packageDifferences(changed, async (file) => ({
    before: await git.fileAt(from, file),
    after: (await files.exists(`${root}/${file}`)) ? await files.readText(`${root}/${file}`) : null,
  }));
}

/** What the gate would refuse of the tree itself, said before anything is pushed. */
async function refuseProposal(
  services: Services,
  given: {
    readonly source: PolicySource;
    readonly changedFiles: readonly string[];
    readonly base: string | null;
    readonly own: readonly LocatedRecord[];
    readonly incidents: readonly Incident[];
  },
): Promise<void> {
  const { git, clock } = services;
  const read = given.base === null ? null : await readDecisionData(fromRef(git, given.base));
  const before = read?.ok === true ? read.value : null;
  const proposed = { source: given.source, changed: given.changedFiles };
  const faults = [
    ...(await proposalFaults({
      ...proposed,
      entries: await git.workingEntries(),
      before: before?.policy ?? null,
      now: clock.now(),
    })),
    ...(await keyFaults(services, proposed)),
    ...(before === null
      ? []
      : referenceFaults(given.own, { records: before.records, incidents: given.incidents })),
  ];
  if (faults.length > 0) {
    throw new InputError({
      what: `The gate would refuse ${String(faults.length)} place(s) of this branch.`,
      diagnostics: faults.map(({ file, line, column, text, fix }) => ({
        location: { file, line, column },
        message: text,
        fix,
      })),
      why: 'The default branch must hold nothing that is used unread, and must leave the gate something to decide with.',
      fix: 'Correct the places above.',
      next: 'sluice check',
    });
  }
}
