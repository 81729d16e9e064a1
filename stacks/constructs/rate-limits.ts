/** Rate limiting rules of a zone. */
import { Construct } from 'constructs';
import { EstateError } from './checks/estate-error.ts';
import type { RuleIdentity } from './checks/ruleset-checks.ts';
import { emergencyDescription, switchedOff } from './emergency/rules.ts';
import { declareZoneRuleset, placeOfRuleset, type ZoneRule } from './zone-ruleset.ts';
import type { Zone } from './zone.ts';

/** Counting periods that Cloudflare offers, in seconds. */
const periods = [
  10, 15, 20, 30, 40, 45, 60, 90, 120, 180, 240, 300, 480, 600, 900, 1200, 1800, 2400, 3600,
] as const;

export interface RateLimit extends RuleIdentity {
  readonly action: 'block' | 'managed_challenge' | 'log';
  /** What a client is, beside the data centre, which is always counted: for example `ip.src`. */
  readonly per: readonly string[];
  readonly requests: number;
  readonly periodSeconds: (typeof periods)[number];
  /** How long the action goes on after the limit was passed; 0 acts on the excess only. */
  readonly mitigationSeconds: number;
  /** Which requests count, when not the same as those acted on; may read the response. */
  readonly counting?: string;
  readonly enabled?: boolean;
}

export class RateLimits extends Construct {
  /** Of the limits that the zone always has. */
  readonly refs: readonly string[];

  constructor(zone: Zone, always: readonly RateLimit[]) {
    super(zone, 'rate-limits');
    this.refs = always.map(({ ref }) => ref);
    const place = placeOfRuleset(zone, 'rate_limits');
    declareZoneRuleset(this, zone, {
      subject: 'rate_limits',
      phase: 'http_ratelimit',
      description: `Rate limits of ${zone.domain}`,
      rules: [...emergencyLimits(zone, place), ...switchedOff(zone, always)].map((limit) =>
        asRule(place, limit),
      ),
    });
  }
}

/** By address, for a minute: what every plan offers. */
function emergencyLimits(zone: Zone, place: string): readonly RateLimit[] {
  const moves = zone.stack.moves.limits?.filter((move) => move.zone === zone.domain) ?? [];
  return moves.map((move) => ({
    ref: move.ref,
    description: emergencyDescription(`${place}#${move.ref}`, move.description, move),
    expression: move.expression,
    action: 'block',
    per: ['ip.src'],
    requests: move.requestsPerMinute,
    periodSeconds: 60,
    mitigationSeconds: 60,
  }));
}

function asRule(place: string, limit: RateLimit): ZoneRule {
  if (!Number.isInteger(limit.requests) || limit.requests < 1) {
    throw new EstateError(
      `${place}#${limit.ref}`,
      `${limit.requests} requests`,
      'Use a whole number from 1 up',
    );
  }
  if (limit.per.length === 0 || limit.per.includes('cf.colo.id')) {
    throw new EstateError(
      `${place}#${limit.ref}`,
      'the limit does not say what a client is',
      'Name characteristics such as ip.src; cf.colo.id is added by itself',
    );
  }
  return {
    ref: limit.ref,
    description: limit.description,
    expression: limit.expression,
    action: limit.action,
    enabled: limit.enabled ?? true,
    ratelimit: {
      // The API requires the data centre among the characteristics: counters are kept per data centre.
      characteristics: ['cf.colo.id', ...limit.per],
      period: limit.periodSeconds,
      requestsPerPeriod: limit.requests,
      mitigationTimeout: limit.mitigationSeconds,
      ...(limit.counting !== undefined && { countingExpression: limit.counting }),
    },
  };
}
