/** Cache rules of a zone. Later rules win per setting. */
import { Construct } from 'constructs';
import type { RulesetRulesActionParameters } from '@cdktf/provider-cloudflare/lib/ruleset/index.js';
import type { RuleIdentity } from './checks/ruleset-checks.ts';
import { declareZoneRuleset, type ZoneRule } from './zone-ruleset.ts';
import type { Zone } from './zone.ts';

export interface CacheRule extends RuleIdentity {
  readonly cache:
    | 'bypass'
    | {
        /** Seconds at the edge and in browsers; `origin` obeys the origin's headers. */
        readonly edgeSeconds: number | 'origin';
        readonly browserSeconds: number | 'origin';
        /** Query parameters that do not make another object. */
        readonly ignoreQuery?: readonly string[] | 'all';
        readonly respectStrongEtags?: boolean;
      };
}

export class CacheRules extends Construct {
  constructor(zone: Zone, rules: readonly CacheRule[]) {
    super(zone, 'cache-rules');
    declareZoneRuleset(this, zone, {
      subject: 'cache_rules',
      phase: 'http_request_cache_settings',
      description: `Cache rules of ${zone.domain}`,
      rules: rules.map(asRule),
    });
  }
}

function asRule({ ref, description, expression, cache }: CacheRule): ZoneRule {
  return {
    ref,
    description,
    expression,
    action: 'set_cache_settings',
    enabled: true,
    actionParameters: cache === 'bypass' ? { cache: false } : cacheParameters(cache),
  };
}

function cacheParameters(cache: Exclude<CacheRule['cache'], 'bypass'>): RulesetRulesActionParameters {
  const { edgeSeconds, browserSeconds, ignoreQuery, respectStrongEtags = true } = cache;
  return {
    cache: true,
    edgeTtl: ttl(edgeSeconds),
    browserTtl: ttl(browserSeconds),
    respectStrongEtags,
    ...(ignoreQuery !== undefined && {
      cacheKey: {
        customKey: {
          queryString: { exclude: ignoreQuery === 'all' ? { all: true } : { list: [...ignoreQuery] } },
        },
      },
    }),
  };
}

function ttl(seconds: number | 'origin') {
  return seconds === 'origin' ? { mode: 'respect_origin' } : { mode: 'override_origin', default: seconds };
}
