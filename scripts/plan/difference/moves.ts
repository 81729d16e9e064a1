/**
 * `moved` blocks: which address a block had before. Proven moves, unlike the guesses in `renames.ts`. The migration of the
 * Cloudflare provider from version 4 to 5 moves to the type that a thing has there.
 */
import { kindOf } from './change.ts';
import { PartFinder, withoutKey } from './parts.ts';
import { scopeOf } from './resolve.ts';
import { findBlock } from '../stack-view.ts';
import type { Block, StackView } from '../stack-view.ts';

/**
 * Address after the change to address before it. A move counts only where Terraform would follow it: the old address is
 * gone, the new one is new, and both are of one type, by its name in the provider's version 5. Chains (a to b, b to c, left in place over the years) are followed.
 */
export function provenMoves(
  before: StackView,
  after: StackView,
  instances: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  const next = new Map<string, string>();
  const told = new Set(instances.values());
  for (const { from, to } of after.moved) {
    if (told.has(from)) {
      continue;
    }
    const [source, target] = [withoutKey(from), withoutKey(to)];
    if (source !== target) {
      next.set(source, target);
    }
  }
  const moves = new Map<string, string>();
  for (const start of next.keys()) {
    const end = endOf(next, start);
    const [source, target] = [findBlock(before, start), findBlock(after, end)];
    if (
      source !== undefined &&
      target !== undefined &&
      isSameType(source, target) &&
      findBlock(before, end) === undefined &&
      findBlock(after, start) === undefined &&
      !moves.has(end)
    ) {
      moves.set(end, start);
    }
  }
  return moves;
}

/** Follows a chain to its end; a circle ends where it began. */
function endOf(next: ReadonlyMap<string, string>, start: string): string {
  let end = start;
  for (const seen = new Set<string>(); !seen.has(end);) {
    seen.add(end);
    end = next.get(end) ?? end;
  }
  return end;
}

/**
 * The same for instances: to a key, from one, or from one key to another, where both sides tell their keys. What cannot be
 * proven of an instance is left to `provenMoves`.
 */
export function provenInstanceMoves(before: StackView, after: StackView): ReadonlyMap<string, string> {
  const keyed = after.moved.filter(({ from, to }) => withoutKey(from) !== from || withoutKey(to) !== to);
  const moves = new Map<string, string>();
  if (keyed.length === 0) {
    return moves;
  }
  const next = new Map(keyed.map(({ from, to }) => [from, to]));
  const [old, now] = [new PartFinder(scopeOf(before)), new PartFinder(scopeOf(after))];
  for (const start of next.keys()) {
    const end = endOf(next, start);
    const [source, target] = [old.at(start), now.at(end)];
    const isFree = old.at(end) === undefined && now.at(start) === undefined && !moves.has(end);
    if (source !== undefined && target !== undefined && isFree && isSameType(source, target)) {
      moves.set(end, start);
    }
  }
  return moves;
}

function isSameType(from: Block, to: Block): boolean {
  return from.kind === to.kind && kindOf(from) === kindOf(to);
}
