/**
 * The plan of one stack from two bundles, without Terraform and without a network.
 *
 * Errs on the side of more: where only an apply can tell, the change is shown as the graver one. Blocks whose text is equal
 * are passed over quickly; references are followed only when something changed that others can refer to. Time and memory
 * grow linearly with the number of resources.
 */
import { bundleDigest } from '../bundle.ts';
import { changeOf, foldedOf } from './change.ts';
import type { BlockDifference, DiffSide, PairInput } from './change.ts';
import { createdFirst } from './create-first.ts';
import { Impact, ReferenceIndex } from './impact.ts';
import { compareText, sameJson } from '../../json/json.ts';
import { provenInstanceMoves, provenMoves } from './moves.ts';
import { freshIn, pairsOf, removedPairs } from './pairs.ts';
import type { PairSides } from './pairs.ts';
import { withPossible } from '../../provider/possible.ts';
import { PartFinder } from './parts.ts';
import { withProbableMoves } from './renames.ts';
import { scopeOf } from './resolve.ts';
import { settingsOf } from '../settings.ts';
import { blockOf, findBlock, viewOf } from '../stack-view.ts';
import type { Block, BlockList, StackView } from '../stack-view.ts';
import type { Bundle, JsonObject, Plan, ResourceChange, StackPlan, ZoneTotals } from '../types.ts';
import { ZoneFinder } from '../zones.ts';

interface DiffRun {
  readonly stack: string;
  readonly moves: ReadonlyMap<string, string>;
  /** Addresses before the change of what was moved. */
  readonly sources: ReadonlySet<string>;
  readonly sides: PairSides;
  readonly impact: Impact;
  readonly index: ReferenceIndex;
  /** By address after the change (before it, for deletions). */
  readonly changes: Map<string, ResourceChange>;
  /** Addresses of changes, with those of their blocks where they are parts of one. */
  readonly blocks: Map<string, string>;
  /** Blocks whose text differs and whose meaning does not. */
  readonly respelled: Set<string>;
}

/**
 * Everything that differs between two bundles of a stack. A null side is a stack that does not exist there: all of the
 * other side is then created or deleted. Changes are sorted by address.
 */
export function diffBundles(input: {
  readonly stack: string;
  readonly before: Bundle | null;
  readonly after: Bundle | null;
}): StackPlan {
  const left = viewOf(input.before?.configuration ?? {});
  const right = viewOf(input.after?.configuration ?? {});
  const instanceMoves = provenInstanceMoves(left, right);
  const moves = provenMoves(left, right, instanceMoves);
  const renamed = new Map([...instanceMoves, ...moves].map(([to, from]) => [from, to]));
  const run: DiffRun = {
    stack: input.stack,
    sides: {
      before: sideOf(left, renamed),
      after: sideOf(right),
      instanceMoves,
      instanceSources: new Set(instanceMoves.values()),
    },
    moves,
    sources: new Set(moves.values()),
    impact: new Impact(left, right),
    index: new ReferenceIndex(),
    changes: new Map(),
    blocks: new Map(),
    respelled: new Set(),
  };
  compareBlocks(run, left, right);
  followReferences(run);
  const changes = inActionOrder(run, right).toSorted((a, b) => compareText(a.address, b.address));
  return {
    stack: input.stack,
    changes: withProbableMoves(withPossible(changes)),
    ...foldedOf(0, run.respelled.size),
    ...totalsOf(run),
    settings: {
      before: input.before === null ? null : settingsOf(input.before.configuration, left),
      after: input.after === null ? null : settingsOf(input.after.configuration, right),
    },
    bundles: {
      before: input.before === null ? null : bundleDigest(input.before),
      after: input.after === null ? null : bundleDigest(input.after),
    },
  };
}

