/** Closing a change: only the outcome is written, nothing is released, and nothing is decided again. */
import { describe, expect, it } from 'vitest';
import { decide } from '../../../policies/gate.ts';
import { asClosing, closedRecord, outcomeProblems } from '../../../policies/gate/closing.ts';
import type { Facts, PastEmergency, PastRelease } from '../../../policies/model/facts.ts';
import type { ChangeRecord } from '../../../policies/model/record.ts';
import { aPlan } from '../../builders/plan.ts';
import { cleanPlan, cleanRecord, facts, review, showing } from '../world.ts';
import { check, failing, text } from './approved.ts';

type Outcome = NonNullable<ChangeRecord['outcome']>['result'];

const outcome = (result: Outcome, closedBy = 's.haddad') => ({
  outcome: { result, closedBy, closedAt: '2026-12-08T09:00:00Z', registerUpdated: true },
});
const nothing = aPlan()
  .inStack('acme-production', { bundles: { before: 'sha256:x', after: 'sha256:x' } })
  .build();
const high: Partial<ChangeRecord> = { risk: { declared: 'high' } };

const released: PastRelease = {
  id: 'R0007',
  changeId: cleanRecord().record.id,
  stack: 'acme-production',
  client: 'acme',
  changed: null,
  type: 'normal',
  at: '2026-12-07T20:30:00Z',
  kind: 'release',
  result: 'successful',
  causedIncidents: [],
  zones: [],
  loggedRules: [],
};

/** Closed as `end` says, with `before` on the base branch, approved by one engineer. */
function closing(
  end: Partial<ChangeRecord>,
  parts: Partial<Facts> = {},
  before: Partial<ChangeRecord> | null = high,
) {
  const given: Partial<Facts> = {
    plan: nothing,
    records: [cleanRecord({ ...high, ...end })],
    baseRecords: before === null ? [] : [cleanRecord(before)],
    history: [released],
    now: '2026-12-08T10:00:00Z',
    ...parts,
  };
  const reviews = showing(given, [review('osei')]).map((each) => ({
    ...each,
    submittedAt: '2026-12-08T09:30:00Z',
  }));
  return decide(facts({ reviews, ...given }));
}

