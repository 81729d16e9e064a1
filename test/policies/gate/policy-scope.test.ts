/**
 * What of the policies a decision reads. The proof is by changing every field of every file: whenever the decision on a
 * change is another one, the digest that its approvals are bound to is another one, too. The decision is given all of the
 * policies, so that a part which is left out of the digest and is read all the same would show.
 */
import { describe, expect, it } from 'vitest';
import { decide } from '../../../policies/gate.ts';
import { policyInScope, policyParts, type PolicyBasis } from '../../../policies/gate/policy-scope.ts';
import type { Facts, PolicySet } from '../../../policies/model/facts.ts';
import { policyDigest } from '../../../scripts/plan/digest.ts';
import { canonicalJson } from '../../../scripts/json/json.ts';
import type { Json } from '../../../scripts/plan/types.ts';
import { anIncident } from '../../builders/facts.ts';
import { aDnsRecord, aPlan } from '../../builders/plan.ts';
import {
  aBoroughRegister,
  aCatalogueEntry,
  aPerson,
  aPlatformRegister,
  aRegister,
  aRoster,
} from '../../builders/policy.ts';
import { aStandardChange, anEmergency } from '../../builders/record.ts';
import { trafficOf } from '../../builders/traffic.ts';
import { aWafRule, ruleChange } from '../rules/cases/waf-cases.ts';
import { aPolicy, cleanRecord, facts, review, showing } from '../world.ts';
import { failing } from './approved.ts';

const inSlot = { start: '2026-12-07T00:00:00Z', end: '2026-12-08T00:00:00Z' };
const aFreeze = (id: string, clients: readonly string[] | 'all') =>
  ({ id, reason: 'Sale.', kind: 'soft', clients, exemptionBy: 'change-manager', ...inSlot }) as const;

/** Three clients, each with something of its own in every file. */
const policy: PolicySet = aPolicy({
  roster: aRoster(
    { ...aPerson('q.ames', 1020, 'engineer'), delegations: [] },
    {
      ...aPerson('z.cole', 1021, 'cab'),
      delegations: [{ to: 'y.dale', seat: 'cab', from: '2026-11-01', until: '2026-12-31' }],
    },
    { ...aPerson('y.dale', 1022), seats: [] },
  ),
  calendar: {
    freezes: [aFreeze('FRZ-1', ['borough']), aFreeze('FRZ-2', ['platform', 'acme'])],
    holidays: ['2026-12-25'],
  },
  catalogue: { entries: [aCatalogueEntry(), aCatalogueEntry({ id: 'dns-other' })] },
  registers: [
    aRegister({ accountId: '1'.repeat(32) }),
    aBoroughRegister({
      accountId: '2'.repeat(32),
      tier: 2,
      standardChanges: ['dns-other'],
      stacks: [
        {
          name: 'borough-production',
          environment: 'production',
          zones: ['borough.example', 'borough-services.example'],
          zoneIds: { 'borough.example': '3'.repeat(32) },
          hosts: ['forms.shared.example'],
          objects: ['borough-list'],
        },
      ],
    }),
    aPlatformRegister({ accountId: '4'.repeat(32), tier: 3 }),
  ],
  trafficCases: ['acme', 'borough'].map((client) => ({
    client,
    path: `stacks/clients/${client}/traffic/offices.yaml`,
    digest: `sha256:${client.length.toString(16).repeat(64)}`,
  })),
});

const addressOf = (parts: Parameters<typeof aDnsRecord>[0]) =>
  aPlan()
    .updating('cloudflare_dns_record.www', aDnsRecord(), aDnsRecord(parts))
    .withZoneTotals('shop.example', 60)
    .build();

