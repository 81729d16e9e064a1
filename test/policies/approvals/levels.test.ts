/** Which quorum a change needs and which seats on top, and how seats are filled when people have to make room. */
import { describe, expect, it } from 'vitest';
import { evaluateApprovals } from '../../../policies/approvals.ts';
import { UnitFlow } from '../../../policies/approvals/flow.ts';
import {
  isPolicyChange,
  isReclassified,
  levelOf,
  onlyRecord,
  slotsOf,
} from '../../../policies/approvals/level.ts';
import type { Facts, QuorumLevel } from '../../../policies/model/facts.ts';
import type { RiskLevel } from '../../../policies/model/record.ts';
import { aPlan } from '../../builders/plan.ts';
import { aBoroughRegister, aPerson, aRegister, aRoster } from '../../builders/policy.ts';
import { aStandardChange, anEmergency } from '../../builders/record.ts';
import {
  aPolicy,
  aPull,
  aQuorum,
  aRisk,
  accounts,
  cleanRecord,
  facts,
  registerWith,
  review,
  says,
  showing,
} from '../world.ts';

const nobody: ReadonlySet<string> = new Set();

const seatsOf = (parts: Partial<Facts>, quorum: Partial<QuorumLevel>, without = nobody) =>
  slotsOf(
    facts(parts),
    aRisk('medium'),
    { name: 'medium', quorum: { ...aQuorum().medium, approvals: 0, seats: [], ...quorum } },
    without,
  ).map(({ seat, client }) => (client === null ? seat : `${seat} ${client}`));

describe('the level of a change', () => {
  const levelName = (parts: Partial<Facts>) => levelOf(facts(parts), aRisk('high'), nobody).name;
  const standard = aStandardChange({ owner: 'm.lind', schedule: undefined });
  const policy = aPolicy({ registers: registerWith({ standardChanges: ['dns-add-record'] }) });
  const plan = aPlan().creating('cloudflare_dns_record.new').build();

  it('is that of the risk, unless the record is an emergency or is proven to be standard', () => {
    expect(levelName({})).toBe('high');
    expect(levelName({ records: [anEmergency()] })).toBe('emergency');
    expect(levelName({ records: [standard], policy, plan })).toBe('standard');
    expect(levelName({ records: [standard], policy })).toBe('high');
    expect(levelName({ records: [{ ...standard, record: { ...standard.record, type: 'normal' } }] })).toBe(
      'high',
    );
  });

  it('comes with the quorum of its name', () => {
    const { quorum } = aPolicy();
    expect(levelOf(facts({ records: [anEmergency()] }), aRisk('high'), nobody).quorum).toEqual(
      quorum.emergency,
    );
    expect(levelOf(facts(), aRisk('critical'), nobody).quorum).toEqual(quorum.critical);
  });

  it('is that of the risk when there is no record, or more than one', () => {
    expect(onlyRecord(facts({ records: [] }))).toBeNull();
    expect(onlyRecord(facts())?.id).toBe('CHG-2026-0042');
    const two = [anEmergency(), anEmergency({ id: 'CHG-2026-0043' })];
    expect(onlyRecord(facts({ records: two }))).toBeNull();
    expect(levelName({ records: two })).toBe('high');
  });

  it('is that of the risk while an emergency is closed, which releases nothing', () => {
    const outcome = { result: 'successful', closedBy: 's.haddad' } as never;
    const closing = {
      records: [anEmergency({ outcome })],
      baseRecords: [anEmergency()],
      plan: aPlan().withoutStack('acme-production').build(),
    };
    expect(levelOf(facts(closing), aRisk('high'), nobody)).toEqual({
      name: 'high',
      quorum: aPolicy().quorum.high,
    });
    expect(levelName({ ...closing, baseRecords: [] })).toBe('emergency');
  });

  it('is that of the risk once the change manager says that the emergency is none', () => {
    const statements = [says('haddad', { kind: 'reclassify', to: 'normal' })];
    expect(levelName({ records: [anEmergency()], statements })).toBe('high');
  });
});

