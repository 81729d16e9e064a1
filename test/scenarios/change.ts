/** Steps that tests of a release share: an estate with its first releases, a merged change with its record, its release. */
import { expect } from 'vitest';
import { recordText } from '../../scripts/demo/records.ts';
import type { Facts } from '../../policies/model/facts.ts';
import { approve, inWindow, longBefore } from './change/approved-facts.ts';
import { withKeptSynth } from './cached-synth.ts';
import { makeSmallEstate, type Adjust, type Ended, type SmallEstate } from './small-estate.ts';

const schedule = { start: '2026-11-24T20:15:00+00:00', end: '2026-11-24T22:00:00+00:00' };

export interface Change {
  readonly id: string;
  /** Pieces of stacks/estate.ts and what replaces them. */
  readonly edits: readonly (readonly [from: string, to: string])[];
  /** waf when left away. */
  readonly category?: string;
  readonly stacks?: readonly string[];
  /** YAML list items, see scripts/demo/records.ts. */
  readonly probes?: readonly string[];
  /** Last touch to the text of the record. */
  readonly record?: (text: string) => string;
}

/** An estate whose stacks have a baseline each. */
export async function releasedEstate(): Promise<SmallEstate> {
  const estate = makeSmallEstate();
  const ended = await estate.sluice(
    ['baseline', '--reason', 'first release'],
    { TEST_NOW: longBefore },
    withKeptSynth,
  );
  expect([ended.exit, ended.stderr]).toEqual(['ok', expect.stringContaining('done')]);
  return estate;
}

export function recordPath(change: Pick<Change, 'id'>): string {
  return `changes/acme/${change.id}.yaml`;
}

/** Commits an edit of the estate with its record, as after the merge. */
export function merge(estate: SmallEstate, change: Change): void {
  let text = estate.read('stacks/estate.ts');
  for (const [from, to] of change.edits) {
    expect(text).toContain(from);
    text = text.replace(from, to);
  }
  estate.write('stacks/estate.ts', text);
  estate.write(recordPath(change), textOf(change));
  estate.git('add', '--all');
  estate.git('commit', '--quiet', '--message', change.id);
}

function textOf(change: Change): string {
  const reason =
    'The test needs a change whose record is complete, so that nothing but what it tests stands in its way.';
  const parts = {
    id: change.id,
    title: `Edit for ${change.id}`,
    reason,
    expected: 'What the plan says',
    users: 'nobody',
    probes: change.probes ?? [],
  };
  const text = recordText(parts, schedule)
    .replace('  probes:\n\n', '')
    .replace('category: waf', `category: ${change.category ?? 'waf'}`)
    .replace('stacks: [acme-production]', `stacks: [${(change.stacks ?? ['acme-production']).join(', ')}]`);
  return change.record?.(text) ?? text;
}

/** Releases the merged change with everybody's approval, inside the window. */
export async function release(
  estate: SmallEstate,
  change: Change,
  options: ReleaseOptions = {},
): Promise<Ended> {
  const facts = await approve(estate, recordPath(change), options.facts);
  const adjust: Adjust = (services) => (options.adjust ?? same)(withKeptSynth(services));
  return estate.sluice(
    ['release', '--facts', facts, ...(options.args ?? [])],
    { TEST_NOW: inWindow, ...options.env },
    adjust,
  );
}

export interface ReleaseOptions {
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly adjust?: Adjust;
  readonly facts?: (facts: Facts) => Facts;
}

const same: Adjust = (services) => services;

/** The command that the last `Next:` line names, as arguments. */
export function nextCommand(ended: Ended): readonly string[] {
  const [line] = [...ended.stderr.matchAll(/^ {2}Next: sluice (.+)$/gm)].slice(-1);
  return wordsOf(line?.[1] ?? '');
}

/** A printed command line as the shell takes it apart. */
export function wordsOf(line: string): readonly string[] {
  const words = line.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g);
  return [...words].map(([, single, double, bare]) => single ?? double ?? bare ?? '');
}

/** What exists in the sandbox, without what Cloudflare writes by itself. */
export async function live(estate: SmallEstate): Promise<readonly string[]> {
  const ended = await estate.sluice(['sandbox', 'show', '--format', 'json']);
  const { objects } = JSON.parse(ended.stdout) as {
    readonly objects: readonly { readonly type: string; readonly attributes: object }[];
  };
  const selfWritten = /^(?:id|version|revision|last_updated|created_on|modified_on|.*_(?:on|at))$/;
  return objects
    .map(
      ({ type, attributes }) =>
        `${type} ${JSON.stringify(attributes, (key, value: unknown) => (selfWritten.test(key) ? undefined : value))}`,
    )
    .toSorted();
}

interface LedgerRow {
  readonly id: string;
  readonly stack: string;
  readonly action: string;
  readonly result?: string;
  readonly undoes: readonly string[];
  readonly completed?: readonly { readonly address: string; readonly action: string }[];
  readonly errors?: readonly { readonly address: string | null; readonly summary: string }[];
  readonly verification?: { readonly converged: boolean | null };
}

/** Releases and open intents after the baselines, in the order of the ledger. Fails when the ledger does not verify. */
export async function ledgerRows(estate: SmallEstate): Promise<readonly LedgerRow[]> {
  const verified = await estate.sluice(['ledger', 'verify']);
  expect([verified.exit, verified.stdout]).toEqual(['ok', expect.stringContaining('verified:')]);
  const shown = await estate.sluice(['ledger', 'show', '--format', 'json']);
  const { releases } = JSON.parse(shown.stdout) as { readonly releases: readonly LedgerRow[] };
  return releases.filter((row) => row.action !== 'baseline');
}