describe('a pull request that only writes the outcome of a released change', () => {
  it('is allowed with one engineer, whatever the risk was and though the slot is over', () => {
    const decision = closing(outcome('successful'));
    expect(failing(decision)).toEqual([]);
    expect(decision.approvals).toMatchObject({ level: 'low', required: 1, given: 1 });
  });

  it('names every incident that the service desk puts down to the change', () => {
    const end = outcome('successful');
    const incidents = [
      {
        id: 'INC-2026-0051',
        priority: 'P2',
        state: 'resolved',
        services: ['storefront'],
        openedBy: 'k-dunne',
        editedBy: null,
      },
      {
        id: 'INC-2026-0052',
        priority: 'P2',
        state: 'open',
        services: [],
        causedBy: 'CHG-2026-0017',
        openedBy: 'k-dunne',
        editedBy: null,
      },
      {
        id: 'INC-2026-0053',
        priority: 'P2',
        state: 'open',
        services: [],
        causedBy: released.changeId,
        openedBy: 'k-dunne',
        editedBy: null,
      },
    ] as const;
    const caused = (...incidentsCaused: readonly string[]) =>
      closing({ outcome: { ...end.outcome, incidentsCaused } }, { incidents });
    expect(failing(closing(end, { incidents }))).toEqual(['record']);
    expect(failing(caused('INC-2026-0051'))).toEqual(['record']);
    expect(text(check(caused(), 'record'))).toContain('is closed without INC-2026-0053, which it caused');
    expect(failing(caused('INC-2026-0053'))).toEqual([]);
    expect(failing(caused('INC-2026-0051', 'INC-2026-0053'))).toEqual([]);
  });

  it('takes back no incident that the record has admitted, unless another change caused it', () => {
    const { outcome: end } = outcome('successful');
    const before = { ...high, outcome: { ...end, incidentsCaused: ['INC-2026-0061'] } };
    const incident = {
      id: 'INC-2026-0061',
      priority: 'P1',
      state: 'resolved',
      services: [],
      openedBy: 'k-dunne',
      editedBy: null,
    } as const;
    const given = (causedBy: object) =>
      failing(closing({ outcome: end }, { incidents: [{ ...incident, ...causedBy }] }, before));
    expect(failing(closing({ outcome: end }, {}, before))).toEqual(['record']);
    expect(given({})).toEqual(['record']);
    expect(given({ causedBy: 'CHG-2026-0017' })).toEqual([]);
  });

  it('still needs that engineer', () => {
    expect(failing(closing(outcome('successful'), { reviews: [] }))).toEqual(['approvals']);
  });

  it.each<[string, Partial<ChangeRecord>]>([
    ['title', { title: 'Something else entirely' }],
    ['rollback', { rollback: { strategy: 'forward-fix', steps: [], triggers: [] } }],
    ['stacks', { stacks: ['acme-production', 'acme-staging'] }],
  ])('is not a closing when the %s is another as well', (_, change) => {
    expect(failing(closing({ ...outcome('successful'), ...change }))).toContain('record');
  });

  it('says so when the ledger has no release of it, or a bad end', () => {
    const never = closing(outcome('successful'), { history: [] });
    expect(text(check(never, 'record'))).toContain('the ledger has no release of it');
    const back = { ...released, at: '2026-12-07T21:00:00Z', result: 'rolled-back' as const };
    const undone = closing(outcome('successful'), { history: [back, released] });
    expect(text(check(undone, 'record'))).toContain('the ledger says rolled-back for acme-production');
    expect(failing(closing(outcome('rolled-back'), { history: [released, back] }))).toEqual([]);
  });
});

describe('the record of a change that was released', () => {
  const id = released.changeId;
  const emergency: PastEmergency = {
    changeId: id,
    client: 'acme',
    risk: 'high',
    appliedAt: '2026-12-08T03:00:00Z',
    breakGlass: false,
    touched: [],
    involved: ['m.lind'],
    ratifications: [],
  };
  /** What an administrative record has; whoever took part is named no more. */
  const administrative: Partial<ChangeRecord> = {
    kind: 'Administrative',
    type: 'normal',
    stacks: [],
    risk: { declared: 'low' },
    owner: 'k.dunne',
    requester: 'r.okafor',
  };

  it.each<[string, Partial<Facts>]>([
    ['a release', { history: [released] }],
    ['an emergency that never ended', { history: [], emergencies: [emergency] }],
  ])('becomes no administrative one: the ledger has %s', (_, parts) => {
    const note = closing({ ...administrative, ...outcome('successful') }, parts);
    expect(failing(note)).toContain('record');
    expect(text(check(note, 'record'))).toContain('the ledger has a release of it: it is a change');
    expect(failing(closing(administrative, parts))).toContain('record');
    const elsewhere = closing({ ...administrative, ...outcome('successful') }, parts, null);
    expect(failing(elsewhere)).toContain('record');
  });

  it('may be one where nothing was released', () => {
    expect(failing(closing(administrative, { history: [] }))).toEqual([]);
  });

  it('ends with the approval of who is said to have closed it, whatever type it gives itself', () => {
    const parts = { emergencies: [emergency] };
    expect(failing(closing(outcome('successful', 'b.osei'), parts))).toEqual([]);
    expect(failing(closing(outcome('successful', 'j.novak'), parts))).toEqual(['emergency']);
  });

  it('is not said to be cancelled while an emergency of it was begun', () => {
    const begun = closing(outcome('cancelled', 'b.osei'), { history: [], emergencies: [emergency] });
    expect(failing(begun)).toEqual(['record']);
    expect(failing(closing(outcome('cancelled', 'b.osei'), { history: [] }))).toEqual([]);
  });

  it('does not bring its end along with what it changes', () => {
    const parts = { plan: cleanPlan(), now: '2026-11-23T09:00:00Z', history: [] };
    expect(text(check(closing(outcome('successful'), parts), 'record'))).toContain('has an `outcome`');
    expect(check(closing({}, parts), 'record').verdict).toBe('allow');
  });
});

