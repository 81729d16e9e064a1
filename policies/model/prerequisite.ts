/** Other changes as a decision has them: those that come first, and those that are planned beside. */
import type { Category } from './record.ts';

/** A change that has to come first (`dependsOn`), as the ledger has it. */
export interface Prerequisite {
  readonly changeId: string;
  /** On every stack of its record, which may be none; null when the default branch has no such record. */
  readonly stacks:
    | readonly {
        readonly stack: string;
        /** `rolled-back`: it was in force, and a rollback took it back or is about to. */
        readonly state: 'in-force' | 'rolled-back' | 'not-released';
      }[]
    | null;
}

/** A change of the default branch, so an approved one, that has not ended and is not released on all of its stacks. */
export interface UpcomingChange {
  readonly changeId: string;
  readonly client: string;
  /** Of a change of several. */
  readonly clients?: readonly string[];
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
