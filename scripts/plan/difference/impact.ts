/**
 * What a change does to blocks whose own text stays the same.
 *
 * A replaced zone gets a new id, so every record that refers to the id is replaced with it; a changed default reaches all
 * that use the variable. Terraform finds this out when it plans. A diff of texts alone would miss it and call a disaster
 * one small change, so references are followed here, level by level, until nothing new is touched.
 */
import { behaviourOf } from '../../provider/behaviour.ts';
import type { ExpressionReference, ReferenceStep } from '../expression/facts.ts';
import { mayBeTemplate } from '../expression/parse.ts';
import { own, sameJson } from '../../json/json.ts';
import { isDestructive } from '../../provider/kind.ts';
import { replacementTriggers } from './lifecycle.ts';
import { referencesIn, textReferences } from './resolve.ts';
import { blockOf, findBlock } from '../stack-view.ts';
import type { Block, BlockList, StackView } from '../stack-view.ts';
import type { Json, JsonObject, Path, ResourceChange } from '../types.ts';

/** What is known to change so far, by the names that references use. */
export class Impact {
  readonly #after: StackView;
  /** By block, then by the address of the change: instances change one by one. */
  readonly #changed = new Map<string, Map<string, ResourceChange>>();
  /** Blocks of which instances came or went. */
  readonly #regrouped = new Set<string>();
  /** `var.x` and `local.x` whose value differs. */
  readonly #values = new Set<string>();
  /** Arguments by address that have the same value in another spelling. */
  readonly #respelled = new Map<string, ReadonlySet<unknown>>();
  readonly #cache = new Map<string, readonly ExpressionReference[]>();

  constructor(before: StackView, after: StackView) {
    this.#after = after;
    for (const [name, variable] of after.variables) {
      const old = before.variables.get(name);
      if (!sameJson(old?.value, variable.value)) {
        this.#values.add(`var.${name}`);
      }
    }
    for (const [name, value] of after.locals) {
      if (!sameJson(before.locals.get(name), value)) {
        this.#values.add(`local.${name}`);
      }
    }
  }

