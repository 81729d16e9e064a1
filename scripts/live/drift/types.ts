/** What is live and not as it was released. */
import type { ResourceChange } from '../../plan/types.ts';

/** One object of a stack that is live with other values than those that were released, or not at all. */
export interface DriftedObject {
  readonly kind: 'changed' | 'deleted';
  /** From what was released to what is live. */
  readonly change: ResourceChange;
}

/** An object of which it cannot be told whether it drifted, with the reason as the end of a sentence. */
export interface NotCompared {
  readonly address: string;
  readonly type: string;
  readonly reason: string;
}

/** Live, and in the state of no stack. */
export interface UnmanagedObject {
  readonly type: string;
  readonly id: string;
  /** For people: `A www.shop.example 203.0.113.4`. */
  readonly identity: string;
  /** Where it is, below the API's base. */
  readonly path: string;
}

export interface StackDrift {
  readonly stack: string;
  /** The release whose values were compared with what is live: `R0006`. */
  readonly release: string;
  readonly drifted: readonly DriftedObject[];
  /** How many objects of the stack were compared, and by which way. */
  readonly compared: { readonly listed: number; readonly single: number; readonly refreshed: number };
  readonly notCompared: readonly NotCompared[];
  /**
   * Where the state is not as it was released, as the end of a sentence about the address: somebody ran Terraform past Sluice,
   * and Cloudflare agrees with that state.
   */
  readonly state: readonly { readonly address: string; readonly what: string }[];
}

export interface DriftReport {
  readonly kind: 'sluice.drift';
  readonly version: 1;
  readonly at: string;
  readonly target: 'sandbox' | 'cloudflare';
  readonly stacks: readonly StackDrift[];
  /** Stacks that were not compared, with the reason. */
  readonly skipped: readonly { readonly stack: string; readonly reason: string }[];
  /** Null where not all stacks were read: then nobody can tell what belongs to none of them. */
  readonly unmanaged: readonly UnmanagedObject[] | null;
  /** Objects that were listed, and how many of them are in a stack; null likewise. */
  readonly coverage: { readonly listed: number; readonly managed: number } | null;
  /** Lists and objects that were not to be had, with the reason. */
  readonly failed: readonly { readonly path: string; readonly reason: string }[];
  /** Requests to Cloudflare's API; those of Terraform's refresh are one or more for each refreshed object. */
  readonly requests: number;
}
