/** Every rule, sorted by id. A rule that is not in this list does not exist; a test compares it with the folder. */
import type { Rule } from './model/finding.ts';
import { accessKept } from './rules/access-kept.ts';
import { accessNotWidened } from './rules/access-not-widened.ts';
import { accessOptionsKept } from './rules/access-options-kept.ts';
import { accessPolicyNotOpen } from './rules/access-policy-not-open.ts';
import { accessTrustKept } from './rules/access-trust-kept.ts';
import { accountMemberRoles } from './rules/account-member-roles.ts';
import { alwaysOnlinePrivate } from './rules/always-online-private.ts';
import { botSettingsKept } from './rules/bot-settings-kept.ts';
import { caaKept } from './rules/caa-kept.ts';
import { cachePersonalPages } from './rules/cache-personal-pages.ts';
import { configRuleWeakening } from './rules/config-rule-weakening.ts';
import { dmarcKept } from './rules/dmarc-kept.ts';
import { dnsNameKept } from './rules/dns-name-kept.ts';
import { dnsPrivateAddress } from './rules/dns-private-address.ts';
import { dnsProxiedKept } from './rules/dns-proxied-kept.ts';
import { dnsRecordsCompatible } from './rules/dns-records-compatible.ts';
import { dnssecKept } from './rules/dnssec-kept.ts';
import { firewallRuleBypass } from './rules/firewall-rule-bypass.ts';
import { hstsKept } from './rules/hsts-kept.ts';
import { hstsLasting } from './rules/hsts-lasting.ts';
import { httpsKept } from './rules/https-kept.ts';
import { ipAccessAllowScope } from './rules/ip-access-allow-scope.ts';
import { listKnown } from './rules/list-known.ts';
import { listUseKept } from './rules/list-use-kept.ts';
import { loadBalancingKept } from './rules/load-balancing-kept.ts';
import { loadBalancingSteering } from './rules/load-balancing-steering.ts';
import { managedRulesetKept } from './rules/managed-ruleset-kept.ts';
import { managedRulesetOverrides } from './rules/managed-ruleset-overrides.ts';
import { originPullsKept } from './rules/origin-pulls-kept.ts';
import { originRouteKept } from './rules/origin-route-kept.ts';
import { pageRuleWeakening } from './rules/page-rule-weakening.ts';
import { planBackendUnchanged } from './rules/plan-backend-unchanged.ts';
import { planDataSourcesAllowed } from './rules/plan-data-sources-allowed.ts';
import { planDeleteShare } from './rules/plan-delete-share.ts';
import { planIgnoreChanges } from './rules/plan-ignore-changes.ts';
import { planKnownStacks } from './rules/plan-known-stacks.ts';
import { planModulesLocal } from './rules/plan-modules-local.ts';
import { planNoForget } from './rules/plan-no-forget.ts';
import { planNoPlainSecrets } from './rules/plan-no-plain-secrets.ts';
import { planNoProvisioners } from './rules/plan-no-provisioners.ts';
import { planNotUndone } from './rules/plan-not-undone.ts';
import { planOneClient } from './rules/plan-one-client.ts';
import { planPlacesKnown } from './rules/plan-places-known.ts';
import { planPlacesOwned } from './rules/plan-places-owned.ts';
import { planPreventDestroy } from './rules/plan-prevent-destroy.ts';
import { planProbableRename } from './rules/plan-probable-rename.ts';
import { planProtectedAddresses } from './rules/plan-protected-addresses.ts';
import { planProvidersAllowed } from './rules/plan-providers-allowed.ts';
import { planReplaceTraffic } from './rules/plan-replace-traffic.ts';
import { planReviewedTypes } from './rules/plan-reviewed-types.ts';
import { planSafeConfiguration } from './rules/plan-safe-configuration.ts';
import { planScopeSize } from './rules/plan-scope-size.ts';
import { planStackKept } from './rules/plan-stack-kept.ts';
import { planUnknownGuarded } from './rules/plan-unknown-guarded.ts';
import { planUpdatePossible } from './rules/plan-update-possible.ts';
import { planUpdateShare } from './rules/plan-update-share.ts';
import { planValuesAccepted } from './rules/plan-values-accepted.ts';
import { planValuesTyped } from './rules/plan-values-typed.ts';
import { planZoneDeletion } from './rules/plan-zone-deletion.ts';
import { policyChangeAlone } from './rules/policy-change-alone.ts';
import { rateLimitKept } from './rules/rate-limit-kept.ts';
import { recordAdministrativeEmpty } from './rules/record-administrative-empty.ts';
import { recordCategoryMatch } from './rules/record-category-match.ts';
import { recordClientApproval } from './rules/record-client-approval.ts';
import { recordClientMatch } from './rules/record-client-match.ts';
import { recordCommunications } from './rules/record-communications.ts';
import { recordComplete } from './rules/record-complete.ts';
import { recordEmergencyIncident } from './rules/record-emergency-incident.ts';
import { recordLeadTime } from './rules/record-lead-time.ts';
import { recordMonitoring } from './rules/record-monitoring.ts';
import { recordPeople } from './rules/record-people.ts';
import { recordRollbackDefined } from './rules/record-rollback-defined.ts';
import { recordRollbackFits } from './rules/record-rollback-fits.ts';
import { recordRolloutStaged } from './rules/record-rollout-staged.ts';
import { recordSchedule } from './rules/record-schedule.ts';
import { recordSecurityImpact } from './rules/record-security-impact.ts';
import { recordStacksMatch } from './rules/record-stacks-match.ts';
import { recordStandardMatch } from './rules/record-standard-match.ts';
import { recordStepsAndTests } from './rules/record-steps-and-tests.ts';
import { recordWindowKnown } from './rules/record-window-known.ts';
import { redirectHostKept } from './rules/redirect-host-kept.ts';
import { redirectLoginHost } from './rules/redirect-login-host.ts';
import { redirectLoop } from './rules/redirect-loop.ts';
import { securityHeadersKept } from './rules/security-headers-kept.ts';
import { securityLevelKept } from './rules/security-level-kept.ts';
import { servingKept } from './rules/serving-kept.ts';
import { spfKept } from './rules/spf-kept.ts';
import { sslModeKept } from './rules/ssl-mode-kept.ts';
import { tls13Kept } from './rules/tls-1-3-kept.ts';
import { tlsCiphersKept } from './rules/tls-ciphers-kept.ts';
import { tlsMinimumVersion } from './rules/tls-minimum-version.ts';
import { tokenLifetime } from './rules/token-lifetime.ts';
import { tokenPermissions } from './rules/token-permissions.ts';
import { tokenScope } from './rules/token-scope.ts';
import { trafficRuleScope } from './rules/traffic-rule-scope.ts';
import { wafDescription } from './rules/waf-description.ts';
import { wafExpressionConstant } from './rules/waf-expression-constant.ts';
import { wafExpressionValid } from './rules/waf-expression-valid.ts';
import { wafHostScope } from './rules/waf-host-scope.ts';
import { wafLint } from './rules/waf-lint.ts';
import { wafLogFirst } from './rules/waf-log-first.ts';
import { wafMustPass } from './rules/waf-must-pass.ts';
import { wafMustPassKnown } from './rules/waf-must-pass-known.ts';
import { wafMustPassPresent } from './rules/waf-must-pass-present.ts';
import { wafOrderKept } from './rules/waf-order-kept.ts';
import { wafProtectionRemoved } from './rules/waf-protection-removed.ts';
import { wafRef } from './rules/waf-ref.ts';
import { wafRuleShadowed } from './rules/waf-rule-shadowed.ts';
import { wafSkipExpiry } from './rules/waf-skip-expiry.ts';
import { wafSkipScope } from './rules/waf-skip-scope.ts';
import { wafTrafficLimits } from './rules/waf-traffic-limits.ts';
import { wafTrafficSample } from './rules/waf-traffic-sample.ts';
import { zoneAuthoritative } from './rules/zone-authoritative.ts';
import { zoneNotPaused } from './rules/zone-not-paused.ts';

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
  recordCommunications,
  recordComplete,
  recordEmergencyIncident,
  recordLeadTime,
  recordMonitoring,
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
