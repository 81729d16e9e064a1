/** Pairs of expressions and how they relate, with the traps of the language among them. */
import type { ExpressionRelation } from '../../../scripts/waf/reason/compare/compare.ts';

/** The fourth says what the trap is. */
export type Case = readonly [relation: ExpressionRelation, before: string, after: string, trap?: string];

const host = 'http.host';
const path = 'http.request.uri.path';
const header = 'http.request.headers["x-a"]';
const one = `${header}[0]`;

const uri = 'http.request.uri';
const query = 'http.request.uri.query';
const fullUri = 'http.request.full_uri';

/** A path, the query behind it, and the URI of both. */
export const uris: readonly Case[] = [
  ['narrower', `${path} eq "/a"`, `${uri} eq "/a"`, 'any query may follow a path'],
  ['wider', `${uri} eq "/a"`, `${path} eq "/a"`],
  ['wider', `${uri} eq "/a?b=1"`, `${path} eq "/a"`],
  ['wider', `${path} ne "/a"`, `${uri} ne "/a"`],
  ['different', `${path} in {"/a" "/b"}`, `${uri} in {"/a" "/c"}`],
  ['equivalent', `starts_with(${path}, "/a/")`, `starts_with(${uri}, "/a/")`],
  ['equivalent', `${path} wildcard "/a/*"`, `${uri} wildcard "/a/*"`],
  ['wider', `ends_with(${path}, ".php")`, `${uri} contains ".php"`],
  ['equivalent', `${query} eq ""`, `not ${uri} contains "?"`],
  ['wider', `${query} contains "id="`, `${uri} contains "id="`],
  ['wider', `${path} contains "/.git"`, `${uri} contains "/.git"`, 'a query may have it'],
  ['wider', `lower(${path}) contains "/admin"`, `lower(${uri}) contains "/admin"`],
  ['wider', `${uri} contains "https:"`, `${fullUri} contains "https:"`, 'the scheme has it'],
  ['different', `ends_with(${path}, ".php")`, `ends_with(${uri}, ".php")`],
  ['different', String.raw`${path} matches "\.php$"`, String.raw`${uri} matches "\.php$"`],
  ['equivalent', `${uri} eq "/a?x=1"`, `${path} eq "/a" and ${query} eq "x=1"`],
  ['equivalent', `${uri} in {"/a?x" "/b?x"}`, `${path} in {"/a" "/b"} and ${query} eq "x"`],
  ['narrower', `${path} in {"/a" "/b"} and ${query} in {"x" "y"}`, `${uri} in {"/a?x" "/b?y"}`],
  ['narrower', `${path} eq "/a"`, `${path} eq "/a" and ${query} eq ""`],
  ['equivalent', `raw.${path} eq "/a" or raw.${uri} eq "/a?b"`, `raw.${path} eq "/a"`],
  ['different', `raw.${path} eq "/a"`, `raw.${uri} eq "/b"`],
  ['wider', `${fullUri} eq "https://a.example/x?y=1"`, `${query} eq "y=1"`],
  [
    'wider',
    `${fullUri} in {"https://a.example/x" "https://b.example/y"}`,
    `${host} in {"a.example" "b.example"}`,
  ],
  ['wider', `${fullUri} strict wildcard "https://a.example/*"`, `${host} eq "a.example"`],
  ['wider', `raw.${fullUri} strict wildcard "http://a.example/x*"`, `starts_with(raw.${uri}, "/x")`],
  [
    'different',
    `${fullUri} strict wildcard "https://*.a.example/*"`,
    `${host} eq "a.example"`,
    'the host is not fixed',
  ],
  ['different', `${fullUri} contains "a.example/x"`, `${host} eq "a.example"`],
];

