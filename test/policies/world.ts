/**
 * A change that everybody agrees on, for tests of approvals and of the gate: facts whose digests are the real ones, and a
 * vocabulary for what people do. `facts({...})` recomputes the digests, so a test changes what it is about and no more.
 */
import { policyParts, type PolicyBasis } from '../../policies/gate/policy-scope.ts';
import { rulesVersion } from '../../policies/registry.ts';
import { effectDigest, policyDigest, recordDigest } from '../../scripts/plan/digest.ts';
import type { Plan } from '../../scripts/plan/types.ts';
import type { Risk } from '../../policies/model/assessment.ts';
import type {
  DigestTuple,
  Facts,
  PolicySet,
  Pull,
  Quorum,
  QuorumLevel,
  Register,
  Review,
  Roster,
  RosterPerson,
  Statement,
  Stops,
} from '../../policies/model/facts.ts';
import type { Seat } from '../../policies/model/seat.ts';
import type { RiskLevel } from '../../policies/model/record.ts';
import { aDnsRecord, aPlan } from '../builders/plan.ts';
import { aPolicySet, aRegister, aRoster } from '../builders/policy.ts';
import { aRecord } from '../builders/record.ts';
import { trafficOf } from '../builders/traffic.ts';

/** Monday; the slot of the record is two weeks later. */
export const now = '2026-11-23T09:00:00Z';
export const headAt = '2026-11-23T07:00:00Z';
export const head = 'a'.repeat(40);

/** Account ids by person. */
export const accounts = {
  okafor: 1001,
  lind: 1002,
  haddad: 1003,
  novak: 1004,
  iyer: 1005,
  berg: 1006,
  marsh: 1007,
  dunne: 1008,
  ortiz: 1009,
  frost: 1010,
  quist: 1011,
  osei: 1012,
  oseiSecond: 1013,
} as const;

export type Who = keyof typeof accounts;

function level(parts: Partial<QuorumLevel>): QuorumLevel {
  return {
    approvals: 1,
    seats: [],
    clientApprover: 'never',
    securityIfFlagged: true,
    leadTimeWorkingDays: 0,
    approvalTtlHours: 336,
    typedFingerprint: false,
    ...parts,
  };
}

/** The shape of `policies/quorum.yaml`, without lead times: the rules judge those. */
export function aQuorum(parts: Partial<Quorum> = {}): Quorum {
  return {
    standard: level({ approvals: 0 }),
    low: level({ seats: ['engineer'] }),
    medium: level({ approvals: 2, seats: ['cab'], approvalTtlHours: 168 }),
    high: level({
      approvals: 3,
      seats: ['change-manager', 'cab'],
      clientApprover: 'if-required',
      approvalTtlHours: 120,
    }),
    critical: level({
      approvals: 4,
      seats: ['service-delivery'],
      cabShare: { numerator: 2, denominator: 3, minimum: 3 },
      clientApprover: 'always',
      approvalTtlHours: 72,
      typedFingerprint: true,
    }),
    emergency: level({ seats: ['ecab'], approvalTtlHours: 8, securityIfFlagged: false }),
    ...parts,
  };
}

export function person(id: string, account: number, ...seats: readonly Seat[]): RosterPerson {
  return { id, name: id, accounts: [account], seats: seats.map((seat) => ({ seat, from: '2025-01-01' })) };
}

/** The roster with one person's entry changed. */
export function rosterWith(id: string, parts: Partial<RosterPerson>): Roster {
  return { people: aRoster().people.map((each) => (each.id === id ? { ...each, ...parts } : each)) };
}

export function rosterWithout(...ids: readonly string[]): Roster {
  return { people: aRoster().people.filter((each) => !ids.includes(each.id)) };
}

export function aRisk(effective: RiskLevel, parts: Partial<Risk> = {}): Risk {
  return {
    effective,
    declared: null,
    computed: effective,
    reasons: [],
    needsSecurityReview: false,
    ...parts,
  };
}

/** One address changes; nothing else does. */
export function cleanPlan(): Plan {
  const bundles = { before: `sha256:${'6'.repeat(64)}`, after: `sha256:${'7'.repeat(64)}` };
  return aPlan()
    .inStack('acme-production', { bundles })
    .updating('cloudflare_dns_record.www', aDnsRecord(), aDnsRecord({ content: '192.0.2.20' }))
    .withZoneTotals('shop.example', 60)
    .build();
}

const riskAnswers = {
  doneBefore: 'often',
  tested: 'fully',
  rollbackEase: 'easy',
  rollbackInWindow: 'certain',
  customerVisible: 'none',
};

/** The record of Ruth Okafor's change; Mats Lind implements it and owns it, so that the change manager stays free. */
export function cleanRecord(parts: Parameters<typeof aRecord>[0] = {}): ReturnType<typeof aRecord> {
  return aRecord({ owner: 'm.lind', riskAnswers, ...parts });
}

export function aPull(parts: Partial<Pull> = {}): Pull {
  return {
    number: 42,
    authorId: accounts.okafor,
    authorIsBot: false,
    commissionerIds: [],
    headSha: head,
    headAt,
    baseBranch: 'main',
    defaultBranch: 'main',
    baseSha: 'b'.repeat(40),
    draft: false,
    fork: false,
    state: 'open',
    merge: null,
    pusherIds: [accounts.okafor],
    commits: [{ sha: head, authorId: accounts.okafor, committerId: accounts.okafor, coAuthorIds: [] }],
    changedFiles: ['stacks/clients/acme/production.ts', 'changes/acme/CHG-2026-0042.yaml'],
    complete: { commits: true, files: true, reviews: true },
    sharesHeadWith: [],
    ...parts,
  };
}

