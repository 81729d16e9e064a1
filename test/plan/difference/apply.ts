/** Applies attribute changes to the values before them: the inverse of the diff, for the property tests. */
import { isList, isObject } from '../../../scripts/json/json.ts';
import { identityOf } from '../../../scripts/plan/path.ts';
import type { AttributeChange, Json, PathSegment } from '../../../scripts/plan/types.ts';

/** The values after the changes. List elements are taken out first, then put in by position, then changed inside. */
export function applyChanges(before: Json, changes: readonly AttributeChange[]): Json {
  const heads = new Map<string, PathSegment>();
  for (const { path } of changes) {
    const [head] = path;
    if (head !== undefined) {
      heads.set(JSON.stringify(head), head);
    }
  }
  const at = (head: PathSegment): readonly AttributeChange[] =>
    changes.filter((change) => JSON.stringify(change.path[0]) === JSON.stringify(head));
  return isList(before)
    ? applyToList(before, [...heads.values()], at)
    : applyToObject(before, [...heads.values()], at);
}

type ChangesAt = (head: PathSegment) => readonly AttributeChange[];

function applyToObject(before: Json, heads: readonly PathSegment[], at: ChangesAt): Json {
  const result: Record<string, Json> = { ...(isObject(before) ? before : {}) };
  for (const head of heads) {
    const key = typeof head === 'object' ? head.is : String(head);
    const changes = at(head);
    const whole = changes.find((change) => change.path.length === 1);
    if (whole === undefined) {
      result[key] = applyChanges(result[key] ?? null, changes.map(inner));
    } else if (whole.after === undefined) {
      delete result[key];
    } else {
      result[key] = whole.after;
    }
  }
  return result;
}

function inner(change: AttributeChange): AttributeChange {
  return { ...change, path: change.path.slice(1) };
}

function applyToList(before: readonly Json[], heads: readonly PathSegment[], at: ChangesAt): Json {
  const structural = heads
    .flatMap(at)
    .filter((change) => change.path.length === 1 && change.kind !== 'changed');
  const out = new Set(structural.map((change) => change.fromIndex).filter((index) => index !== undefined));
  const kept = before.filter((_, index) => !out.has(index));
  const added = structural
    .filter((change) => change.toIndex !== undefined)
    .toSorted((a, b) => (a.toIndex ?? 0) - (b.toIndex ?? 0));
  for (const change of added) {
    kept.splice(
      change.toIndex ?? 0,
      0,
      change.kind === 'moved' ? (change.before ?? null) : (change.after ?? null),
    );
  }
  for (const head of heads) {
    const changed = at(head).filter((change) => change.path.length > 1 || change.kind === 'changed');
    const index =
      typeof head === 'object'
        ? kept.findIndex((item) => identityOf(item, head.by) === head.is)
        : Number(head);
    if (changed.length > 0) {
      const whole = changed.find((change) => change.path.length === 1);
      kept[index] =
        whole === undefined ? applyChanges(kept[index] ?? null, changed.map(inner)) : (whole.after ?? null);
    }
  }
  return kept;
}

/** What the diff treats as equal made equal: nulls left out, keys in one order. */
export function normal(value: Json | undefined): Json {
  if (value === undefined || value === null) {
    return null;
  }
  if (isList(value)) {
    return value.map(normal);
  }
  if (!isObject(value)) {
    return value;
  }
  const entries = Object.entries(value).filter(([, item]) => item !== null);
  return Object.fromEntries(
    entries.toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([key, item]) => [key, normal(item)]),
  );
}
