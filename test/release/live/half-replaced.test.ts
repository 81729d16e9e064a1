/** Which missing objects the ledger lays at the door of a replacement that broke off, and which it does not. */
import { describe, expect, it } from 'vitest';
import { halfReplaced, nothingHalf } from '../../../scripts/release/live/half-replaced.ts';
import { beforeFile } from '../../../scripts/release/live-evidence.ts';
import type { Ledger, ReleaseAction, ReleaseEntry, ReleaseResult } from '../../../scripts/release/types.ts';
import { recordsBundle } from '../ledger-builder.ts';
import { PlainLedger } from '../plain-ledger.ts';

const stack = 'acme-production';
const address = 'cloudflare_dns_record.www';
const [own, foreign] = ['a'.repeat(40), 'b'.repeat(40)];
const replace = ['delete', 'create'];
/** Terraform knows no end of what it began there. */
const begun = [{ address, summary: 'Terraform ended before it reported the result of this delete' }];

interface Attempt {
  readonly action?: ReleaseAction;
  readonly result?: ReleaseResult;
  readonly headSha?: string;
  readonly planned?: readonly string[];
  readonly at?: string;
  readonly completed?: ReleaseEntry['completed'];
  readonly errors?: ReleaseEntry['errors'];
}

/** A released stack, and these attempts since. */
function ledgerOf(...attempts: readonly Attempt[]): Ledger {
  const plain = new PlainLedger();
  const common = { changeId: 'CHG-2026-0001', undoes: [], completed: [] };
  plain.add({
    ...common,
    action: 'baseline',
    result: 'successful',
    headSha: null,
    bundle: recordsBundle(stack, {}),
  });
  for (const { action = 'release', result = 'aborted', headSha = own } of attempts) {
    plain.add({ ...common, action, result, headSha, bundle: recordsBundle(stack, { www: '1' }) });
  }
  const ledger = plain.read();
  const files = new Map(ledger.files);
  const folders = ledger.folders.map((folder, index) => {
    const attempt = attempts[index - 1];
    if (attempt === undefined || folder.entry === null) {
      return folder;
    }
    const { planned = replace, at = address, completed = [], errors = [] } = attempt;
    const before = { planned: [{ address: at, actions: planned }] };
    files.set(`${folder.folder}/${beforeFile}`, JSON.stringify(before));
    return { ...folder, entry: { ...folder.entry, completed, errors } };
  });
  return { ...ledger, folders, files };
}

/** What is left to make and to take away. */
function left(...asked: Parameters<typeof halfReplaced>): readonly (readonly string[])[] {
  const { toMake, toDelete } = halfReplaced(...asked);
  return [[...toMake], [...toDelete]];
}

const tuple = { headSha: own, effectDigest: 'e', recordDigest: 'r', policyDigest: 'p' };
const again = { action: 'release', stack, tuple } as const;
const back = { action: 'rollback', stack, tuple: null } as const;
const deleted = [{ address, action: 'delete' }];
const create = { address, action: 'create' };
const made = [...deleted, create];

describe('a replacement that may be half done', () => {
  it.each<[string, Attempt]>([
    ['was deleted by the run, which was killed', { completed: deleted, errors: begun }],
    ['was begun by the run, which was killed', { errors: begun }],
    ['may have been begun by a run without a report', {}],
    ['was deleted by a run that failed', { result: 'failed', completed: deleted, errors: begun }],
    ['was to be made first', { planned: ['create', 'delete'], errors: begun }],
  ])('is named when the old object %s', (_, attempt) => {
    expect(left(ledgerOf(attempt), again)).toEqual([[address], [address]]);
    expect(left(ledgerOf(attempt), back)).toEqual([[address], [address]]);
  });

  it('is named for a rollback that broke off itself', () => {
    const ledger = ledgerOf(
      { completed: made, errors: begun },
      { action: 'rollback', completed: deleted, errors: begun },
    );
    expect(left(ledger, back)).toEqual([[address], [address]]);
  });

  it('is named while no later attempt has made the new object', () => {
    const begins = { completed: deleted, errors: begun };
    const fails = { result: 'failed', planned: ['create'], errors: begun } as const;
    expect(left(ledgerOf(begins, fails), again)).toEqual([[address], [address]]);
    const makes = { ...fails, completed: [{ address, action: 'create' }] };
    expect(left(ledgerOf(begins, makes), again)).toEqual([[], [address]]);
  });
});

describe('an old object that may be left', () => {
  it.each<[string, Attempt]>([
    ['the run made the new one and was killed', { completed: [create], errors: begun }],
    ['the run made the new one and failed', { result: 'failed', completed: [create], errors: begun }],
  ])('is named: %s', (_, attempt) => {
    const first = { planned: ['create', 'delete'], ...attempt };
    expect(left(ledgerOf(first), again)).toEqual([[], [address]]);
    expect(left(ledgerOf(first), back)).toEqual([[], [address]]);
  });

  it.each<[string, Attempt]>([
    ['the run was to update it', { planned: ['update'], errors: begun }],
    ['the run was to delete it', { planned: ['delete'], errors: begun }],
    ['the run never came to it', { result: 'failed', errors: [{ address: null, summary: 'x' }] }],
  ])('is not named: %s', (_, attempt) => {
    expect(left(ledgerOf(attempt), back)).toEqual([[], []]);
  });
});

describe('an object that somebody deleted by hand', () => {
  it.each<[string, Attempt]>([
    ['the run had replaced it to the end', { completed: made, errors: begun }],
    ['the run without a report had replaced it', { completed: [{ address, action: 'delete,create' }] }],
    ['the run failed before it came to it', { result: 'failed', errors: [{ address: 'a.b', summary: 'x' }] }],
    ['the run was killed before it came to it', { errors: [{ address: null, summary: 'Terraform ended' }] }],
    ['the run was to update it', { planned: ['update'], errors: begun }],
    ['the run was to delete it', { planned: ['delete'], completed: deleted, errors: begun }],
    ['the run was to replace another one', { at: `${address}2`, errors: begun }],
    ['the run verified', { result: 'successful', completed: deleted }],
    ['the run was applied and did not verify', { result: 'failed-verification', completed: made }],
  ])('is not half replaced: %s', (_, attempt) => {
    expect(halfReplaced(ledgerOf(attempt), again).toMake.has(address)).toBe(false);
    expect(halfReplaced(ledgerOf(attempt), back).toMake.has(address)).toBe(false);
  });

  it('is not half replaced for a release with another approval, nor for a baseline', () => {
    const ledger = ledgerOf({ headSha: foreign, completed: deleted, errors: begun });
    expect(halfReplaced(ledger, again)).toEqual(nothingHalf);
    expect(halfReplaced(ledger, { ...back, action: 'baseline' })).toEqual(nothingHalf);
    expect(halfReplaced(ledger, { ...again, tuple: null })).toEqual(nothingHalf);
  });

  it('is not half replaced once the stack is in a known state again', () => {
    const ledger = ledgerOf(
      { completed: deleted, errors: begun },
      { action: 'rollback', result: 'successful' },
    );
    expect(halfReplaced(ledger, back)).toEqual(nothingHalf);
  });

  it('is not half replaced on another stack', () => {
    const ledger = ledgerOf({ errors: begun });
    expect(halfReplaced(ledger, { ...back, stack: 'acme-staging' })).toEqual(nothingHalf);
  });
});
