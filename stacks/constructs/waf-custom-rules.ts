/** Custom WAF rules of a zone: one ruleset, in the order given. Order is meaning: the first terminating match wins. */
import { Construct } from 'constructs';
import type { AddressList } from './address-list.ts';
import { expiringDescription, skipExpression, type SkipScope } from './checks/skip-scope.ts';
import { emergencyDescription, switchedOff } from './emergency/rules.ts';
import { declareZoneRuleset, placeOfRuleset, type ZoneRule } from './zone-ruleset.ts';
import type { Zone } from './zone.ts';

interface CommonRule {
  readonly ref: string;
  readonly description: string;
  /** Default true. */
  readonly enabled?: boolean;
}

export type WafRule =
  | (CommonRule & {
      readonly action: 'block' | 'challenge' | 'js_challenge' | 'managed_challenge' | 'log';
      readonly expression: string;
    })
  | (CommonRule & {
      readonly action: 'skip';
      readonly scope: SkipScope;
      /** Last day of the exception, YYYY-MM-DD. */
      readonly expires: string;
      /** `current-ruleset` skips the rules that follow; phases and products are Cloudflare's own names. */
      readonly skips: {
        readonly currentRuleset?: boolean;
        readonly phases?: readonly (
          | 'http_ratelimit'
          | 'http_request_sbfm'
          | 'http_request_firewall_managed'
        )[];
        readonly products?: readonly (
          | 'bic'
          | 'hot'
          | 'rateLimit'
          | 'securityLevel'
          | 'uaBlock'
          | 'waf'
          | 'zoneLockdown'
        )[];
      };
    });

export interface WafCustomRulesProps {
  readonly rules: readonly WafRule[];
  /** Lists that the expressions name: they are created first. */
  readonly lists?: readonly AddressList[];
}

export class WafCustomRules extends Construct {
  /** Of the rules that the zone always has. */
  readonly refs: readonly string[];

  constructor(zone: Zone, { rules, lists = [] }: WafCustomRulesProps) {
    super(zone, 'waf-custom-rules');
    this.refs = rules.map(({ ref }) => ref);
    const place = placeOfRuleset(zone, 'waf_custom');
    declareZoneRuleset(this, zone, {
      subject: 'waf_custom',
      phase: 'http_request_firewall_custom',
      description: `Custom WAF rules of ${zone.domain}`,
      rules: [
        ...emergencyRules(zone, place),
        ...switchedOff(zone, rules).map((rule) => asWritten(place, rule)),
      ],
      dependsOn: lists.map((list) => list.resource),
    });
  }
}

function emergencyRules(zone: Zone, place: string): readonly ZoneRule[] {
  const moves = zone.stack.moves.rules?.filter((move) => move.zone === zone.domain) ?? [];
  return moves.map((move) => ({
    ref: move.ref,
    description: emergencyDescription(`${place}#${move.ref}`, move.description, move),
    expression: move.expression,
    action: move.action,
    enabled: true,
  }));
}

function asWritten(place: string, rule: WafRule): ZoneRule {
  const { ref, enabled = true, action } = rule;
  if (rule.action !== 'skip') {
    return { ref, description: rule.description, expression: rule.expression, action, enabled };
  }
  const at = `${place}#${ref}`;
  const { currentRuleset = false, phases, products } = rule.skips;
  return {
    ref,
    description: expiringDescription(at, rule.description, rule.expires),
    expression: skipExpression(at, rule.scope),
    action,
    enabled,
    actionParameters: {
      ...(currentRuleset && { ruleset: 'current' }),
      ...(phases !== undefined && { phases: [...phases] }),
      ...(products !== undefined && { products: [...products] }),
    },
    // A request that was let past a protection stays visible in the security log.
    logging: { enabled: true },
  };
}
