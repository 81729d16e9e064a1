/** What a change claims to be, an emergency or a standard change, and what that claim has to show. */
import { anIncident } from '../../builders/facts.ts';
import { describe, expect, it } from 'vitest';
import { checkCatalogue, checkEmergency } from '../../../policies/gate/check-type.ts';
import type { Facts, PastEmergency } from '../../../policies/model/facts.ts';
import type { KnownIncident } from '../../../policies/model/incident.ts';
import { aPlan } from '../../builders/plan.ts';
import { aStandardChange, anEmergency } from '../../builders/record.ts';
import { aPolicy, cleanRecord, registerWith, says } from '../world.ts';
import { aCase, agreed } from './a-case.ts';

describe('an emergency', () => {
  const incident: KnownIncident = anIncident();
  const declared = {
    declaredBy: 'r.okafor',
    declaredAt: '2026-11-23T08:30:00Z',
    severity: 'P1' as const,
    incident: 'INC-2026-0007',
  };
  const judged = (
    record: Parameters<typeof anEmergency>[0] = {},
    around: Partial<Facts> = {},
    more: Parameters<typeof aCase>[1] = {},
  ) => checkEmergency(aCase({ records: [anEmergency(record)], incidents: [incident], ...around }, more));

  it('names its incident and how it is ratified', () => {
    expect(judged()).toEqual({
      verdict: 'allow',
      summary: 'emergency for INC-2026-0007',
      reasons: ['to be ratified within 2 working days, by people who took no part'],
      next: [],
    });
    expect(judged({}, {}, { approvals: { ...agreed, level: 'break-glass' } })).toMatchObject({
      summary: 'unratified emergency for INC-2026-0007',
      reasons: ['break-glass: to be ratified within 24 hours'],
    });
  });

  it('is declared in its record', () => {
    expect(judged({ emergency: undefined })).toMatchObject({
      verdict: 'deny',
      summary: 'the record is of type emergency and declares none',
    });
  });

  it('is declared by now, at a time that can be read', () => {
    const at = (declaredAt: string, around: Partial<Facts> = {}) =>
      judged({ emergency: { ...declared, declaredAt } }, around).verdict;
    expect(at('2026-11-23T09:00:00Z')).toBe('allow');
    expect(at('2026-11-23T09:00:00.001Z')).toBe('deny');
    expect(at('at night')).toBe('deny');
    expect(at('2026-11-23T08:30:00Z', { now: 'now' })).toBe('deny');
  });

  it('has the priority of its incident', () => {
    const incidents = [{ ...incident, priority: 'P2' as const }];
    expect(judged({ emergency: { ...declared, severity: 'P2' } }, { incidents }).verdict).toBe('allow');
    expect(judged({}, { incidents }).summary).toBe('incident INC-2026-0007 is a P2, the record says P1');
    const minor = judged({}, { incidents: [{ ...incident, priority: 'P3' }] });
    expect(minor.reasons.slice(0, 1)).toEqual(['incident INC-2026-0007 is a P3: no emergency']);
    expect(minor.summary).toBe('incident INC-2026-0007 is a P3: no emergency');
  });

  it('is over when its incident is, unless the application is under way', () => {
    const incidents = [{ ...incident, state: 'resolved' as const }];
    expect(judged({}, { incidents }).summary).toContain('nothing is urgent any more');
    expect(judged({}, { incidents, applyStartedAt: '2026-11-23T08:55:00Z' }).verdict).toBe('allow');
  });

  it('is about the service of its incident', () => {
    const incidents = [{ ...incident, services: ['a', 'b'] }];
    expect(judged({}, { incidents }).summary).toBe('incident INC-2026-0007 is about a, b, not storefront');
    expect(judged({}, { incidents: [{ ...incident, id: 'INC-2026-0008' }] }).summary).toBe(
      'incident INC-2026-0007 is not known',
    );
  });

  it.each(['lead-time', 'window', 'soft-freeze', 'quorum', 'client-notice'])('may relax %s', (name) => {
    expect(judged({ emergency: { ...declared, relaxations: [name] } }).verdict).toBe('allow');
  });

  it('relaxes nothing else', () => {
    expect(judged({ emergency: { ...declared, relaxations: ['window', 'rehearsal'] } })).toMatchObject({
      verdict: 'deny',
      reasons: ['rehearsal is never relaxed', expect.stringContaining('to be ratified')],
      next: ['relax only: lead-time, window, soft-freeze, quorum, client-notice'],
    });
  });

  it('is closed in its record only by somebody who approves it', () => {
    const outcome = { closedBy: 'j.novak' } as never;
    expect(judged({ outcome }).verdict).toBe('deny');
    expect(judged({ outcome }).summary).toContain('j.novak closed the emergency');
    expect(judged({ outcome }, {}, { approvers: new Set(['j.novak']) }).verdict).toBe('allow');
  });

  it('is not closed by somebody whose seat has ended since, whatever time the record gives', () => {
    const outcome = { closedBy: 'j.novak', closedAt: '2026-11-20T08:00:00Z' } as never;
    const until = (to: string) => ({
      people: aPolicy().roster.people.map((person) =>
        person.id === 'j.novak'
          ? { ...person, seats: person.seats.map((seat) => ({ ...seat, to })) }
          : person,
      ),
    });
    const closing = (to: string) =>
      judged(
        { outcome },
        { policy: { ...aPolicy(), roster: until(to) } },
        { approvers: new Set(['j.novak']) },
      );
    expect(closing('2026-11-22')).toMatchObject({
      verdict: 'deny',
      reasons: [
        'j.novak had a seat that closes emergencies at 2026-11-20T08:00:00Z and has none now',
        expect.stringContaining('to be ratified'),
      ],
    });
    expect(closing('2026-11-24').verdict).toBe('allow');
  });

  it('is none once the change manager has reclassified it', () => {
    const statements = [says('haddad', { kind: 'reclassify', to: 'normal' })];
    expect(judged({}, { statements }).summary).toContain('has reclassified the change');
    expect(judged({}, { statements }, { disqualified: new Set(['s.haddad']) }).verdict).toBe('allow');
    const silent = statements.map((each) => ({ ...each, reason: ' ' }));
    expect(judged({}, { statements: silent }).verdict).toBe('allow');
  });
});

