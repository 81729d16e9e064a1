/** What became of the requests that must pass: how hard each was stopped before, and how hard it is now. */
import type { MustPassResult } from '../../model/traffic.ts';

/** From let through to answered with an error; a redirect is an answer of its own. Unknown actions stop. */
const gravity: Readonly<Record<string, number>> = {
  pass: 0,
  redirect: 1,
  managed_challenge: 2,
  js_challenge: 2,
  challenge: 2,
};
const stopped = 3;

export type MustPassState = 'passes' | 'redirected' | 'stopped' | 'was-stopped' | 'unknown' | 'was-unknown';

/**
 * `stopped`: harder than before, or nobody knows how it was before. `was-stopped`: the old rules did the same or worse.
 * `was-unknown`: left open, by the same rules as before. Whatever else cannot be told now is unknown.
 */
export function mustPassState({ before, after, change }: MustPassResult): MustPassState {
  if (after === 'unknown') {
    return before === 'unknown' && change === 'unchanged' ? 'was-unknown' : 'unknown';
  }
  const now = gravityOf(after);
  if (now === gravity['pass']) {
    return 'passes';
  }
  if (before !== 'unknown' && gravityOf(before) >= now) {
    return 'was-stopped';
  }
  return after === 'redirect' ? 'redirected' : 'stopped';
}

function gravityOf(action: string): number {
  return Object.hasOwn(gravity, action) ? (gravity[action] ?? stopped) : stopped;
}

/** `acme/office-london`: what findings about a case are about. */
export function caseSubject({ client, name }: MustPassResult): string {
  return `${client}/${name}`;
}

/** The case for a message: what it is, why it must pass, where it is written. */
export function caseText({ name, why, location }: MustPassResult): string {
  return `${name} (${why}; ${location.file}:${String(location.line)})`;
}
