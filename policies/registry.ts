/** Every rule, sorted by id; written by `npm run rules` from the files below `rules/`. */
import type { Rule } from './model/finding.ts';
import { accessKept } from './rules/access/access-kept.ts';
import { accessNotWidened } from './rules/access/access-not-widened.ts';
import { accessOptionsKept } from './rules/access/access-options-kept.ts';
import { accessPolicyNotOpen } from './rules/access/access-policy-not-open.ts';
import { accessTrustKept } from './rules/access/access-trust-kept.ts';
import { accountMemberRoles } from './rules/access/account-member-roles.ts';
import { alwaysOnlinePrivate } from './rules/traffic/always-online-private.ts';
import { botSettingsKept } from './rules/protection/bot-settings-kept.ts';
import { caaKept } from './rules/dns/caa-kept.ts';
import { cachePersonalPages } from './rules/traffic/cache-personal-pages.ts';
import { configRuleWeakening } from './rules/protection/config-rule-weakening.ts';
import { dmarcKept } from './rules/dns/dmarc-kept.ts';
import { dnsNameKept } from './rules/dns/dns-name-kept.ts';
import { dnsPrivateAddress } from './rules/dns/dns-private-address.ts';
import { dnsProxiedKept } from './rules/dns/dns-proxied-kept.ts';
import { dnsRecordsCompatible } from './rules/dns/dns-records-compatible.ts';
import { dnssecKept } from './rules/dns/dnssec-kept.ts';
import { firewallRuleBypass } from './rules/protection/firewall-rule-bypass.ts';
import { hstsKept } from './rules/tls/hsts-kept.ts';
import { hstsLasting } from './rules/tls/hsts-lasting.ts';
import { httpsKept } from './rules/tls/https-kept.ts';
import { ipAccessAllowScope } from './rules/protection/ip-access-allow-scope.ts';
import { listKnown } from './rules/waf/list-known.ts';
import { listUseKept } from './rules/waf/list-use-kept.ts';
import { loadBalancingKept } from './rules/traffic/load-balancing-kept.ts';
import { loadBalancingSteering } from './rules/traffic/load-balancing-steering.ts';
import { managedRulesetKept } from './rules/protection/managed-ruleset-kept.ts';
import { managedRulesetOverrides } from './rules/protection/managed-ruleset-overrides.ts';
import { originPullsKept } from './rules/tls/origin-pulls-kept.ts';
import { originRouteKept } from './rules/traffic/origin-route-kept.ts';
import { pageRuleWeakening } from './rules/protection/page-rule-weakening.ts';
import { planBackendUnchanged } from './rules/configuration/plan-backend-unchanged.ts';
import { planDataSourcesAllowed } from './rules/configuration/plan-data-sources-allowed.ts';
import { planDeleteShare } from './rules/plan/plan-delete-share.ts';
import { planIgnoreChanges } from './rules/configuration/plan-ignore-changes.ts';
import { planKnownStacks } from './rules/plan/plan-known-stacks.ts';
import { planModulesLocal } from './rules/configuration/plan-modules-local.ts';
import { planNoForget } from './rules/configuration/plan-no-forget.ts';
import { planNoPlainSecrets } from './rules/configuration/plan-no-plain-secrets.ts';
import { planNoProvisioners } from './rules/configuration/plan-no-provisioners.ts';
import { planNotUndone } from './rules/plan/plan-not-undone.ts';
import { planOneClient } from './rules/plan/plan-one-client.ts';
import { planPlacesKnown } from './rules/plan/plan-places-known.ts';
import { planPlacesOwned } from './rules/plan/plan-places-owned.ts';
import { planPreventDestroy } from './rules/configuration/plan-prevent-destroy.ts';
import { planProbableRename } from './rules/plan/plan-probable-rename.ts';
import { planProtectedAddresses } from './rules/plan/plan-protected-addresses.ts';
import { planProvidersAllowed } from './rules/configuration/plan-providers-allowed.ts';
import { planReplaceTraffic } from './rules/plan/plan-replace-traffic.ts';
import { planReviewedTypes } from './rules/plan/plan-reviewed-types.ts';
import { planSafeConfiguration } from './rules/configuration/plan-safe-configuration.ts';
import { planScopeSize } from './rules/plan/plan-scope-size.ts';
import { planStackKept } from './rules/plan/plan-stack-kept.ts';
import { planUnknownGuarded } from './rules/plan/plan-unknown-guarded.ts';
import { planUpdatePossible } from './rules/plan/plan-update-possible.ts';
import { planUpdateShare } from './rules/plan/plan-update-share.ts';
import { planValuesAccepted } from './rules/plan/plan-values-accepted.ts';
import { planValuesTyped } from './rules/plan/plan-values-typed.ts';
import { planZoneDeletion } from './rules/plan/plan-zone-deletion.ts';
import { policyChangeAlone } from './rules/record/policy-change-alone.ts';
import { rateLimitKept } from './rules/protection/rate-limit-kept.ts';
import { recordAdministrativeEmpty } from './rules/record/record-administrative-empty.ts';
import { recordCategoryMatch } from './rules/record/record-category-match.ts';
import { recordClientApproval } from './rules/record/record-client-approval.ts';
import { recordClientMatch } from './rules/record/record-client-match.ts';
import { recordCollision } from './rules/record/record-collision.ts';
import { recordCommunications } from './rules/record/record-communications.ts';
import { recordComplete } from './rules/record/record-complete.ts';
import { recordEmergencyIncident } from './rules/record/record-emergency-incident.ts';
import { recordFields } from './rules/record/record-fields.ts';
import { recordLeadTime } from './rules/record/record-lead-time.ts';
import { recordMonitoring } from './rules/record/record-monitoring.ts';
import { recordOpenIncident } from './rules/record/record-open-incident.ts';
import { recordPeople } from './rules/record/record-people.ts';
import { recordRollbackDefined } from './rules/record/record-rollback-defined.ts';
import { recordRollbackFits } from './rules/record/record-rollback-fits.ts';
import { recordRolloutStaged } from './rules/record/record-rollout-staged.ts';
import { recordSchedule } from './rules/record/record-schedule.ts';
import { recordSecurityImpact } from './rules/record/record-security-impact.ts';
import { recordStacksMatch } from './rules/record/record-stacks-match.ts';
import { recordStandardMatch } from './rules/record/record-standard-match.ts';
import { recordStepsAndTests } from './rules/record/record-steps-and-tests.ts';
import { recordWindowKnown } from './rules/record/record-window-known.ts';
import { redirectHostKept } from './rules/traffic/redirect-host-kept.ts';
import { redirectLoginHost } from './rules/traffic/redirect-login-host.ts';
import { redirectLoop } from './rules/traffic/redirect-loop.ts';
import { securityHeadersKept } from './rules/protection/security-headers-kept.ts';
import { securityLevelKept } from './rules/protection/security-level-kept.ts';
import { servingKept } from './rules/traffic/serving-kept.ts';
import { spfKept } from './rules/dns/spf-kept.ts';
import { sslModeKept } from './rules/tls/ssl-mode-kept.ts';
import { tls13Kept } from './rules/tls/tls-1-3-kept.ts';
import { tlsCiphersKept } from './rules/tls/tls-ciphers-kept.ts';
import { tlsMinimumVersion } from './rules/tls/tls-minimum-version.ts';
import { tokenLifetime } from './rules/access/token-lifetime.ts';
import { tokenPermissions } from './rules/access/token-permissions.ts';
import { tokenScope } from './rules/access/token-scope.ts';
import { trafficRuleScope } from './rules/traffic/traffic-rule-scope.ts';
import { wafDescription } from './rules/waf/waf-description.ts';
import { wafEmergencyExpiry } from './rules/waf/waf-emergency-expiry.ts';
import { wafExpressionConstant } from './rules/waf/waf-expression-constant.ts';
import { wafExpressionValid } from './rules/waf/waf-expression-valid.ts';
import { wafHostScope } from './rules/waf/waf-host-scope.ts';
import { wafLint } from './rules/waf/waf-lint.ts';
import { wafLogFirst } from './rules/waf/waf-log-first.ts';
import { wafMustPass } from './rules/waf/waf-must-pass.ts';
import { wafMustPassKnown } from './rules/waf/waf-must-pass-known.ts';
import { wafMustPassPresent } from './rules/waf/waf-must-pass-present.ts';
import { wafOrderKept } from './rules/waf/waf-order-kept.ts';
import { wafProtectionRemoved } from './rules/waf/waf-protection-removed.ts';
import { wafRef } from './rules/waf/waf-ref.ts';
import { wafRuleShadowed } from './rules/waf/waf-rule-shadowed.ts';
import { wafSkipExpiry } from './rules/waf/waf-skip-expiry.ts';
import { wafSkipScope } from './rules/waf/waf-skip-scope.ts';
import { wafTrafficLimits } from './rules/waf/waf-traffic-limits.ts';
import { wafTrafficSample } from './rules/waf/waf-traffic-sample.ts';
import { zoneAuthoritative } from './rules/dns/zone-authoritative.ts';
import { zoneNotPaused } from './rules/dns/zone-not-paused.ts';

