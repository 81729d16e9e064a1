/**
 * What a plan of Terraform's marks as known only after apply, held against the values that it gives. Where the two do not
 * fit, a mark is never lost: a place that the values do not have is added, and a mark inside a value that has no inside
 * counts for all of it.
 */
import { isList, isObject, own, setOwn } from '../../json/json.ts';
import { markedPaths } from './trees.ts';
import type { Json, JsonObject } from '../types.ts';

/** The change with values and marks that fit; the same object where they do. */
export function fittedChange(change: JsonObject): JsonObject {
  const [after, marks] = [own(change, 'after') ?? null, own(change, 'after_unknown')];
  if (!isObject(after) || marks === undefined) {
    return change;
  }
  const fitted = fit(after, marks);
  return fitted.value === after && fitted.marks === marks
    ? change
    : { ...change, after: fitted.value, after_unknown: fitted.marks };
}

/** True for a tree of marks: true and false in lists and objects. Null stands for false. */
export function isMarks(tree: Json): boolean {
  return (
    tree === null ||
    typeof tree === 'boolean' ||
    (isList(tree) ? tree.every(isMarks) : isObject(tree) && Object.values(tree).every(isMarks))
  );
}

interface Fitted {
  readonly value: Json;
  readonly marks: Json;
}

function fit(value: Json, marks: Json): Fitted {
  if (isList(marks) && isList(value)) {
    return fitItems(value, marks);
  }
  if (isObject(marks) && isObject(value)) {
    return fitMembers(value, marks);
  }
  return { value, marks: typeof marks === 'boolean' || markedPaths(marks).length === 0 ? marks : true };
}

function fitItems(value: readonly Json[], marks: readonly Json[]): Fitted {
  const length = marks.findLastIndex((mark) => markedPaths(mark).length > 0) + 1;
  const items = Array.from({ length: Math.max(value.length, length) }, (_, at) =>
    fit(value[at] ?? null, marks[at] ?? false),
  );
  const isSame =
    items.length === value.length &&
    items.every((item, at) => item.value === value[at] && item.marks === (marks[at] ?? false));
  return isSame
    ? { value, marks }
    : { value: items.map((item) => item.value), marks: items.map((item) => item.marks) };
}

function fitMembers(value: JsonObject, marks: JsonObject): Fitted {
  let [values, trees]: [JsonObject, JsonObject] = [value, marks];
  for (const name of Object.keys(marks)) {
    const [old, mark] = [own(value, name), marks[name] ?? false];
    const fitted = fit(old ?? null, mark);
    if (old !== undefined && fitted.value !== old) {
      values = withMember(values, name, fitted.value);
    }
    if (fitted.marks !== mark) {
      trees = withMember(trees, name, fitted.marks);
    }
  }
  return { value: values, marks: trees };
}

function withMember(object: JsonObject, name: string, value: Json): JsonObject {
  const copy: Record<string, Json> = { ...object };
  setOwn(copy, name, value);
  return copy;
}
