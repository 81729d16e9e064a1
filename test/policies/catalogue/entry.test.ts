/** Which releases are uses of a catalogue entry, which of them suspend it, and from when to when it may be used. */
import { describe, expect, it } from 'vitest';
import { entryProblems } from '../../../policies/catalogue/entry.ts';
import type { CatalogueEntry, PastRelease } from '../../../policies/model/facts.ts';
import { aPastRelease, aRuleInput } from '../../builders/facts.ts';
import { aCatalogueEntry } from '../../builders/policy.ts';

const approvedAt = '2026-06-01T10:00:00Z';

const use = (parts: Partial<PastRelease> = {}): PastRelease =>
  aPastRelease({ type: 'standard', model: 'dns-add-record', ...parts });

const judge = (history: readonly PastRelease[], entry: Partial<CatalogueEntry> = {}, now?: string) =>
  entryProblems(
    aCatalogueEntry({ approvedAt, ...entry }),
    aRuleInput({ history, ...(now === undefined ? {} : { now }) }),
  );
const uses = (...history: readonly PastRelease[]): number => judge(history).uses;

describe('a use of an entry', () => {
  it('is a standard change of its model', () => {
    expect(uses(use())).toBe(1);
    expect(uses(use({ type: 'normal' }))).toBe(0);
    expect(uses(use({ model: 'dns-record-update' }))).toBe(0);
  });

  it('is one since the CAB last approved the entry, or of which nobody knows when it was', () => {
    expect(uses(use({ at: approvedAt }))).toBe(1);
    expect(uses(use({ at: '2026-06-01T09:59:59.999Z' }))).toBe(0);
    expect(uses(use({ at: 'some day' }))).toBe(1);
  });

  it('is a change, as often as it was released where it was released most', () => {
    const a = use({ stack: 'a' });
    const b = use({ stack: 'b' });
    expect(uses(a, b)).toBe(1);
    expect(uses(a, b, a)).toBe(2);
    expect(uses(b, a, a)).toBe(2);
    expect(uses(a, b, a, use({ changeId: 'CHG-2026-0018' }))).toBe(3);
  });
});

describe('a failed use', () => {
  it.each<[string, Partial<PastRelease>, string | null]>([
    ['went well', {}, null],
    ['went well with issues', { result: 'successful-with-issues' }, null],
    ['failed', { result: 'failed' }, 'failed'],
    ['was rolled back', { kind: 'rollback' }, 'rolled back'],
    [
      'caused an incident',
      { causedIncidents: [{ id: 'INC-2026-0001', priority: 'P3' }] },
      'caused INC-2026-0001',
    ],
  ])('%s', (_name, parts, text) => {
    expect(judge([use(), use({ at: '2026-11-01T00:00:00Z', ...parts })]).problems).toEqual(
      text === null
        ? []
        : [`dns-add-record is suspended since CHG-2026-0017 (${text}) on 2026-11-01T00:00:00Z`],
    );
  });

  it('is the first of several', () => {
    const failed = (changeId: string) => use({ changeId, result: 'failed' });
    expect(judge([failed('CHG-2026-0003'), failed('CHG-2026-0004')]).problems).toEqual([
      'dns-add-record is suspended since CHG-2026-0003 (failed) on 2026-10-20T20:30:00Z',
    ]);
  });
});

describe('the life of an entry', () => {
  it.each([
    ['2026-06-01T09:59:59Z', ['dns-add-record is approved only from 2026-06-01T10:00:00Z']],
    [approvedAt, []],
    ['2027-04-30T23:59:59Z', []],
    ['2027-05-01T00:00:00Z', ['dns-add-record expired on 2027-05-01T00:00:00Z']],
    ['today', ['the dates of dns-add-record cannot be read']],
  ])('at %s', (now, problems) => {
    expect(judge([], {}, now).problems).toEqual(problems);
  });

  it('is over where its status says so, or says something nobody knows', () => {
    expect(judge([], { status: 'suspended' }).problems).toEqual([
      'dns-add-record is suspended in the catalogue',
    ]);
    expect(judge([], { status: 'retired' }).problems).toEqual(['dns-add-record is retired']);
    expect(judge([], { status: 'draft' as never }).problems).toEqual([
      'dns-add-record has a status that is not known: draft',
    ]);
  });

  it('ends for a while with the last use before the review', () => {
    expect(judge([use()], { maxUsesBeforeReview: 2 }).problems).toEqual([]);
    expect(judge([use()], { maxUsesBeforeReview: 1 }).problems).toEqual([
      'dns-add-record was used 1 times since its approval; it is due for review after 1',
    ]);
  });
});