describe('a change beside an emergency that is overdue', () => {
  const emergencies: readonly PastEmergency[] = ['CHG-2026-0030', 'CHG-2026-0031'].map((changeId) => ({
    changeId,
    client: 'acme',
    risk: 'medium',
    appliedAt: '2026-11-18T02:00:00Z',
    breakGlass: false,
    touched: ['acme-production/cloudflare_dns_record.www'],
    involved: [],
    ratifications: [],
  }));
  const judged = (parts: Parameters<typeof cleanRecord>[0]) =>
    checkEmergency(aCase({ emergencies, records: [cleanRecord(parts)] }));

  it('does not wait when it closes that very emergency', () => {
    const closedBy = 's.haddad';
    const outcome = { result: 'successful', closedBy, closedAt: '2026-11-23T08:00:00Z' } as never;
    const closing = (id: string) =>
      checkEmergency(
        aCase(
          {
            emergencies: emergencies.slice(0, 1),
            plan: aPlan().withoutStack('acme-production').build(),
            records: [anEmergency({ id, outcome })],
            baseRecords: [anEmergency({ id })],
          },
          { approvers: new Set([closedBy]) },
        ),
      );
    expect(closing('CHG-2026-0030')).toMatchObject({
      verdict: 'allow',
      reasons: ['puts CHG-2026-0030 right'],
    });
    expect(closing('CHG-2026-0029')).toMatchObject({
      verdict: 'deny',
      reasons: ['CHG-2026-0030 is overdue: it was not ratified in time; missing: cab, peer'],
    });
  });

  it('waits, unless it puts it right', () => {
    expect(judged({ retryOf: 'CHG-2026-0030' })).toMatchObject({
      verdict: 'deny',
      reasons: [
        'CHG-2026-0031 is overdue: it was not ratified in time; missing: cab, peer',
        'puts CHG-2026-0030 right',
      ],
      next: ['ratify CHG-2026-0031 first, with a review or the comment /sluice ratify on its pull request'],
    });
    expect(judged({ dependsOn: ['CHG-2026-0030', 'CHG-2026-0031'] })).toMatchObject({
      verdict: 'allow',
      summary: 'not an emergency',
      reasons: ['puts CHG-2026-0030 right', 'puts CHG-2026-0031 right'],
    });
    expect(checkEmergency(aCase({ emergencies, records: [] })).reasons).toHaveLength(2);
    expect(checkEmergency(aCase({ records: [] }))).toMatchObject({
      verdict: 'allow',
      summary: 'no record says that this is an emergency',
    });
  });
});

