/** Facts for the gate and input for rules: a clean change that waits for its approvals on Monday 23 November 2026. */
import type { Risk } from '../../policies/model/assessment.ts';
import type { Facts, PastRelease, Pull, Review, RuleInput } from '../../policies/model/facts.ts';
import type { KnownIncident } from '../../policies/model/incident.ts';
import { contextFor } from '../../policies/context.ts';
import { trafficOf } from './traffic.ts';
import type { RuleContext } from '../../policies/model/finding.ts';
import { aDnsRecord, aPlan } from './plan.ts';
import { aPolicySet } from './policy.ts';
import { aRecord } from './record.ts';

export const now = '2026-11-23T09:00:00.000Z';

const aTuple = {
  headSha: 'a'.repeat(40),
  effectDigest: `sha256:${'1'.repeat(64)}`,
  recordDigest: `sha256:${'2'.repeat(64)}`,
  policyDigest: `sha256:${'3'.repeat(64)}`,
} as const;

/** The change that nothing objects to: one proxied record gets another address. */
function aCleanPlan(): ReturnType<typeof aPlan> {
  return aPlan()
    .updating('cloudflare_dns_record.www', aDnsRecord(), aDnsRecord({ content: '192.0.2.20' }))
    .withZoneTotals('shop.example', 60);
}

export function aRuleInput(parts: Partial<RuleInput> = {}): RuleInput {
  return {
    now,
    plan: aCleanPlan().build(),
    unchanged: [],
    record: aRecord(),
    policy: aPolicySet(),
    history: [aPastRelease()],
    baselines: [],
    incidents: [],
    planned: [],
    traffic: parts.traffic ?? trafficOf(parts.plan),
    changedFiles: ['stacks/clients/acme/production.ts', 'changes/acme/CHG-2026-0042.yaml'],
    packages: [],
    submittedAt: null,
    ...parts,
  };
}

/** What the runner hands to a single rule. */
export function aRuleContext(parts: Partial<RuleInput> = {}): RuleContext {
  const input = aRuleInput(parts);
  return contextFor(input);
}

/** The risk of a change, as everything that asks for it in one decision gets it. */
export function classifyRisk(input: RuleInput): Risk {
  return contextFor(input).assessment().risk;
}

/** A successful release of the same kind of thing for the same client, a month ago. */
export function aPastRelease(parts: Partial<PastRelease> = {}): PastRelease {
  return {
    id: 'acme-production-0007',
    changeId: 'CHG-2026-0017',
    stack: 'acme-production',
    client: 'acme',
    model: 'dns-record-update',
    changed: ['cloudflare_dns_record'],
    type: 'normal',
    at: '2026-10-20T20:30:00Z',
    kind: 'release',
    result: 'successful',
    causedIncidents: [],
    zones: [],
    loggedRules: [],
    ...parts,
  };
}

export function anIncident(parts: Partial<KnownIncident> = {}): KnownIncident {
  return {
    id: 'INC-2026-0007',
    priority: 'P1',
    state: 'open',
    services: ['storefront'],
    openedBy: 'k-dunne',
    editedBy: null,
    ...parts,
  };
}

/** A pull request by Ruth Okafor, opened this morning. */
export function aPull(parts: Partial<Pull> = {}): Pull {
  return {
    number: 42,
    authorId: 1001,
    authorIsBot: false,
    commissionerIds: [],
    headSha: aTuple.headSha,
    headAt: '2026-11-23T07:00:00Z',
    baseBranch: 'main',
    defaultBranch: 'main',
    baseSha: 'b'.repeat(40),
    draft: false,
    fork: false,
    state: 'open',
    merge: null,
    complete: { commits: true, files: true, reviews: true },
    sharesHeadWith: [],
    pusherIds: [1001],
    commits: [{ sha: aTuple.headSha, authorId: 1001, committerId: 1001, coAuthorIds: [] }],
    changedFiles: ['stacks/clients/acme/production.ts', 'changes/acme/CHG-2026-0042.yaml'],
    ...parts,
  };
}

/** An approval by Ben Osei, given after the head was pushed, for the digests of `aTuple`. */
export function aReview(parts: Partial<Review> = {}): Review {
  return {
    id: 1,
    accountId: 1012,
    login: 'b-osei',
    state: 'APPROVED',
    submittedAt: '2026-11-23T08:00:00Z',
    commitId: aTuple.headSha,
    stateBeforeDismissal: null,
    isBot: false,
    baseBranch: 'main',
    fingerprint: null,
    tuple: aTuple,
    ...parts,
  };
}

/** Complete facts of the clean change before anyone approved it. */
export function someFacts(parts: Partial<Facts> = {}): Facts {
  return {
    kind: 'sluice.facts',
    version: 1,
    now,
    moment: 'merge',
    plan: aCleanPlan().build(),
    unchanged: [],
    records: [aRecord()],
    baseRecords: [],
    policy: aPolicySet(),
    pull: aPull(),
    reviews: [],
    history: [aPastRelease()],
    baselines: [],
    incidents: [],
    planned: [],
    rehearsals: [
      { stack: 'acme-production', effectDigest: aTuple.effectDigest, result: 'proven', rollbackSeconds: 4 },
    ],
    traffic: parts.traffic ?? trafficOf(parts.plan),
    ownRules: [],
    ledger: { head: 'c'.repeat(40), state: 'verified' },
    tuple: aTuple,
    packages: [],
    proposal: { faults: [], fallback: null },
    uses: [],
    prerequisites: [],
    statements: [],
    evidence: [],
    emergencies: [],
    breakGlass: null,
    applyStartedAt: null,
    ...parts,
  };
}
