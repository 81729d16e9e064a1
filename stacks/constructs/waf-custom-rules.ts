/** Custom WAF rules of a zone: one ruleset, in the order given. Order is meaning: the first terminating match wins. */
import { Construct } from 'constructs';
import { Ruleset, type RulesetRules } from '@cdktf/provider-cloudflare/lib/ruleset/index.js';
import type { AddressList } from './address-list.ts';
import { checkRules, type RuleIdentity } from './checks/ruleset-checks.ts';
import { expiringDescription, skipExpression, type SkipScope } from './checks/skip-scope.ts';
import { emergencyDescription, switchedOff } from './emergency.ts';
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
    const name = zone.scoped('waf_custom');
    const place = zone.stack.place('cloudflare_ruleset', name);
    const always = switchedOff(zone, rules).map((rule) => asWritten(place, rule));
    const written = [...emergencyRules(zone, place), ...always];
    checkRules(place, written);
    zone.stack.declare(
      'cloudflare_ruleset',
      name,
      (id) =>
        new Ruleset(this, id, {
          zoneId: zone.zoneId,
          kind: 'zone',
          phase: 'http_request_firewall_custom',
          name: `${zone.key}-waf-custom`,
          description: `Custom WAF rules of ${zone.domain}`,
          rules: [...written],
          ...(lists.length > 0 && { dependsOn: lists.map((list) => list.resource) }),
        }),
    );
  }
}

function emergencyRules(zone: Zone, place: string): readonly (RulesetRules & RuleIdentity)[] {
  const moves = zone.stack.moves.rules?.filter((move) => move.zone === zone.domain) ?? [];
  return moves.map((move) => ({
    ref: move.ref,
    description: emergencyDescription(`${place}#${move.ref}`, move.description, move),
    expression: move.expression,
    action: move.action,
    enabled: true,
  }));
}

function asWritten(place: string, rule: WafRule): RulesetRules & RuleIdentity {
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