/** A plan of several stacks, sorted by name. Throws when a stack is given twice. */
export function assemblePlan(stacks: readonly StackPlan[], source: Plan['source']): Plan {
  const sorted = stacks.toSorted((a, b) => compareText(a.stack, b.stack));
  const twice = sorted.find((stack, index) => sorted[index + 1]?.stack === stack.stack);
  if (twice !== undefined) {
    throw new Error(`stack ${twice.stack} is in the plan twice`);
  }
  return { kind: 'sluice.plan', version: 1, source, stacks: sorted };
}

function sideOf(view: StackView, renamed?: ReadonlyMap<string, string>): DiffSide {
  // Zones are found by the names of their own side, so their scope knows of no moves.
  const scope = scopeOf(view, renamed);
  return { scope, zones: new ZoneFinder(scopeOf(view)), parts: new PartFinder(scope) };
}

function compareBlocks(run: DiffRun, left: StackView, right: StackView): void {
  for (const kind of ['resource', 'data'] as const) {
    const [old, now] = kind === 'data' ? [left.data, right.data] : [left.resources, right.resources];
    for (const type of new Set([...now.keys(), ...old.keys()])) {
      compareType(run, { kind, type }, old.get(type) ?? noBlocks, now.get(type) ?? noBlocks);
    }
  }
  for (const block of right.others.values()) {
    run.index.addOther(block);
    if (!sameJson(left.others.get(block.address)?.body, block.body)) {
      compareBlock(run, block);
    }
  }
  for (const block of left.others.values()) {
    if (!right.others.has(block.address)) {
      removeBlock(run, block);
    }
  }
}

const noBlocks: BlockList = {
  byName: {},
  names: [],
  bodies: [],
  census: { present: 0, zoneIds: new Map(), provisioned: [], repeated: [] },
};

interface BlockType {
  readonly kind: 'resource' | 'data';
  readonly type: string;
}

/**
 * Compares the blocks of one type. Both lists are in the same order, so the partner is the next one or a little further on;
 * only where many are missing in between is it looked up. References are gathered on the way, while the block is at hand.
 */
function compareType(run: DiffRun, { kind, type }: BlockType, old: BlockList, now: BlockList): void {
  const group = { kind, type, list: now };
  let next = 0;
  let matched = 0;
  for (let position = 0; position < now.bodies.length; position += 1) {
    const name = now.names[position] ?? '';
    const body = now.bodies[position] ?? {};
    let before: JsonObject | undefined;
    if (old.names[next] === name) {
      before = old.bodies[next];
      next += 1;
    } else if (Object.hasOwn(old.byName, name)) {
      before = old.byName[name];
      next = positionAfter(old.names, name, next);
    }
    matched += before === undefined ? 0 : 1;
    if (before === undefined || !sameJson(before, body)) {
      compareBlock(run, blockOf(kind, type, name, body));
    }
    run.index.add(group, position);
  }
  if (matched < old.bodies.length) {
    removeMissing(run, { kind, type }, old, now);
  }
}

/** How far to look ahead for the partner before each is looked up by name instead. */
const lookAhead = 32;

function positionAfter(names: readonly string[], name: string, from: number): number {
  for (let position = from; position < from + lookAhead; position += 1) {
    if (names[position] === name) {
      return position + 1;
    }
  }
  return from;
}

function removeMissing(run: DiffRun, { kind, type }: BlockType, old: BlockList, now: BlockList): void {
  for (const [position, name] of old.names.entries()) {
    if (!Object.hasOwn(now.byName, name)) {
      const block = blockOf(kind, type, name, old.bodies[position] ?? {});
      if (!run.sources.has(block.address)) {
        removeBlock(run, block);
      }
    }
  }
}

function removeBlock(run: DiffRun, block: Block): void {
  const forgotten = run.sides.after.scope.view.forgotten.has(block.address);
  for (const pair of removedPairs(run.sides, block)) {
    const difference = changeOf({ ...sidesOf(run), ...pair, forgotten, isFresh: null, triggered: false });
    keep(run, block.address, difference);
  }
}

