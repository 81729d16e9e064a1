/** What values fields can have, as far as it is documented or fixed by a standard. */
import { fieldFact } from '../../language/tables.ts';

/** ISO 3166-1 alpha-2, as of 2026-11. */
const iso3166 =
  'AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ ' +
  'CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR ' +
  'GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO ' +
  'JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR ' +
  'MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO ' +
  'RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV ' +
  'TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW';

/** With Cloudflare's own: T1 for Tor, XX for unknown, XK for Kosovo, and nothing at all. */
export const countries: ReadonlySet<string> = new Set([...iso3166.split(' '), 'T1', 'XX', 'XK', '']);

export const countryFields: ReadonlySet<string> = new Set([
  'ip.src.country',
  'ip.geoip.country',
  'ip.dst.country',
]);

/** Fields with few possible values beside those that the field reference lists. Cloudflare documentation, as of 2026-11. */
const ownDomains: Readonly<Record<string, readonly string[]>> = {
  'http.request.scheme': ['http', 'https'],
  'http.request.version': ['HTTP/1.0', 'HTTP/1.1', 'HTTP/1.2', 'HTTP/2', 'HTTP/3', 'SPDY/3.1'],
  'cf.tls_version': ['', 'none', 'SSLv3', 'TLSv1', 'TLSv1.1', 'TLSv1.2', 'TLSv1.3'],
  'cf.zone.plan': ['FREE', 'PRO', 'BIZ', 'ENT'],
};

/** The only texts that a field can be; null when there is no such list. The empty text is always possible. */
export function valuesOf(field: string): readonly string[] | null {
  return ownDomains[field] ?? fieldFact(field)?.values ?? null;
}

/** The numbers that a field can be, both ends included. */
export const ranges: Readonly<
  Record<string, { readonly from: bigint; readonly to: bigint; readonly what: 'score' | 'status' | 'port' }>
> = {
  'cf.bot_management.score': { from: 0n, to: 99n, what: 'score' },
  'cf.waf.score': { from: 1n, to: 100n, what: 'score' },
  'cf.waf.score.sqli': { from: 1n, to: 100n, what: 'score' },
  'cf.waf.score.xss': { from: 1n, to: 100n, what: 'score' },
  'cf.waf.score.rce': { from: 1n, to: 100n, what: 'score' },
  'cf.llm.prompt.injection_score': { from: 1n, to: 100n, what: 'score' },
  'http.response.code': { from: 100n, to: 599n, what: 'status' },
  'cf.edge.server_port': { from: 1n, to: 65_535n, what: 'port' },
};

export const normalizedUriFields: ReadonlySet<string> = new Set([
  'http.request.uri',
  'http.request.uri.path',
  'http.request.full_uri',
]);

export const pathFields: ReadonlySet<string> = new Set([
  'http.request.uri',
  'http.request.uri.path',
  'raw.http.request.uri',
  'raw.http.request.uri.path',
]);

export const extensionFields: ReadonlySet<string> = new Set([
  'http.request.uri.path.extension',
  'raw.http.request.uri.path.extension',
]);

/** Managed lists of Cloudflare; all are of addresses. Cloudflare documentation, managed lists, as of 2026-11. */
export const managedLists: ReadonlySet<string> = new Set([
  'cf.open_proxies',
  'cf.anonymizer',
  'cf.vpn',
  'cf.malware',
  'cf.botnetcc',
]);
