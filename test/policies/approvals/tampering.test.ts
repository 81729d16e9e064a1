/** Words of people that somebody else has edited or deleted, and words that were not understood. */
import { describe, expect, it } from 'vitest';
import type { Statement, Stops } from '../../../policies/model/facts.ts';
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
    expect(text(check(decision, 'approvals'))).toContain(
      'p.iyer says it again and closes it, or the change manager does',
    );
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

describe('a refusal before there is anything to ratify', () => {
  const refused = says('iyer', { kind: 'refusal', comment: 'comment-7' }, { reason: 'it breaks the shop' });

  it('holds the change back until who said it or the change manager settles it', () => {
    const decision = decideApproved({ statements: [refused] });
    expect(failing(decision)).toEqual(['approvals']);
    expect(text(check(decision, 'approvals'))).toMatch(
      /condition comment-7 is open \(.* refuses: it breaks the shop\).*\/sluice close comment-7 because <reason>/,
    );
    expect(text(check(decision, 'approvals'))).toContain('p.iyer takes it back, or the change manager does');
    expect(verdict(refused, closedBy('iyer', { reason: '' }))).toBe('allow');
    expect(verdict(refused, closedBy('haddad'))).toBe('allow');
    expect(verdict(refused, closedBy('haddad', { reason: '\u200b' }))).toBe('deny');
    expect(verdict(refused, closedBy('okafor'))).toBe('deny');
  });

  it('of somebody off the roster holds nothing back', () => {
    expect(verdict({ ...refused, accountId: 9999 })).toBe('allow');
  });
});

describe('a statement that was not understood', () => {
  const misread = (stops: Stops) =>
    says('iyer', { kind: 'misread', problem: 'line 1: not a sha', stops, comment: 'comment-7' });

  it('is answered, and does not block where it could only have permitted something', () => {
    const decision = decideApproved({ statements: [misread('nothing')] });
    expect(decision.verdict).toBe('allow');
    expect(decision.approvals.reasons).toContain('not understood: comment-7 of iyer, line 1: not a sha');
    const among = decideApproved({ statements: [closedBy('novak'), misread('nothing')] });
    expect(among.approvals.reasons.filter((reason) => !reason.includes('comment-7 of iyer'))).toEqual([]);
  });

  it.each<Stops>(['change', 'change and ratification'])('is answered and stops %s', (stops) => {
    const decision = decideApproved({ statements: [misread(stops)] });
    expect(failing(decision)).toEqual(['approvals']);
    expect(text(check(decision, 'approvals'))).toMatch(/comment-7 is open .*may have objected/);
    expect(verdict(misread(stops), closedBy('iyer', { reason: '' }))).toBe('allow');
    expect(verdict(misread(stops), closedBy('novak'))).toBe('deny');
  });

  it('of somebody off the roster is not shown', () => {
    const decision = decideApproved({ statements: [{ ...misread('change'), accountId: 9999 }] });
    expect(decision.verdict).toBe('allow');
    expect(decision.approvals.reasons.join()).not.toContain('not understood');
  });
});

describe('two statements of the same second', () => {
  const at = '2026-11-23T08:40:00Z';
  const condition = says('iyer', { kind: 'condition', condition: 'comment-7', closer: 'p.iyer' }, { at });

  it('are taken in their order: what was closed before it was opened is open', () => {
    const closed = closedBy('iyer');
    expect([verdict(condition, closed), verdict(closed, condition)]).toEqual(['allow', 'deny']);
  });

  it('stand before what was found to be gone: the word that settles it may be listed first', () => {
    const gone = { ...tampered('iyer'), at };
    const closed = closedBy('iyer');
    expect([verdict(gone, closed), verdict(closed, gone)]).toEqual(['allow', 'allow']);
  });
});
