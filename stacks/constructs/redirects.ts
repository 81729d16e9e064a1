/** Single redirects of a zone, for what needs an expression; long plain lists go into `BulkRedirects`. */
import { Construct } from 'constructs';
import type { RuleIdentity } from './checks/ruleset-checks.ts';
import { declareZoneRuleset, type ZoneRule } from './zone-ruleset.ts';
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
    declareZoneRuleset(this, zone, {
      subject: 'redirects',
      phase: 'http_request_dynamic_redirect',
      description: `Redirects of ${zone.domain}`,
      rules: redirects.map(asRule),
    });
  }
}

function asRule({ ref, description, expression, to, status, keepQuery = true }: Redirect): ZoneRule {
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
