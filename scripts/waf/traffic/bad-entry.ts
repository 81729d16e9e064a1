/** What a reader of documents says of an entry that is not a request that can be used; the others of the document are. */
export interface BadEntry {
  /** Why, for a person. */
  readonly bad: string;
  /** From 1. */
  readonly line: number;
}