describe('the claim that a change puts an emergency right', () => {
  const www = 'acme-production/cloudflare_dns_record.www';
  const emergency = (touched: readonly string[]): PastEmergency => ({
    changeId: 'CHG-2026-0030',
    client: 'acme',
    risk: 'medium',
    appliedAt: '2026-11-18T02:00:00Z',
    breakGlass: false,
    touched,
    involved: [],
    ratifications: [],
  });
  const judged = (touched: readonly string[], more: Partial<Facts> = {}, approvers: readonly string[] = []) =>
    checkEmergency(
      aCase(
        { emergencies: [emergency(touched)], records: [cleanRecord({ retryOf: 'CHG-2026-0030' })], ...more },
        { approvers: new Set(approvers) },
      ),
    );

  it('is believed where all that changes is what the emergency changed', () => {
    expect(judged([www]).verdict).toBe('allow');
    expect(judged(['acme-production/cloudflare_dns_record.api', www]).verdict).toBe('allow');
  });

  it('is not believed where something else changes as well, another thing of that name, or nothing', () => {
    const two = aPlan().updating('cloudflare_dns_record.www').updating('cloudflare_dns_record.api').build();
    for (const answer of [
      judged([]),
      judged(['acme-staging/cloudflare_dns_record.www']),
      judged([www], { plan: two }),
      judged([www], { plan: aPlan().build() }),
    ]) {
      expect(answer.verdict).toBe('deny');
      expect(answer.reasons[0]).toContain('that this change puts it right is not shown');
      expect(answer.next[0]).toContain('ask the change manager to approve');
    }
  });

  it('is taken on by the approval of the change manager, and of nobody else', () => {
    expect(judged([], {}, ['s.haddad']).verdict).toBe('allow');
    expect(judged([], {}, ['j.novak', 'd.quist', 'nobody']).verdict).toBe('deny');
    expect(judged([], { now: 'soon' }, ['s.haddad']).verdict).toBe('deny');
  });

  it('has to be made: the change manager does not make it up', () => {
    const records = [cleanRecord({ retryOf: 'CHG-2026-0099' })];
    expect(judged([www], { records }, ['s.haddad'])).toMatchObject({
      verdict: 'deny',
      reasons: ['CHG-2026-0030 is overdue: it was not ratified in time; missing: cab, peer'],
    });
  });
});

describe('a change that calls itself standard', () => {
  const policy = aPolicy({ registers: registerWith({ standardChanges: ['dns-add-record'] }) });
  const standard = aStandardChange({ owner: 'm.lind', schedule: undefined });

  it('is told the entry that proves it, and how often that was used', () => {
    const plan = aPlan().creating('cloudflare_dns_record.new').build();
    const found = checkCatalogue(aCase({ plan, policy, records: [standard] }));
    expect(found.verdict).toBe('allow');
    expect(found.summary).toMatch(/^dns-add-record 1\.0\.0, used 0 of \d+ times$/);
  });

  it('is denied with every reason why it is none', () => {
    const found = checkCatalogue(aCase({ policy, records: [standard] }));
    expect(found.verdict).toBe('deny');
    expect(found.reasons.length).toBeGreaterThan(0);
    expect(found.next).toHaveLength(1);
  });

  it('is nothing that any other change has to prove', () => {
    expect(checkCatalogue(aCase())).toEqual({
      verdict: 'allow',
      summary: 'not a standard change',
      reasons: [],
      next: [],
    });
  });
});