describe('an outcome beside the ledger', () => {
  const record = (result: Outcome) => ({ ...cleanRecord().record, ...outcome(result) });
  const later = (parts: Partial<PastRelease>): readonly PastRelease[] => [
    released,
    { ...released, id: 'R0008', at: '2026-12-07T21:00:00Z', ...parts },
  ];
  const rollback = later({ kind: 'rollback', result: 'successful' });
  const known = (history: readonly PastRelease[]) => ({
    history,
    incidents: [],
    emergencies: [],
    baseRecords: [],
  });

  it.each<[string, Outcome, readonly PastRelease[], string | null]>([
    ['good end, good release', 'successful', [released], null],
    ['good end, issues on the way', 'successful-with-issues', [released], null],
    ['good end, rolled back since', 'successful', rollback, 'says rolled-back for acme-production'],
    ['good end with issues, rolled back since', 'successful-with-issues', rollback, 'says rolled-back'],
    ['bad end, rolled back since', 'rolled-back', rollback, null],
    ['good end, the last release failed', 'successful', later({ result: 'failed' }), 'says failed for'],
    [
      'good end, another stack failed',
      'successful',
      later({ stack: 'acme-staging', result: 'failed' }),
      'says failed for acme-staging',
    ],
    [
      'good end, another change failed',
      'successful',
      later({ changeId: 'CHG-2026-0099', result: 'failed' }),
      null,
    ],
    [
      'good end, only another change was released',
      'successful',
      later({}).map((one) => ({ ...one, changeId: 'CHG-2026-0099' })),
      'the ledger has no release of it',
    ],
    ['never done, and so it is', 'cancelled', [], null],
    ['never done, another change was', 'rejected', [{ ...released, changeId: 'CHG-2026-0099' }], null],
    [
      'never done, but released',
      'cancelled',
      [released],
      'is closed as cancelled, and the ledger has releases of it',
    ],
  ])('%s', (_, result, history, problem) => {
    const problems = outcomeProblems(record(result), known(history)).map((each) => each.text);
    expect(problems).toHaveLength(problem === null ? 0 : 1);
    expect(problems.join('\n')).toContain(problem ?? '');
  });

  it('counts as successful where nothing is said', () => {
    expect(outcomeProblems(cleanRecord().record, known(rollback))[0]?.text).toContain(
      'is closed as successful',
    );
  });
});

describe('a pull request that closes a record', () => {
  const closed = cleanRecord(outcome('successful'));
  const open = cleanRecord();
  const other = cleanRecord({ id: 'CHG-2026-0099' });
  const given = (parts: Partial<Facts>) =>
    closedRecord(facts({ plan: nothing, records: [closed], baseRecords: [open], ...parts }))?.id ?? null;

  it.each<[string, Partial<Facts>, string | null]>([
    ['writes its outcome', {}, open.record.id],
    ['is told from the other records on the base branch', { baseRecords: [other, open] }, open.record.id],
    ['does so for one record only', { records: [closed, other] }, null],
    ['has a record', { records: [] }, null],
    ['releases nothing', { plan: cleanPlan() }, null],
    ['writes an outcome at all', { records: [open] }, null],
    [
      'is about a change, not a note',
      {
        records: [cleanRecord({ kind: 'Administrative', ...outcome('successful') })],
        baseRecords: [cleanRecord({ kind: 'Administrative' })],
      },
      null,
    ],
    ['brings nothing new as done', { baseRecords: [other] }, null],
  ])('%s', (_, parts, id) => {
    expect(given(parts)).toBe(id);
  });

  it('is looked at by the rules as a low-risk note that asks for nothing', () => {
    const located = cleanRecord({
      risk: { declared: 'critical' },
      type: 'emergency',
      waivers: [],
      ...outcome('successful'),
    });
    const { record, ...place } = asClosing(located);
    expect(place).toEqual({ ...located, record: undefined });
    expect(record).toMatchObject({
      kind: 'Administrative',
      type: 'normal',
      stacks: [],
      risk: { declared: 'low' },
      outcome: { result: 'successful' },
    });
    expect(Object.keys(record).filter((key) => ['waivers', 'emergency'].includes(key))).toEqual([]);
  });
});

