/**
 * Cloudflare's managed rulesets on a zone: exceptions first (they only work for what comes later), then one execute
 * rule per ruleset. Both rulesets are always executed; what may be chosen is how strict they are and what is excepted.
 */
import { Construct } from 'constructs';
import {
  Ruleset,
  type RulesetRules,
  type RulesetRulesActionParametersOverrides,
} from '@cdktf/provider-cloudflare/lib/ruleset/index.js';
import { checkRules, type RuleIdentity } from './checks/ruleset-checks.ts';
import { expiringDescription, skipExpression, type SkipScope } from './checks/skip-scope.ts';
import type { Zone } from './zone.ts';

/** Identifiers that Cloudflare publishes; they are the same in every account. */
export const managedRulesets = {
  cloudflare: 'efb7b8c949ac4650a09736fc376e9aee',
  owasp: '4814384a9e5d4991b9815dcfc25d2f1f',
} as const;

/** The last rule of the OWASP ruleset, "Inbound Anomaly Score Exceeded": it carries the score and the action. */
const owaspScoreRule = '6179ae15870a4bb7b2d480d4843b323c';
const owaspScores = { low: 60, medium: 40, high: 25 } as const;
type ManagedAction = 'block' | 'managed_challenge' | 'log';

export interface ManagedException {
  readonly ref: string;
  readonly description: string;
  readonly scope: SkipScope;
  /** Last day of the exception, YYYY-MM-DD. */
  readonly expires: string;
  readonly ruleset: keyof typeof managedRulesets;
  /** Ids of the rules to leave out (32 hexadecimal digits each). All rules of the ruleset when absent. */
  readonly rules?: readonly string[];
}

export interface WafManagedRulesProps {
  /** Score at which OWASP acts: low sensitivity 60, medium 40 (default), high 25. */
  readonly owaspSensitivity?: keyof typeof owaspScores;
  /** Highest paranoia level that runs, 1 (default) to 4. */
  readonly owaspParanoia?: 1 | 2 | 3 | 4;
  /** Default block. */
  readonly owaspAction?: ManagedAction;
  /** Changes to single rules of the Cloudflare ruleset. */
  readonly cloudflareOverrides?: readonly { readonly rule: string; readonly action: ManagedAction }[];
  readonly exceptions?: readonly ManagedException[];
}

export class WafManagedRules extends Construct {
  constructor(zone: Zone, props: WafManagedRulesProps = {}) {
    super(zone, 'waf-managed-rules');
    const name = zone.scoped('waf_managed');
    const place = zone.stack.place('cloudflare_ruleset', name);
    const rules = [
      ...(props.exceptions ?? []).map((exception) => exceptionRule(place, exception)),
      executeCloudflare(props),
      executeOwasp(props),
    ];
    checkRules(place, rules);
    zone.stack.declare(
      'cloudflare_ruleset',
      name,
      (id) =>
        new Ruleset(this, id, {
          zoneId: zone.zoneId,
          kind: 'zone',
          phase: 'http_request_firewall_managed',
          name: `${zone.key}-waf-managed`,
          description: `Managed rulesets of ${zone.domain} and their exceptions`,
          rules,
        }),
    );
  }
}

type ManagedRule = RulesetRules & RuleIdentity;

function exceptionRule(place: string, exception: ManagedException): ManagedRule {
  const at = `${place}#${exception.ref}`;
  const id = managedRulesets[exception.ruleset];
  const { rules } = exception;
  return {
    ref: exception.ref,
    description: expiringDescription(at, exception.description, exception.expires),
    expression: skipExpression(at, exception.scope),
    action: 'skip',
    enabled: true,
    actionParameters: rules === undefined ? { rulesets: [id] } : { rules: { [id]: [...rules] } },
    logging: { enabled: true },
  };
}

function executeCloudflare({ cloudflareOverrides = [] }: WafManagedRulesProps): ManagedRule {
  const overrides: RulesetRulesActionParametersOverrides = {
    rules: cloudflareOverrides.map(({ rule, action }) => ({ id: rule, action })),
  };
  return {
    ref: 'execute-cloudflare-managed',
    description: 'Cloudflare Managed Ruleset on every request',
    expression: 'true',
    action: 'execute',
    enabled: true,
    actionParameters: {
      id: managedRulesets.cloudflare,
      ...(cloudflareOverrides.length > 0 && { overrides }),
    },
  };
}

function executeOwasp(props: WafManagedRulesProps): ManagedRule {
  const { owaspSensitivity = 'medium', owaspParanoia = 1, owaspAction = 'block' } = props;
  const levelsOff = [2, 3, 4].filter((level) => level > owaspParanoia);
  return {
    ref: 'execute-owasp-core',
    description: `OWASP Core Ruleset on every request, paranoia level ${owaspParanoia}, ${owaspSensitivity} sensitivity`,
    expression: 'true',
    action: 'execute',
    enabled: true,
    actionParameters: {
      id: managedRulesets.owasp,
      overrides: {
        ...(levelsOff.length > 0 && {
          categories: levelsOff.map((level) => ({ category: `paranoia-level-${level}`, enabled: false })),
        }),
        rules: [{ id: owaspScoreRule, action: owaspAction, scoreThreshold: owaspScores[owaspSensitivity] }],
      },
    },
  };
}
