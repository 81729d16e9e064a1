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
