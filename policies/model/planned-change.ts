import type { Category } from './record.ts';

/** A change of the default branch, so an approved one, that has not ended and is not released on all of its stacks. */
export interface PlannedChange {
  readonly changeId: string;
  readonly client: string;
  /** Empty where its record does not say which. */
  readonly service: string;
  /** Null where its record leaves them to a plan that is not at hand. */
  readonly stacks: readonly string[] | null;
  readonly category: Category | null;
  /** As its record names them: ids of the register, addresses, `stack/address`. */
  readonly configurationItems: readonly string[];
  /** Person id. */
  readonly implementer: string | null;
  /** RFC 3339, half-open; the end is that of its slot, or of its work and rollback where that is later. */
  readonly start: string;
  readonly end: string;
}
