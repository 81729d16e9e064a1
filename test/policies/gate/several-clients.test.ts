/** A change of several clients: every one of them has to be satisfied, and what is missing is said of each. */
import { describe, expect, it } from 'vitest';
import { decide } from '../../../policies/gate.ts';
import type { Facts, Register } from '../../../policies/model/facts.ts';
import type { ChangeRecord } from '../../../policies/model/record.ts';
import type { Plan } from '../../../scripts/plan/types.ts';
import { readyPart, releasableNow } from '../../../scripts/release/run/waves/ready.ts';
import { aDnsRecord, aPlan } from '../../builders/plan.ts';
import { aBoroughRegister, aPlatformRegister, aRegister } from '../../builders/policy.ts';
import { aPolicy, aPull, cleanRecord, facts, review, showing, type Who } from '../world.ts';
import { check, failing, text } from './approved.ts';

const bundles = { before: `sha256:${'6'.repeat(64)}`, after: `sha256:${'7'.repeat(64)}` };

const backend = { s3: { bucket: 'sluice-state', key: 'borough.tfstate' } };
const [aStack] = aPlan().build().stacks;
const ofBorough = (['before', 'after'] as const).reduce(
  (settings, side) => ({ ...settings, [side]: { ...settings[side], backend } }),
  aStack?.settings ?? { before: null, after: null },
);

function bothChange(): Plan {
  return aPlan()
    .inStack('acme-production', { bundles })
    .updating('cloudflare_dns_record.www', aDnsRecord(), aDnsRecord({ content: '192.0.2.20' }))
    .withZoneTotals('shop.example', 60)
    .inStack('borough-production', { bundles, settings: ofBorough })
    .updating(
      'cloudflare_dns_record.www',
      aDnsRecord({ name: 'www.borough.example' }),
      aDnsRecord({ name: 'www.borough.example', content: '192.0.2.20' }),
      { zone: 'borough.example' },
    )
    .withZoneTotals('borough.example', 60)
    .build();
}

/** Acme opens on Mondays at 20:00, Borough on Tuesdays at 18:00: the slot has one of each. */
const schedule = { plannedStart: '2026-12-07T12:00:00Z', plannedEnd: '2026-12-09T12:00:00Z' };
const steps = ['acme-production', 'borough-production'].map((stack, index) => ({
  n: index + 1,
  action: `Release ${stack}`,
  stack,
  actor: 'm.lind',
  expected: 'nothing is left to do',
  durationMin: 60,
}));

function record(
  parts: { readonly [K in keyof ChangeRecord]?: ChangeRecord[K] | undefined } = {},
): Facts['records'][number] {
  return cleanRecord({
    client: 'platform',
    clients: ['acme', 'borough'],
    service: 'account',
    stacks: ['acme-production', 'borough-production'],
    schedule,
    plan: { steps },
    clientApproval: { required: true },
    test: {
      pre: [{ what: 'Plan on staging', how: 'sluice release acme-staging', automated: true }],
      post: [{ what: 'Home page answers', how: 'probe', automated: true }],
    },
    ...parts,
  });
}

function registers(borough: Partial<Register> = {}, acme: Partial<Register> = {}): readonly Register[] {
  return [aRegister(acme), aBoroughRegister(borough), aPlatformRegister()];
}

const agreed = (...who: readonly Who[]) => [...who, 'novak', 'haddad', 'iyer', 'marsh'] as readonly Who[];

function change(parts: Partial<Facts> = {}, who: readonly Who[] = agreed('ortiz', 'frost')): Facts {
  const all = {
    plan: bothChange(),
    records: [record()],
    policy: aPolicy({ registers: registers() }),
    pull: aPull({ changedFiles: ['changes/platform/CHG-2026-0042.yaml'] }),
    ...parts,
  };
  const fingerprint = facts(all).tuple.effectDigest.slice('sha256:'.length, 'sha256:'.length + 12);
  return facts({
    reviews: showing(
      all,
      who.map((each) => review(each, { fingerprint })),
    ),
    ...all,
  });
}

function merged(now: string, parts: Partial<Facts> = {}): Facts {
  const pull = aPull({
    state: 'merged',
    headAt: '2026-12-06T07:00:00Z',
    merge: { at: '2026-12-07T09:00:00Z', sha: 'e'.repeat(40), tree: 'same' },
    changedFiles: ['changes/platform/CHG-2026-0042.yaml'],
  });
  const found = change({ moment: 'apply', now, pull, ...parts });
  return {
    ...found,
    reviews: found.reviews.map((each) => ({ ...each, submittedAt: '2026-12-07T08:00:00Z' })),
  };
}