describe('a record that is kept although nothing was done', () => {
  it.each(['rejected', 'cancelled'] as const)('is merged on its own as %s', (result) => {
    expect(failing(closing(outcome(result), { history: [] }, null))).toEqual([]);
  });

  it('is not one that was released', () => {
    expect(text(check(closing(outcome('rejected')), 'record'))).toContain('the ledger has releases of it');
  });

  it('cannot come as successful', () => {
    expect(failing(closing(outcome('successful'), {}, null))).toContain('record');
  });
});

describe('closing an emergency', () => {
  const emergency: Partial<ChangeRecord> = {
    type: 'emergency',
    emergency: {
      declaredBy: 's.haddad',
      declaredAt: '2026-12-07T19:00:00Z',
      severity: 'P1',
      incident: 'INC-2026-0001',
    },
  };
  const closed = (by: string, who: 'novak' | 'osei') => {
    const given: Partial<Facts> = {
      plan: nothing,
      records: [cleanRecord({ ...emergency, ...outcome('successful', by) })],
      baseRecords: [cleanRecord(emergency)],
      history: [released],
      now: '2026-12-08T10:00:00Z',
    };
    const reviews = showing(given, [review(who), review('osei')]).map((each) => ({
      ...each,
      submittedAt: '2026-12-08T09:30:00Z',
    }));
    return decide(facts({ ...given, reviews }));
  };

  it('needs the approval of whoever it says has closed it', () => {
    expect(failing(closed('j.novak', 'novak'))).toEqual([]);
    expect(failing(closed('j.novak', 'osei'))).toEqual(['emergency']);
  });

  it('is allowed once everything owed is made up for, with the closer and an engineer', () => {
    const past: PastEmergency = {
      changeId: released.changeId,
      client: 'acme',
      risk: 'high',
      appliedAt: '2026-12-07T20:00:00Z',
      breakGlass: false,
      touched: [],
      involved: ['r.okafor'],
      ratifications: [],
      gaveWay: ['waf-log-first'],
    };
    const end = outcome('successful', 'j.novak').outcome;
    const settled = [{ item: 'waf-log-first', settled: 'Read in the log on the morning after.' }];
    const ended = (owed: typeof settled, who: readonly ('novak' | 'osei')[]) => {
      const given: Partial<Facts> = {
        plan: nothing,
        records: [cleanRecord({ ...emergency, outcome: { ...end, owed } })],
        baseRecords: [cleanRecord(emergency)],
        history: [released],
        emergencies: [past],
        now: '2026-12-08T10:00:00Z',
      };
      const reviews = showing(
        given,
        who.map((each) => review(each)),
      ).map((each) => ({ ...each, submittedAt: '2026-12-08T09:30:00Z' }));
      return decide(facts({ ...given, reviews }));
    };
    expect(failing(ended(settled, ['novak', 'osei']))).toEqual([]);
    expect(failing(ended([], ['novak', 'osei']))).toEqual(['emergency']);
    const alone = ended(settled, ['novak']);
    expect(failing(alone)).toEqual(['approvals']);
    expect(text(check(alone, 'approvals'))).toContain('1 x engineer');
  });
});
