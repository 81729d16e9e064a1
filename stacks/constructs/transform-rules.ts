/** Transform rules of a zone: URL rewrites, request headers, response headers; one ruleset for each that is used. */
import { Construct } from 'constructs';
import type { RulesetRulesActionParametersHeaders } from '@cdktf/provider-cloudflare/lib/ruleset/index.js';
import { EstateError } from './checks/estate-error.ts';
import type { RuleIdentity } from './checks/ruleset-checks.ts';
import { declareZoneRuleset, placeOfRuleset, type ZoneRule } from './zone-ruleset.ts';
import type { Zone } from './zone.ts';

export interface UrlRewrite extends RuleIdentity {
  /** Expression for the new path, or a fixed one; the query stays. */
  readonly path: { readonly value: string } | { readonly expression: string };
}

export type HeaderChange =
  | { readonly set: string }
  | { readonly setExpression: string }
  | { readonly add: string }
  | 'remove';

export interface HeaderRule extends RuleIdentity {
  readonly headers: Readonly<Record<string, HeaderChange>>;
}

export interface TransformRulesProps {
  readonly rewrites?: readonly UrlRewrite[];
  readonly requestHeaders?: readonly HeaderRule[];
  readonly responseHeaders?: readonly HeaderRule[];
}

type TransformKind = keyof TransformRulesProps;
const phases = {
  rewrites: { phase: 'http_request_transform', subject: 'url_rewrites' },
  requestHeaders: { phase: 'http_request_late_transform', subject: 'request_headers' },
  responseHeaders: { phase: 'http_response_headers_transform', subject: 'response_headers' },
} as const satisfies Record<TransformKind, { phase: string; subject: string }>;

export class TransformRules extends Construct {
  constructor(zone: Zone, props: TransformRulesProps) {
    super(zone, 'transform-rules');
    const { rewrites, requestHeaders, responseHeaders } = props;
    if (rewrites !== undefined) {
      this.declareRuleset(zone, 'rewrites', rewrites.map(rewriteRule));
    }
    if (requestHeaders !== undefined) {
      this.declareRuleset(zone, 'requestHeaders', requestHeaders.map(headerRule(zone, 'requestHeaders')));
    }
    if (responseHeaders !== undefined) {
      this.declareRuleset(zone, 'responseHeaders', responseHeaders.map(headerRule(zone, 'responseHeaders')));
    }
  }

  private declareRuleset(zone: Zone, kind: TransformKind, rules: readonly ZoneRule[]): void {
    declareZoneRuleset(this, zone, {
      ...phases[kind],
      description: `Transform rules of ${zone.domain}`,
      rules,
    });
  }
}

function rewriteRule({ ref, description, expression, path }: UrlRewrite): ZoneRule {
  return {
    ref,
    description,
    expression,
    action: 'rewrite',
    enabled: true,
    actionParameters: { uri: { path } },
  };
}

function headerRule(zone: Zone, kind: 'requestHeaders' | 'responseHeaders') {
  const place = placeOfRuleset(zone, phases[kind].subject);
  return ({ ref, description, expression, headers }: HeaderRule): ZoneRule => ({
    ref,
    description,
    expression,
    action: 'rewrite',
    enabled: true,
    actionParameters: {
      headers: Object.fromEntries(
        Object.entries(headers).map(([name, change]) => [
          name,
          headerChange(`${place}#${ref}`, name, change),
        ]),
      ),
    },
  });
}

/** Headers that Cloudflare refuses to have changed by a transform rule. */
const reserved = /^(x-)?cf-|^(server|host|eh-cache-tag|eh-cdn-cache-control)$/i;

function headerChange(
  place: string,
  name: string,
  change: HeaderChange,
): RulesetRulesActionParametersHeaders {
  if (!/^[A-Za-z0-9][A-Za-z0-9-]*$/.test(name) || reserved.test(name)) {
    throw new EstateError(
      place,
      `the header "${name}" may not be changed`,
      'Cloudflare keeps cf-*, x-cf-*, server and host for itself; use another name',
    );
  }
  if (change === 'remove') {
    return { operation: 'remove' };
  }
  if ('add' in change) {
    return { operation: 'add', value: change.add };
  }
  return 'set' in change
    ? { operation: 'set', value: change.set }
    : { operation: 'set', expression: change.setExpression };
}
