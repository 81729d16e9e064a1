/** Phases of the ruleset engine that rules ask for by name. */

/** The zone's own WAF rules. */
export const customPhase = 'http_request_firewall_custom';

/** Where the managed rulesets of the WAF are executed. */
export const managedWafPhase = 'http_request_firewall_managed';

/** Phases that execute rulesets which Cloudflare maintains. */
export const managedPhases = [
  managedWafPhase,
  'http_response_firewall_managed',
  'ddos_l7',
  'ddos_l4',
  'http_request_sbfm',
] as const;