describe('before the merge', () => {
  it('is allowed when each client has room in its own window and has agreed', () => {
    const decision = decide(change());
    expect(failing(decision)).toEqual([]);
    expect(check(decision, 'window').reasons).toEqual([
      'acme: 2026-12-07T20:00:00Z to 2026-12-07T23:00:00Z',
      'borough: 2026-12-08T18:00:00Z to 2026-12-08T22:00:00Z',
    ]);
  });

  it('names the client whose windows are not in the slot', () => {
    const short = record({ schedule: { ...schedule, plannedEnd: '2026-12-08T12:00:00Z' } });
    const decision = decide(change({ records: [short] }));
    expect(failing(decision)).toEqual(['window']);
    expect(check(decision, 'window').summary).toContain('borough: no window has 75 min');
    expect(check(decision, 'window').reasons.join('\n')).toContain('acme: 2026-12-07T20:00');
  });

  it('is closed for a client that has agreed to no window', () => {
    const decision = decide(change({ policy: aPolicy({ registers: registers({ windows: [] }) }) }));
    expect(failing(decision)).toEqual(['window']);
    expect(check(decision, 'window').summary).toContain('no release window is agreed with borough');
  });

  it('asks the approver of each client, and one of them does not speak for the other', () => {
    const one = decide(change({}, agreed('ortiz')));
    expect(failing(one)).toEqual(['approvals']);
    expect(text(check(one, 'approvals'))).toContain('borough');
    const other = decide(
      change(
        { policy: aPolicy({ registers: registers({}, { clientApprovalRequired: true }) }) },
        agreed('frost'),
      ),
    );
    expect(failing(other)).toEqual(['approvals']);
    expect(text(check(other, 'approvals'))).toContain('acme');
  });

  it('meets a freeze of any of the clients', () => {
    const freeze = {
      id: 'budget',
      reason: 'Billing run',
      kind: 'hard' as const,
      clients: ['borough'],
      start: '2026-12-09T00:00:00Z',
      end: '2026-12-10T00:00:00Z',
      exemptionBy: 'change-manager' as const,
    };
    const calendar = { freezes: [freeze], holidays: [] };
    const decision = decide(change({ policy: aPolicy({ registers: registers(), calendar }) }));
    expect(failing(decision)).toEqual(['freeze']);
    expect(check(decision, 'freeze').summary).toContain('freeze budget of borough');
  });

  it('is held by an open P1 of any of them, also where it is the fix of a P1 of another', () => {
    const incident = (id: string, service: string) => ({
      id,
      priority: 'P1' as const,
      state: 'open' as const,
      services: [service],
      openedAt: '2026-11-23T06:00:00Z',
    });
    const incidents = [
      incident('INC-1', 'public-site'),
      incident('INC-2', 'storefront'),
    ] as unknown as Facts['incidents'];
    const fixing = record({ links: { incidents: ['INC-2'] } });
    const found = decide(change({ records: [fixing], incidents }));
    expect(
      found.findings.filter(({ ruleId }) => ruleId === 'record-open-incident').map(({ seen }) => seen),
    ).toEqual([expect.stringContaining('INC-1 of public-site')]);
  });
});

