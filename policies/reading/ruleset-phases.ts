/** Phases of the ruleset engine that rules ask for by name. */

/** The zone's own WAF rules. */
export const customPhase = 'http_request_firewall_custom';

/** Phases that execute rulesets which Cloudflare maintains. */
export const managedPhases = [
  'http_request_firewall_managed',
  'http_response_firewall_managed',
  'ddos_l7',
  'ddos_l4',
  'http_request_sbfm',
] as const;
