/** The policy set, roster and registers of the example clients, as short as the rules allow. */
import type {
  CatalogueEntry,
  PolicySet,
  Quorum,
  QuorumLevel,
  Register,
  Roster,
  RosterPerson,
  Thresholds,
} from '../../policies/model/facts.ts';
import type { Seat } from '../../policies/model/seat.ts';
import type { TrafficLimits } from '../../policies/model/traffic.ts';
import { cloudflareProvider } from './plan.ts';

/** Acme Retail, or another client when the parts say so. */
export function aRegister(parts: Partial<Register> = {}): Register {
  return {
    client: 'acme',
    name: 'Acme Retail',
    tier: 1,
    lifecycle: 'live',
    accountId: 'a',
    services: [
      { id: 'storefront', name: 'Storefront', zones: ['shop.example', 'shop-static.example'] },
      { id: 'trade-portal', name: 'Trade portal', zones: ['shop-trade.example'] },
    ],
    stacks: [
      {
        name: 'acme-production',
        environment: 'production',
        zones: ['shop.example', 'shop-static.example', 'shop-trade.example'],
      },
      { name: 'acme-staging', environment: 'staging', zones: ['staging-shop.example'] },
    ],
    windows: [
      {
        id: 'acme-weeknight',
        days: ['MO', 'TU', 'WE', 'TH'],
        start: '20:00',
        end: '23:00',
        timezone: 'Europe/London',
      },
      { id: 'acme-sunday', days: ['SU'], start: '06:00', end: '10:00', timezone: 'Europe/London' },
    ],
    freezes: [],
    relations: [],
    clientApprovalRequired: false,
    standardChanges: ['dns-add-record'],
    ...parts,
  };
}

export function aBoroughRegister(parts: Partial<Register> = {}): Register {
  return aRegister({
    client: 'borough',
    name: 'Borough Council',
    accountId: 'b',
    services: [
      { id: 'public-site', name: 'Public site', zones: ['borough.example'] },
      { id: 'citizen-services', name: 'Citizen services', zones: ['borough-services.example'] },
    ],
    stacks: [
      {
        name: 'borough-production',
        environment: 'production',
        zones: ['borough.example', 'borough-services.example'],
      },
      { name: 'borough-staging', environment: 'staging', zones: ['staging-borough.example'] },
    ],
    windows: [
      { id: 'borough-evening', days: ['TU', 'TH'], start: '18:00', end: '22:00', timezone: 'Europe/London' },
    ],
    clientApprovalRequired: true,
    standardChanges: [],
    ...parts,
  });
}

export function aPlatformRegister(parts: Partial<Register> = {}): Register {
  return aRegister({
    client: 'platform',
    name: 'Platform',
    accountId: 'p',
    services: [{ id: 'account', name: 'The account itself', zones: [] }],
    stacks: [{ name: 'platform', environment: 'account', zones: [] }],
    windows: [
      {
        id: 'platform-weekday',
        days: ['MO', 'TU', 'WE', 'TH'],
        start: '10:00',
        end: '16:00',
        timezone: 'UTC',
      },
    ],
    standardChanges: [],
    ...parts,
  });
}

/** Someone on the roster, in these seats since 2025 without an end. */
export function aPerson(id: string, account: number, ...seats: readonly Seat[]): RosterPerson {
  return { id, name: id, accounts: [account], seats: seats.map((seat) => ({ seat, from: '2025-01-01' })) };
}

export function aRoster(...more: readonly RosterPerson[]): Roster {
  return {
    people: [
      aPerson('r.okafor', 1001, 'engineer'),
      aPerson('m.lind', 1002, 'engineer'),
      aPerson('s.haddad', 1003, 'change-manager', 'cab'),
      aPerson('j.novak', 1004, 'cab'),
      aPerson('p.iyer', 1005, 'cab', 'ecab'),
      aPerson('t.berg', 1006, 'security'),
      aPerson('a.marsh', 1007, 'service-delivery'),
      aPerson('k.dunne', 1008, 'engineer', 'ecab'),
      {
        ...aPerson('c.ortiz', 1009),
        seats: [{ seat: 'client-approver', client: 'acme', from: '2025-01-01' }],
      },
      {
        ...aPerson('h.frost', 1010),
        seats: [{ seat: 'client-approver', client: 'borough', from: '2025-01-01' }],
      },
      aPerson('d.quist', 1011, 'process-owner'),
      { ...aPerson('b.osei', 1012, 'engineer'), accounts: [1012, 1013] },
      ...more,
    ],
  };
}

