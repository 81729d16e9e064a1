/**
 * `moved` blocks: which address a block had before. Proven moves, unlike the guesses in `renames.ts`. The migration of the
 * Cloudflare provider from version 4 to 5 moves to the type that a thing has there.
 */
import { kindOf } from './change.ts';
import { findBlock } from './stack-view.ts';
import type { Block, StackView } from './stack-view.ts';

/**
 * Address after the change to address before it. A move counts only where Terraform would follow it: the old address is
 * gone, the new one is new, and both are of one type, by its name in the provider's version 5. Chains (a to b, b to c, left in place over the years) are followed.
 */
export function provenMoves(before: StackView, after: StackView): ReadonlyMap<string, string> {
  const next = new Map<string, string>();
  for (const { from, to } of after.moved) {
    const [source, target] = [withoutIndex(from), withoutIndex(to)];
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

function withoutIndex(address: string): string {
  return address.replace(/\[[^[\]]*\]$/, '');
}

function isSameType(from: Block, to: Block): boolean {
  return from.kind === to.kind && kindOf(from) === kindOf(to);
}
