/** The numbered cases about emergencies, their ratification, and standard changes. */
import { anIncident } from '../../builders/facts.ts';
import { describe, expect, it } from 'vitest';
import { decide } from '../../../policies/gate.ts';
import type { BreakGlass, Facts, PastEmergency } from '../../../policies/model/facts.ts';
import type { KnownIncident } from '../../../policies/model/incident.ts';
import { aPlan } from '../../builders/plan.ts';
import { aStandardChange, anEmergency } from '../../builders/record.ts';
import {
  aPolicy,
  aPull,
  accounts,
  cleanPlan,
  cleanRecord,
  facts,
  onShow,
  registerWith,
  review,
  says,
  showing,
} from '../world.ts';
import { check, decideApproved, failing, text } from './approved.ts';

const incident: KnownIncident = anIncident();

const record = (relaxations: readonly string[] = ['window', 'lead-time', 'quorum']) =>
  anEmergency({
    owner: 'm.lind',
    backupImplementer: undefined,
    schedule: { plannedStart: '2026-11-23T09:00:00Z', plannedEnd: '2026-11-23T10:00:00Z' },
    emergency: {
      declaredBy: 'r.okafor',
      declaredAt: '2026-11-23T08:30:00Z',
      severity: 'P1',
      incident: 'INC-2026-0007',
      relaxations,
    },
  });
const parts = (): Partial<Facts> => ({ records: [record()], incidents: [incident] });

const past = (extra: Partial<PastEmergency> = {}): PastEmergency => ({
  changeId: 'CHG-2026-0030',
  client: 'acme',
  risk: 'medium',
  appliedAt: '2026-11-18T02:00:00Z',
  breakGlass: false,
  touched: ['acme-production/cloudflare_dns_record.www'],
  involved: ['m.lind', 'k.dunne', 'r.okafor'],
  ratifications: [],
  ...extra,
});

const ratifiedBy = (...people: readonly number[]) =>
  people.map((accountId) => ({ accountId, at: '2026-11-19T09:00:00Z', decision: 'ratified' as const }));

const ecabReviews = (extra: Partial<Facts> = {}) => showing({ ...parts(), ...extra }, [review('dunne')]);

const breakGlass: BreakGlass = {
  accountId: accounts.lind,
  at: '2026-11-23T08:50:00Z',
  reason: 'nobody answers',
  pagedAt: '2026-11-23T08:51:00Z',
  tuple: onShow(parts()),
};

const decidedAlone = (extra: Partial<BreakGlass> = {}) =>
  decide(facts({ ...parts(), breakGlass: { ...breakGlass, ...extra } }));

const appliedAlone = (appliedAt: string) =>
  check(decideApproved({ emergencies: [past({ breakGlass: true, appliedAt })] }), 'emergency');