function sidesOf({
  stack,
  sides: { before, after },
}: DiffRun): Pick<PairInput, 'stack' | 'before' | 'after'> {
  return { stack, before, after };
}

/**
 * Compares a block with what it was before, under its old address if it was moved. True when that can touch blocks that
 * refer to it in a new way.
 */
function compareBlock(run: DiffRun, block: Block, isFresh: PairInput['isFresh'] = null): boolean {
  const from = run.moves.size === 0 ? undefined : run.moves.get(block.address);
  const old = findBlock(run.sides.before.scope.view, from ?? block.address);
  let isSpread = false;
  let differs = false;
  for (const pair of pairsOf(run.sides, block, old, from)) {
    const difference = changeOf({
      ...sidesOf(run),
      ...pair,
      forgotten: false,
      isFresh: freshIn(pair, isFresh),
      triggered: isFresh !== null && run.impact.isTriggered(pair.right ?? block),
    });
    differs ||= difference.change !== null;
    isSpread = keep(run, block.address, difference) || isSpread;
  }
  if (isFresh === null && old !== undefined && !differs) {
    run.respelled.add(block.address);
  }
  return isSpread;
}

/** Remembers what differs; true when it can touch blocks that refer to it in a new way. */
function keep(run: DiffRun, address: string, { change, respelled }: BlockDifference): boolean {
  const isNew = run.impact.recordRespelled(address, respelled);
  if (change === null) {
    return isNew;
  }
  run.changes.set(change.address, change);
  run.respelled.delete(address);
  if (change.address !== address) {
    run.blocks.set(change.address, address);
  }
  return run.impact.record(change, address) || isNew;
}

function followReferences(run: DiffRun): void {
  const { impact } = run;
  let touched: string[] = [...run.changes.values()]
    .filter((change) => (change.before !== null && change.after !== null) || run.blocks.has(change.address))
    .map(({ address }) => run.blocks.get(address) ?? address);
  touched = [...new Set([...touched, ...run.impact.respelledAddresses])];
  if (touched.length === 0 && impact.changedValues.length === 0) {
    return;
  }
  touched.push(...impact.changedValues);
  const isFresh = (text: string): boolean => impact.isFresh(text);
  while (touched.length > 0) {
    if (impact.spreadToLocals()) {
      touched.push(...impact.changedValues);
    }
    touched = usersOf(run, touched)
      .filter((block) => compareBlock(run, block, isFresh))
      .map((block) => block.address);
  }
}

/** Blocks to which a change of the targets matters, each once. */
function usersOf(run: DiffRun, targets: readonly string[]): readonly Block[] {
  const users = new Map<string, Block>();
  for (const target of targets) {
    for (const block of run.index.usersOf(run.impact, target)) {
      if (!users.has(block.address) && run.impact.matters(block, target)) {
        users.set(block.address, block);
      }
    }
  }
  return [...users.values()];
}

/** Replacements whose dependants are created first are created first themselves. */
function inActionOrder({ changes, blocks }: DiffRun, after: StackView): readonly ResourceChange[] {
  const all = [...changes.values()];
  if (!all.some((change) => change.actions.length > 1)) {
    return all;
  }
  const first = createdFirst(after);
  return all.map((change) =>
    change.actions.length > 1 && first.has(blocks.get(change.address) ?? change.address)
      ? { ...change, actions: ['create', 'delete'] as const }
      : change,
  );
}

function totalsOf(run: DiffRun): Pick<StackPlan, 'totals' | 'zones'> {
  const before = run.sides.before.zones.count();
  const after = run.sides.after.zones.count();
  const names = new Set([...before.zones.keys(), ...after.zones.keys()]);
  const zones = [...names].toSorted(compareText).map((zone): ZoneTotals => ({
    zone,
    before: before.zones.get(zone) ?? 0,
    after: after.zones.get(zone) ?? 0,
  }));
  return { totals: { before: before.total, after: after.total }, zones };
}