describe('a reclassification', () => {
  const word = says('haddad', { kind: 'reclassify', to: 'normal' });
  const is = (statements: Facts['statements'], without = nobody) =>
    isReclassified(facts({ statements }), without);

  it('is one word of the change manager, with a reason, among whatever else is said', () => {
    expect(is([])).toBe(false);
    expect(is([word])).toBe(true);
    expect(is([says('novak', { kind: 'condition', condition: 'C1', closer: 'm.lind' }), word])).toBe(true);
  });

  it.each<[string, Partial<Facts['statements'][number]>]>([
    ['is about something else', { kind: 'waive-commit' }],
    ['gives no reason', { reason: ' \t' }],
    ['is by another seat', { accountId: accounts.novak }],
    ['is by an account that nobody knows', { accountId: 9999 }],
  ])('is none when it %s', (_, parts) => {
    expect(is([{ ...word, ...parts } as typeof word])).toBe(false);
  });

  it('is none by a change manager who took part', () => {
    expect(is([word], new Set(['s.haddad']))).toBe(false);
  });
});

describe('the process owner', () => {
  const changing = (file: string, fallback: Facts['proposal']['fallback'] = null) =>
    isPolicyChange(facts({ pull: aPull({ changedFiles: [file] }), proposal: { faults: [], fallback } }));

  it('is asked for policies, and for whatever is decided with older ones than those of the branch', () => {
    expect(changing('policies/quorum.yaml')).toBe(true);
    expect(changing('changes/acme/CHG-2026-0042.yaml')).toBe(false);
    expect(changing('changes/acme/CHG-2026-0042.yaml', { sha: 'f'.repeat(40), faults: [] })).toBe(true);
    expect(isPolicyChange(facts({ pull: null }))).toBe(false);
  });
});

describe('the seats of a change', () => {
  it('are those of the level, then peers up to the number of approvals', () => {
    expect(seatsOf({}, { seats: ['cab'], approvals: 3 })).toEqual(['cab', 'peer', 'peer']);
    expect(seatsOf({}, { seats: ['cab', 'cab'], approvals: 1 })).toEqual(['cab', 'cab']);
  });

  it('hold security only where it is flagged and the level asks then', () => {
    const security = (needsSecurityReview: boolean, securityIfFlagged: boolean) =>
      slotsOf(
        facts(),
        aRisk('medium', { needsSecurityReview }),
        { name: 'medium', quorum: { ...aQuorum().medium, securityIfFlagged } },
        nobody,
      ).some(({ seat }) => seat === 'security');
    expect([security(true, true), security(true, false), security(false, true)]).toEqual([
      true,
      false,
      false,
    ]);
  });

  it('hold the process owner where policies change', () => {
    expect(seatsOf({ pull: aPull({ changedFiles: ['policies/roster.yaml'] }) }, {})).toEqual([
      'process-owner',
    ]);
    expect(seatsOf({ pull: null }, {})).toEqual([]);
  });

  it('hold a share of the CAB, rounded up, over those who hold a seat of it now and took no part', () => {
    const cabShare = { numerator: 1, denominator: 2, minimum: 1 };
    expect(seatsOf({}, { cabShare })).toEqual(['cab', 'cab']);
    expect(seatsOf({}, { cabShare }, new Set(['j.novak']))).toEqual(['cab']);
    expect(seatsOf({}, { cabShare: { ...cabShare, minimum: 3 } })).toEqual(['cab', 'cab', 'cab']);
    expect(seatsOf({ now: 'now' }, { cabShare })).toEqual(['cab']);
    const later = { ...aPerson('n.ew', 3001), seats: [{ seat: 'cab' as const, from: '2027-01-01' }] };
    const roster = aRoster(later, aPerson('e.cab', 3002, 'ecab', 'cab'));
    expect(seatsOf({ policy: aPolicy({ roster }) }, { cabShare: { ...cabShare, numerator: 2 } })).toEqual([
      'cab',
      'cab',
      'cab',
      'cab',
    ]);
  });
});