export const texts: readonly Case[] = [
  ['equivalent', `${host} eq "a"`, `${host} eq "a"`],
  ['equivalent', `${host} eq "a"`, `${host} in {"a"}`],
  ['equivalent', `${host} in {"a" "b"}`, `${host} in {"b" "a" "b"}`],
  ['equivalent', `${host} in {"a" "b"}`, `${host} eq "b" or ${host} eq "a"`],
  ['equivalent', String.raw`${path} eq "/\x61"`, `${path} eq r"/a"`, 'spelling of literals'],
  ['equivalent', `${path} eq 2f:61`, `${path} eq "/a"`],
  ['wider', `${host} eq "a"`, `${host} in {"a" "b"}`],
  ['narrower', `${host} in {"a" "b" "c"}`, `${host} in {"a" "c"}`],
  ['different', `${host} in {"a" "b"}`, `${host} in {"b" "c"}`],
  ['different', `${host} eq "a"`, `${host} eq "A"`, 'letter case counts'],
  ['wider', `${path} eq "/ab"`, `${path} contains "/a"`],
  ['wider', `${path} eq "/ab"`, `starts_with(${path}, "/a")`],
  ['wider', `${path} eq "/ab"`, `ends_with(${path}, "b")`],
  ['wider', `starts_with(${path}, "/ab")`, `starts_with(${path}, "/a")`],
  ['wider', `starts_with(${path}, "/ab")`, `${path} contains "b"`],
  ['different', `starts_with(${path}, "/ab")`, `${path} contains "c"`],
  ['equivalent', `starts_with(${path}, "/a")`, `${path} strict wildcard "/a*"`],
  ['wider', `starts_with(${path}, "/a")`, `${path} wildcard "/a*"`, 'wildcard takes either case'],
  ['equivalent', `starts_with(${path}, "/1-")`, `${path} wildcard "/1-*"`, 'no letters, no case'],
  ['equivalent', `${path} wildcard "/A*b"`, `${path} wildcard "/a*B"`],
  ['different', `${path} strict wildcard "/A*"`, `${path} strict wildcard "/a*"`],
  ['equivalent', `${path} contains "ab"`, `${path} strict wildcard "*ab*"`],
  ['narrower', `${path} contains "ab"`, `${path} strict wildcard "*ab*c*"`],
  [
    'narrower',
    `${path} contains "ab" and ${path} contains "bc"`,
    `${path} contains "abc"`,
    'they may overlap',
  ],
  ['wider', `${path} strict wildcard "/a*/b*/c"`, `${path} strict wildcard "/a*/c"`],
  ['narrower', `${path} strict wildcard "*"`, `${path} strict wildcard "/*"`],
  [
    'different',
    String.raw`http.user_agent strict wildcard r"/\*"`,
    `http.user_agent strict wildcard "/?"`,
    'an escaped star, a plain ?',
  ],
  ['narrower', `${path} strict wildcard "/*"`, String.raw`${path} strict wildcard r"/\*"`],
  ['equivalent', `lower(${host}) eq "a"`, `${host} wildcard "a"`],
  ['equivalent', `upper(${host}) eq "A"`, `lower(${host}) eq "a"`],
  ['narrower', `lower(${host}) eq "a"`, `${host} eq "a"`],
  ['narrower', `lower(${host}) in {"a" "B"}`, `lower(${host}) in {"B"}`, 'lower() never gives a capital'],
  ['wider', `${path} eq "/a"`, `lower(${path}) contains "a"`],
  ['equivalent', `lower(${host}) eq "B"`, 'false'],
  ['different', `${path} eq "/a"`, `${path} strict wildcard "/a*/a"`, 'its two ends do not overlap'],
  ['narrower', `lower(${path}) contains "a"`, `${path} contains "a"`],
  ['equivalent', `${path} matches "^/a"`, `starts_with(${path}, "/a")`],
  ['equivalent', `${path} matches "^/a$"`, `${path} eq "/a"`],
  ['equivalent', String.raw`${path} matches r"\.php$"`, `ends_with(${path}, ".php")`],
  ['equivalent', `${path} matches "^/(a|b)/"`, `starts_with(${path}, "/a/") or starts_with(${path}, "/b/")`],
  ['equivalent', `${path} matches "(?i)^/a"`, `${path} wildcard "/a*"`],
  ['wider', `${path} eq "/v1"`, `${path} matches "^/v[0-9]$"`],
  ['different', `${path} matches "^/v[0-9]+$"`, `${path} matches "^/w[0-9]+$"`],
  ['equivalent', `${path} contains ""`, `${path} wildcard "*"`, 'both always hold'],
  ['wider', `${host} in {}`, `${host} eq "a"`, 'nothing is in an empty set'],
  ['narrower', `${host} ne "a"`, `${host} ne "a" and ${host} ne "b"`],
  ['equivalent', `not ${host} eq "a"`, `${host} ne "a"`, 'a field that is always there'],
  ['equivalent', `len(${host}) gt 0`, `${host} ne ""`],
  ['equivalent', `len(${host}) eq 0`, `${host} eq ""`],
  ['wider', `${host} eq "abc"`, `len(${host}) eq 3`],
  ['wider', `${path} eq "/abcd"`, `substring(${path}, 0, 2) eq "/a"`],
  ['different', `${path} lt "/b"`, `${path} eq "/b"`],
  ['narrower', `${path} lt "/b"`, `${path} eq "/a"`],
];

