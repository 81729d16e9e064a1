/** The library `sluice/stacks`: what an estate's stack code is written with. */
export {
  AccessApplication,
  type Selector,
  type AccessPolicy,
  type AccessApplicationProps,
} from './access-application.ts';
export { accountRoles, AccountMembers, type Member } from './account-members.ts';
export { AccountWaf, type AccountWafRule, type AccountWafProps } from './account-waf.ts';
export { AddressList, type AddressListProps } from './address-list.ts';
export { permissionGroups, ApiTokens, type PermissionGroup, type ApiTokenProps } from './api-tokens.ts';
export { BulkRedirects, type BulkRedirect, type BulkRedirectsProps } from './bulk-redirects.ts';
export { CacheRules, type CacheRule } from './cache-rules.ts';
export { type DnsRecordInput } from './checks/dns-record-input.ts';
export { DnsRecords, quotedText } from './dns-records.ts';
export { writeEstate, type StackEntry, type EstateProgramSettings } from './estate-program.ts';
export {
  type EmergencyLimit,
  type EmergencyMoves,
  type EmergencyRule,
  type SwitchedOff,
  type UnderAttack,
} from './emergency/moves.ts';
export { EstateStack, type EstateStackProps } from './estate-stack.ts';
export { ListEntries, type ListEntry } from './checks/list-entries.ts';
export {
  LoadBalancer,
  type Origin,
  type Pool,
  type Monitor,
  type LoadBalancerProps,
} from './load-balancer.ts';
export { NotificationPolicies, type Notification } from './notification-policies.ts';
export { RateLimits, type RateLimit } from './rate-limits.ts';
export { Redirects, type Redirect } from './redirects.ts';
export {
  TransformRules,
  type UrlRewrite,
  type HeaderChange,
  type HeaderRule,
  type TransformRulesProps,
} from './transform-rules.ts';
export { WafCustomRules, type WafRule, type WafCustomRulesProps } from './waf-custom-rules.ts';
export {
  managedRulesets,
  WafManagedRules,
  type ManagedException,
  type WafManagedRulesProps,
} from './waf-managed-rules.ts';
export { ZoneDnssec } from './zone-dnssec.ts';
export { ZoneSettings, type ZoneSettingsProps } from './zone-settings.ts';
export { Zone, type ZoneProps } from './zone.ts';
export { EstateError } from './checks/estate-error.ts';
export type { SkipScope } from './checks/skip-scope.ts';
