/** Words of people that somebody else has edited or deleted, and words that were not understood. */
import { describe, expect, it } from 'vitest';
import type { Statement } from '../../../policies/model/facts.ts';
import { check, decideApproved, failing, text } from '../gate/approved.ts';
import { says, type Who } from '../world.ts';

const tampered = (who: Who) =>
  says(who, { kind: 'tampered', what: 'edited', comment: 'comment-7', byLogin: 'r-okafor' });
const closedBy = (who: Who, parts: Partial<Statement> = {}) =>
  says(who, { kind: 'condition-closed', condition: 'comment-7' }, { at: '2026-11-23T08:40:00Z', ...parts });
const verdict = (...statements: readonly Statement[]) => decideApproved({ statements }).verdict;

describe('a comment of somebody of the roster that another account has edited', () => {
  it('holds the change back and says whose word is missing', () => {
    const decision = decideApproved({ statements: [tampered('iyer')] });
    expect(failing(decision)).toEqual(['approvals']);
    expect(text(check(decision, 'approvals'))).toMatch(/comment of \S.* was edited by r-okafor/);
  });

  it.each<[string, Statement, 'allow' | 'deny']>([
    ['whose it is', closedBy('iyer'), 'allow'],
    ['the change manager', closedBy('haddad'), 'allow'],
    ['the change manager without a reason', closedBy('haddad', { reason: ' ' }), 'deny'],
    ['who edited it', closedBy('okafor'), 'deny'],
    ['somebody else of the CAB', closedBy('novak'), 'deny'],
    ['whose it is, before', closedBy('iyer', { at: '2026-11-23T08:29:59Z' }), 'deny'],
    ['whose it is, at no time', closedBy('iyer', { at: 'yesterday' }), 'deny'],
  ])('is settled or not by %s', (_, settled, expected) => {
    expect(verdict(tampered('iyer'), settled)).toBe(expected);
  });

  it('matters for people of the roster only', () => {
    expect(verdict({ ...tampered('iyer'), accountId: 9999 })).toBe('allow');
  });
});

describe('a statement that was not understood', () => {
  const misread = says('iyer', { kind: 'misread', problem: 'not a sha' });

  it('is shown, and neither blocks nor counts', () => {
    const decision = decideApproved({ statements: [misread] });
    expect(decision.verdict).toBe('allow');
    expect(decision.approvals.reasons).toContain('not understood: a comment of iyer: not a sha');
  });

  it('of somebody off the roster is not shown', () => {
    const decision = decideApproved({ statements: [{ ...misread, accountId: 9999 }] });
    expect(decision.approvals.reasons.join()).not.toContain('not understood');
  });
});