describe('emergencies', () => {
  it('one of the ECAB is enough for an emergency with a live incident', () => {
    const decision = decide(facts({ ...parts(), reviews: ecabReviews() }));
    expect(failing(decision)).toEqual([]);
    expect(decision.approvals).toMatchObject({ level: 'emergency', required: 1, given: 1 });
    expect(
      decide(facts({ ...parts(), reviews: showing(parts(), [review('novak')]) })).approvals.openSeats,
    ).toEqual(['ecab']);
  });

  it('who declared it took part, and does not approve it', () => {
    const { emergency: declared } = record().record;
    const by = (declaredBy: string): Partial<Facts> => ({
      ...parts(),
      records: [
        anEmergency({ ...record().record, ...(declared && { emergency: { ...declared, declaredBy } }) }),
      ],
    });
    const decided = (given: Partial<Facts>, ...people: readonly ('dunne' | 'iyer')[]) =>
      decide(
        facts({
          ...given,
          reviews: showing(
            given,
            people.map((who) => review(who)),
          ),
        }),
      );
    const both = decided(by('p.iyer'), 'dunne', 'iyer');
    expect(failing(both)).toEqual([]);
    expect(both.approvals.reviewers[1]?.reason).toContain('declared the emergency of CHG-2026-0042');
    const own = decided(by('k.dunne'), 'dunne');
    expect(failing(own)).toEqual(['approvals']);
    expect(own.approvals.reviewers[0]?.reason).toContain('declared the emergency of CHG-2026-0042');
  });

  it('case 63: with nobody awake the implementer goes alone, unratified, with a reason and the change manager paged', () => {
    const decision = decidedAlone();
    expect(decision.verdict).toBe('allow');
    expect(decision.approvals).toMatchObject({ level: 'break-glass', given: 0, required: 1 });
    expect(text(check(decision, 'emergency'))).toContain('unratified');
    expect(failing(decidedAlone({ accountId: accounts.dunne }))).toEqual(['approvals']);
    expect(failing(decidedAlone({ reason: ' ' }))).toEqual(['approvals']);
    expect(failing(decidedAlone({ pagedAt: null }))).toEqual(['approvals']);
    expect(failing(decidedAlone({ at: '2026-11-23T00:59:59Z' }))).toEqual(['approvals']);
    expect(failing(decide(facts({ breakGlass: { ...breakGlass, tuple: onShow() } })))).toEqual(['approvals']);
    expect(
      text(check(decide(facts({ breakGlass: { ...breakGlass, tuple: onShow() } })), 'approvals')),
    ).toContain('only an emergency');
  });

  it('case 63: what somebody else pushes after the glass was broken is not released with it', () => {
    const pull = aPull({
      headSha: 'd'.repeat(40),
      headAt: '2026-11-23T08:59:00Z',
      pusherIds: [accounts.okafor, 666],
      commits: [{ sha: 'd'.repeat(40), authorId: 666, committerId: 666, coAuthorIds: [] }],
    });
    const pushed = decide(facts({ ...parts(), pull, breakGlass }));
    expect(failing(pushed)).toContain('approvals');
    expect(pushed.approvals.level).toBe('emergency');
    expect(text(check(pushed, 'approvals'))).toContain(
      'break-glass refused: it was given for head aaaaaaaaaa',
    );
  });

  it('case 63: a veto shows that somebody is awake, and policies are never changed alone', () => {
    const vetoed = decide(
      facts({ ...parts(), breakGlass, reviews: [review('iyer', { state: 'CHANGES_REQUESTED' })] }),
    );
    expect(failing(vetoed)).toEqual(['approvals']);
    const policyFiles = decide(
      facts({ ...parts(), breakGlass, pull: aPull({ changedFiles: ['policies/roster.yaml'] }) }),
    );
    expect(failing(policyFiles)).toContain('approvals');
  });

  it.each<[string, Partial<KnownIncident>]>([
    ['is not known', { id: 'INC-2026-0001' }],
    ['is resolved', { state: 'resolved' }],
    ['is a P3', { priority: 'P3' }],
    ['is a P2', { priority: 'P2' }],
    ['is about trade-portal', { services: ['trade-portal'] }],
  ])('case 64: the word emergency is not enough: the incident %s', (reason, change) => {
    const given = { ...parts(), incidents: [{ ...incident, ...change }] };
    const decision = decide(facts({ ...given, reviews: ecabReviews() }));
    expect(check(decision, 'emergency').verdict).toBe('deny');
    expect(text(check(decision, 'emergency'))).toContain(reason);
  });

  it('case 64: the change manager reclassifies, and the quorum of the risk applies', () => {
    const statements = [says('haddad', { kind: 'reclassify', to: 'normal' })];
    const decision = decide(facts({ ...parts(), statements, reviews: ecabReviews() }));
    expect(failing(decision)).toEqual(['approvals', 'emergency']);
    expect(decision.approvals).toMatchObject({ level: 'high', required: 3 });
    const nobody = decide(
      facts({
        ...parts(),
        statements: [says('novak', { kind: 'reclassify', to: 'normal' })],
        reviews: ecabReviews(),
      }),
    );
    expect(nobody.verdict).toBe('allow');
  });

  it('case 64: only what may be relaxed is relaxed', () => {
    const given = { ...parts(), records: [record(['rollback'])] };
    expect(
      text(check(decide(facts({ ...given, reviews: showing(given, [review('dunne')]) })), 'emergency')),
    ).toContain('rollback is never relaxed');
    const strict = { ...parts(), records: [record([])] };
    expect(
      check(decide(facts({ ...strict, reviews: showing(strict, [review('dunne')]) })), 'window').verdict,
    ).toBe('deny');
  });

  it('an emergency that is not ratified in two working days stops the next change, and not another emergency', () => {
    expect(failing(decideApproved({ emergencies: [past({ appliedAt: '2026-11-19T09:00:00Z' })] }))).toEqual(
      [],
    );
    const overdue = decideApproved({ emergencies: [past()] });
    expect(failing(overdue)).toEqual(['emergency']);
    expect(check(overdue, 'emergency').summary).toContain('CHG-2026-0030 is overdue');
    expect(decide(facts({ ...parts(), emergencies: [past()], reviews: ecabReviews() })).verdict).toBe(
      'allow',
    );
    expect(
      failing(
        decideApproved({ emergencies: [past({ ratifications: ratifiedBy(accounts.novak, accounts.osei) })] }),
      ),
    ).toEqual([]);
  });

  it('case 63: what was applied alone and is not ratified in 24 hours is an unauthorised change', () => {
    expect(appliedAlone('2026-11-22T09:00:00Z').verdict).toBe('allow');
    expect(appliedAlone('2026-11-22T08:59:59Z').summary).toContain('is an unauthorised change');
  });

  it('case 65: a refusal in retrospect stops changes until the revert, or the change that puts it right', () => {
    const refused = past({
      ratifications: [
        ...ratifiedBy(accounts.osei),
        { accountId: accounts.novak, at: '2026-11-19T10:00:00Z', decision: 'refused' },
      ],
    });
    expect(text(check(decideApproved({ emergencies: [refused] }), 'emergency'))).toContain(
      'rejected retrospectively by j.novak',
    );
    const right = { records: [cleanRecord({ retryOf: 'CHG-2026-0030' })], emergencies: [refused] };
    expect(check(decideApproved(right), 'emergency')).toMatchObject({
      verdict: 'allow',
      reasons: ['puts CHG-2026-0030 right'],
    });
  });

  it('case 66: the implementer and the ECAB approver do not ratify', () => {
    const involved = past({ ratifications: ratifiedBy(accounts.novak, accounts.dunne, accounts.lind) });
    expect(failing(decideApproved({ emergencies: [involved] }))).toEqual(['emergency']);
    const early = past({
      ratifications: ratifiedBy(accounts.novak, accounts.osei).map((each) => ({
        ...each,
        at: '2026-11-18T01:59:59Z',
      })),
    });
    expect(failing(decideApproved({ emergencies: [early] }))).toEqual(['emergency']);
  });
});