/** Changes of acme. */
const changes: Readonly<Record<string, Partial<Facts>>> = {
  'an address': {},
  'a standard change': {
    plan: aPlan().creating('cloudflare_dns_record.new', aDnsRecord()).build(),
    records: [aStandardChange({ owner: 'm.lind' })],
  },
  'an emergency': { records: [anEmergency({ owner: 'm.lind' })], incidents: [anIncident()] },
  'a deletion of high risk': {
    plan: aPlan()
      .deleting('cloudflare_dns_record.mx', aDnsRecord({ type: 'MX', name: 'shop.example' }))
      .withZoneTotals('shop.example', 60)
      .build(),
  },
  'a WAF rule': {
    plan: ruleChange(null, aWafRule({ action: 'block' })).build(),
    traffic: trafficOf(ruleChange(null, aWafRule({ action: 'block' })).build()),
  },
  'an address in the zone of another client': {
    plan: addressOf({ name: 'www.borough.example', zone_id: '3'.repeat(32) }),
  },
};

/** The facts with everybody's approval of what these very policies show. */
function approved(change: Partial<Facts>, given: PolicySet): Facts {
  const parts = { ...change, policy: given };
  const everybody = (['novak', 'osei', 'haddad', 'iyer', 'berg', 'ortiz', 'dunne'] as const).map((who) =>
    review(who),
  );
  return facts({ ...parts, reviews: showing(parts, everybody) });
}

/** The decision without what only says what it was taken with. */
function decisionOf(change: Partial<Facts>, given: PolicySet): string {
  const { policy: _policy, tuple: _tuple, ...decision } = decide(approved(change, given));
  return canonicalJson(decision);
}

interface Mutant {
  readonly at: string;
  readonly policy: PolicySet;
}

interface Changed {
  readonly at: string;
  readonly value: Json;
}

/** Each value changed in every way that its kind allows, one at a time. */
function mutants(value: Json, at = ''): readonly Changed[] {
  const here = otherValues(value).map((other, way) => ({ at: `${at} (${String(way)})`, value: other }));
  if (isList(value)) {
    return [
      ...here,
      ...value.flatMap((item, index) => [
        { at: `${at}/${String(index)} left out`, value: value.toSpliced(index, 1) },
        ...mutants(item, `${at}/${String(index)}`).map((inner) => ({
          at: inner.at,
          value: value.with(index, inner.value),
        })),
      ]),
    ];
  }
  return typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([key, item]) =>
        mutants(item, `${at}/${key}`).map((inner) => ({
          at: inner.at,
          value: { ...value, [key]: inner.value },
        })),
      )
    : here;
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

function otherValues(value: Json): readonly Json[] {
  if (isList(value)) {
    return [[], [...value, ...value.slice(0, 1)]];
  }
  if (typeof value === 'string') {
    return ['acme', 'shop.example', '2026-12-01'].filter((text) => text !== value);
  }
  if (typeof value === 'number') {
    return [0, 1001];
  }
  return typeof value === 'boolean' ? [!value] : [];
}

const all: readonly Mutant[] = mutants(policy as unknown as Json).map(({ at, value }) => ({
  at,
  policy: value as unknown as PolicySet,
}));

/** Of what a change is judged by; its digests are those of the world's own policies. */
const basisOf = (change: Partial<Facts>): Omit<PolicyBasis, 'policy'> => facts(change);

const digestIn = ({ plan, records, traffic }: Omit<PolicyBasis, 'policy'>, given: PolicySet): string =>
  policyDigest(policyParts({ plan, records, traffic, policy: given }));

describe.each(Object.entries(changes))('%s', (_name, change) => {
  it('is never decided in another way by policies of the same digest', () => {
    const [basis, decision] = [basisOf(change), decisionOf(change, policy)];
    const digest = digestIn(basis, policy);
    const same = all.filter((mutant) => digestIn(basis, mutant.policy) === digest);
    const changed = same.filter((mutant) => decisionOf(change, mutant.policy) !== decision);
    expect(changed.map(({ at }) => at)).toEqual([]);
    // Without this the test would also pass if every change of anything were another digest.
    expect(same.length).toBeGreaterThan(100);
  });

  it('is decided from the parts alone as from the whole', () => {
    const whole = approved(change, policy);
    const { policy: _policy, ...decision } = decide({ ...whole, policy: policyInScope(whole) });
    const { policy: _whole, ...expected } = decide(whole);
    expect(canonicalJson(decision)).toBe(canonicalJson(expected));
  });
});

