/**
 * Decides whether the live Terraform plan is inside the effect that was approved. Approval was given for the offline
 * plan (bundle to bundle); Terraform then plans against the real state. Every live change must be one that was approved,
 * of the same kind, with the same values, starting from the same values. Anything else is drift or a lie, and stops the
 * release; nothing is ever "probably fine". Approved changes that are not live any more are reported, not refused: the
 * world already is as approved.
 */
import { changeKind } from '../plan/kind.ts';
import { formatPath } from '../plan/path.ts';
import type { AttributeChange, Json, JsonObject, ResourceChange, StackPlan } from '../plan/types.ts';

export interface Deviation {
  /** Terraform address, with `#path` when it is about one attribute. */
  readonly subject: string;
  readonly what: string;
}

export interface LiveComparison {
  readonly verdict: 'inside' | 'deviates';
  readonly deviations: readonly Deviation[];
  /** Approved, but nothing is left to do for them. */
  readonly alreadyInPlace: readonly string[];
}

/** Compares the two plans of one stack. Both must be of the same stack; pure. */
export function compareLive(approved: StackPlan, live: StackPlan): LiveComparison {
  const expected = new Map(approved.changes.map((change) => [key(change), change]));
  const seen = new Set<string>();
  const deviations: Deviation[] = [];
  for (const change of live.changes) {
    if (!hasEffect(change)) {
      continue;
    }
    seen.add(key(change));
    deviations.push(...compareChange(expected.get(key(change)), change));
  }
  const alreadyInPlace = approved.changes
    .filter((change) => hasEffect(change) && !seen.has(key(change)))
    .map(key);
  return { verdict: deviations.length === 0 ? 'inside' : 'deviates', deviations, alreadyInPlace };
}

function key(change: ResourceChange): string {
  return change.index === undefined ? change.address : `${change.address}[${JSON.stringify(change.index)}]`;
}

/** A pure move, a read or a no-op changes nothing in Cloudflare. */
function hasEffect(change: ResourceChange): boolean {
  const kind = changeKind(change);
  return change.mode === 'managed' && kind !== 'no-op' && kind !== 'read' && kind !== 'move';
}

function compareChange(approved: ResourceChange | undefined, live: ResourceChange): readonly Deviation[] {
  const subject = key(live);
  const kind = changeKind(live);
  if (approved === undefined) {
    const paths = live.attributes.filter(isOurs).map((attribute) => formatPath(attribute.path));
    const detail = kind === 'update' && paths.length > 0 ? ` (${paths.slice(0, 5).join(', ')})` : '';
    return [
      {
        subject,
        what: `Terraform would ${kind} it${detail}, which nobody approved: it was changed outside of Sluice`,
      },
    ];
  }
  if (changeKind(approved) !== kind) {
    return [{ subject, what: `approved as ${changeKind(approved)}, Terraform would ${kind} it` }];
  }
  if (kind === 'create') {
    return covers(approved.after, live.after)
      ? []
      : [{ subject, what: 'would be created with other values than approved' }];
  }
  if (kind === 'delete' || kind === 'forget') {
    return covers(approved.before, live.before)
      ? []
      : [{ subject, what: `has other values now than when its ${kind} was approved` }];
  }
  return live.attributes
    .filter(isOurs)
    .flatMap((attribute) => compareAttribute(approved, attribute, subject));
}

/** Not a value that the provider computes by itself after every change, such as `modified_on`. */
function isOurs(attribute: AttributeChange): boolean {
  return !attribute.unknown || attribute.after !== undefined;
}

function compareAttribute(
  approved: ResourceChange,
  live: AttributeChange,
  subject: string,
): readonly Deviation[] {
  const path = formatPath(live.path);
  const match = approved.attributes.find((attribute) => formatPath(attribute.path) === path);
  const place = `${subject}#${path}`;
  if (match === undefined) {
    return isComputedNoise(live)
      ? []
      : [{ subject: place, what: 'would change, but that change was not approved' }];
  }
  if (match.kind !== live.kind) {
    return [{ subject: place, what: `approved as ${match.kind}, Terraform sees ${live.kind}` }];
  }
  if (match.before !== undefined && !covers(match.before, live.before ?? null)) {
    return [{ subject: place, what: 'has another value now than when the change was approved' }];
  }
  if (!match.unknown && match.after !== undefined && !covers(match.after, live.after ?? null)) {
    return [{ subject: place, what: 'would get another value than approved' }];
  }
  return [];
}

/** The change only makes a value unknown, or fills one that was empty with nothing. */
function isComputedNoise(attribute: AttributeChange): boolean {
  return attribute.unknown || (attribute.after ?? null) === null;
}

/**
 * Every value of `approved` is in `live`. Live may hold more: what the provider fills in. References
 * (`${cloudflare_zone.shop.id}`) were approved as such and stand for whatever Terraform resolves them to, because the
 * bundle that resolves them is the approved one.
 */
export function covers(approved: Json, live: Json): boolean {
  if (typeof approved === 'string' && approved.includes('${')) {
    return true;
  }
  if (approved === null) {
    return live === null || (Array.isArray(live) && live.length === 0);
  }
  if (Array.isArray(approved)) {
    return coversList(approved as readonly Json[], live);
  }
  if (typeof approved === 'object') {
    return coversObject(approved as JsonObject, live);
  }
  return sameScalar(approved, live);
}

function coversObject(approved: JsonObject, live: Json): boolean {
  if (live === null || typeof live !== 'object' || Array.isArray(live)) {
    return Object.keys(approved).length === 0 && live === null;
  }
  return Object.entries(approved).every(([name, value]) => covers(value, (live as JsonObject)[name] ?? null));
}

/** Lists must agree in length; order may differ only where every element finds its own partner (sets). */
function coversList(approved: readonly Json[], live: Json): boolean {
  if (!Array.isArray(live)) {
    return approved.length === 0 && live === null;
  }
  const found = live as readonly Json[];
  if (found.length !== approved.length) {
    return false;
  }
  if (approved.every((value, index) => covers(value, found[index] ?? null))) {
    return true;
  }
  if (approved.some((value) => typeof value === 'object')) {
    return false;
  }
  const [left, right] = [sortedTexts(approved), sortedTexts(found)];
  return left.every((value, index) => value === right[index]);
}

/** An object among scalars stays apart from every text. */
function sortedTexts(values: readonly Json[]): readonly string[] {
  return values
    .map((value) => (typeof value === 'object' ? JSON.stringify(value) : String(value)))
    .toSorted();
}

/** Terraform converts between numbers, booleans and strings as the schema asks: `"300"` and `300` are one value. */
function sameScalar(approved: boolean | number | string, live: Json): boolean {
  return (
    approved === live || (live !== null && typeof live !== 'object' && String(approved) === String(live))
  );
}
