/**
 * The plan of one stack from two bundles, without Terraform and without a network.
 *
 * Errs on the side of more: where only an apply can tell, the change is shown as the graver one. Blocks whose text is equal
 * are passed over quickly; references are followed only when something changed that others can refer to. Time and memory
 * grow linearly with the number of resources.
 */
import { bundleDigest } from './bundle.ts';
import { changeOf, foldedOf } from './change.ts';
import type { BlockDifference, DiffSide, PairInput } from './change.ts';
import { createdFirst } from './create-first.ts';
import { Impact, ReferenceIndex } from './impact.ts';
import { compareText, sameJson } from './json.ts';
import { makesNone } from './lifecycle.ts';
import { provenMoves } from './moves.ts';
import { withProbableMoves } from './renames.ts';
import { scopeOf } from './resolve.ts';
import { settingsOf } from './settings.ts';
import { blockOf, findBlock, viewOf } from './stack-view.ts';
import type { Block, BlockList, StackView } from './stack-view.ts';
import type { Bundle, JsonObject, Plan, ResourceChange, StackPlan, ZoneTotals } from './types.ts';
import { ZoneFinder } from './zones.ts';

interface Run {
  readonly stack: string;
  readonly before: DiffSide;
  readonly after: DiffSide;
  readonly moves: ReadonlyMap<string, string>;
  /** Addresses before the change of what was moved. */
  readonly sources: ReadonlySet<string>;
  readonly impact: Impact;
  readonly index: ReferenceIndex;
  /** By address after the change (before it, for deletions). */
  readonly changes: Map<string, ResourceChange>;
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
  const moves = provenMoves(left, right);
  const renamed = new Map([...moves].map(([to, from]) => [from, to]));
  const run: Run = {
    stack: input.stack,
    before: sideOf(left, renamed),
    after: sideOf(right),
    moves,
    sources: new Set(moves.values()),
    impact: new Impact(left, right),
    index: new ReferenceIndex(),
    changes: new Map(),
    respelled: new Set(),
  };
  compareBlocks(run, left, right);
  followReferences(run);
  const changes = inActionOrder([...run.changes.values()], right).toSorted((a, b) =>
    compareText(a.address, b.address),
  );
  return {
    stack: input.stack,
    changes: withProbableMoves(changes),
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
  return { scope: scopeOf(view, renamed), zones: new ZoneFinder(scopeOf(view)) };
}

/** The block where it makes anything at all. */
function presentIn({ scope }: DiffSide, block: Block | undefined): Block | null {
  return block === undefined || makesNone(scope, block.body) ? null : block;
}

function compareBlocks(run: Run, left: StackView, right: StackView): void {
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
function compareType(run: Run, { kind, type }: BlockType, old: BlockList, now: BlockList): void {
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

function removeMissing(run: Run, { kind, type }: BlockType, old: BlockList, now: BlockList): void {
  for (const [position, name] of old.names.entries()) {
    if (!Object.hasOwn(now.byName, name)) {
      const block = blockOf(kind, type, name, old.bodies[position] ?? {});
      if (!run.sources.has(block.address)) {
        removeBlock(run, block);
      }
    }
  }
}

function removeBlock(run: Run, block: Block): void {
  const difference = changeOf({
    stack: run.stack,
    left: presentIn(run.before, block),
    right: null,
    before: run.before,
    after: run.after,
    movedFrom: undefined,
    forgotten: run.after.scope.view.forgotten.has(block.address),
    isFresh: null,
    triggered: false,
  });
  keep(run, block.address, difference);
}

/** Compares a block with what it was before, under its old address if it was moved. */
function compareBlock(run: Run, block: Block, isFresh: PairInput['isFresh'] = null): boolean {
  const from = run.moves.size === 0 ? undefined : run.moves.get(block.address);
  const old = findBlock(run.before.scope.view, from ?? block.address);
  const difference = changeOf({
    stack: run.stack,
    left: presentIn(run.before, old),
    right: presentIn(run.after, block),
    before: run.before,
    after: run.after,
    movedFrom: from,
    forgotten: false,
    isFresh,
    triggered: isFresh !== null && run.impact.isTriggered(block),
  });
  if (isFresh === null && old !== undefined && difference.change === null) {
    run.respelled.add(block.address);
  }
  return keep(run, block.address, difference);
}

/** Remembers what differs; true when it can touch blocks that refer to it in a new way. */
function keep(run: Run, address: string, { change, respelled }: BlockDifference): boolean {
  const isNew = run.impact.recordRespelled(address, respelled);
  if (change === null) {
    return isNew;
  }
  run.changes.set(change.address, change);
  run.respelled.delete(address);
  return run.impact.record(change) || isNew;
}

function followReferences(run: Run): void {
  const { impact } = run;
  let touched: string[] = [...run.changes.values()]
    .filter((change) => change.before !== null && change.after !== null)
    .map((change) => change.address);
  touched.push(...run.impact.respelledAddresses);
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
function usersOf(run: Run, targets: readonly string[]): readonly Block[] {
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
function inActionOrder(changes: readonly ResourceChange[], after: StackView): readonly ResourceChange[] {
  if (!changes.some((change) => change.actions.length > 1)) {
    return changes;
  }
  const first = createdFirst(after);
  return changes.map((change) =>
    change.actions.length > 1 && first.has(change.address)
      ? { ...change, actions: ['create', 'delete'] as const }
      : change,
  );
}

function totalsOf(run: Run): Pick<StackPlan, 'totals' | 'zones'> {
  const before = run.before.zones.count();
  const after = run.after.zones.count();
  const names = new Set([...before.zones.keys(), ...after.zones.keys()]);
  const zones = [...names].toSorted(compareText).map((zone): ZoneTotals => ({
    zone,
    before: before.zones.get(zone) ?? 0,
    after: after.zones.get(zone) ?? 0,
  }));
  return { totals: { before: before.total, after: after.total }, zones };
}
