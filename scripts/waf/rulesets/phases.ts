/** Phases of rulesets in the order in which a request passes them, and what each action does to the evaluation. */
import type { RulesetRule } from './rules.ts';

/** Request phases in order; Cloudflare documentation, ruleset engine, phases list, as of 2026-11. */
export const requestPhases = [
  'http_request_sanitize',
  'http_request_dynamic_redirect',
  'http_request_transform',
  'http_request_api_gateway_early',
  'http_config_settings',
  'http_request_origin',
  'ddos_l7',
  'http_request_firewall_custom',
  'http_ratelimit',
  'http_request_api_gateway_late',
  'http_request_firewall_managed',
  'http_request_sbfm',
  'http_request_redirect',
  'http_request_late_transform',
  'http_request_cache_settings',
  'http_request_snippets',
  'http_request_cloud_connector',
] as const;

/** What a matching rule does to the request: `go-on` keeps evaluating. */
export type ActionEffect = 'block' | 'challenge' | 'redirect' | 'serve-error' | 'go-on' | 'unknown';

const effects: Readonly<Record<string, ActionEffect>> = {
  block: 'block',
  challenge: 'challenge',
  js_challenge: 'challenge',
  managed_challenge: 'challenge',
  redirect: 'redirect',
  serve_error: 'serve-error',
  log: 'go-on',
  skip: 'go-on',
  execute: 'go-on',
  rewrite: 'go-on',
  route: 'go-on',
  set_config: 'go-on',
  set_cache_settings: 'go-on',
  set_cache_control: 'go-on',
  set_cache_tags: 'go-on',
  compress_response: 'go-on',
  score: 'go-on',
  log_custom_field: 'go-on',
};

/**
 * True when nothing after a match is looked at. A challenge that a client has passed lets its requests on, so it ends nothing
 * for good.
 */
function isTerminating(action: string): boolean {
  return ['block', 'redirect', 'serve-error'].includes(actionEffect(action));
}

/**
 * True when a rule, as it is written, keeps the rules behind it in its ruleset from seeing what it matches. A rate limit
 * ends nothing below its limit. A skip of the current ruleset or phase ends the ruleset as a block does.
 */
export function endsRuleset({ action, isRateLimit, parameters }: RulesetRule): boolean {
  if (isRateLimit) {
    return false;
  }
  return action === 'skip'
    ? parameters['ruleset'] === 'current' || parameters['phase'] === 'current'
    : isTerminating(action);
}

/** The effect of an action; `unknown` for one that is not in the documentation, never "goes on". */
export function actionEffect(action: string): ActionEffect {
  return Object.hasOwn(effects, action) ? (effects[action] ?? 'unknown') : 'unknown';
}
