/** The rules that protect a security control, sorted by id; written by `npm run rules`. Apart from the registry: a rule may ask for the risk. */
import type { Rule } from './model/finding.ts';
import { accessKept } from './rules/access/access-kept.ts';
import { accessNotWidened } from './rules/access/access-not-widened.ts';
import { accessOptionsKept } from './rules/access/access-options-kept.ts';
import { accessPolicyNotOpen } from './rules/access/access-policy-not-open.ts';
import { accessTrustKept } from './rules/access/access-trust-kept.ts';
import { alwaysOnlinePrivate } from './rules/traffic/always-online-private.ts';
import { botSettingsKept } from './rules/protection/bot-settings-kept.ts';
import { caaKept } from './rules/dns/caa-kept.ts';
import { cachePersonalPages } from './rules/traffic/cache-personal-pages.ts';
import { configRuleWeakening } from './rules/protection/config-rule-weakening.ts';
import { firewallRuleBypass } from './rules/protection/firewall-rule-bypass.ts';
import { hstsKept } from './rules/tls/hsts-kept.ts';
import { httpsKept } from './rules/tls/https-kept.ts';
import { ipAccessAllowScope } from './rules/protection/ip-access-allow-scope.ts';
import { managedRulesetKept } from './rules/protection/managed-ruleset-kept.ts';
import { managedRulesetOverrides } from './rules/protection/managed-ruleset-overrides.ts';
import { originPullsKept } from './rules/tls/origin-pulls-kept.ts';
import { originRouteKept } from './rules/traffic/origin-route-kept.ts';
import { pageRuleWeakening } from './rules/protection/page-rule-weakening.ts';
import { rateLimitKept } from './rules/protection/rate-limit-kept.ts';
import { securityHeadersKept } from './rules/protection/security-headers-kept.ts';
import { securityLevelKept } from './rules/protection/security-level-kept.ts';
import { sslModeKept } from './rules/tls/ssl-mode-kept.ts';
import { tls13Kept } from './rules/tls/tls-1-3-kept.ts';
import { tlsCiphersKept } from './rules/tls/tls-ciphers-kept.ts';
import { tlsMinimumVersion } from './rules/tls/tls-minimum-version.ts';
import { wafProtectionRemoved } from './rules/waf/waf-protection-removed.ts';
import { zoneNotPaused } from './rules/dns/zone-not-paused.ts';

export const protectingSecurity: readonly Rule[] = [
  accessKept,
  accessNotWidened,
  accessOptionsKept,
  accessPolicyNotOpen,
  accessTrustKept,
  alwaysOnlinePrivate,
  botSettingsKept,
  caaKept,
  cachePersonalPages,
  configRuleWeakening,
  firewallRuleBypass,
  hstsKept,
  httpsKept,
  ipAccessAllowScope,
  managedRulesetKept,
  managedRulesetOverrides,
  originPullsKept,
  originRouteKept,
  pageRuleWeakening,
  rateLimitKept,
  securityHeadersKept,
  securityLevelKept,
  sslModeKept,
  tls13Kept,
  tlsCiphersKept,
  tlsMinimumVersion,
  wafProtectionRemoved,
  zoneNotPaused,
];
