/**
 * Decides whether the live Terraform plan is inside the effect that was approved. Approval was given for the offline
 * plan (bundle to bundle); Terraform then plans against the real state. Every live change must be one that was approved,
 * of the same kind, with the same values, starting from the same values. Anything else is drift or a lie, and stops the
 * release; nothing is ever "probably fine". What Terraform would take away without approval is what somebody added by
 * hand. Approved changes that are not live any more are reported, not refused: the world already is as approved.
 */
import { changeKind, isDestructive } from '../../provider/kind.ts';
import { changesKeys } from '../../plan/difference/lifecycle.ts';
import { formatPath, startsWith } from '../../plan/path.ts';
import { isPossible } from '../../provider/possible.ts';
import { asConfigured, isOnTheWay, isPendingAttribute } from '../../provider/pending.ts';
import { deposedFrom } from '../../plan/terraform/plan.ts';
import type { AttributeChange, ChangeKind, Json, ResourceChange, StackPlan } from '../../plan/types.ts';
import { standsForAnything } from './includes-value.ts';
import { nothingHalf, type HalfReplaced } from './half-replaced.ts';
import { argumentsOf, baseAddress, instanceOf, isNamed, lookUp, withUnknown } from '../instances.ts';
import { SameValue } from './same-value.ts';

export { includesValue as covers } from './includes-value.ts';

export interface Deviation {
  /** Terraform address, with `#path` when it is about one attribute. */
  readonly subject: string;
  readonly address: string;
  /** What Terraform would do to the resource. */
  readonly kind: ChangeKind;
  readonly what: string;
}

export interface LiveComparison {
  readonly verdict: 'inside' | 'deviates';
  readonly deviations: readonly Deviation[];
  /** Approved, but nothing is left to do for them. */
  readonly alreadyInPlace: readonly string[];
}

/**
 * Compares the two plans of one stack. Both must be of the same stack; pure. Where `half` says that the approved replacement
 * broke off, and only there, its other half is inside too: making the new object, or taking away the old one.
 */
export function compareLive(
  approved: StackPlan,
  live: StackPlan,
  half: HalfReplaced = nothingHalf,
): LiveComparison {
  const expected = new Map(approved.changes.map((change) => [change.address, change]));
  const seen = new Set<string>();
  const deviations: Deviation[] = [];
  for (const change of live.changes.filter(hasEffect)) {
    const current = { ...change, address: deposedFrom(change) ?? change.address };
    const own = expected.get(current.address);
    const whole = own ?? expected.get(baseAddress(current));
    seen.add(whole?.address ?? change.address);
    const other = whole === undefined ? null : compareOtherHalf(whole, change, half);
    deviations.push(...(other ?? compareWhole({ own, whole }, change)));
  }
  const alreadyInPlace = approved.changes
    .filter((change) => hasEffect(change) && !seen.has(change.address))
    .map(({ address }) => address);
  return { verdict: deviations.length === 0 ? 'inside' : 'deviates', deviations, alreadyInPlace };
}

/** The approved change of this very address, or else of the block that it is an instance of. */
interface Approved {
  readonly own: ResourceChange | undefined;
  readonly whole: ResourceChange | undefined;
}

function compareWhole({ own, whole }: Approved, live: ResourceChange): readonly Deviation[] {
  if (deposedFrom(live) !== null) {
    return compareChange(undefined, live);
  }
  const isInstance = whole !== undefined && (whole !== own || changesKeys(whole));
  const match = isInstance ? instanceOf(whole, live) : own;
  return compareChange(match, live);
}

/** A pure move, a read or a no-op changes nothing in Cloudflare. */
function hasEffect(change: ResourceChange): boolean {
  const kind = changeKind(change);
  return change.mode === 'managed' && kind !== 'no-op' && kind !== 'read' && kind !== 'move';
}

function deviation(live: ResourceChange, what: string, path?: string): Deviation {
  const { address } = live;
  return {
    subject: path === undefined ? address : `${address}#${path}`,
    address,
    kind: changeKind(live),
    what,
  };
}

