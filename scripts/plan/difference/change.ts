/**
 * One resource change from the two sides of a block. Decides the action list: an update becomes a replacement whenever an
 * attribute forces one, instances may be lost, or nothing is known about the type. A replacement that is shown as an
 * update would be approved as one; the other way round costs a second look.
 */
import { sensitivePaths } from './attribute-change.ts';
import { diffAttributes, differenceOf } from './attributes.ts';
import type { AttributeContext, AttributeDifference } from './attributes.ts';
import { factsOf } from '../../provider/facts.ts';
import type { AttributeFacts } from '../../provider/facts.ts';
import { own, sameJson } from '../../json/json.ts';
import { lifecycleOf, mayLoseInstances, replacesThroughEach } from './lifecycle.ts';
import type { PartFinder } from './parts.ts';
import { isOpenValue, openPaths, resolveValue } from './resolve.ts';
import type { ResolveScope } from './resolve.ts';
import { secretPaths } from '../secrets.ts';
import { undeclaredSource } from '../stack-view.ts';
import type { Block } from '../stack-view.ts';
import { typedValue } from '../typed.ts';
import { isWithoutCounterpart, v5Body, v5Type } from '../v4/types.ts';
import type { Action, AttributeChange, Folded, JsonObject, Path, ResourceChange } from '../types.ts';
import type { ZoneFinder } from '../zones.ts';

export interface DiffSide {
  readonly scope: ResolveScope;
  readonly zones: ZoneFinder;
  readonly parts: PartFinder;
}

export interface PairInput {
  readonly stack: string;
  readonly left: Block | null;
  readonly right: Block | null;
  readonly before: DiffSide;
  readonly after: DiffSide;
  /** Set by a `moved` block. */
  readonly movedFrom: string | undefined;
  /** The configuration keeps the real object of a removed block. */
  readonly forgotten: boolean;
  /** What the text refers to changes although the text does not; null when nothing of the kind is possible. */
  readonly isFresh: ((text: string) => boolean) | null;
  /** Something named in `replace_triggered_by` changes. */
  readonly triggered: boolean;
}

/** Arguments that belong to Terraform and not to the provider. `lifecycle` has its own place in a change. */
const metaArguments: ReadonlySet<string> = new Set([
  'count',
  'for_each',
  'depends_on',
  'provider',
  'provisioner',
  'connection',
]);

/** Meta-arguments whose change makes Terraform do nothing. */
const inertArguments: ReadonlySet<string> = new Set(['depends_on']);

export interface BlockDifference {
  /** Null when nothing differs but spelling. */
  readonly change: ResourceChange | null;
  /** What is the same value in another spelling; who refers to it gets the other spelling. */
  readonly respelled: readonly Path[];
}

/** What differs between the two sides of one block. At least one side must be there. */
export function changeOf(input: PairInput): BlockDifference {
  const block = input.right ?? input.left;
  if (block === null) {
    return { change: null, respelled: [] };
  }
  const provider = providerOf(block, input.right === null ? input.before.scope : input.after.scope);
  const type = kindOf(block);
  const facts = block.kind === 'resource' ? factsOf(type, provider) : null;
  const before = resolvedBody(input.before.scope, input.left, provider);
  const after = resolvedBody(input.after.scope, input.right, provider);
  const { attributes, respelled } = differencesOf(input, block, { facts, before, after });
  const lifecycle = { after: lifecycleOf(input.right), before: lifecycleOf(input.left) };
  const decided = decide(input, { block, facts, before, after, attributes });
  if (isNothing(input, decided, { attributes, lifecycle })) {
    return { change: null, respelled };
  }
  const change: ResourceChange = {
    address: block.address,
    stack: input.stack,
    mode: block.kind === 'data' ? 'data' : 'managed',
    type,
    name: block.name,
    ...(block.index === undefined ? {} : { index: block.index }),
    provider,
    actions: decided.actions,
    before,
    after,
    unknown: after === null ? [] : openPaths(input.after.scope, after),
    sensitive: allSensitivePaths(facts, before, after),
    replacePaths: decided.replacePaths,
    ...(input.movedFrom === undefined ? {} : { movedFrom: input.movedFrom }),
    ...importOf(input, block.address),
    zone: zoneOf(input),
    attributes,
    ...foldedOf(0, respelled.length),
    lifecycle,
  };
  return { change, respelled };
}