describe('what voids an approval', () => {
  const withRegister = (client: string, parts: Partial<PolicySet['registers'][number]>): PolicySet => ({
    ...policy,
    registers: policy.registers.map((register) =>
      register.client === client ? { ...register, ...parts } : register,
    ),
  });
  const isVoid = (given: PolicySet, change: Partial<Facts> = {}): boolean => {
    const reviews = approved(change, policy).reviews;
    return failing(decide(facts({ ...change, policy: given, reviews }))).includes('approvals');
  };

  it.each<[string, PolicySet]>([
    ['a window of its client', withRegister('acme', { windows: [] })],
    ['the tier of its client', withRegister('acme', { tier: 2 })],
    ['a must-pass case of its client', { ...policy, trafficCases: policy.trafficCases.slice(1) }],
    ['a freeze of its client', { ...policy, calendar: { ...policy.calendar, freezes: [] } }],
    ['a holiday', { ...policy, calendar: { ...policy.calendar, holidays: [] } }],
    ['a person of the CAB', { ...policy, roster: aRoster(aPerson('n.new', 1030, 'cab')) }],
    ['a limit', { ...policy, thresholds: { ...policy.thresholds, logModeHours: 1 } }],
    [
      'a rule of the estate',
      { ...policy, ruleFiles: [{ path: 'policies/rules/own-a.ts', digest: 'sha256:1' }] },
    ],
    [
      'another client that calls its zone its own',
      withRegister('borough', {
        stacks: [{ name: 'borough-production', environment: 'production', zones: ['shop.example'] }],
      }),
    ],
  ])('%s', (_what, given) => {
    expect(isVoid(policy)).toBe(false);
    expect(isVoid(given)).toBe(true);
  });

  it.each<[string, PolicySet]>([
    ['a window of another client', withRegister('borough', { windows: [] })],
    ['the stacks of another client', withRegister('borough', { stacks: [] })],
    [
      'a new client',
      { ...policy, registers: [...policy.registers, aRegister({ client: 'new', stacks: [] })] },
    ],
    ['a must-pass case of another client', { ...policy, trafficCases: policy.trafficCases.slice(0, 1) }],
    [
      'a freeze of another client',
      { ...policy, calendar: { ...policy.calendar, freezes: policy.calendar.freezes.slice(1) } },
    ],
    [
      'who is asked on behalf of another client',
      { ...policy, roster: { people: policy.roster.people.filter(({ id }) => id !== 'h.frost') } },
    ],
    ['a catalogue entry, for a change that is not standard', { ...policy, catalogue: { entries: [] } }],
    [
      'limits of traffic of another tier',
      {
        ...policy,
        thresholds: {
          ...policy.thresholds,
          traffic: {
            ...policy.thresholds.traffic,
            tier3: { ...policy.thresholds.traffic.tier3, minRequests: 1 },
          },
        },
      },
    ],
  ])('not %s', (_what, given) => {
    expect(isVoid(given)).toBe(false);
  });

  it('whatever it is, for a change without a record, with two, or on a stack that no register has', () => {
    const without = { ...policy, registers: policy.registers.slice(0, 1) };
    const unknown = aPlan()
      .inStack('nobody')
      .updating('cloudflare_dns_record.www', aDnsRecord(), aDnsRecord({ ttl: 60 }));
    for (const change of [
      { records: [] },
      { records: [cleanRecord(), cleanRecord()] },
      { plan: unknown.build() },
    ]) {
      const basis = basisOf(change);
      expect(digestIn(basis, policy)).not.toBe(digestIn(basis, without));
    }
  });
});

it("says which files it read, the client's own and no other's", () => {
  expect(policyParts({ ...facts(), policy }).map(({ part }) => part)).toEqual([
    'policies/roster.yaml',
    'policies/quorum.yaml',
    'policies/risk-matrix.yaml',
    'policies/thresholds.yaml',
    'policies/calendar.yaml',
    'policies/catalogue.yaml',
    'stacks/clients/acme/service.yaml',
    'stacks/clients/acme/traffic/offices.yaml',
  ]);
});
