/**
 * Lists of an account as they are before and after a change: their own items, and those that are resources of their own.
 * An update of the list itself sends the items written in it and nothing else, so that it takes away every other one:
 * provider 5.14.0, update of `cloudflare_list`.
 */
import type { JsonObject, ResourceChange } from '../../scripts/plan/types.ts';
import type { ListSide } from '../../scripts/waf/compare/list-change.ts';
import { itemText } from '../../scripts/waf/rulesets/configured.ts';
import { addressOf } from '../../scripts/waf/rulesets/configured-bundle.ts';
import type { Estate } from './estate.ts';
import { subjectOf } from './estate-context.ts';
import { isObject, isReference, knownText, readList, readValue } from './values.ts';
import type { Side } from './values.ts';

export interface ChangedList {
  readonly change: ResourceChange;
  /** `stack/address` of the list. */
  readonly subject: string;
  /** As expressions call it, before the change where it is renamed. */
  readonly name: string;
  readonly kind: string;
  readonly before: ListSide;
  /** What the name stands for after the change; null when there is no such list any more. */
  readonly after: ListSide | null;
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
  const isSent = change.actions.includes('update');
  const isGone = change.after === null || knownText(change, 'after', ['name']) !== name;
  const kind = knownText(change, 'before', ['kind']) ?? '';
  const uses = change.before?.['num_referencing_filters'];
  return {
    change,
    subject: subjectOf(change),
    name,
    kind,
    before: sideOf(change, 'before', { kind, items }),
    after: isGone ? null : isSent ? sentOf(change, kind) : sideOf(change, 'after', { kind, items }),
    purged: isSent && !isGone ? purgedOf(change, items) : 0,
    uses: typeof uses === 'number' ? uses : null,
  };
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

interface Kept {
  readonly kind: string;
  readonly items: readonly ResourceChange[];
}

function sideOf(change: ResourceChange, side: Side, { kind, items }: Kept): ListSide {
  const written = writtenItems(change, side, kind);
  const own = items.flatMap((item) => ownItem(item, side, kind));
  // A list without a word about items, and with none of its own, is filled elsewhere.
  if (written === null || own.includes(null) || (written === undefined && own.length === 0)) {
    return { items: null };
  }
  return { items: [...(written ?? []), ...own.filter((item) => item !== null)] };
}

function ownItem(item: ResourceChange, side: Side, kind: string): readonly (string | null)[] {
  const values: JsonObject | null = item[side];
  if (values === null) {
    return [];
  }
  const isRepeated = values['for_each'] !== undefined || values['count'] !== undefined;
  const text = itemText(kind, values);
  return [isRepeated || isReference(text) || text === 'null' ? null : text];
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

function isSameContent({ before, after, purged }: ChangedList): boolean {
  if (after === null || before.items === null || after.items === null) {
    return after !== null && purged === 0 && before.items === null && after.items === null;
  }
  const [was, is] = [new Set(before.items), new Set(after.items)];
  return was.size === is.size && [...was].every((item) => is.has(item));
}
