/** What the rest of Sluice may ask about an expression of the Rules language. Nothing else looks inside one. */

export interface ExpressionDiagnostic {
  readonly line: number;
  readonly column: number;
  readonly severity: 'error' | 'warning';
  readonly message: string;
  /** What to write instead. */
  readonly suggestion?: string;
}

/** What a positive condition confines an expression to. */
export type Confinement = 'host' | 'path' | 'address' | 'list';

export interface ExpressionAnalysis {
  /** False when the text is not an expression of the language; everything below is then empty or unknown. */
  readonly parsed: boolean;
  readonly diagnostics: readonly ExpressionDiagnostic[];
  /** Field names used, sorted, without map keys (`http.request.headers`). */
  readonly fields: readonly string[];
  /** `$lists` used, without the dollar. */
  readonly lists: readonly string[];
  /** Provably always true or always false; null when it depends on the request. */
  readonly constant: boolean | null;
  /**
   * The hosts that the expression is confined to, when it can only be true for those; `all` when it is provably not
   * confined by host; `unknown` when neither can be told.
   */
  readonly hosts: readonly string[] | 'all' | 'unknown';
  /** True when the expression is confined by path, host, method, address, list or any other condition at all. */
  readonly scoped: boolean;
  /**
   * Positive conditions that it cannot be true without, sorted: a host, a path, addresses that are not nearly all, a
   * list. Empty when it can be true without any; `http.host ne "x"` or `path starts with /` confine nothing.
   */
  readonly confinedBy: readonly Confinement[];
}
