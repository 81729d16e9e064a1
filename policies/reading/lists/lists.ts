/**
 * Lists of an account as they are before and after a change: their own items, and those that are resources of their own.
 * An update of the list itself sends the items written in it and nothing else, so that it takes away every other one:
 * provider 5.14.0, update of `cloudflare_list`.
 */
import { isObject, sameJson } from '../../../scripts/json/json.ts';
import type { JsonObject, ResourceChange } from '../../../scripts/plan/types.ts';
import type { ListSide } from '../../../scripts/waf/reason/compare/list-change.ts';
import { itemText } from '../../../scripts/waf/rulesets/configured.ts';
import { addressOf } from '../../../scripts/waf/rulesets/configured-bundle.ts';
import { isRepeated } from '../estate.ts';
import type { Estate } from '../estate.ts';
import { subjectOf } from '../estate-context.ts';
import { isReference, knownText, readList, readValue } from '../values.ts';
import type { Side } from '../values.ts';

export interface ChangedList {
  readonly change: ResourceChange;
  /** The plan changes the list or one of its items, so that equal ignorance of both sides says nothing. */
  readonly isTouched: boolean;
  /** `stack/address` of the list. */
  readonly subject: string;
  /** As expressions call it, before the change where it is renamed. */
  readonly name: string;
  readonly kind: string;
  readonly before: ListSide;
  /** What the name stands for after the change; null when there is no such list any more. */
  readonly after: ListSide | null;
  /** The change makes what it holds something that only apply tells. */
  readonly isOpen: boolean;
  /** How many items of their own an update of the list takes away with it; null when that is not known. */
  readonly purged: number | null;
  /** Uses that Cloudflare counted when the plan was made, those in rules that are not in view too; null when not told. */
  readonly uses: number | null;
}

/** Lists that were there before and of which the plan changes what their name stands for, or may. */
export function changedLists(estate: Estate): readonly ChangedList[] {
  return estate
    .all('cloudflare_list')
    .filter((change) => change.before !== null)
    .flatMap((change) => {
      const found = changedList(change, itemsOf(change, estate));
      return found === null || isSameContent(found) ? [] : [found];
    });
}

function changedList(change: ResourceChange, items: readonly ResourceChange[]): ChangedList | null {
  const name = knownText(change, 'before', ['name']);
  if (name === null) {
    return null;
  }
  const prior = { kind: knownText(change, 'before', ['kind']) ?? '', items };
  const isGone = change.after === null || knownText(change, 'after', ['name']) !== name;
  const uses = change.before?.['num_referencing_filters'];
  return {
    change,
    isTouched: isEffective(change) || items.some(isEffective),
    subject: subjectOf(change),
    name,
    kind: prior.kind,
    before: sideOf(change, 'before', prior),
    after: isGone ? null : afterOf(change, prior),
    isOpen: !isGone && isOpenAfter(change, prior),
    purged: isGone || !isSent(change) ? 0 : purgedOf(change, items),
    uses: typeof uses === 'number' ? uses : null,
  };
}

function afterOf(change: ResourceChange, prior: PriorList): ListSide {
  return isSent(change) ? sentOf(change, prior.kind) : sideOf(change, 'after', prior);
}

/** A block that stands for several items is left out: what it makes is not a secret of the apply. */
function isOpenAfter(change: ResourceChange, { kind, items }: PriorList): boolean {
  const isAsBefore =
    !change.unknown.some(([first]) => first === 'items') &&
    sameJson(change.before?.['items'] ?? null, change.after?.['items'] ?? null);
  return (
    (!isAsBefore && writtenItems(change, 'after', kind) === null) ||
    items.some(
      (item) =>
        isEffective(item) && !isRepeated(item, 'after') && ownItem(item, 'after', kind).includes(null),
    )
  );
}

/** The provider sends the list as it is written. */
function isSent({ actions }: ResourceChange): boolean {
  return actions.includes('update');
}

/** Items that are resources of their own and stand in the list on either side. */
export function itemsOf(list: ResourceChange, estate: Estate): readonly ResourceChange[] {
  const id = (list.before ?? list.after)?.['id'];
  return estate.all('cloudflare_list_item').filter((item) => {
    const named = [item.before, item.after].flatMap((side) => (side === null ? [] : [side['list_id']]));
    return named.some(
      (one) =>
        typeof one === 'string' &&
        (one === id || (item.stack === list.stack && addressOf(one) === list.address)),
    );
  });
}

/** The items written in the list; null when they are not known, undefined when none are written. */
function writtenItems(
  change: ResourceChange,
  side: Side,
  kind: string,
): readonly string[] | null | undefined {
  const found = readValue(change, side, ['items']);
  const isOpen = side === 'after' && change.unknown.some(([first]) => first === 'items');
  if (found.kind !== 'known' || isOpen) {
    return found.kind === 'absent' && !isOpen ? undefined : null;
  }
  const texts = (readList(change, side, ['items']) ?? []).map((item) =>
    isObject(item) ? itemText(kind, item) : null,
  );
  return texts.every((text) => text !== null && !isReference(text)) ? (texts as readonly string[]) : null;
}

interface PriorList {
  readonly kind: string;
  readonly items: readonly ResourceChange[];
}

function sideOf(change: ResourceChange, side: Side, { kind, items }: PriorList): ListSide {
  const written = writtenItems(change, side, kind);
  const own = items.flatMap((item) => ownItem(item, side, kind));
  // A list without a word about items, and without any of its own on either side, is filled elsewhere.
  if (written === null || own.includes(null) || (written === undefined && items.length === 0)) {
    return { items: null };
  }
  return { items: [...(written ?? []), ...own.filter((item) => item !== null)] };
}

function ownItem(item: ResourceChange, side: Side, kind: string): readonly (string | null)[] {
  const values: JsonObject | null = item[side];
  if (values === null) {
    return [];
  }
  const text = itemText(kind, values);
  return [isRepeated(item, side) || isReference(text) || text === 'null' ? null : text];
}

function isEffective({ actions }: ResourceChange): boolean {
  return actions.some((action) => action !== 'no-op' && action !== 'read');
}

function sentOf(change: ResourceChange, kind: string): ListSide {
  const written = writtenItems(change, 'after', kind);
  return { items: written === undefined ? [] : written };
}

function purgedOf(change: ResourceChange, items: readonly ResourceChange[]): number | null {
  const own = items.filter(({ after }) => after !== null).length;
  if (own > 0 || readValue(change, 'after', ['items']).kind !== 'absent') {
    return own;
  }
  const held = change.before?.['num_items'];
  return typeof held === 'number' ? held : null;
}

function isSameContent({ before, after, isTouched }: ChangedList): boolean {
  if (after === null || before.items === null || after.items === null) {
    return after !== null && !isTouched && before.items === null && after.items === null;
  }
  const [was, is] = [new Set(before.items), new Set(after.items)];
  return was.size === is.size && [...was].every((item) => is.has(item));
}
