/** What a branch changes in the packages that the tool is made of. */

/** One value that differs in a file of the packages; a value that is not text is its JSON behind a colon. */
export interface PackageDifference {
  readonly file: 'package.json' | 'package-lock.json';
  readonly path: readonly string[];
  /** Null where there is none on that side. */
  readonly before: string | null;
  readonly after: string | null;
}