describe('the clients that are asked', () => {
  const asks = (clientApprover: QuorumLevel['clientApprover'], parts: Partial<Facts> = {}) =>
    seatsOf(parts, { clientApprover });
  const both = aPlan()
    .creating('a.b')
    .inStack('borough-production')
    .creating('a.c')
    .inStack('platform')
    .build();
  const acme = 'client-approver acme';
  const borough = 'client-approver borough';

  it('are all whose stacks change and the one of the record, where the level always asks', () => {
    expect(asks('never')).toEqual([]);
    expect(asks('always')).toEqual([acme]);
    expect(asks('always', { plan: both })).toEqual([acme, borough]);
    expect(asks('always', { records: [cleanRecord({ client: 'borough' })] })).toEqual([acme, borough]);
    expect(asks('always', { records: [], plan: aPlan().build() })).toEqual([]);
    const registers = [aBoroughRegister(), aRegister()];
    expect(asks('always', { plan: both, policy: aPolicy({ registers }) })).toEqual([acme, borough]);
  });

  it('are those whose register asks for it, where the level asks then', () => {
    expect(asks('if-required')).toEqual([]);
    expect(asks('if-required', { plan: both })).toEqual([borough]);
    const registers = [aBoroughRegister(), aRegister({ clientApprovalRequired: true })];
    expect(asks('if-required', { plan: both, policy: aPolicy({ registers }) })).toEqual([acme, borough]);
  });

  it('are asked when they have no register, and when the record wants it for its own client', () => {
    const policy = aPolicy({ registers: [aBoroughRegister()] });
    expect(asks('if-required', { policy })).toEqual([acme]);
    const wants = (required: boolean, client = 'acme') =>
      asks('if-required', { records: [cleanRecord({ client, clientApproval: { required } })] });
    expect(wants(true)).toEqual([acme]);
    expect(wants(false)).toEqual([]);
    expect(wants(true, 'platform')).toEqual(['client-approver platform']);
    expect(wants(false, 'borough')).toEqual([borough]);
  });
});

describe('seats that are filled', () => {
  it('make room for each other: who has two seats takes the one that nobody else can', () => {
    const policy = aPolicy();
    const reviews = showing({ policy }, [review('haddad'), review('novak'), review('osei')]);
    const approvals = evaluateApprovals(facts({ policy, reviews }), aRisk('high'));
    expect(approvals).toMatchObject({ verdict: 'allow', given: 3 });
    expect(approvals.reviewers.map(({ login, counted }) => `${login} ${String(counted)}`)).toEqual([
      'haddad change-manager',
      'novak cab',
      'osei engineer',
    ]);
  });

  it('are found by a flow that sends earlier units another way', () => {
    const flow = new UnitFlow();
    const [source, sink, a, b, one, two] = Array.from({ length: 6 }, () => flow.addNode()) as [
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    const edges = [
      flow.addEdge(source, a),
      flow.addEdge(source, b),
      flow.addEdge(a, one),
      flow.addEdge(a, two),
      flow.addEdge(b, one),
    ];
    const used = () => edges.map((edge) => flow.isUsed(edge));
    const first = flow.addEdge(one, sink);
    expect(flow.augment(source, sink)).toBe(true);
    expect([...used(), flow.isUsed(first)]).toEqual([true, false, true, false, false, true]);
    expect(flow.augment(source, sink)).toBe(false);
    const second = flow.addEdge(two, sink);
    expect(flow.augment(source, sink)).toBe(true);
    expect([...used(), flow.isUsed(first), flow.isUsed(second)]).toEqual([
      true,
      true,
      false,
      true,
      true,
      true,
      true,
    ]);
    expect(flow.augment(source, sink)).toBe(false);
  });
});

describe('short notice', () => {
  const seats = (effective: RiskLevel, reasons: readonly string[]) => {
    const risk = {
      ...aRisk(effective),
      reasons: reasons.map((id) => ({ id, level: effective, text: id, subjects: [] })),
    };
    return slotsOf(facts(), risk, levelOf(facts(), risk, nobody), nobody).map(({ seat }) => seat);
  };

  it('asks the change manager in the place of a peer at medium, and nobody more', () => {
    expect(seats('medium', [])).toEqual(['cab', 'peer']);
    expect(seats('medium', ['short-notice'])).toEqual(['cab', 'change-manager']);
  });

  it.each<RiskLevel>(['low', 'high', 'critical'])('asks for no other seat at %s', (level) => {
    expect(seats(level, ['short-notice'])).toEqual(seats(level, []));
  });
});
