/** What a pull request would make of the default branch, as far as the gate has to read it to go on deciding. */

/** One entry of a tree, as git has it: files, links and commits of other repositories alike. */
export interface ProposedEntry {
  readonly path: string;
  /** Six octal digits. */
  readonly mode: string;
}

/** Something at a place that must not get onto the default branch. Holds no text of the file. */
export interface ProposalFault {
  /** Printable: a name that could hide something is spelled out. */
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly text: string;
  readonly fix: string;
}

/** The default branch's own policy data does not read: what is decided with instead. */
export interface PolicyFallback {
  /** The newest commit of the default branch whose data reads. */
  readonly sha: string;
  /** Why the default branch's does not. */
  readonly faults: readonly ProposalFault[];
}

export interface Proposal {
  readonly faults: readonly ProposalFault[];
  /** Null when the default branch's own policy data reads. */
  readonly fallback: PolicyFallback | null;
}