export const numbers: readonly Case[] = [
  ['equivalent', 'ip.src.asnum in {1..3}', 'ip.src.asnum ge 1 and ip.src.asnum le 3'],
  ['equivalent', 'ip.src.asnum in {1 2 3}', 'ip.src.asnum in {1..3}'],
  ['equivalent', 'ip.src.asnum gt 3', 'ip.src.asnum ge 4'],
  ['equivalent', 'ip.src.asnum in {017}', 'ip.src.asnum eq 15', 'octal'],
  ['wider', 'ip.src.asnum in {1..3}', 'ip.src.asnum in {1..4}'],
  ['different', 'ip.src.asnum in {1..3}', 'ip.src.asnum in {3..4}'],
  ['equivalent', 'ip.src.asnum ne 3', 'ip.src.asnum lt 3 or ip.src.asnum gt 3'],
  ['equivalent', `len(${path}) ge 0`, 'ssl or not ssl', 'no length is below zero'],
  ['equivalent', 'ip.src in {10.0.0.0/8}', 'ip.src in {10.0.0.0/9 10.128.0.0/9}'],
  ['equivalent', 'ip.src in {10.0.0.0/31}', 'ip.src in {10.0.0.0..10.0.0.1}'],
  ['narrower', 'ip.src in {10.0.0.0/8}', 'ip.src in {10.0.0.0/16}'],
  ['narrower', 'ip.src in {10.0.0.0/8 ::1}', 'ip.src in {10.0.0.0/8}'],
  ['different', 'ip.src eq ::ffff:192.0.2.1', 'ip.src eq 192.0.2.1', 'families are never equal'],
  ['equivalent', 'ip.src in {0.0.0.0/0 ::/0}', 'ssl or not ssl'],
  ['narrower', 'ssl or not ssl', 'ip.src in {0.0.0.0/0}', 'IPv6 is outside'],
  ['narrower', 'not ip.src in {10.0.0.0/16}', 'not ip.src in {10.0.0.0/8}', 'a wider exception'],
  ['narrower', 'ip.src in $office', 'ip.src in $office and ssl'],
  ['different', 'ip.src in $office', 'ip.src in $partners'],
];

