/**
 * Rate limits with real counters, kept by this one edge: Cloudflare counts per data centre and with some delay. A limit
 * acts on the request after the configured number within the period; with a mitigation timeout it then acts on every
 * request of the same client until that time is over, and those do not count again; without one only on the excess.
 */
import { objectAt, textAt, textsAt } from '../../waf/rulesets/attributes.ts';
import type { JsonObject } from '../../plan/types.ts';
import { Unknown, type RequestFields } from '../../waf/evaluate/runtime.ts';
import type { MatchedRule } from '../../waf/rulesets/ruleset-run.ts';
import { numberAt } from './actions.ts';
import type { Answer, Notes } from './answer.ts';
import type { EdgeZone } from './estate.ts';
import { definite, withResponse } from './headers.ts';

interface LimitCounter {
  /** Time and weight of what counts, oldest first. */
  readonly events: { readonly at: number; readonly weight: number }[];
  mitigatedUntil: number;
}

export interface LimitHit {
  readonly rule: string;
  readonly action: string;
  readonly parameters: JsonObject;
  readonly retryAfterSeconds: number;
}

/** What a limit has to count when the answer is known. */
interface Pending {
  readonly counter: LimitCounter;
  readonly configured: JsonObject;
}

interface LimitedRequest {
  readonly zone: EdgeZone;
  readonly fields: RequestFields;
  readonly notes: Notes;
  /** True for a client that has passed a challenge: a challenge of a limit lets it on. */
  readonly isCleared: boolean;
}

/** More than any limit that can be configured asks for within its period in a sandbox. */
const mostEvents = 100_000;

/** At most this many clients are counted at once; the one counted longest ago is forgotten. */
const mostCounters = 10_000;

export class EdgeLimits {
  readonly #counters = new Map<string, LimitCounter>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Counts the request. Gives the first limit that acts on it, and what is still to be counted after the answer. */
  check(
    limits: readonly MatchedRule[],
    limited: LimitedRequest,
  ): { readonly hit: LimitHit | null; readonly pending: readonly Pending[] } {
    const pending: Pending[] = [];
    for (const { match, rule } of definite(limits, limited.zone)) {
      const limit = objectAt(rule.attributes, 'ratelimit');
      const counter = this.#counterOf(`${match.ruleset}/${match.rule}`, limit, limited);
      if (counter === null) {
        limited.notes.undecided(`${match.rule} (a characteristic)`);
        continue;
      }
      if (countsLater(limit)) {
        pending.push({ counter, configured: limit });
      } else if (counter.mitigatedUntil <= this.#now()) {
        counter.events.push({ at: this.#now(), weight: 1 });
      }
      const retryAfterSeconds = this.#mitigates(counter, limit);
      if (retryAfterSeconds !== null && stops(match.action, limited.isCleared)) {
        return {
          hit: { rule: match.rule, action: match.action, parameters: rule.parameters, retryAfterSeconds },
          pending,
        };
      }
    }
    return { hit: null, pending };
  }

  /** Counts what depends on the answer. */
  settle(
    pending: readonly Pending[],
    answer: Answer,
    limited: LimitedRequest & { readonly fromCache: boolean },
  ): void {
    for (const { counter, configured } of pending) {
      const weight = weightOf(configured, answer, limited);
      if (weight instanceof Unknown) {
        limited.notes.undecided(`count of a rate limit (${weight.causes.join(' ')})`);
      } else if (weight > 0) {
        counter.events.push({ at: this.#now(), weight });
        this.#mitigates(counter, configured);
      }
    }
  }

  /** Seconds for which the limit acts on; null when it does not act. */
  #mitigates(counter: LimitCounter, limit: JsonObject): number | null {
    const now = this.#now();
    const periodMs = secondsAt(limit, 'period') * 1000;
    forget(counter, now - periodMs);
    if (counter.mitigatedUntil > now) {
      return Math.ceil((counter.mitigatedUntil - now) / 1000);
    }
    const counted = counter.events.reduce((sum, { weight }) => sum + weight, 0);
    const most = numberAt(limit, 'score_per_period') ?? numberAt(limit, 'requests_per_period');
    if (most === null || counted <= most) {
      return null;
    }
    const timeoutMs = secondsAt(limit, 'mitigation_timeout') * 1000;
    counter.mitigatedUntil = now + timeoutMs;
    const oldest = counter.events[0]?.at ?? now;
    return Math.ceil((timeoutMs === 0 ? oldest + periodMs - now : timeoutMs) / 1000);
  }

  #counterOf(rule: string, limit: JsonObject, { zone, fields }: LimitedRequest): LimitCounter | null {
    const values = textsAt(limit, 'characteristics').map((text) => zone.value(text)(fields));
    if (values.some((value) => value instanceof Unknown)) {
      return null;
    }
    const key = JSON.stringify([rule, ...values.map(keyOf)]);
    const counter = this.#counters.get(key) ?? { events: [], mitigatedUntil: 0 };
    this.#counters.delete(key);
    this.#counters.set(key, counter);
    const [oldest] = this.#counters.keys();
    if (this.#counters.size > mostCounters && oldest !== undefined) {
      this.#counters.delete(oldest);
    }
    return counter;
  }
}

function secondsAt(limit: JsonObject, key: string): number {
  return numberAt(limit, key) ?? 0;
}

/** Drops what happened at `until` or before, and what is more than can be kept. */
function forget({ events }: LimitCounter, until: number): void {
  const firstRecent = events.findIndex(({ at }) => at > until);
  events.splice(0, Math.max(firstRecent === -1 ? events.length : firstRecent, events.length - mostEvents));
}

function keyOf(value: unknown): unknown {
  return typeof value === 'object' && value !== null && 'family' in value
    ? JSON.stringify(value, (_, part: unknown) => (typeof part === 'bigint' ? part.toString() : part))
    : (value ?? null);
}

function stops(action: string, isCleared: boolean): boolean {
  return action !== 'log' && !(isCleared && action.endsWith('challenge'));
}

function countsLater(limit: JsonObject): boolean {
  return (
    textAt(limit, 'counting_expression') !== '' ||
    limit['requests_to_origin'] === true ||
    numberAt(limit, 'score_per_period') !== null
  );
}

function weightOf(
  limit: JsonObject,
  answer: Answer,
  { zone, fields, fromCache }: LimitedRequest & { readonly fromCache: boolean },
): number | Unknown {
  const expression = textAt(limit, 'counting_expression');
  const counts = expression === '' ? true : zone.test(expression)(withResponse(fields, answer));
  if (counts instanceof Unknown) {
    return counts;
  }
  if (!counts || (limit['requests_to_origin'] === true && fromCache)) {
    return 0;
  }
  if (numberAt(limit, 'score_per_period') === null) {
    return 1;
  }
  const score = answer.headers.get(textAt(limit, 'score_response_header_name') || 'x-score');
  return score !== null && /^\d{1,9}$/.test(score) ? Number(score) : 0;
}
