/** The client's word as a file: when it counts, when it does not, and what a person then reads. */
import { describe, expect, it } from 'vitest';
import { evidenceProblems, validEvidence } from '../../../policies/approvals/client-evidence.ts';
import type { Evidence, Facts, QuorumLevel } from '../../../policies/model/facts.ts';
import { aQuorum, accounts, facts, onShow } from '../world.ts';

const digest = `sha256:${'4'.repeat(64)}`;

const mail = (parts: Partial<Evidence> = {}): Evidence => ({
  kind: 'client-approval',
  client: 'acme',
  path: 'evidence/acme-mail.eml',
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
  return {
    facts: facts({ evidence, ...around.facts }),
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
      { client: 'acme', text: 'acme has agreed in writing: evidence/acme-mail.eml, entered by k.dunne' },
    ]);
    expect(evidenceProblems(court([mail()]))).toEqual([]);
  });

  it('counts once per client, by the file that was entered last', () => {
    const found = validEvidence(
      court([mail(), mail({ path: 'second.eml' }), mail({ client: 'borough', path: 'third.eml' })]),
    );
    expect(found.map(({ client, text }) => [client, text.split(': ')[1]?.split(',')[0]])).toEqual([
      ['acme', 'second.eml'],
      ['borough', 'third.eml'],
    ]);
  });

  it('is only what was entered as one, for a client that is named', () => {
    expect(validEvidence(court([mail({ kind: 'other' }), mail({ client: null })]))).toEqual([]);
    expect(evidenceProblems(court([mail({ kind: 'other', actualDigest: null })]))).toEqual([]);
  });

  it('is not the file that was entered when the file differs or cannot be read', () => {
    const answer =
      "evidence/acme-mail.eml does not count as the client's approval: the file is not the one that was entered";
    expect(objection({ actualDigest: `sha256:${'5'.repeat(64)}` })).toBe(answer);
    expect(objection({ actualDigest: null })).toBe(answer);
    expect(objection({ actualDigest: null, recordedDigest: null as unknown as string })).toBe(answer);
  });

  it('is entered by somebody of the roster who took no part', () => {
    expect(objection({ enteredById: 9999 })).toContain('who entered it is not on the roster');
    expect(objection({ enteredById: accounts.lind })).toContain('m.lind, who entered it, is the implementer');
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
