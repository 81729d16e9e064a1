/**
 * What is wrong with an expression, with its exact place. `syntax` and `type` problems mean that Cloudflare would refuse
 * the text; `unknown-name` means that we cannot evaluate it; `context` that the phase, plan or date does not allow it.
 */
import type { TextSpan } from './ast.ts';
import type { ExpressionDiagnostic } from './types.ts';

type DiagnosticCategory = 'syntax' | 'type' | 'unknown-name' | 'context' | 'limit' | 'style';

export interface LanguageDiagnostic extends ExpressionDiagnostic {
  /** Stable name of the mistake, such as `not-before-operator`. */
  readonly code: string;
  readonly category: DiagnosticCategory;
  readonly span: TextSpan;
  /** What could have stood there. */
  readonly expected?: readonly string[];
}

export interface ExpressionProblem {
  readonly code: string;
  readonly category: DiagnosticCategory;
  readonly severity?: 'error' | 'warning';
  readonly message: string;
  readonly suggestion?: string;
  readonly expected?: readonly string[];
}

/** More than this many messages help nobody, and keep a hostile text from filling memory. */
export const maxDiagnostics = 50;

/** Collects problems and turns offsets into lines and columns (both from 1, columns in UTF-16 code units). */
export class DiagnosticLog {
  readonly #lineStarts: readonly number[];
  readonly #found: LanguageDiagnostic[] = [];
  readonly #seen = new Set<string>();

  constructor(text: string) {
    const starts = [0];
    for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) {
      starts.push(at + 1);
    }
    this.#lineStarts = starts;
  }

  /** True when no further message will be kept; callers may skip costly suggestions then. */
  get isFull(): boolean {
    return this.#found.length >= maxDiagnostics;
  }

  add(problem: ExpressionProblem, span: TextSpan): void {
    const key = `${problem.code}@${span.start}`;
    if (this.isFull || this.#seen.has(key)) {
      return;
    }
    this.#seen.add(key);
    const line = this.#lineOf(span.start);
    const column = span.start - (this.#lineStarts[line - 1] ?? 0) + 1;
    this.#found.push({ ...problem, severity: problem.severity ?? 'error', line, column, span });
  }

  /** All that was found, in the order of the text. */
  sorted(): readonly LanguageDiagnostic[] {
    return this.#found.toSorted((a, b) => a.span.start - b.span.start || (a.code < b.code ? -1 : 1));
  }

  #lineOf(offset: number): number {
    let low = 0;
    let high = this.#lineStarts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#lineStarts[middle] ?? 0) <= offset) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low + 1;
  }
}

/** True when a finding means that the text is not an expression of the language. */
export function isRefused(diagnostics: readonly LanguageDiagnostic[]): boolean {
  return diagnostics.some(
    ({ severity, category, code }) =>
      severity === 'error' && (category === 'syntax' || category === 'type' || code === 'nesting-limit'),
  );
}