export const allRules: readonly Rule[] = [
  accessKept,
  accessNotWidened,
  accessOptionsKept,
  accessPolicyNotOpen,
  accessTrustKept,
  accountMemberRoles,
  alwaysOnlinePrivate,
  botSettingsKept,
  caaKept,
  cachePersonalPages,
  configRuleWeakening,
  dmarcKept,
  dnsNameKept,
  dnsPrivateAddress,
  dnsProxiedKept,
  dnsRecordsCompatible,
  dnssecKept,
  firewallRuleBypass,
  hstsKept,
  hstsLasting,
  httpsKept,
  ipAccessAllowScope,
  listKnown,
  listUseKept,
  loadBalancingKept,
  loadBalancingSteering,
  managedRulesetKept,
  managedRulesetOverrides,
  originPullsKept,
  originRouteKept,
  pageRuleWeakening,
  planBackendUnchanged,
  planDataSourcesAllowed,
  planDeleteShare,
  planIgnoreChanges,
  planKnownStacks,
  planModulesLocal,
  planNoForget,
  planNoPlainSecrets,
  planNoProvisioners,
  planNotUndone,
  planOneClient,
  planPlacesKnown,
  planPlacesOwned,
  planPreventDestroy,
  planProbableRename,
  planProtectedAddresses,
  planProvidersAllowed,
  planReplaceTraffic,
  planReviewedTypes,
  planSafeConfiguration,
  planScopeSize,
  planStackKept,
  planUnknownGuarded,
  planUpdatePossible,
  planUpdateShare,
  planValuesAccepted,
  planValuesTyped,
  planZoneDeletion,
  policyChangeAlone,
  rateLimitKept,
  recordAdministrativeEmpty,
  recordCategoryMatch,
  recordClientApproval,
  recordClientMatch,
  recordCollision,
  recordCommunications,
  recordComplete,
  recordEmergencyIncident,
  recordFields,
  recordLeadTime,
  recordMonitoring,
  recordOpenIncident,
  recordPeople,
  recordRollbackDefined,
  recordRollbackFits,
  recordRolloutStaged,
  recordSchedule,
  recordSecurityImpact,
  recordStacksMatch,
  recordStandardMatch,
  recordStepsAndTests,
  recordWindowKnown,
  redirectHostKept,
  redirectLoginHost,
  redirectLoop,
  securityHeadersKept,
  securityLevelKept,
  servingKept,
  spfKept,
  sslModeKept,
  tls13Kept,
  tlsCiphersKept,
  tlsMinimumVersion,
  tokenLifetime,
  tokenPermissions,
  tokenScope,
  trafficRuleScope,
  wafDescription,
  wafEmergencyExpiry,
  wafExpressionConstant,
  wafExpressionValid,
  wafHostScope,
  wafLint,
  wafLogFirst,
  wafMustPass,
  wafMustPassKnown,
  wafMustPassPresent,
  wafOrderKept,
  wafProtectionRemoved,
  wafRef,
  wafRuleShadowed,
  wafSkipExpiry,
  wafSkipScope,
  wafTrafficLimits,
  wafTrafficSample,
  zoneAuthoritative,
  zoneNotPaused,
];

/** What the policy digest says of the rules: a rule that came, went or changed its severity voids earlier approvals. */
export const rulesVersion: readonly string[] = allRules.map(
  ({ id, severity, since }) => `${id} ${severity} ${since}`,
);