  /** Names that changed at the start, before any block was looked at. */
  get changedValues(): readonly string[] {
    return [...this.#values];
  }

  /** Records a change of a block, or of a part of it. True when this can touch more than was known before. */
  record(change: ResourceChange, block: string): boolean {
    if (change.before === null || change.after === null) {
      const isNew = change.address !== block && !this.#regrouped.has(block);
      if (isNew) {
        this.#regrouped.add(block);
      }
      return isNew;
    }
    const parts = this.#changed.get(block) ?? new Map<string, ResourceChange>();
    const old = parts.get(change.address);
    this.#changed.set(block, parts.set(change.address, change));
    return (
      old === undefined ||
      isDestructive(old) !== isDestructive(change) ||
      old.attributes.length !== change.attributes.length
    );
  }

  /** Blocks of which something is spelled otherwise. */
  get respelledAddresses(): readonly string[] {
    return [...this.#respelled.keys()];
  }

  /** Records arguments that are spelled otherwise: no change of the block, but another text for who refers to them. True when new. */
  recordRespelled(address: string, paths: readonly Path[]): boolean {
    if (paths.length === 0 || this.#respelled.has(address)) {
      return false;
    }
    this.#respelled.set(address, new Set(paths.map(([first]) => first)));
    return true;
  }

  /** True when what a text refers to will have another value, as far as can be told without applying. */
  isFresh(text: string): boolean {
    return textReferences(text, this.#cache).some((reference) => this.#isDirty(reference));
  }

  /** True when something in the block's `replace_triggered_by` is updated or replaced. */
  isTriggered(block: Block): boolean {
    return replacementTriggers(block.body).some((reference) => {
      const acts = this.#partsOf(reference).some(({ change }) =>
        change.actions.some((action) => action === 'update' || action === 'delete'),
      );
      const rest = reference.rest.filter((step) => typeof step === 'string');
      return acts && (rest.length === 0 || this.#isDirty({ ...reference, rest }));
    });
  }

  /** Marks locals whose expression refers to something that changed; true when any is new. */
  spreadToLocals(): boolean {
    let grown = false;
    for (const [name, value] of this.#after.locals) {
      const target = `local.${name}`;
      const touched =
        !this.#values.has(target) && referencesIn(value, this.#cache).some((item) => this.#isDirty(item));
      if (touched) {
        this.#values.add(target);
        grown = true;
      }
    }
    return grown;
  }

  /** Names that a template refers to. */
  targetsOf(text: string): readonly string[] {
    return textReferences(text, this.#cache).map((item) => item.target);
  }

  /** True when a change of `target` can matter to a block that refers to it. */
  matters(block: Block, target: string): boolean {
    return (
      this.isTriggered(block) ||
      referencesIn(block.body, this.#cache).some((item) => item.target === target && this.#isDirty(item))
    );
  }

  #isDirty(reference: ExpressionReference): boolean {
    const { target } = reference;
    if (target.startsWith('var.') || target.startsWith('local.')) {
      return this.#values.has(target);
    }
    const [first] = reference.rest;
    return (
      (this.#regrouped.has(target) && (first === undefined || first === null)) ||
      this.#isRespelled(target, first) ||
      this.#partsOf(reference).some(({ change, rest }) => this.#isDirtyPart(change, target, rest))
    );
  }

  /** The changes that a reference is to, with its steps behind them: one of an instance whose key it names, or all. */
  #partsOf({ target, rest }: ExpressionReference): readonly ImpactPart[] {
    const parts = this.#changed.get(target) ?? new Map<string, ResourceChange>();
    const whole = parts.get(target);
    if (whole !== undefined) {
      return [{ change: whole, rest }];
    }
    const [key, ...behind] = rest;
    const named =
      typeof key === 'string' || typeof key === 'number' ? parts.get(partAddress(target, key)) : null;
    return named === null
      ? [...parts.values()].map((change) => ({ change, rest: behind }))
      : named === undefined
        ? []
        : [{ change: named, rest: behind }];
  }

  #isDirtyPart(change: ResourceChange, target: string, [attribute]: readonly ReferenceStep[]): boolean {
    return (
      change.actions[0] !== 'no-op' &&
      (typeof attribute !== 'string' || this.#isTouched(change, target, attribute))
    );
  }

  #isRespelled(target: string, attribute: unknown): boolean {
    const respelled = this.#respelled.get(target);
    return respelled !== undefined && (attribute === undefined || respelled.has(attribute));
  }

  #isTouched(change: ResourceChange, target: string, attribute: string): boolean {
    const block = findBlock(this.#after, target);
    const isWritten = block !== undefined && own(block.body, attribute) !== undefined;
    if (isWritten) {
      return change.attributes.some((item) => item.path[0] === attribute);
    }
    // An update leaves the id, and what the provider is known to keep; every other attribute may be computed anew.
    return (
      isDestructive(change) ||
      change.mode === 'data' ||
      change.type === 'module' ||
      (attribute !== 'id' && !keepsOnUpdate(change, attribute))
    );
  }
}

/**
 * True for an attribute that an update leaves as it is: the provider neither computes it anew nor fills it in unless it is
 * configured. What an update changes itself is found by its own comparison.
 */
function keepsOnUpdate({ type, provider }: ResourceChange, attribute: string): boolean {
  const behaviour = behaviourOf(type, provider);
  if (behaviour === null) {
    return false;
  }
  if (behaviour.retainedByPlan?.includes(attribute) === true) {
    return true;
  }
  const anew = [...(behaviour.recomputed ?? []), ...(behaviour.recomputedUnlessConfigured ?? [])];
  return !anew.some((path) => path.split(/[.[]/)[0] === attribute);
}

interface ImpactPart {
  readonly change: ResourceChange;
  readonly rest: readonly ReferenceStep[];
}

function partAddress(target: string, key: string | number): string {
  return `${target}[${JSON.stringify(key)}]`;
}

/** Blocks that share a template text, as positions in their list. */
interface Users {
  readonly kind: 'resource' | 'data';
  readonly type: string;
  readonly list: BlockList;
  readonly positions: number[];
}

/**
 * Which blocks refer to a name. Kept by template text, because thousands of blocks share the few texts that name their
 * zone, and as positions, because hardly any of them is ever asked for.
 */
export class ReferenceIndex {
  readonly #users = new Map<string, Users[]>();
  readonly #others = new Map<string, Block[]>();
  #texts: Map<string, string[]> | null = null;

  /** Takes in one block of a list. */
  add(group: Omit<Users, 'positions'>, position: number): void {
    const body = group.list.bodies[position] ?? {};
    this.#collect(body, group, position);
    const { lifecycle } = body;
    if (lifecycle !== undefined) {
      for (const trigger of replacementTriggers(body)) {
        this.#put(`\${${trigger.target}}`, group, position);
      }
    }
  }

  /** Takes in a module call or a provider configuration. */
  addOther(block: Block): void {
    for (const reference of referencesIn(block.body, new Map())) {
      const blocks = this.#others.get(reference.target) ?? [];
      blocks.push(block);
      this.#others.set(reference.target, blocks);
    }
  }

  /** Every block that refers to the name, each at least once. */
  usersOf(impact: Impact, target: string): readonly Block[] {
    this.#texts ??= this.#textsByTarget(impact);
    const groups = (this.#texts.get(target) ?? []).flatMap((text) => this.#users.get(text) ?? []);
    const blocks = groups.flatMap(({ kind, list, positions, type }) =>
      positions.map((at) => blockOf(kind, type, list.names[at] ?? '', list.bodies[at] ?? {})),
    );
    return [...blocks, ...(this.#others.get(target) ?? [])];
  }

  #textsByTarget(impact: Impact): Map<string, string[]> {
    const found = new Map<string, string[]>();
    for (const text of this.#users.keys()) {
      for (const target of impact.targetsOf(text)) {
        const texts = found.get(target) ?? [];
        texts.push(text);
        found.set(target, texts);
      }
    }
    return found;
  }

  #collect(value: Json, group: Omit<Users, 'positions'>, position: number): void {
    if (typeof value === 'string') {
      if (mayBeTemplate(value)) {
        this.#put(value, group, position);
      }
    } else if (value !== null && typeof value === 'object') {
      for (const item of Object.values(value as JsonObject)) {
        this.#collect(item, group, position);
      }
    }
  }

  #put(text: string, group: Omit<Users, 'positions'>, position: number): void {
    const groups = this.#users.get(text);
    const last = groups?.at(-1);
    if (groups === undefined) {
      this.#users.set(text, [{ ...group, positions: [position] }]);
    } else if (last === undefined || last.list !== group.list) {
      groups.push({ ...group, positions: [position] });
    } else if (last.positions.at(-1) !== position) {
      last.positions.push(position);
    }
  }
}