describe('standard changes', () => {
  const registers = registerWith({ standardChanges: ['dns-add-record'] });
  const standard = aStandardChange({ owner: 'm.lind', schedule: undefined, requester: 'r.okafor' });
  const plan = aPlan().creating('cloudflare_dns_record.new').build();

  it('need nobody when the catalogue proves them, and any window will do', () => {
    const decision = decide(facts({ plan, records: [standard], policy: aPolicy({ registers }) }));
    expect(decision.approvals).toMatchObject({ verdict: 'allow', level: 'standard', required: 0 });
    expect(check(decision, 'catalogue').verdict).toBe('allow');
    expect(check(decision, 'window').summary).toContain('any window');
    const night = decide(
      facts({
        plan,
        records: [standard],
        policy: aPolicy({ registers }),
        moment: 'apply',
        now: '2026-11-23T20:05:00Z',
      }),
    );
    expect(check(night, 'window').verdict).toBe('allow');
  });

  it('case 67: a plan that exceeds the entry makes it a normal change, with the quorum of its risk', () => {
    const decision = decide(
      facts({ plan: cleanPlan(), records: [standard], policy: aPolicy({ registers }) }),
    );
    expect(check(decision, 'catalogue').verdict).toBe('deny');
    expect(check(decision, 'catalogue').next[0]).toContain('counts as a normal change');
    expect(decision.approvals).toMatchObject({ level: 'medium', required: 2 });
  });

  it.each([{ status: 'suspended' as const }, { expiresAt: '2026-11-01T00:00:00Z' }])(
    'case 68: an entry with %o is not standard any more',
    (change) => {
      const policy = aPolicy({ registers });
      const entries = policy.catalogue.entries.map((entry) => ({ ...entry, ...change }));
      const decision = decide(
        facts({ plan, records: [standard], policy: { ...policy, catalogue: { entries } } }),
      );
      expect(check(decision, 'catalogue').verdict).toBe('deny');
      expect(decision.approvals.level).toBe('medium');
    },
  );
});