/** The count of what is not listed, where there is anything. */
export function foldedOf(recomputed: number, respelled: number): { readonly folded?: Folded } {
  return recomputed + respelled === 0 ? {} : { folded: { recomputed, respelled } };
}

/** Only what was not managed before is imported: an `import` block that has done its work says nothing any more. */
function importOf({ left, after }: PairInput, address: string): Pick<ResourceChange, 'importing'> {
  const importing = left === null ? after.scope.view.imported.get(address) : undefined;
  return importing === undefined ? {} : { importing };
}

/** True when there is nothing to do and nothing to tell. */
function isNothing(
  input: PairInput,
  decided: DecidedKind,
  found: Pick<ResourceChange, 'attributes' | 'lifecycle'>,
): boolean {
  const { before, after } = found.lifecycle;
  return (
    decided.actions[0] === 'no-op' &&
    input.movedFrom === undefined &&
    input.right !== null &&
    found.attributes.length === 0 &&
    sameJson(before as JsonObject | null, after as JsonObject | null)
  );
}

/**
 * The arguments as far as they can be resolved, by the names and in the types of the provider's version 5, without `lifecycle`, which has its own place
 * in a change.
 */
export function resolvedBody(scope: ResolveScope, block: Block | null, provider: string): JsonObject | null {
  if (block === null) {
    return null;
  }
  const { lifecycle, ...rest } = block.body;
  const resolved = resolveValue(scope, lifecycle === undefined ? block.body : rest) as JsonObject;
  if (block.kind !== 'resource') {
    return resolved;
  }
  return typedValue(factsOf(kindOf(block), provider), v5Body(block.type, resolved, scope.view)) as JsonObject;
}

/** The type by the name that the provider's version 5 has for it. */
export function kindOf({ kind, type, body }: Pick<Block, 'kind' | 'type' | 'body'>): string {
  return kind === 'resource' ? v5Type(type, body) : type;
}

interface Values {
  readonly facts: AttributeFacts | null;
  readonly before: JsonObject | null;
  readonly after: JsonObject | null;
}

function differencesOf(input: PairInput, block: Block, values: Values): AttributeDifference {
  const isPair = values.before !== null && values.after !== null;
  const context: AttributeContext = {
    facts: values.facts,
    replacement: isPair && (block.kind === 'resource' || block.kind === 'module') ? 'predicted' : 'never',
    useDefaults: isPair,
    zone: isPair ? sharedZone(input) : null,
    isOpen: (value) => isOpenValue(input.after.scope, value),
    isFresh: isPair ? input.isFresh : null,
  };
  const [before, metaBefore] = splitMeta(values.before);
  const [after, metaAfter] = splitMeta(values.after);
  const found = differenceOf(context, { before, after });
  if (metaBefore === undefined && metaAfter === undefined) {
    return found;
  }
  const meta: AttributeContext = { ...context, facts: null, replacement: 'never' };
  const [inertBefore, otherBefore] = parted(metaBefore, inertArguments);
  const [inertAfter, otherAfter] = parted(metaAfter, inertArguments);
  // What names a block has no value of it, so a change of the block is none of the name.
  const inert = diffAttributes({ ...meta, isFresh: null }, { before: inertBefore, after: inertAfter });
  const others = diffAttributes(meta, { before: otherBefore, after: otherAfter });
  return { ...found, attributes: [...inert, ...others, ...found.attributes] };
}

/** The zone by whose name records are called on both sides. */
function sharedZone({ left, right, before, after }: PairInput): string | null {
  const zone = left === null ? null : before.zones.zoneOf(left);
  return zone !== null && right !== null && after.zones.zoneOf(right) === zone && isZoneName(zone)
    ? zone
    : null;
}

/** A name, not an id, an address of a block or an expression. */
export function isZoneName(zone: string): boolean {
  return zone.includes('.') && !/[${}]|^cloudflare_zone\./.test(zone);
}

/** The provider's arguments and Terraform's own, if there are any. */
function splitMeta(body: JsonObject | null): readonly [JsonObject | undefined, JsonObject | undefined] {
  const [meta, others] = parted(body ?? undefined, metaArguments);
  return [others, meta];
}

/** What is named in the list, and the rest; undefined where the list names nothing of it. */
function parted(
  body: JsonObject | undefined,
  names: ReadonlySet<string>,
): readonly [JsonObject | undefined, JsonObject | undefined] {
  if (body === undefined) {
    return [undefined, undefined];
  }
  const keys = Object.keys(body);
  if (!keys.some((key) => names.has(key))) {
    return [undefined, body];
  }
  const entries = (isNamed: boolean): JsonObject =>
    Object.fromEntries(
      keys.filter((key) => names.has(key) === isNamed).map((key) => [key, body[key] ?? null]),
    );
  return [entries(true), entries(false)];
}

