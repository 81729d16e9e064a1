/**
 * The plan: a serialisable, versioned list of resource changes. Everything after it (risk, rules, gate, release,
 * renderers) reads this one shape, whether the plan was computed offline from two bundles or read from Terraform.
 *
 * Never collapsed: an action list stays whole (`["delete","create"]` and `["create","delete"]` are both a
 * replacement), an unknown value stays unknown, a sensitive value never leaves this structure unmasked.
 */

import type { Result } from '../json/result.ts';

export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json;
}

/** Terraform's own action words, in Terraform's own order. */
export type Action = 'no-op' | 'create' | 'read' | 'update' | 'delete' | 'forget';

/** What a reader calls the action list as a whole. */
export type ChangeKind =
  | 'create'
  | 'update'
  | 'delete'
  | 'replace'
  | 'move'
  | 'import'
  | 'read'
  | 'forget'
  | 'no-op';

/**
 * What a reader is told: `undetermined` where the configuration does not tell what a change destroys, `may-replace` where a
 * replacement is the worst of what may follow.
 */
export type DisplayKind = ChangeKind | 'undetermined' | 'may-replace';

/**
 * One step into a value: a key, an index, or an element of a list with identity
 * (`{ by: 'ref', is: 'block-admin' }` is the rule whose `ref` is block-admin).
 */
export type PathSegment = string | number | { readonly by: string; readonly is: string };
export type Path = readonly PathSegment[];

export type AttributeChangeKind = 'added' | 'removed' | 'changed' | 'moved';

export interface AttributeChange {
  readonly path: Path;
  readonly kind: AttributeChangeKind;
  /** Absent when the attribute did not exist on that side. Never masked here: renderers mask by `sensitive`. */
  readonly before?: Json;
  readonly after?: Json;
  /** For `moved`: positions in the ordered list. Evaluation order is meaning for WAF rules. */
  readonly fromIndex?: number;
  readonly toIndex?: number;
  /** The value after the change cannot be known before apply. */
  readonly unknown: boolean;
  /** Marked by the provider, or looks like a secret. */
  readonly sensitive: boolean;
  readonly forcesReplacement: boolean;
}

/**
 * What a plan holds that changes nothing: values that only the provider computes anew, and values (defaults, sets, texts)
 * that are only spelled otherwise. Never listed, in no share and under no rule; counted, so that nobody thinks it was missed.
 */
export interface Folded {
  readonly recomputed: number;
  readonly respelled: number;
}

/** Terraform's `lifecycle` block, as written in the configuration. */
export interface Lifecycle {
  readonly preventDestroy: boolean;
  readonly createBeforeDestroy: boolean;
  /** Attribute names, or `["all"]`. */
  readonly ignoreChanges: readonly string[];
}

export interface ResourceChange {
  /** Terraform address without the stack, for example `cloudflare_dns_record.shop_apex_a`. */
  readonly address: string;
  readonly stack: string;
  readonly mode: 'managed' | 'data';
  readonly type: string;
  readonly name: string;
  /** `for_each` or `count` key, when the plan comes from a configuration that uses them. */
  readonly index?: string | number;
  /** Provider source address, for example `registry.terraform.io/cloudflare/cloudflare`. */
  readonly provider: string;
  readonly actions: readonly Action[];
  readonly before: JsonObject | null;
  readonly after: JsonObject | null;
  /** Paths inside `after` that are not known before apply. */
  readonly unknown: readonly Path[];
  readonly sensitive: readonly Path[];
  /** Paths that force the replacement; empty unless the change is one. */
  readonly replacePaths: readonly Path[];
  /** The replacement is the worst of what may follow: Terraform may update in place, or do nothing. See `possible.ts`. */
  readonly replacement?: 'possible';
  /** Set by a `moved` block or by Terraform: proven, no destroy happens. */
  readonly movedFrom?: string;
  /** What exists at Cloudflare under this id comes under management; the id as far as it can be told. */
  readonly importing?: string;
  /** A deletion and a creation that look like one renamed resource. Both stay in the plan; this is advice. */
  readonly probableMoveFrom?: string;
  readonly probableMoveTo?: string;
  /** Zone name (`shop.example`) if it can be told, else the `zone_id` as written; null for account-level resources. */
  readonly zone: string | null;
  readonly attributes: readonly AttributeChange[];
  /** Attributes beside the listed ones; absent when there are none. */
  readonly folded?: Folded;
  readonly lifecycle: { readonly before: Lifecycle | null; readonly after: Lifecycle | null };
}

/** A resource that a plan leaves as it is. Rules see some of them beside a change, to say what it does to them. */
export interface UnchangedResource {
  readonly stack: string;
  readonly address: string;
  readonly type: string;
  /** As in a change. */
  readonly zone: string | null;
  readonly values: JsonObject;
}

/** What surrounds the resources of a stack: what rules about providers, backends and provisioners read. */
export interface StackSettings {
  /** For example `{ s3: { bucket, key, … } }`; null when the configuration names none. */
  readonly backend: JsonObject | null;
  readonly providers: readonly {
    readonly name: string;
    readonly source: string;
    readonly version: string | null;
  }[];
  /** Addresses of resources that have a provisioner or a connection block. */
  readonly provisioners: readonly string[];
  readonly dataSources: readonly { readonly address: string; readonly type: string }[];
  readonly modules: readonly { readonly name: string; readonly source: string }[];
  /** What Terraform must not even plan, as `place: what`; see scripts/plan/dangers/dangers.ts. */
  readonly dangers: readonly string[];
  /** sha256 of everything around the resources and data sources; null when it is not known. */
  readonly remainder: string | null;
}

export interface ZoneTotals {
  readonly zone: string;
  /** Managed resources of the zone on each side. */
  readonly before: number;
  readonly after: number;
}

export interface StackPlan {
  readonly stack: string;
  /** Only what differs: pure no-ops are counted in `totals`, not listed. Sorted by address. */
  readonly changes: readonly ResourceChange[];
  /** Resources beside the listed ones; absent when there are none. */
  readonly folded?: Folded;
  readonly totals: { readonly before: number; readonly after: number };
  readonly zones: readonly ZoneTotals[];
  readonly settings: { readonly before: StackSettings | null; readonly after: StackSettings | null };
  /** sha256 of the canonical bundle of each side; null where there is none. */
  readonly bundles: { readonly before: string | null; readonly after: string | null };
}

export interface Plan {
  readonly kind: 'sluice.plan';
  readonly version: 1;
  readonly source: 'configuration' | 'terraform';
  /** Sorted by stack name; one entry for every stack in scope, also when nothing changes in it. */
  readonly stacks: readonly StackPlan[];
  /** That it concerns, as a person reads them; where it was printed for another program. No part of its effect. */
  readonly hosts?: readonly string[];
}

/** The canonical synthesized configuration of one stack. `configuration` has no `//` metadata and sorted keys. */
export interface Bundle {
  readonly kind: 'sluice.bundle';
  readonly version: 1;
  readonly stack: string;
  readonly configuration: JsonObject;
}

/** Where in a text something stands; lines and columns count from 1. */
export interface SourceLocation {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** One problem in an input, with its place. */
export interface Diagnostic {
  readonly location?: SourceLocation;
  readonly message: string;
  readonly expected?: string;
  readonly found?: string;
  readonly fix?: string;
}

/** The result of reading something from outside: a value, or everything that is wrong with it. */
export type Parsed<T> = Result<T, { readonly diagnostics: readonly Diagnostic[] }>;