/** Whether Terraform would only ask again for what is on the way at Cloudflare already. */
export function isOnlyPending(change: ResourceChange): boolean {
  const { attributes } = change;
  return (
    changeKind(change) === 'update' &&
    attributes.some((found) => isPendingAttribute(change, found)) &&
    attributes.every((found) => isNoise(found) || isPendingAttribute(change, found))
  );
}

function compareChange(approved: ResourceChange | undefined, live: ResourceChange): readonly Deviation[] {
  const kind = changeKind(live);
  if (approved === undefined && isOnlyPending(live)) {
    return [];
  }
  if (approved === undefined) {
    const paths = live.attributes.filter((found) => !isNoise(found)).map(({ path }) => formatPath(path));
    const detail = kind === 'update' && paths.length > 0 ? ` (${paths.slice(0, 5).join(', ')})` : '';
    const what = `Terraform would ${kind} it${detail}, which nobody approved: it was changed outside of Sluice`;
    return [deviation(live, what)];
  }
  if (!isOfKind(approved, kind)) {
    return [deviation(live, `approved as ${changeKind(approved)}, Terraform would ${kind} it`)];
  }
  if (kind === 'create') {
    return compareCreated(approved, live);
  }
  if (kind === 'delete' || kind === 'forget') {
    const wanted = argumentsOf(approved.before);
    return new SameValue(approved).holds(wanted, asConfigured(live, wanted, live.before))
      ? []
      : [deviation(live, `has other values now than when its ${kind} was approved`)];
  }
  const pair: ValuePair = { approved, same: new SameValue(approved), partners: new Set() };
  return live.attributes.flatMap((attribute) => {
    if (isPendingAttribute(live, attribute)) {
      return [];
    }
    const what = compareAttribute(pair, attribute);
    return what === null ? [] : [deviation(live, what, formatPath(attribute.path))];
  });
}

/** An update is milder than a replacement that was approved as possible; its values are compared all the same. */
function isOfKind(approved: ResourceChange, kind: ChangeKind): boolean {
  return changeKind(approved) === kind || (kind === 'update' && isPossible(approved));
}

function compareCreated(approved: ResourceChange, live: ResourceChange): readonly Deviation[] {
  const wanted = argumentsOf(approved.after);
  return new SameValue(approved).holds(wanted, withUnknown(live.after, wanted, live.unknown))
    ? []
    : [deviation(live, 'would be created with other values than approved')];
}

/**
 * What is left of an approved replacement that broke off; null when the live change is nothing of the kind. What is deposed
 * must be one of the two objects that the replacement is about.
 */
function compareOtherHalf(
  approved: ResourceChange,
  live: ResourceChange,
  half: HalfReplaced,
): readonly Deviation[] | null {
  const kind = changeKind(live);
  if (changeKind(approved) !== 'replace' || !isNamed(approved, live)) {
    return null;
  }
  const from = deposedFrom(live);
  if (from === null) {
    return kind === 'create' && half.toMake.has(live.address) ? compareCreated(approved, live) : null;
  }
  const same = new SameValue(approved);
  const isOfBoth = [approved.before, approved.after].some((body) =>
    same.holds(argumentsOf(body), live.before),
  );
  return isDestructive(live) && half.toDelete.has(from) && isOfBoth ? [] : null;
}

/** An approved change while a live one is compared with it. */
interface ValuePair {
  readonly approved: ResourceChange;
  readonly same: SameValue;
  /** Approved attribute changes that are spoken for. */
  readonly partners: Set<AttributeChange>;
}

/** What is wrong with one attribute change, or null. */
function compareAttribute(pair: ValuePair, live: AttributeChange): string | null {
  const path = formatPath(live.path);
  const match = pair.approved.attributes.find((attribute) => formatPath(attribute.path) === path);
  if (match === undefined) {
    return isNoise(live) || isRespelled(pair, live) || hasPartner(pair, live) || isPartOf(pair, live)
      ? null
      : 'would change, but that change was not approved';
  }
  pair.partners.add(match);
  return compareMatch(pair, match, live);
}

