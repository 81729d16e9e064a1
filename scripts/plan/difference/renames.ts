/**
 * Deletions and creations that look like one resource under a new name.
 *
 * Terraform destroys and creates when a logical id changes and no `moved` block says so. The guess is advice only: both
 * changes stay in the plan. It is made only where exactly one deletion and one creation fit each other, of one type in one
 * zone, with equal arguments, or all equal but one that does not name the thing.
 */
import { canonicalJson, sha256Hex } from '../../json/json.ts';
import type { Json, JsonObject, ResourceChange } from '../types.ts';

/** Arguments that say which thing it is. Two resources that differ here are two things, however alike otherwise. */
const namingArguments: ReadonlySet<string> = new Set([
  'name',
  'type',
  'hostname',
  'domain',
  'email',
  'setting_id',
  'kind',
  'phase',
  'pattern',
  'script_name',
  'key_name',
  'ip',
  'asn',
  'url',
  'zone_id',
  'account_id',
]);

/** More arguments than this are not compared one by one. */
const maxArguments = 40;

interface RenameCandidate {
  readonly change: ResourceChange;
  readonly values: JsonObject;
}

/** The same changes, with `probableMoveTo` on deletions and `probableMoveFrom` on creations that fit. Linear. */
export function withProbableMoves(changes: readonly ResourceChange[]): readonly ResourceChange[] {
  const deletions = candidates(changes, 'delete');
  const creations = candidates(changes, 'create');
  if (deletions.length === 0 || creations.length === 0) {
    return changes;
  }
  const pairs = new Map<string, string>();
  pairUnique({ deletions, creations, pairs }, (candidate) => [fingerprint(candidate, null)]);
  const rest = (list: readonly RenameCandidate[]): readonly RenameCandidate[] =>
    list.filter((item) => !pairs.has(item.change.address));
  pairUnique({ deletions: rest(deletions), creations: rest(creations), pairs }, nearFingerprints);
  if (pairs.size === 0) {
    return changes;
  }
  return changes.map((change) => {
    const other = pairs.get(change.address);
    if (other === undefined) {
      return change;
    }
    return change.after === null
      ? { ...change, probableMoveTo: other }
      : { ...change, probableMoveFrom: other };
  });
}

function candidates(
  changes: readonly ResourceChange[],
  action: 'delete' | 'create',
): readonly RenameCandidate[] {
  return changes.flatMap((change) => {
    const values = action === 'delete' ? change.before : change.after;
    const fits = change.mode === 'managed' && change.actions.length === 1 && change.actions[0] === action;
    return fits && values !== null && Object.keys(values).length > 0 ? [{ change, values }] : [];
  });
}

function fingerprint(candidate: RenameCandidate, without: string | null): string {
  const { change, values } = candidate;
  // Within one zone the reference to it may have been renamed as well, so the zone counts and not the text.
  const compared = Object.keys(values)
    .filter((key) => key !== without && !(key === 'zone_id' && change.zone !== null))
    .map((key): [string, Json] => [key, values[key] ?? null]);
  return `${change.type}\n${change.zone ?? ''}\n${without ?? ''}\n${sha256Hex(canonicalJson(Object.fromEntries(compared)))}`;
}

function nearFingerprints(candidate: RenameCandidate): readonly string[] {
  const keys = Object.keys(candidate.values);
  if (keys.length < 3 || keys.length > maxArguments || !keys.some((key) => namingArguments.has(key))) {
    return [];
  }
  return keys.filter((key) => !namingArguments.has(key)).map((key) => fingerprint(candidate, key));
}

/** Pairs what shares a fingerprint with exactly one of the other kind, and with only that one. */
function pairUnique(
  input: {
    readonly deletions: readonly RenameCandidate[];
    readonly creations: readonly RenameCandidate[];
    readonly pairs: Map<string, string>;
  },
  prints: (candidate: RenameCandidate) => readonly string[],
): void {
  const to = byPrint(input.creations, prints);
  const partners = new Map<string, Set<string>>();
  for (const [print, deleted] of byPrint(input.deletions, prints)) {
    const created = to.get(print);
    if (created !== undefined) {
      addPartners(partners, deleted, created);
      addPartners(partners, created, deleted);
    }
  }
  for (const [address, others] of partners) {
    const [other = ''] = others;
    if (others.size === 1 && partners.get(other)?.size === 1) {
      input.pairs.set(address, other);
    }
  }
}

/** Two partners are enough to know that there is no single one; keeping more would grow with the square. */
function addPartners(
  partners: Map<string, Set<string>>,
  addresses: readonly string[],
  others: readonly string[],
): void {
  const some = others.slice(0, 2);
  for (const address of addresses) {
    const known = partners.get(address) ?? new Set<string>();
    some.forEach((other) => known.add(other));
    partners.set(address, known);
  }
}

function byPrint(
  list: readonly RenameCandidate[],
  prints: (candidate: RenameCandidate) => readonly string[],
): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const candidate of list) {
    for (const print of prints(candidate)) {
      const known = found.get(print);
      if (known === undefined) {
        found.set(print, [candidate.change.address]);
      } else {
        known.push(candidate.change.address);
      }
    }
  }
  return found;
}
