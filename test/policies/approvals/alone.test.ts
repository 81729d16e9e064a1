/** Breaking the glass, and conditions: the edges of who, when and with what reason. */
import { describe, expect, it } from 'vitest';
import { breakGlassOf } from '../../../policies/approvals/break-glass.ts';
import { openConditions } from '../../../policies/approvals/conditions.ts';
import type { BreakGlass, Facts, Statement } from '../../../policies/model/facts.ts';
import { aPull, aQuorum, accounts, facts, onShow, says } from '../world.ts';

const glass: BreakGlass = {
  accountId: accounts.lind,
  at: '2026-11-23T08:50:00Z',
  reason: 'nobody answers',
  pagedAt: '2026-11-23T08:51:00Z',
  tuple: onShow(),
};

const use = (parts: Partial<BreakGlass>, around: Partial<Facts> = {}) =>
  breakGlassOf(facts({ breakGlass: { ...glass, ...parts }, ...around }), aQuorum().emergency);

const stale = { kind: 'refused', reason: 'it was not asked for within the last 8 hours' };

describe('breaking the glass', () => {
  it('is not asked for when nobody asks, and is never an approval', () => {
    expect(breakGlassOf(facts(), aQuorum().emergency)).toEqual({ kind: 'not-asked' });
    expect(use({})).toMatchObject({
      kind: 'unratified',
      text: expect.stringContaining('m.lind goes alone because nobody answers') as string,
    });
  });

  it.each([
    ['somebody else of the roster', { accountId: accounts.dunne }, {}],
    ['an account that nobody knows', { accountId: 9999 }, {}],
    ['anybody, when there is no record', {}, { records: [] }],
  ])('is refused to %s', (_, parts, around) => {
    expect(use(parts, around)).toEqual({
      kind: 'refused',
      reason: 'only the implementer named in the record may break the glass',
    });
  });

  it('needs a reason that says something', () => {
    expect(use({ reason: ' \n' })).toEqual({ kind: 'refused', reason: 'breaking the glass needs a reason' });
  });

  it('is asked for by now, and lasts as long as an approval of the emergency', () => {
    expect(use({ at: '2026-11-23T09:00:00Z' }).kind).toBe('unratified');
    const pull = aPull({ headAt: '2026-11-22T23:00:00Z' });
    expect(use({ at: '2026-11-23T01:00:00Z' }, { pull }).kind).toBe('unratified');
    expect(use({ at: '2026-11-23T00:59:59.999Z' })).toEqual(stale);
    expect(use({ at: '2026-11-23T09:00:00.001Z' })).toEqual(stale);
    expect(use({ at: 'just now' })).toEqual(stale);
    expect(use({}, { now: 'noon' })).toEqual(stale);
  });

  it('is for what was on show, and for no other head, effect, record or policy', () => {
    const pull = aPull({ headSha: 'd'.repeat(40), headAt: '2026-11-23T08:59:00Z' });
    expect(use({}, { pull })).toEqual({
      kind: 'refused',
      reason: 'it was given for head aaaaaaaaaa; say it again once this verdict is published',
    });
    expect(use({ tuple: onShow({ pull }) }, { pull })).toEqual({
      kind: 'refused',
      reason: 'it was given before this head was pushed; say it again once this verdict is published',
    });
    expect(use({ at: '2026-11-23T08:59:30Z', tuple: onShow({ pull }) }, { pull }).kind).toBe('unratified');
    expect(use({ tuple: { ...onShow(), effectDigest: `sha256:${'0'.repeat(64)}` } })).toEqual({
      kind: 'refused',
      reason: 'what would be done has changed since; say it again once this verdict is published',
    });
    expect(use({ tuple: null }).kind).toBe('refused');
    expect(use({}, { pull: null })).toEqual({ kind: 'refused', reason: 'there is no pull request' });
  });

  it('needs the change manager paged, by now and at a time that can be read', () => {
    const notPaged = { kind: 'refused', reason: 'the change manager was not paged' };
    expect(use({ pagedAt: '2026-11-23T09:00:00Z' }).kind).toBe('unratified');
    expect(use({ pagedAt: '2026-11-23T09:00:00.001Z' })).toEqual(notPaged);
    expect(use({ pagedAt: 'then' })).toEqual(notPaged);
    expect(use({ pagedAt: null })).toEqual(notPaged);
  });
});

const set = says('novak', { kind: 'condition', condition: 'C1', closer: 'm.lind' });
const closing = (parts: Partial<Statement> = {}) =>
  says('lind', { kind: 'condition-closed', condition: 'C1' }, { at: '2026-11-23T08:40:00Z', ...parts });
const open = (...statements: readonly Statement[]) => openConditions(facts({ statements }), new Set());

describe('a condition', () => {
  it('is open until its closer closes it, and says who that is', () => {
    expect(open(set)).toEqual([
      'condition C1 is open (looked at it with the client): m.lind closes it with the comment /sluice close C1',
    ]);
    expect(open(set, closing())).toEqual([]);
  });

  it('is closed by nothing else that its closer says, nor by closing another one', () => {
    const waiver = says('lind', { kind: 'waive-commit', sha: 'a' }, { at: '2026-11-23T08:40:00Z' });
    expect(open(set, { ...waiver, condition: 'C1' } as Statement)).toHaveLength(1);
    expect(open(set, { ...closing(), condition: 'C2' } as Statement)).toHaveLength(1);
    const second = { ...set, condition: 'C2' } as Statement;
    expect(open(set, second, closing())).toEqual([expect.stringContaining('condition C2 is open')]);
  });

  it('is closed by the closer alone, whatever account they use and whoever else agrees', () => {
    expect(open(set, closing({ accountId: accounts.osei }))).toHaveLength(1);
    expect(open(set, closing({ accountId: 9999 }))).toHaveLength(1);
    const unknown = { ...set, closer: 'nobody.known' } as Statement;
    expect(open(unknown, closing({ accountId: 9999 }))).toEqual([
      expect.stringContaining('nobody.known closes it'),
    ]);
  });

  it('is closed in the same second or later, not before, and not at a time that cannot be read', () => {
    expect(open(set, closing({ at: set.at }))).toEqual([]);
    expect(open(set, closing({ at: '2026-11-23T08:29:59Z' }))).toHaveLength(1);
    expect(open(set, closing({ at: 'later' }))).toHaveLength(1);
    expect(open({ ...set, at: 'early' }, closing())).toHaveLength(1);
  });

  it('is put by people of the roster only', () => {
    expect(open({ ...set, accountId: 9999 })).toEqual([]);
  });
});