function compareMatch(
  { approved, same }: ValuePair,
  match: AttributeChange,
  live: AttributeChange,
): string | null {
  const isSame = match.before === undefined || agrees(same, match, live, 'before');
  const values = { wanted: match.before, reported: live.before };
  if (!isSame && !isOnTheWay(approved, formatPath(live.path), values)) {
    return 'has another value now than when the change was approved';
  }
  if (isUnknownAfter(live)) {
    return null;
  }
  if (match.kind !== live.kind && !isToldOtherwise(same, match, live)) {
    return `approved as ${match.kind}, Terraform sees ${live.kind}`;
  }
  return match.after !== undefined && !agrees(same, match, live, 'after')
    ? 'would get another value than approved'
    : null;
}

/** The values of one side, or the defaults that stand for them, are the same. */
function agrees(
  same: SameValue,
  match: AttributeChange,
  { path, ...live }: AttributeChange,
  side: 'before' | 'after',
): boolean {
  return same.holds(same.valueOf(match[side], path, side), same.valueOf(live[side], path, side), path);
}

/** To go and to become the default, or to come and to be the default no longer, are one change in other words. */
function isToldOtherwise(same: SameValue, match: AttributeChange, live: AttributeChange): boolean {
  return (
    match.kind !== 'moved' &&
    live.kind !== 'moved' &&
    !match.unknown &&
    agrees(same, match, live, 'before') &&
    agrees(same, match, live, 'after')
  );
}

/** The same value in another spelling: what the approved plan, which knows the zone, does not list either. */
function isRespelled({ same }: ValuePair, { path, kind, before, after, unknown }: AttributeChange): boolean {
  return kind === 'changed' && !unknown && same.isRespelling(before ?? null, after ?? null, path);
}

/**
 * No change of ours: a value that the provider computes by itself after every change, such as `modified_on`, or nothing
 * in place of nothing. What is taken away is never noise.
 */
function isNoise(attribute: AttributeChange): boolean {
  return (
    isUnknownAfter(attribute) ||
    (attribute.kind !== 'moved' && isEmpty(attribute.before) && isEmpty(attribute.after))
  );
}

function isUnknownAfter(attribute: AttributeChange): boolean {
  return attribute.unknown && isHollow(attribute.after ?? null);
}

function isEmpty(value: Json | undefined): boolean {
  return (
    value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0)
  );
}

/** Nothing in it is known. */
function isHollow(value: Json): boolean {
  return (
    value === null ||
    (typeof value === 'object' && Object.values(value).every((item: Json) => isHollow(item)))
  );
}

/** Elements of a set are named by their content, which differs once the provider adds to it: one by one, by value. */
function hasPartner({ approved, same, partners }: ValuePair, live: AttributeChange): boolean {
  const parent = formatPath(live.path.slice(0, -1));
  const [last] = live.path.slice(-1);
  const partner =
    typeof last === 'object' && live.kind !== 'moved'
      ? approved.attributes.find(
          (candidate) =>
            !partners.has(candidate) &&
            candidate.kind === live.kind &&
            typeof candidate.path.at(-1) === 'object' &&
            formatPath(candidate.path.slice(0, -1)) === parent &&
            !hasOwnName(candidate) &&
            same.holds(candidate.before ?? null, live.before ?? null, live.path) &&
            same.holds(candidate.after ?? null, live.after ?? null, live.path),
        )
      : undefined;
  if (partner !== undefined) {
    partners.add(partner);
  }
  return partner !== undefined;
}

/** An element that has a name of its own is compared under that name only. */
function hasOwnName({ path }: AttributeChange): boolean {
  const last = path.at(-1);
  return typeof last !== 'object' || (last.by !== 'content' && last.by !== 'value');
}

/** The same approved change told in larger or smaller pieces: a list as a whole, or element by element. */
function isPartOf({ approved, same }: ValuePair, live: AttributeChange): boolean {
  const isTouched = approved.attributes.some(
    ({ path }) => startsWith(live.path, path) || startsWith(path, live.path),
  );
  if (!isTouched || live.kind === 'moved') {
    return false;
  }
  const before = lookUp(approved.before, live.path);
  const after = lookUp(approved.after, live.path);
  if (live.kind === 'removed' && standsForAnything(before)) {
    return false;
  }
  return (
    same.holds(before, live.before ?? null, live.path) && same.holds(after, live.after ?? null, live.path)
  );
}
