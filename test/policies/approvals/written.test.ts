/** The client's word as a file: when it counts, when it does not, and what a person then reads. */
import { describe, expect, it } from 'vitest';
import { evidenceProblems, validEvidence } from '../../../policies/approvals/client-evidence.ts';
import type { Evidence, Facts, QuorumLevel } from '../../../policies/model/facts.ts';
import type { Seat } from '../../../policies/model/seat.ts';
import { aPolicy, aPull, aQuorum, accounts, facts, onShow, rosterWith } from '../world.ts';

const digest = `sha256:${'4'.repeat(64)}`;

const mail = (parts: Partial<Evidence> = {}): Evidence => ({
  kind: 'client-approval',
  client: 'acme',
  path: 'changes/acme/evidence/mail.eml',
  recordedDigest: digest,
  actualDigest: digest,
  enteredById: accounts.dunne,
  enteredAt: '2026-11-23T08:30:00Z',
  tuple: onShow(),
  ...parts,
});

interface Around {
  readonly facts?: Partial<Facts>;
  readonly quorum?: Partial<QuorumLevel>;
  readonly disqualified?: readonly (readonly [string, string])[];
}

function court(evidence: readonly Evidence[], around: Around = {}) {
  const pull = aPull({ changedFiles: evidence.map(({ path }) => path) });
  return {
    facts: facts({ evidence, pull, ...around.facts }),
    quorum: { ...aQuorum().high, ...around.quorum },
    disqualified: new Map(around.disqualified ?? [['m.lind', 'is the implementer']]),
  };
}

/** The objection to one file, or null when it counts; both sides of the code have to agree. */
function objection(parts: Partial<Evidence>, around: Around = {}): string | null {
  const given = court([mail(parts)], around);
  const [problem] = evidenceProblems(given);
  expect(validEvidence(given)).toHaveLength(problem === undefined ? 1 : 0);
  return problem ?? null;
}

describe('a client approval that was entered as a file', () => {
  it('counts for its client, and says which file and who entered it', () => {
    expect(validEvidence(court([mail()]))).toEqual([
      {
        client: 'acme',
        text: 'acme has agreed in writing: changes/acme/evidence/mail.eml, entered by k.dunne',
      },
    ]);
    expect(evidenceProblems(court([mail()]))).toEqual([]);
  });

  it('counts once per client, by the file that was entered last', () => {
    const found = validEvidence(
      court([
        mail(),
        mail({ path: 'changes/acme/evidence/second.eml' }),
        mail({ client: 'borough', path: 'changes/borough/evidence/third.eml' }),
      ]),
    );
    expect(found.map(({ client, text }) => [client, text.split(': ')[1]?.split(',')[0]])).toEqual([
      ['acme', 'changes/acme/evidence/second.eml'],
      ['borough', 'changes/borough/evidence/third.eml'],
    ]);
  });

  it('is only what was entered as one, for a client that is named', () => {
    expect(validEvidence(court([mail({ kind: 'other' }), mail({ client: null })]))).toEqual([]);
    expect(evidenceProblems(court([mail({ kind: 'other', actualDigest: null })]))).toEqual([]);
  });

  it('is not the file that was entered when the file differs or cannot be read', () => {
    const answer =
      "changes/acme/evidence/mail.eml does not count as the client's approval: the file is not the one that was entered";
    expect(objection({ actualDigest: `sha256:${'5'.repeat(64)}` })).toBe(answer);
    expect(objection({ actualDigest: null })).toBe(answer);
    expect(objection({ actualDigest: null, recordedDigest: null as unknown as string })).toBe(answer);
  });

  it('is entered by somebody of the roster who took no part', () => {
    expect(objection({ enteredById: 9999 })).toContain('who entered it is not on the roster');
    expect(objection({ enteredById: accounts.lind })).toContain('m.lind, who entered it, is the implementer');
  });

  it('is entered by somebody with a seat of the service, then and now', () => {
    const roster = (seat: Seat, dates: { readonly from: string; readonly to?: string }) => ({
      facts: { policy: aPolicy({ roster: rosterWith('k.dunne', { seats: [{ seat, ...dates }] }) }) },
    });
    const entered = (around: ReturnType<typeof roster>) => objection({ tuple: onShow(around.facts) }, around);
    expect(entered(roster('engineer', { from: '2025-01-01' }))).toBeNull();
    const noSeat = 'does not hold a seat of the service since then';
    expect(entered(roster('engineer', { from: '2025-01-01', to: '2025-06-01' }))).toContain(noSeat);
    expect(entered(roster('engineer', { from: '2026-12-01' }))).toContain(noSeat);
    expect(entered(roster('process-owner', { from: '2025-01-01' }))).toContain(noSeat);
  });

  it('is a file of that client, which this very pull request brings', () => {
    expect(objection({ path: 'changes/borough/evidence/mail.eml' })).toContain(
      'it is not in changes/acme/evidence/',
    );
    expect(objection({}, { facts: { pull: aPull() } })).toContain('this pull request does not bring it');
  });

  it.each([
    ['the time of its entry cannot be read', { enteredAt: 'this morning' }, {}],
    ['it was entered after the decision', { enteredAt: '2026-11-23T09:00:00.001Z' }, {}],
    ['the time of the decision cannot be read', {}, { facts: { now: 'today' } }],
    ['there is no pull request', {}, { facts: { pull: null } }],
  ])('does not count when %s', (_, parts, around) => {
    expect(objection(parts, around)).toContain('when it was entered cannot be told');
  });

  it('counts from the moment of its entry until the lifetime of an approval is over, and not a moment longer', () => {
    const quorum = { approvalTtlHours: 1 };
    expect(objection({ enteredAt: '2026-11-23T09:00:00Z' }, { quorum })).toBeNull();
    expect(objection({ enteredAt: '2026-11-23T08:00:00Z' }, { quorum })).toBeNull();
    expect(objection({ enteredAt: '2026-11-23T07:59:59.999Z' }, { quorum })).toContain('older than 1 hours');
  });

  it('does not outlive a push, also one that changes nothing', () => {
    const earlier = { tuple: { ...onShow(), headSha: 'c'.repeat(40) } };
    expect(objection(earlier)).toContain('for head cccccccccc');
  });
});
