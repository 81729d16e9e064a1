/** A facts document for the small estate with everybody's approval: what `sluice gate --pr N --save-facts` writes. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildServices } from '../../../scripts/cli/services.ts';
import { digestTuple } from '../../../scripts/facts/facts.ts';
import { gatherPlan } from '../../../scripts/facts/plan.ts';
import { fromWorkingTree, loadPolicy } from '../../../scripts/facts/policy.ts';
import { parsedRecord } from '../../../scripts/facts/records.ts';
import { loadLedger } from '../../../scripts/facts/ledger.ts';
import { pastReleases } from '../../../scripts/release/history.ts';
import type { Facts, Review } from '../../../policies/model/facts.ts';
import { trafficOf } from '../../builders/traffic.ts';
import { withKeptSynth } from '../cached-synth.ts';
import { home, type SmallEstate } from '../small-estate.ts';

/** Tuesday evening, inside the window acme-weeknight. */
export const inWindow = '2026-11-24T20:30:00Z';
/** When what is there was there already: rules in log mode have been watched for longer than anybody asks. */
export const longBefore = '2026-11-09T09:00:00Z';
const pushedAt = '2026-11-10T08:00:00Z';
const reviewedAt = '2026-11-24T09:00:00Z';

/** Merges the working tree's commit as approved by four people and returns the path of the facts document. */
export async function approve(
  estate: SmallEstate,
  recordPath: string,
  edit: (facts: Facts) => Facts = (facts) => facts,
): Promise<string> {
  const built = buildServices(
    {
      env: { PATH: process.env['PATH'], HOME: process.env['HOME'], CI: 'true' },
      cwd: estate.folder,
      stdout: { write: () => undefined },
      stderr: { write: () => undefined },
      ask: null,
      signal: new AbortController().signal,
    },
    home,
  );
  const services = withKeptSynth(built);
  const record = parsedRecord(estate.read(recordPath), recordPath);
  const { plan } = await gatherPlan(services, { stacks: record.record.stacks ?? [], base: 'released' });
  const policy = await loadPolicy(fromWorkingTree(services.files, estate.folder));
  const { ledger } = await loadLedger(services);
  const headSha = estate.git('rev-parse', 'HEAD');
  const tuple = digestTuple(headSha, { plan, records: [record], policy, traffic: trafficOf(plan) });
  const review = (id: number, accountId: number, login: string): Review => ({
    id,
    accountId,
    login,
    state: 'APPROVED',
    submittedAt: reviewedAt,
    commitId: headSha,
    stateBeforeDismissal: null,
    isBot: false,
    baseBranch: 'main',
    fingerprint: null,
    tuple,
  });
  const facts: Facts = {
    kind: 'sluice.facts',
    version: 1,
    now: reviewedAt,
    moment: 'merge',
    plan,
    unchanged: [],
    records: [record],
    baseRecords: [],
    policy,
    pull: {
      number: 7,
      authorId: 1001,
      authorIsBot: false,
      commissionerIds: [],
      headSha,
      headAt: pushedAt,
      baseBranch: 'main',
      defaultBranch: 'main',
      baseSha: 'b'.repeat(40),
      draft: false,
      fork: false,
      state: 'merged',
      merge: { at: reviewedAt, sha: headSha, tree: 'same' },
      pusherIds: [1001],
      commits: [{ sha: headSha, authorId: 1001, committerId: 1001, coAuthorIds: [] }],
      changedFiles: ['stacks/clients/acme/production.ts', recordPath],
      complete: { commits: true, files: true, reviews: true },
      sharesHeadWith: [],
    },
    reviews: [
      review(1, 1002, 'm-lind'),
      review(2, 1003, 's-haddad'),
      review(3, 1004, 'j-novak'),
      review(4, 1006, 't-berg'),
    ],
    history: pastReleases(ledger, new Map(), null),
    baselines: [],
    incidents: [],
    planned: [],
    rehearsals: plan.stacks.map(({ stack }) => ({
      stack,
      effectDigest: tuple.effectDigest,
      result: 'proven' as const,
      rollbackSeconds: 3,
    })),
    traffic: trafficOf(plan),
    ownRules: [],
    ledger: { head: ledger.head, state: 'verified' },
    tuple,
    packages: [],
    proposal: { faults: [], fallback: null },
    uses: [],
    prerequisites: [],
    statements: [],
    evidence: [],
    emergencies: [],
    breakGlass: null,
    applyStartedAt: null,
  };
  const path = join(estate.folder, '.sluice', 'facts.json');
  writeFileSync(path, JSON.stringify(edit(facts)));
  return path;
}