export const missing: readonly Case[] = [
  ['wider', `${one} ne "a"`, `not ${one} eq "a"`, 'equivalent under one of the readings only'],
  ['narrower', `not ${one} eq "a"`, `${one} ne "a"`],
  ['narrower', `not ${one} eq "a"`, `not ${one} eq "a" and not ${one} eq "b"`],
  ['different', `${one} ne "a" or ${one} eq "a"`, 'ssl', 'not always true: it may be missing'],
  ['narrower', 'ssl or not ssl', `${one} contains ""`, 'false when it is missing'],
  ['narrower', 'ssl or not ssl', `len(${one}) ge 0`, 'false when it is missing'],
  ['narrower', `not ${one} contains ""`, `not ${one} contains "" and ssl`, 'the header is absent'],
  ['wider', `${one} lt "b" and ${one} eq "a"`, `${one} eq "a" or not ${one} contains ""`],
  ['wider', `lower(${one}) eq "a"`, `not lower(${one}) eq "b"`],
  ['different', `${one} eq ""`, `not ${one} contains ""`, 'empty is not absent'],
  ['equivalent', 'http.user_agent eq ""', 'len(http.user_agent) eq 0'],
  ['equivalent', `not any(${header}[*] eq "a")`, `all(${header}[*] ne "a")`, 'both true for no header'],
  ['narrower', `all(${header}[*] eq "a")`, `all(${header}[*] eq "a") and any(${header}[*] eq "a")`],
  ['different', `all(${header}[*] eq "a")`, `any(${header}[*] eq "a")`, 'none: all() holds; two: any() does'],
  ['wider', `any(${header}[*] eq "a")`, `any(${header}[*] contains "a")`],
  ['narrower', `all(${header}[*] contains "a")`, `all(${header}[*] eq "a")`],
  ['different', `any(${header}[*] ne "a")`, `not any(${header}[*] eq "a")`],
  ['equivalent', `any(lower(${header}[*])[*] eq "a")`, `any(${header}[*] wildcard "a")`],
  [
    'different',
    `any(${header}[*] eq "a") and any(${header}[*] eq "b")`,
    `any(${header}[*] in {"a"}) and ssl`,
  ],
  ['wider', `any(${header}[*] eq "ab")`, `any(starts_with(${header}[*], "a"))`],
];

export const structure: readonly Case[] = [
  ['equivalent', 'ssl and cf.client.bot', 'cf.client.bot and ssl'],
  ['equivalent', 'not (ssl and cf.client.bot)', 'not ssl or not cf.client.bot'],
  ['equivalent', 'ssl xor cf.client.bot', '(ssl and not cf.client.bot) or (not ssl and cf.client.bot)'],
  ['equivalent', 'not (ssl xor cf.client.bot)', 'not ssl xor cf.client.bot'],
  ['equivalent', 'ssl and (cf.client.bot or ssl)', 'ssl'],
  [
    'equivalent',
    `ssl and (${host} eq "a" or ${host} eq "b")`,
    `ssl and ${host} eq "a" or ssl and ${host} eq "b"`,
  ],
  ['equivalent', `${host} eq "a" and ${host} eq "b"`, 'false', 'a contradiction'],
  ['equivalent', `${host} ne "a" or ${host} ne "b"`, 'true'],
  [
    'equivalent',
    `${host} eq "a" and not ${path} eq "/x"`,
    `${host} eq "a" and (${host} ne "a" or ${path} ne "/x")`,
  ],
  ['wider', 'ssl and cf.client.bot', 'ssl'],
  ['narrower', 'ssl', 'ssl and not cf.client.bot'],
  ['different', 'ssl', 'cf.client.bot'],
  ['wider', 'false', 'ssl'],
  ['wider', `not ${host} eq "a" and ssl`, `not (${host} eq "a" and ssl)`, 'not takes the next test only'],
  [
    'equivalent',
    `${host} eq http.user_agent`,
    `${host} eq http.user_agent`,
    'of no known form, but the same',
  ],
];

export const untold: readonly Case[] = [
  [
    'unknown',
    String.raw`${host} eq "\xff" and ${host} matches "(?u)^.$"`,
    'false',
    'not UTF-8: whether it matches is not known',
  ],
  ['unknown', `${path} matches ".php$"`, `ends_with(${path}, ".php")`, 'an unescaped dot is any byte'],
  [
    'unknown',
    `${host} eq http.user_agent`,
    `${host} eq http.user_agent and ssl`,
    'no example is made for it',
  ],
  ['unknown', 'is_timed_hmac_valid_v0("a", http.request.uri, 60, http.request.timestamp.sec)', 'ssl'],
  ['unknown', `${host} eq a`, 'ssl', 'no expression'],
  ['unknown', 'http.no_such_field eq "a"', 'http.no_such_field eq "b"', 'a field that is not known'],
];
