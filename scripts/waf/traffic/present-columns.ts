/**
 * Names of columns that are no longer used, and those of other exports of the same data, as the present names of Logpush.
 * Sources: Cloudflare documentation, "Updates to security fields" (2023-02-01), Logpush datasets, and GraphQL datasets
 * `firewallEventsAdaptive` and `httpRequestsAdaptive`, as of 2026-11.
 */
import type { TrafficRow } from './row.ts';

/** Renamed on 2023-08-01, with the same content. */
const renamed: Readonly<Record<string, string>> = {
  FirewallMatchesActions: 'SecurityActions',
  FirewallMatchesRuleIDs: 'SecurityRuleIDs',
  FirewallMatchesSources: 'SecuritySources',
  WAFAction: 'SecurityAction',
  WAFRuleID: 'SecurityRuleID',
};

/** Of the first form of `firewall_events`. */
const renamedOfEvents: Readonly<Record<string, string>> = {
  ClientCountryName: 'ClientCountry',
  ClientRequestHTTPHost: 'ClientRequestHost',
  ClientRequestHTTPMethodName: 'ClientRequestMethod',
  ClientRequestHTTPProtocol: 'ClientRequestProtocol',
  ClientRequestHTTPProtocolName: 'ClientRequestProtocol',
  RayName: 'RayID',
  RuleId: 'RuleID',
  UserAgent: 'ClientRequestUserAgent',
};

/** Removed on 2023-08-01. */
const removed: readonly string[] = ['EdgeRateLimitAction', 'EdgeRateLimitID', 'SecurityLevel', 'WAFProfile'];

const graphql: Readonly<Record<string, string>> = {
  action: 'Action',
  botScore: 'BotScore',
  clientAsn: 'ClientASN',
  clientCountryName: 'ClientCountry',
  clientIP: 'ClientIP',
  clientRequestHTTPHost: 'ClientRequestHost',
  clientRequestHTTPMethodName: 'ClientRequestMethod',
  clientRequestHTTPProtocol: 'ClientRequestProtocol',
  clientRequestPath: 'ClientRequestPath',
  clientRequestQuery: 'ClientRequestQuery',
  clientRequestReferer: 'ClientRequestReferer',
  clientRequestScheme: 'ClientRequestScheme',
  clientSSLProtocol: 'ClientSSLProtocol',
  datetime: 'Datetime',
  edgeResponseStatus: 'EdgeResponseStatus',
  ja3Hash: 'JA3Hash',
  ja4: 'JA4',
  matchIndex: 'MatchIndex',
  rayName: 'RayID',
  ref: 'Ref',
  requestSource: 'ClientRequestSource',
  ruleId: 'RuleID',
  securityAction: 'SecurityAction',
  source: 'Source',
  userAgent: 'ClientRequestUserAgent',
  verifiedBotCategory: 'VerifiedBotCategory',
  wafAttackScore: 'WAFAttackScore',
  wafRceAttackScore: 'WAFRCEAttackScore',
  wafSqliAttackScore: 'WAFSQLiAttackScore',
  wafXssAttackScore: 'WAFXSSAttackScore',
};

const presentNames: ReadonlyMap<string, string> = new Map(
  [renamed, renamedOfEvents, graphql].flatMap((names) => Object.entries(names)),
);

/** Columns of which at least one is in every row with names that are not the present ones. */
const signs: readonly string[] = [
  ...Object.keys(renamed),
  'ClientRequestHTTPHost',
  'clientRequestHTTPHost',
  'clientRequestPath',
];

/** The row under present names; a column that stands there under both keeps its present one. */
export function presentRow(row: TrafficRow): TrafficRow {
  return signs.some((sign) => row[sign] !== undefined)
    ? {
        ...Object.fromEntries(
          Object.entries(row).map(([name, value]) => [presentNames.get(name) ?? name, value]),
        ),
        ...Object.fromEntries(Object.entries(row).filter(([name]) => !presentNames.has(name))),
      }
    : row;
}

export function presentName(name: string): string {
  return presentNames.get(name) ?? name;
}

/** What is to be said of the columns of a log: which are old, how they are read, which are not read at all. */
export function notesOnColumns(names: Iterable<string>): readonly string[] {
  const given = new Set(names);
  const read = Object.entries({ ...renamed, ...renamedOfEvents })
    .filter(([old, name]) => given.has(old) && !given.has(name))
    .map(([old, name]) => `${old} is an old name of ${name}, and read as it`);
  const gone = removed
    .filter((name) => given.has(name))
    .map((name) => `${name} is an old column that nothing has taken the place of: it is not read`);
  return [...read, ...gone];
}
