/**
 * A ruleset of a zone: Cloudflare has one for each phase, and every construct that adds rules to a phase declares it here.
 */
import type { Construct } from 'constructs';
import { Ruleset, type RulesetRules } from '@cdktf/provider-cloudflare/lib/ruleset/index.js';
import type { ITerraformDependable } from 'cdktf';
import { checkRules, type RuleIdentity } from './checks/ruleset-checks.ts';
import type { Zone } from './zone.ts';

export const rulesetType = 'cloudflare_ruleset';

/** What Terraform needs of a rule, and what a person knows it by. */
export type ZoneRule = RulesetRules & RuleIdentity;

export interface ZoneRuleset {
  /** What it holds, in words joined by `_`: `cache_rules`. The address of the resource and its name are made of it. */
  readonly subject: string;
  readonly phase: string;
  /** What it holds, for a person: `Cache rules of shop.example`. */
  readonly description: string;
  readonly rules: readonly ZoneRule[];
  readonly dependsOn?: readonly ITerraformDependable[];
}

/** How a problem in one of its rules is placed: the address in the stack; `#` and the rule's ref come behind it. */
export function placeOfRuleset(zone: Zone, subject: string): string {
  return zone.stack.place(rulesetType, zone.scoped(subject));
}

/** Throws EstateError for rules that Cloudflare would refuse, and for refs that are there twice. */
export function declareZoneRuleset(
  scope: Construct,
  zone: Zone,
  { subject, phase, description, rules, dependsOn = [] }: ZoneRuleset,
): void {
  checkRules(placeOfRuleset(zone, subject), rules);
  zone.stack.declare(
    rulesetType,
    zone.scoped(subject),
    (id) =>
      new Ruleset(scope, id, {
        zoneId: zone.zoneId,
        kind: 'zone',
        phase,
        name: `${zone.key}-${subject.replaceAll('_', '-')}`,
        description,
        rules: [...rules],
        ...(dependsOn.length > 0 && { dependsOn: [...dependsOn] }),
      }),
  );
}
