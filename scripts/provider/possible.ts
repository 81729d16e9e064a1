/**
 * Replacements that only may follow. Offline, whatever differs in an attribute that forces replacement is planned as one, also
 * where the value is told only when Terraform plans: an expression that nobody can work out here, or a reference in the place of
 * a value that may be the same one. Terraform then replaces, updates or does nothing.
 *
 * Certain is what Terraform itself cannot but plan: a value that is told and differs, and a value that is unknown to Terraform
 * too, because what it comes from is made, made anew, or computed on every update. Terraform takes an unknown value for another
 * one and replaces (terraform-plugin-framework, `RequiresReplace`).
 */
import { behaviourOf } from './behaviour.ts';
import type { ExpressionReference } from '../plan/expression/facts.ts';
import { factsOf } from './facts.ts';
import { changeKind } from './kind.ts';
import { changesKeys, untold } from '../plan/difference/lifecycle.ts';
import { formatPath } from '../plan/path.ts';
import { referencesIn } from '../plan/difference/resolve.ts';
import { isWithoutCounterpart, writtenType } from '../plan/v4/types.ts';
import type { AttributeChange, Path, ResourceChange } from '../plan/types.ts';

/** The same changes of one configuration, with those replacements marked that are the worst of what may follow. */
export function withPossible(changes: readonly ResourceChange[]): readonly ResourceChange[] {
  const replaced = changes.filter((change) => isReplacement(change));
  if (replaced.length === 0) {
    return changes;
  }
  const certain = new Set<ResourceChange>();
  const sources: ValueSources = { byBlock: groupsOf(changes), certain, references: new Map() };
  // One that is certain makes what it is referred to by certain.
  for (let known = -1; certain.size > known;) {
    known = certain.size;
    for (const change of replaced.filter((each) => !certain.has(each))) {
      if (change.replacePaths.some((path) => isCertain(change, path, sources))) {
        certain.add(change);
      }
    }
  }
  const possible = new Set(replaced.filter((change) => !certain.has(change)));
  return changes.map((change) => (possible.has(change) ? { ...change, replacement: 'possible' } : change));
}

/** True for a replacement that only may follow. */
export function isPossible(change: ResourceChange): boolean {
  return change.replacement === 'possible' && changeKind(change) === 'replace';
}

/** Whether only the worst was assumed, because no fact of the provider is known. */
export function isWorstAssumed({ before, type, provider, replacePaths, address }: ResourceChange): boolean {
  return (
    (before !== null && factsOf(type, provider) === null) ||
    replacePaths.some(([first]) => isWithoutCounterpart(writtenType(address), first))
  );
}

interface ValueSources {
  readonly byBlock: ReadonlyMap<string, readonly ResourceChange[]>;
  readonly certain: ReadonlySet<ResourceChange>;
  readonly references: Map<string, readonly ExpressionReference[]>;
}

/** Instances that nobody can tell have a word of their own. */
function isReplacement(change: ResourceChange): boolean {
  return changeKind(change) === 'replace' && untold(change) === null;
}

function isCertain(change: ResourceChange, path: Path, sources: ValueSources): boolean {
  const attribute = change.attributes.find((each) => formatPath(each.path) === formatPath(path));
  return attribute === undefined || changesKeys({ attributes: [attribute] })
    ? true
    : !isWorstAssumed(change) && isSureToDiffer(attribute, sources);
}

function isSureToDiffer({ unknown, after }: AttributeChange, sources: ValueSources): boolean {
  return (
    !unknown ||
    (after !== undefined &&
      referencesIn(after, sources.references).some((reference) => isAnew(reference, sources)))
  );
}

/** True when Terraform does not know the value while it plans. */
function isAnew({ target, rest }: ExpressionReference, { byBlock, certain }: ValueSources): boolean {
  const [key] = rest;
  const changes = byBlock.get(`${target}[${JSON.stringify(key)}]`) ?? byBlock.get(target) ?? [];
  const attribute = rest.findLast((step) => typeof step === 'string');
  return changes.length > 0 && changes.every((change) => isUnknownIn(change, attribute, certain));
}

function isUnknownIn(
  change: ResourceChange,
  attribute: string | undefined,
  certain: ReadonlySet<ResourceChange>,
): boolean {
  const kind = changeKind(change);
  const behaviour = behaviourOf(change.type, change.provider);
  return (
    change.mode === 'managed' &&
    (kind === 'create' ||
      certain.has(change) ||
      (kind === 'update' &&
        attribute !== undefined &&
        behaviour?.recomputed?.includes(attribute) === true &&
        behaviour.retainedByPlan?.includes(attribute) !== true))
  );
}

/** By the address of the change and, of an instance, by that of its block. */
function groupsOf(changes: readonly ResourceChange[]): ReadonlyMap<string, readonly ResourceChange[]> {
  const groups = new Map<string, ResourceChange[]>();
  for (const change of changes) {
    const { address } = change;
    for (const name of new Set([address, address.replace(/\[.*\]$/, '')])) {
      const group = groups.get(name) ?? [];
      group.push(change);
      groups.set(name, group);
    }
  }
  return groups;
}