describe('what the record names', () => {
  const findings = (parts: Partial<Facts>) =>
    decide(change(parts))
      .findings.filter(({ severity }) => severity === 'deny')
      .map(({ ruleId, seen }) => `${ruleId}: ${seen}`);

  it('denies a record of one client where the plan touches two', () => {
    for (const client of ['acme', 'platform']) {
      const service = client === 'acme' ? 'storefront' : 'account';
      const one = record({ client, clients: undefined, service });
      const decision = decide(change({ records: [one] }));
      expect(failing(decision)).toEqual(expect.arrayContaining(['record', 'rules']));
      expect(findings({ records: [one] })).toEqual(
        expect.arrayContaining(['record-client-match: borough-production belongs to borough']),
      );
    }
  });

  it('denies a client that it leaves out, and one of whom nothing changes', () => {
    expect(findings({ records: [record({ clients: ['acme', 'platform'] })] })).toEqual(
      expect.arrayContaining([
        'record-client-match: borough-production belongs to borough',
        'record-client-match: nothing of platform changes',
      ]),
    );
  });

  it('denies the window of one client', () => {
    const named = record({ schedule: { ...schedule, window: 'acme-weeknight' } });
    expect(findings({ records: [named] })).toEqual(['record-window-known: window acme-weeknight']);
  });

  it('counts a stack of nobody as a client that agreed to nothing', () => {
    const foreign = aPlan()
      .inStack('acme-production', { bundles })
      .updating('cloudflare_dns_record.www', aDnsRecord(), aDnsRecord({ content: '192.0.2.20' }))
      .inStack('nobodys', { bundles })
      .updating('cloudflare_dns_record.www', aDnsRecord(), aDnsRecord({ content: '192.0.2.20' }))
      .build();
    const stacks = ['acme-production', 'nobodys'];
    const decision = decide(change({ plan: foreign, records: [record({ stacks })] }));
    expect(failing(decision)).toEqual(expect.arrayContaining(['record', 'rules', 'window']));
    expect(text(check(decision, 'window'))).toContain('no release window is agreed with nobodys');
  });
});

describe('at apply', () => {
  const monday = '2026-12-07T20:05:00Z';
  const tuesday = '2026-12-08T18:05:00Z';
  const wave = ['acme-production', 'borough-production'];

  it('releases what is open, and the rest waits for its own window', () => {
    const now = readyPart(merged(monday), wave);
    expect([now.decision.verdict, now.ready]).toEqual(['allow', ['acme-production']]);
    expect(now.waiting).toEqual([
      {
        stack: 'borough-production',
        why: 'borough: no window is open now; the next window opens at 2026-12-08T18:00:00Z',
      },
    ]);
    expect(readyPart(merged(tuesday), ['borough-production'])).toMatchObject({
      ready: ['borough-production'],
      waiting: [],
    });
  });

  it('goes by tier, and nothing of a later wave goes before all of an earlier one', () => {
    const late = (tier: 1 | 3) =>
      merged(monday, { policy: aPolicy({ registers: registers({ tier: tier === 1 ? 3 : 1 }, { tier }) }) });
    const at = (given: Facts) => releasableNow(given, decide(given));
    expect(at(late(3))).toMatchObject({ wave: 1, waves: 2, stacks: ['acme-production'], waiting: [] });
    expect(at(late(1))).toMatchObject({ stacks: [], waiting: [{ stack: 'borough-production' }] });
    const done = { stack: 'borough-production', release: 'R0009', became: 'in-force' as const, by: null };
    expect(at({ ...late(1), uses: [done] })).toEqual({
      wave: 2,
      waves: 2,
      total: 2,
      stacks: ['acme-production'],
      waiting: [],
      parallel: 4,
    });
  });

  it('releases nothing of a change that is wrong otherwise, whatever window is open', () => {
    const found = readyPart(change({ ...merged(monday), reviews: [] }), wave);
    expect([found.decision.verdict, found.ready]).toEqual(['deny', []]);
  });

  it('is not allowed as a whole while a window is shut', () => {
    expect(failing(decide(merged(monday)))).toEqual(['window']);
  });

  it('looks at the window of what a stack reaches, not only at its own', () => {
    const reaching = aPlan()
      .inStack('acme-production', { bundles })
      .updating(
        'cloudflare_dns_record.www',
        aDnsRecord({ name: 'www.borough.example' }),
        aDnsRecord({ name: 'www.borough.example', content: '192.0.2.20' }),
        { zone: 'borough.example' },
      )
      .inStack('borough-production', { bundles, settings: ofBorough })
      .updating('cloudflare_dns_record.api', aDnsRecord(), aDnsRecord({ content: '192.0.2.20' }), {
        zone: 'borough.example',
      })
      .build();
    const found = readyPart(merged(monday, { plan: reaching }), ['acme-production']);
    expect(found.ready).toEqual([]);
    expect(found.waiting.map(({ why }) => why).join()).toContain('borough: no window is open now');
  });

  it('keeps the time for a rollback inside the window of each', () => {
    const late = readyPart(merged('2026-12-07T21:50:00Z'), ['acme-production']);
    expect(late.ready).toEqual([]);
    expect(late.waiting[0]?.why).toContain('acme: too late to start: 60 min of work');
  });
});