export function aPolicy(parts: Partial<PolicySet> = {}): PolicySet {
  return aPolicySet({ quorum: aQuorum(), roster: aRoster(), ...parts });
}

export function registerWith(parts: Partial<Register>): readonly Register[] {
  return [aRegister(parts)];
}

/** Digests of the facts as they are. */
export function tupleOf(
  given: Omit<PolicyBasis, 'traffic'> & Pick<Facts, 'pull'> & Partial<Pick<Facts, 'traffic'>>,
): DigestTuple {
  return {
    headSha: given.pull?.headSha ?? head,
    effectDigest: effectDigest(given.plan),
    recordDigest: recordDigest(given.records[0]?.record ?? {}),
    policyDigest: policyDigest(policyParts({ traffic: trafficOf(given.plan), ...given }), rulesVersion),
  };
}

/** Complete facts before anybody has approved. `reviews` are given the tuple that is on show unless they bring one. */
export function facts(parts: Partial<Facts> = {}): Facts {
  const base = {
    plan: cleanPlan(),
    records: [cleanRecord()],
    baseRecords: [],
    policy: aPolicy(),
    pull: aPull(),
    ...parts,
  };
  const tuple = parts.tuple ?? tupleOf(base);
  const rehearsals = base.plan.stacks.map(({ stack }) => ({
    stack,
    effectDigest: tuple.effectDigest,
    result: 'proven' as const,
    rollbackSeconds: 4,
  }));
  return {
    kind: 'sluice.facts',
    version: 1,
    now,
    moment: 'merge',
    unchanged: [],
    reviews: [],
    history: [pastRelease],
    baselines: [],
    incidents: [],
    planned: [],
    rehearsals,
    traffic: trafficOf(base.plan),
    ownRules: [],
    ledger: { head: 'c'.repeat(40), state: 'verified' },
    packages: [],
    proposal: { faults: [], fallback: null },
    uses: [],
    prerequisites: [],
    statements: [],
    evidence: [],
    emergencies: [],
    breakGlass: null,
    applyStartedAt: null,
    ...base,
    tuple,
  };
}

const pastRelease: Facts['history'][number] = {
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
};

/** What was on show for the facts that `facts(parts)` gives: for reviews that are to be fresh. */
export function onShow(parts: Partial<Facts> = {}): DigestTuple {
  return facts(parts).tuple;
}

let reviewId = 0;

/** A review that is fresh for the clean change; ids rise in the order of the calls. */
export function review(who: Who | number, parts: Partial<Review> = {}): Review {
  reviewId += 1;
  return {
    id: reviewId,
    accountId: typeof who === 'number' ? who : accounts[who],
    login: String(who),
    state: 'APPROVED',
    submittedAt: '2026-11-23T08:00:00Z',
    commitId: head,
    stateBeforeDismissal: null,
    isBot: false,
    baseBranch: 'main',
    fingerprint: null,
    tuple: onShow(),
    ...parts,
  };
}

export const veto = (who: Who | number, parts: Partial<Review> = {}): Review =>
  review(who, { state: 'CHANGES_REQUESTED', ...parts });

/** A review that somebody dismissed; GitHub then shows it as dismissed, with its old time. */
export function dismissed(
  who: Who,
  was: Review['stateBeforeDismissal'],
  by: (Omit<NonNullable<Review['dismissedBy']>, 'at'> & { readonly at?: string }) | null,
  parts: Partial<Review> = {},
): Review {
  return review(who, {
    state: 'DISMISSED',
    stateBeforeDismissal: was,
    ...(by === null ? {} : { dismissedBy: { at: '2026-11-23T08:30:00Z', ...by } }),
    ...parts,
  });
}

/** The same reviews, given while the facts of these parts were on show. */
export function showing(parts: Partial<Facts>, reviews: readonly Review[]): readonly Review[] {
  const tuple = onShow(parts);
  return reviews.map((each) => ({ ...each, tuple }));
}

type StatementParts =
  | { readonly kind: 'waive-commit'; readonly sha: string }
  | { readonly kind: 'freeze-exemption'; readonly freeze: string }
  | { readonly kind: 'reclassify'; readonly to: 'normal' }
  | { readonly kind: 'condition'; readonly condition: string; readonly closer: string }
  | { readonly kind: 'condition-closed'; readonly condition: string }
  | {
      readonly kind: 'tampered';
      readonly what: 'edited' | 'deleted';
      readonly comment: string;
      readonly byLogin: string;
    }
  | { readonly kind: 'refusal'; readonly comment: string }
  | {
      readonly kind: 'misread';
      readonly problem: string;
      readonly stops: Stops;
      readonly comment: string;
    };

export function says(who: Who, what: StatementParts, parts: Partial<Statement> = {}): Statement {
  return {
    accountId: accounts[who],
    login: who,
    at: '2026-11-23T08:30:00Z',
    reason: 'looked at it with the client',
    tuple: onShow(),
    ...what,
    ...parts,
  } as Statement;
}
