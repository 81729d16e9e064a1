/** What a block makes beside what it made before: instance by instance where both sides tell which there are. */
import type { DiffSide } from './change.ts';
import { sameJson } from '../../json/json.ts';
import { makesNone } from './lifecycle.ts';
import { mentions } from './resolve.ts';
import type { Block } from '../stack-view.ts';

export interface ItemPair {
  readonly left: Block | null;
  readonly right: Block | null;
  readonly movedFrom: string | undefined;
}

export interface PairSides {
  readonly before: DiffSide;
  readonly after: DiffSide;
  /** Instances by their addresses after the change, with those before it, by `moved` blocks. */
  readonly instanceMoves: ReadonlyMap<string, string>;
  readonly instanceSources: ReadonlySet<string>;
}

/** Pairs of a block after the change with what it was; `from` is the address of `old` where the whole block was moved. */
export function pairsOf(
  sides: PairSides,
  block: Block,
  old: Block | undefined,
  from: string | undefined,
): readonly ItemPair[] {
  const now = sides.after.parts.of(block);
  const was = old === undefined ? [] : sides.before.parts.of(old);
  if (now === null || was === null) {
    return [{ left: present(sides.before, old), right: present(sides.after, block), movedFrom: from }];
  }
  const left = new Map(was.map((part) => [part.address, part]));
  const base = old?.address ?? block.address;
  const pairs = now.map((part): ItemPair => {
    const explicit = sides.instanceMoves.get(part.address);
    const own = `${base}${part.address.slice(block.address.length)}`;
    const sources = explicit === undefined ? [own, ...unkeyed(part, base)] : [explicit];
    const source = sources.find((address) => left.has(address));
    const found =
      source === undefined
        ? explicit === undefined
          ? undefined
          : sides.before.parts.at(explicit)
        : left.get(source);
    left.delete(found?.address ?? '');
    const isMoved = found !== undefined && found.address !== part.address;
    return { left: found ?? null, right: part, movedFrom: isMoved ? found.address : undefined };
  });
  return [...pairs, ...[...left.values()].flatMap((part) => removed(sides, part))];
}

/** Pairs of a block that is not there after the change. */
export function removedPairs(sides: PairSides, block: Block): readonly ItemPair[] {
  const parts = sides.before.parts.of(block);
  return parts === null
    ? [{ left: present(sides.before, block), right: null, movedFrom: undefined }]
    : parts.flatMap((part) => removed(sides, part));
}

function removed({ instanceSources }: PairSides, part: Block): readonly ItemPair[] {
  return instanceSources.has(part.address) ? [] : [{ left: part, right: null, movedFrom: undefined }];
}

/** Terraform moves what stands once to the first of a `count`, and back, by itself. */
function unkeyed({ index }: Block, base: string): readonly string[] {
  return index === undefined ? [`${base}[0]`] : index === 0 ? [base] : [];
}

/** The block where it makes anything at all. */
function present({ scope }: DiffSide, block: Block | undefined): Block | null {
  return block === undefined || makesNone(scope, block.body) ? null : block;
}

/** What is worked out of `each.value` only when applied is another value where `each.value` is. */
export function freshIn(
  { left, right }: ItemPair,
  isFresh: ((text: string) => boolean) | null,
): ((text: string) => boolean) | null {
  return sameJson(left?.each, right?.each)
    ? isFresh
    : (text) => mentions(text, 'each') || isFresh?.(text) === true;
}