interface DecidedKind {
  readonly actions: readonly Action[];
  readonly replacePaths: readonly Path[];
}

function decide(
  input: PairInput,
  found: Values & {
    readonly block: Block;
    readonly attributes: readonly AttributeChange[];
  },
): DecidedKind {
  if (input.left === null || input.right === null) {
    return { actions: [oneSided(input, found.block)], replacePaths: [] };
  }
  const effective = found.attributes.filter((change) => !isInert(change) && !isDropped(input, change));
  if (found.block.kind === 'data') {
    return { actions: [effective.length > 0 ? 'read' : 'no-op'], replacePaths: [] };
  }
  const paths = effective
    .filter((change) => change.forcesReplacement || isUntold(input, change))
    .map((change) => change.path);
  const forcing: Path[] = [...paths];
  if (losesInstances(found, effective)) {
    forcing.push([own(input.right.body, 'for_each') === undefined ? 'count' : 'for_each']);
  }
  if (input.triggered) {
    forcing.push(['lifecycle', 'replace_triggered_by']);
  }
  if (forcing.length > 0) {
    // Which comes first depends on what others depend on, so it is settled once all changes are known.
    return { actions: ['delete', 'create'], replacePaths: forcing };
  }
  return { actions: [effective.length > 0 ? 'update' : 'no-op'], replacePaths: [] };
}

function isInert({ path: [first] }: AttributeChange): boolean {
  return typeof first === 'string' && inertArguments.has(first);
}

/** What version 5 of the provider has nothing for goes with the move to a type of it, and nothing happens to the object. */
function isDropped({ left, right }: PairInput, { kind, path: [first] }: AttributeChange): boolean {
  return (
    left !== null && left.type !== right?.type && kind === 'removed' && isWithoutCounterpart(left.type, first)
  );
}

/** An argument of version 4 that no fact is known of may force replacement. */
function isUntold({ left, right }: PairInput, { path: [first] }: AttributeChange): boolean {
  return left?.type === right?.type && isWithoutCounterpart(left?.type ?? '', first);
}

function oneSided(input: PairInput, block: Block): Action {
  if (block.kind === 'data') {
    // A data source that goes is only no longer read.
    return input.left === null ? 'read' : 'no-op';
  }
  if (input.left === null) {
    return 'create';
  }
  return input.forgotten ? 'forget' : 'delete';
}

function losesInstances(found: Values, changes: readonly AttributeChange[]): boolean {
  const repeated = changes.filter((change) => change.path[0] === 'count' || change.path[0] === 'for_each');
  if (repeated.length === 0 || found.before === null || found.after === null) {
    return false;
  }
  return (
    repeated.some((change) => change.unknown) ||
    mayLoseInstances(found.before, found.after) ||
    replacesThroughEach(found.after, found.facts)
  );
}

/** Full source address of the provider that a block belongs to. */
export function providerOf(block: Block, scope: ResolveScope): string {
  if (block.kind === 'module') {
    return '';
  }
  if (block.type === 'terraform_data') {
    return 'terraform.io/builtin/terraform';
  }
  const meta = block.kind === 'provider' ? undefined : own(block.body, 'provider');
  const written = typeof meta === 'string' ? meta.replaceAll(/[${}]/g, '') : undefined;
  const label = block.kind === 'provider' ? block.name : (written ?? block.type.split('_')[0] ?? '');
  const local = label.split('.')[0] ?? '';
  return scope.view.sources.get(local) ?? undeclaredSource(local);
}

/** The zone that is affected now: where the resource is, else where it will be. */
function zoneOf(input: PairInput): string | null {
  if (input.left !== null) {
    return input.before.zones.zoneOf(input.left);
  }
  return input.right === null ? null : input.after.zones.zoneOf(input.right);
}

function allSensitivePaths(
  facts: AttributeFacts | null,
  before: JsonObject | null,
  after: JsonObject | null,
): readonly Path[] {
  const found = new Map<string, Path>();
  for (const body of [before, after]) {
    for (const path of body === null
      ? []
      : [...sensitivePaths(facts ?? undefined, body), ...secretPaths(body)]) {
      found.set(JSON.stringify(path), path);
    }
  }
  return [...found.values()];
}
