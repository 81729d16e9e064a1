/** What is asked of git by name: nothing else is read, listed or fetched on the way, however much there is. */

/** One entry of a whole tree, whatever it is; a plain file is `100644`. */
export interface TreeEntry {
  readonly path: string;
  readonly mode: string;
  /** Of the object in git. */
  readonly id: string;
}

export interface BlobText {
  /** Null when it was not read, for the reason in `unread`. */
  readonly text: string | null;
  readonly unread: string | null;
}

export interface GitSingles {
  /** Texts of blobs by their ids, in the order of the ids. Throws InputError where one is not in this clone. */
  blobs(ids: readonly string[]): Promise<readonly BlobText[]>;
  /** The id that git gives to a blob with this text. */
  blobId(text: string): Promise<string>;
  /** The commit of one reference by its whole name, without listing the others; null when there is none. */
  reference(name: string): Promise<string | null>;
  /** Whether there is any reference below this name, which ends in a slash. */
  hasReferences(below: string): Promise<boolean>;
  /** The commits that a commit names as its parents, in their order. */
  parents(commit: string): Promise<readonly string[]>;
  /** Brings a local branch alone to where `origin` has it. Throws ExternalError where that is not further along. */
  fetchTip(branch: string): Promise<void>;
  /** Commits of these references on `origin`, by their whole names; what is not there is left out. Asks for no others. */
  referencesOnOrigin(names: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** Brings these tags of `origin`; one that is here already is never moved. */
  fetchTags(tags: readonly string[]): Promise<void>;
}
