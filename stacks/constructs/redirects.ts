/** Single redirects of a zone, for what needs an expression; long plain lists go into `BulkRedirects`. */
import { Construct } from 'constructs';
import { Ruleset, type RulesetRules } from '@cdktf/provider-cloudflare/lib/ruleset/index.js';
import { checkRules, type RuleIdentity } from './checks/ruleset-checks.ts';
import type { Zone } from './zone.ts';

export interface Redirect extends RuleIdentity {
  /** A fixed address, or an expression that yields one. */
  readonly to: { readonly url: string } | { readonly expression: string };
  readonly status: 301 | 302 | 307 | 308;
  /** Default true. */
  readonly keepQuery?: boolean;
}

export class Redirects extends Construct {
  constructor(zone: Zone, redirects: readonly Redirect[]) {
    super(zone, 'redirects');
    const name = zone.scoped('redirects');
    checkRules(zone.stack.place('cloudflare_ruleset', name), redirects);
    zone.stack.declare(
      'cloudflare_ruleset',
      name,
      (id) =>
        new Ruleset(this, id, {
          zoneId: zone.zoneId,
          kind: 'zone',
          phase: 'http_request_dynamic_redirect',
          name: `${zone.key}-redirects`,
          description: `Redirects of ${zone.domain}`,
          rules: redirects.map(asRule),
        }),
    );
  }
}

function asRule({ ref, description, expression, to, status, keepQuery = true }: Redirect): RulesetRules {
  return {
    ref,
    description,
    expression,
    action: 'redirect',
    enabled: true,
    actionParameters: {
      fromValue: {
        statusCode: status,
        preserveQueryString: keepQuery,
        targetUrl: 'url' in to ? { value: to.url } : { expression: to.expression },
      },
    },
  };
}
