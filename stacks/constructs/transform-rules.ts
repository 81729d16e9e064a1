/** Transform rules of a zone: URL rewrites, request headers, response headers; one ruleset for each that is used. */
import { Construct } from 'constructs';
import {
  Ruleset,
  type RulesetRules,
  type RulesetRulesActionParametersHeaders,
} from '@cdktf/provider-cloudflare/lib/ruleset/index.js';
import { EstateError } from './checks/estate-error.ts';
import { checkRules, type RuleIdentity } from './checks/ruleset-checks.ts';
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
  rewrites: { phase: 'http_request_transform', id: 'url_rewrites' },
  requestHeaders: { phase: 'http_request_late_transform', id: 'request_headers' },
  responseHeaders: { phase: 'http_response_headers_transform', id: 'response_headers' },
} as const satisfies Record<TransformKind, { phase: string; id: string }>;

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

  private declareRuleset(
    zone: Zone,
    kind: TransformKind,
    rules: readonly (RulesetRules & RuleIdentity)[],
  ): void {
    const { phase, id: suffix } = phases[kind];
    const name = zone.scoped(suffix);
    checkRules(zone.stack.place('cloudflare_ruleset', name), rules);
    zone.stack.declare(
      'cloudflare_ruleset',
      name,
      (id) =>
        new Ruleset(this, id, {
          zoneId: zone.zoneId,
          kind: 'zone',
          phase,
          name: `${zone.key}-${suffix.replaceAll('_', '-')}`,
          description: `Transform rules of ${zone.domain}`,
          rules: [...rules],
        }),
    );
  }
}

function rewriteRule({ ref, description, expression, path }: UrlRewrite): RulesetRules & RuleIdentity {
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
  const place = zone.stack.place('cloudflare_ruleset', zone.scoped(phases[kind].id));
  return ({ ref, description, expression, headers }: HeaderRule): RulesetRules & RuleIdentity => ({
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
