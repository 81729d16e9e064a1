/**
 * Compares the replayed old rules with what Cloudflare recorded. Only what the rules of the estate decide can agree or
 * disagree: a request that a managed rule, a rate limit or another product stopped says nothing about them.
 */
import type { RecordedOutcome } from '../traffic/record.ts';
import { actionOf } from './judge.ts';
import type { RequestOutcome, RequestVerdict } from '../rulesets/ruleset-run.ts';

export interface Calibrated {
  readonly agrees: boolean;
  readonly recorded: string;
  readonly replayed: string;
}

/** `SecuritySources` of rules that the estate holds and the runner decides; Cloudflare documentation, firewall events. */
const ownSources: ReadonlySet<string> = new Set(['firewallcustom', 'firewallrules']);

/** Recorded names of what a challenge came to, beside the action itself; Cloudflare documentation, security actions. */
const challenges = /^(?:js|managed|interactive)?_?challenge/u;

/** Null when the two cannot be compared. */
export function calibrate(recorded: RecordedOutcome, replayed: RequestVerdict): Calibrated | null {
  const stopped = recorded.actions.findIndex((action) => isTerminating(action));
  const source = (recorded.sources[stopped] ?? '').toLowerCase();
  const isForeign = stopped !== -1 && source !== '' && !ownSources.has(source);
  if (replayed.outcome === null || isForeign) {
    return null;
  }
  const was = stopped === -1 ? 'pass' : coarse(recorded.actions[stopped] ?? '');
  const now = securityEffect(replayed.outcome);
  return {
    agrees: was === now && (was === 'pass' || isSameRule(recorded, stopped, replayed)),
    recorded: named(was, recorded.refs[stopped]),
    replayed: now === 'pass' ? now : named(actionOf(replayed), replayed.outcome.rule ?? undefined),
  };
}

/** A redirect or an error page is not a security action: the log shows nothing of it. */
function securityEffect({ effect }: RequestOutcome): 'block' | 'challenge' | 'pass' {
  return effect === 'block' || effect === 'challenge' ? effect : 'pass';
}

function named(action: string, rule: string | undefined): string {
  return rule === undefined || rule === '' ? action : `${action} by ${rule}`;
}

/** Logs name rules by id, which configuration does not have: only where there is a `ref` can it be compared. */
function isSameRule(recorded: RecordedOutcome, at: number, { outcome }: RequestVerdict): boolean {
  const ref = recorded.refs[at];
  return ref === undefined || ref === '' || outcome?.rule === ref;
}

function isTerminating(action: string): boolean {
  const lower = action.toLowerCase();
  return lower === 'block' || lower === 'drop' || challenges.test(lower);
}

function coarse(action: string): 'block' | 'challenge' {
  return challenges.test(action.toLowerCase()) ? 'challenge' : 'block';
}
