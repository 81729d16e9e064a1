/** Change records for tests: a normal change written in full of Acme's production, with what the test is about on top. */
import type { ChangeRecord, LocatedRecord } from '../../policies/model/record.ts';
import type { SourceLocation } from '../../scripts/plan/types.ts';

type WholeRecord = ChangeRecord & Pick<Required<ChangeRecord>, 'risk'>;

/** With every field that any risk asks for. */
const normalChange: WholeRecord = {
  apiVersion: 'sluice/v1',
  kind: 'Change',
  id: 'CHG-2026-0042',
  title: 'Point www at the new origin',
  client: 'acme',
  service: 'storefront',
  type: 'normal',
  model: 'dns-record-update',
  category: 'dns',
  reason: 'The old origin is switched off at the end of the month.',
  benefit: 'The new origin is the only one that is maintained.',
  consequenceIfNot: 'The shop is gone at the end of the month.',
  requester: 'r.okafor',
  implementer: 'm.lind',
  backupImplementer: 'b.osei',
  owner: 's.haddad',
  stacks: ['acme-production'],
  impact: { level: 2, users: 'visitors of www.shop.example', expectedOutage: 'PT0S' },
  likelihood: { level: 1 },
  riskAnswers: { doneBefore: 'often', tested: 'fully', rollbackEase: 'easy' },
  risk: { declared: 'low' },
  securityImpact: { assessed: true, summary: 'No control changes.', reviewer: 't.berg' },
  continuityImpact: 'none',
  capacityImpact: 'none',
  availabilityImpact: 'none',
  slaImpact: 'none',
  plan: {
    steps: [
      {
        n: 1,
        action: 'Merge the pull request',
        actor: 'm.lind',
        expected: 'Release starts',
        durationMin: 10,
      },
      { n: 2, action: 'Watch the probes', actor: 'm.lind', expected: 'All green', durationMin: 20 },
    ],
  },
  test: {
    pre: [{ what: 'Plan on staging', how: 'sluice release acme-staging', automated: true }],
    post: [{ what: 'Home page answers', how: 'probe', automated: true }],
    probes: [{ name: 'home', url: 'https://www.shop.example/', expectStatus: 200 }],
  },
  acceptanceCriteria: [{ statement: 'www.shop.example answers 200 from the new origin' }],
  rollback: {
    strategy: 'revert',
    steps: ['sluice rollback acme-production'],
    maxDurationMin: 15,
    triggers: ['a probe fails twice'],
    decider: 'm.lind',
  },
  schedule: {
    plannedStart: '2026-12-07T20:00:00+00:00',
    plannedEnd: '2026-12-07T22:00:00+00:00',
    window: 'acme-weeknight',
  },
  rollout: { kind: 'all-at-once' },
  monitoring: { watch: ['5xx rate of shop.example'], observeMin: 30 },
  communications: [{ audience: 'client', channel: 'e-mail', when: 'two days before' }],
};

/** A record in which only what the test needs differs from a clean normal change. `undefined` removes a field. */
export function aRecord(
  parts: { readonly [K in keyof ChangeRecord]?: ChangeRecord[K] | undefined } = {},
): LocatedRecord & { readonly record: WholeRecord } {
  const merged = { ...normalChange, ...parts };
  const record = Object.fromEntries(
    Object.entries(merged).filter(([, value]) => value !== undefined),
  ) as unknown as WholeRecord;
  const file = `changes/${record.client}/${record.id}.yaml`;
  return { file, record, locations: locate(record, file) };
}

/** An emergency for the open P1 `INC-2026-0007`. */
export function anEmergency(parts: Parameters<typeof aRecord>[0] = {}): ReturnType<typeof aRecord> {
  return aRecord({
    type: 'emergency',
    title: 'Block the login attack',
    links: { incidents: ['INC-2026-0007'] },
    emergency: {
      declaredBy: 'r.okafor',
      declaredAt: '2026-11-23T08:30:00+00:00',
      severity: 'P1',
      incident: 'INC-2026-0007',
    },
    ...parts,
  });
}

/** A standard change under the catalogue entry `dns-add-record`. */
export function aStandardChange(parts: Parameters<typeof aRecord>[0] = {}): ReturnType<typeof aRecord> {
  return aRecord({
    type: 'standard',
    model: 'dns-add-record',
    standardChange: { ref: 'dns-add-record', version: '1.0.0' },
    ...parts,
  });
}

/** Every field on a line of its own, so that a finding with a pointer has a place. */
function locate(record: ChangeRecord, file: string): Readonly<Record<string, SourceLocation>> {
  const locations: Record<string, SourceLocation> = { '': { file, line: 1, column: 1 } };
  let line = 1;
  const visit = (value: unknown, pointer: string): void => {
    if (pointer !== '') {
      line += 1;
      locations[pointer] = { file, line, column: 1 };
    }
    if (typeof value === 'object' && value !== null) {
      for (const [key, child] of Object.entries(value)) {
        visit(child, `${pointer}/${key}`);
      }
    }
  };
  visit(record, '');
  return locations;
}