function aLevel(parts: Partial<QuorumLevel>): QuorumLevel {
  return {
    approvals: 1,
    seats: [],
    clientApprover: 'never',
    securityIfFlagged: false,
    leadTimeWorkingDays: 0,
    approvalTtlHours: 336,
    typedFingerprint: false,
    ...parts,
  };
}

/** Approvals, lead times and lifetimes per level as the change policy has them. */
export function aQuorum(parts: Partial<Quorum> = {}): Quorum {
  return {
    standard: aLevel({ approvals: 0 }),
    low: aLevel({}),
    medium: aLevel({ approvals: 2, seats: ['cab'], leadTimeWorkingDays: 2, approvalTtlHours: 168 }),
    high: aLevel({
      approvals: 3,
      seats: ['cab', 'change-manager'],
      clientApprover: 'if-required',
      securityIfFlagged: true,
      leadTimeWorkingDays: 5,
      approvalTtlHours: 120,
    }),
    critical: aLevel({
      approvals: 3,
      seats: ['service-delivery'],
      cabShare: { numerator: 2, denominator: 3, minimum: 3 },
      clientApprover: 'always',
      securityIfFlagged: true,
      leadTimeWorkingDays: 10,
      approvalTtlHours: 72,
      typedFingerprint: true,
    }),
    emergency: aLevel({ seats: ['ecab'], approvalTtlHours: 8 }),
    ...parts,
  };
}

export function someThresholds(parts: Partial<Thresholds> = {}): Thresholds {
  return {
    deleteShare: 0.3,
    updateShare: 0.3,
    deleteFloor: 3,
    updateFloor: 10,
    rollingWindowDays: 7,
    maxZones: 5,
    maxResources: 25,
    protectedAddresses: [
      '*-production/cloudflare_zone.*',
      'acme-production/cloudflare_dns_record.shop_apex_*',
    ],
    allowedProviders: [cloudflareProvider],
    allowedDataSources: ['cloudflare_zone'],
    allowedStateHosts: ['r2.example'],
    minTlsVersion: '1.2',
    logModeHours: 24,
    forbiddenTokenPermissions: ['Account API Tokens Write', 'API Tokens Write'],
    traffic: {
      tier1: someTrafficLimits(),
      tier2: someTrafficLimits(),
      tier3: someTrafficLimits(),
    },
    ...parts,
  };
}

/** Limits at round figures; without a sample nothing is objected to. */
export function someTrafficLimits(parts: Partial<TrafficLimits> = {}): TrafficLimits {
  return {
    withoutSample: 'allow',
    minRequests: 1000,
    maxBlockedShare: 0.01,
    maxChallengedShare: 0.02,
    maxAllowedShare: 0.03,
    maxUndecidableShare: 0.1,
    maxBadLineShare: 0.05,
    minAgreement: 0.9,
    ...parts,
  };
}

const dnsAttributes = ['zone_id', 'name', 'type', 'content', 'ttl', 'proxied', 'comment'];

/** A standard change that adds one DNS record, whatever it says. */
export function aCatalogueEntry(parts: Partial<CatalogueEntry> = {}): CatalogueEntry {
  return {
    id: 'dns-add-record',
    version: '1.0.0',
    title: 'Add a DNS record',
    owner: 's.haddad',
    status: 'active',
    category: 'dns',
    scope: {
      resourceTypes: ['cloudflare_dns_record'],
      actions: ['create'],
      attributes: dnsAttributes,
      free: dnsAttributes,
      maxChanges: 3,
      environments: ['production', 'staging'],
      providerPatch: false,
    },
    approvedBy: 's.haddad',
    approvedAt: '2026-06-01T10:00:00Z',
    expiresAt: '2027-05-01T00:00:00Z',
    maxUsesBeforeReview: 50,
    ...parts,
  };
}

export function aPolicySet(parts: Partial<PolicySet> = {}): PolicySet {
  return {
    roster: aRoster(),
    quorum: aQuorum(),
    matrix: [
      ['low', 'low', 'low', 'medium'],
      ['low', 'low', 'medium', 'medium'],
      ['medium', 'medium', 'high', 'high'],
      ['high', 'high', 'critical', 'critical'],
    ],
    thresholds: someThresholds(),
    calendar: { freezes: [], holidays: ['2026-12-25', '2026-12-28', '2027-01-01'] },
    catalogue: { entries: [aCatalogueEntry()] },
    registers: [aRegister(), aBoroughRegister(), aPlatformRegister()],
    trafficCases: [],
    ruleFiles: [],
    ...parts,
  };
}
