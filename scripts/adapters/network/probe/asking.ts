/** What the three kinds of questions have in common. */
import type { Reachable } from './reachable.ts';

/** What one question needs. */
export interface Asking {
  readonly resolve: ReadonlyMap<string, string>;
  readonly reachable: Reachable;
  readonly trusted: string | undefined;
  readonly timeoutMs: number;
  readonly now: () => string;
  readonly signal: AbortSignal;
}

export interface ProbeAnswer {
  readonly ok: boolean;
  readonly detail: string;
  /** It goes to an address that probes do not go to; it was not made. */
  readonly refused?: true;
}
