/**
 * What the provider does with a resource beyond its schema: what deleting and updating it does, what a read takes over
 * from Cloudflare, what it computes anew on every update, and which other values Cloudflare may report for a while.
 *
 * The table was read from the sources of the pinned provider and of Cloudflare's client (see its `source`). A type that is
 * not in it is unknown, and nothing may be concluded about it: callers assume the worst and say so.
 */
import { factsOf } from './facts.ts';
import type { Spelling } from './spelling.ts';
import type { Json } from '../plan/types.ts';
import table from './behaviour.json' with { type: 'json' };

/** A default that holds only for some kinds of an object. */
export interface ConditionalDefault {
  readonly path: string;
  readonly when: { readonly path: string; readonly in: readonly string[] };
  readonly value: string | number | boolean;
}

/** Paths are written `a.b[].c`. Whatever is left out holds for no attribute. */
export interface Behaviour {
  /**
   * `keeps-value`: destroying it changes nothing at Cloudflare. `unsupported`: this call fails, and every other of the type.
   * Absent: it is deleted.
   */
  readonly delete?: 'keeps-value' | 'unsupported';
  /**
   * No update in place reaches Cloudflare: the provider does nothing (`empty`, whereupon Terraform finds another result than it
   * planned), fails (`error`), or writes modules into the state (`copies-modules`).
   */
  readonly update?: 'empty' | 'error' | 'copies-modules';
  /** Forces replacement only when the new configuration sets it. */
  readonly replaceIfConfigured?: readonly string[];
  /** What a read takes over: nothing, only whether it exists, only computed attributes. Absent: all but `notRefreshed`. */
  readonly refresh?: 'none' | 'existence' | 'computed';
  /** Configurable attributes whose change outside of Terraform no plan shows. */
  readonly notRefreshed?: readonly string[];
  /**
   * Unknown in the plan of every update. `rules[].last_updated` and `rules[].version` of a ruleset are of earlier versions
   * 5.x (cloudflare/terraform-provider-cloudflare issue 5419, read on 2026-11-30); this one has no such attributes.
   */
  readonly recomputed?: readonly string[];
  /** Unknown in the plan of every update that does not configure them. */
  readonly recomputedUnlessConfigured?: readonly string[];
  /** The same in plans of earlier versions 5.x: cloudflare/terraform-provider-cloudflare issues 5517 and 5858, read on 2026-11-30. */
  readonly recomputedEarlier?: readonly string[];
  /** Exceptions from `recomputed`: the provider's plan function puts the value of the state back on every update. */
  readonly retainedByPlan?: readonly string[];
  /** Put back by the plan function as well, unless the update is about them; nothing may be concluded from it. */
  readonly retainedUnlessConcerned?: readonly string[];
  /** For each configured value what Cloudflare may report of it: `active` is `pending` until others have acted. */
  readonly reportedFor?: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
  /** Values of computed attributes that are on the way to another one. */
  readonly onTheWay?: Readonly<Record<string, readonly string[]>>;
  /** Attributes of the schema's file that the provider does not serve. */
  readonly notServed?: readonly string[];
  readonly conditionalDefaults?: readonly ConditionalDefault[];
  /** What an absent attribute is equal to: what the provider's read or plan function takes for the same. */
  readonly absentAs?: readonly (Omit<ConditionalDefault, 'when' | 'value'> &
    Partial<Pick<ConditionalDefault, 'when'>> & { readonly value: Json })[];
  /** Lists whose order the provider ignores. */
  readonly unordered?: readonly string[];
  /** Attributes with more than one spelling for a value, see scripts/provider/spelling.ts. */
  readonly spellings?: Readonly<Record<string, Spelling>>;
}

const resources = table.resources as unknown as Readonly<Record<string, Behaviour>>;

/** The behaviour of a Cloudflare type, or null when this provider or type is not in the table. */
export function behaviourOf(type: string, provider: string): Behaviour | null {
  return factsOf(type, provider) !== null && Object.hasOwn(resources, type)
    ? (resources[type] ?? null)
    : null;
}
