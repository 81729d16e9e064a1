/** Which cache rules keep the answers to requests of somebody who is logged in, tried with requests that look like theirs. */
import type { ResourceChange } from '../../scripts/plan/types.ts';
import type { Expressions } from '../../scripts/waf/reason/expressions.ts';
import type { ReadExpression } from '../../scripts/waf/reason/read-expression.ts';
import { requestFields } from '../../scripts/waf/evaluate/request.ts';
import type { RecordedRequest } from '../../scripts/waf/evaluate/request.ts';
import type { RulesetRule } from '../../scripts/waf/rulesets/rules.ts';
import { objectAt, textAt } from '../../scripts/waf/rulesets/attributes.ts';
import { zoneName } from './estate-context.ts';
import { rulesOn } from './rulesets/rules.ts';
import { isReference } from './values.ts';
import type { Side } from './values.ts';
import { isObject } from '../../scripts/json/json.ts';

export interface CachedPage {
  /** That caches it, in the list after the change. */
  readonly rule: RulesetRule;
  /** `www.shop.example/account`. */
  readonly page: string;
  /** The origin's headers, which would say `private`, are not asked. */
  readonly overrides: boolean;
}

/** Where a site answers each visitor differently. */
const personalPaths = [
  '/',
  '/account',
  '/login',
  '/checkout',
  '/cart',
  '/admin',
  '/api/me',
  '/my/orders',
  '/profile',
];

/** Hosts that by their name serve the same files to everybody. */
const staticHost = /^(?:assets?|cdn|css|downloads?|files?|fonts?|images?|img|js|media|static)\d*[.-]/u;

/** Cookies by which the common frameworks know who is logged in. */
const sessionCookies = [
  'session=1',
  'sessionid=1',
  'session_id=1',
  'sid=1',
  'PHPSESSID=1',
  'JSESSIONID=1',
  'connect.sid=1',
  'wordpress_logged_in_1=1',
  'wp-settings-1=1',
  'auth=1',
  'token=1',
  'jwt=1',
  'laravel_session=1',
  '_session=1',
  'logged_in=1',
  'user=1',
].join('; ');

/** True for a host that needs no look: its name says that it serves files. */
export function servesFiles(host: string): boolean {
  return staticHost.test(host);
}

/** Cookies by the names that the rules themselves ask for. */
function namedCookies(rules: readonly CacheEffectRule[]): string {
  const texts = rules
    .filter(({ expression }) => expression.includes('cookie'))
    .flatMap(({ expression }) => [...expression.matchAll(/"(?<text>[\w.:=-]{1,100})"/gu)])
    .map(({ groups }) => groups?.['text'] ?? '');
  return [...new Set(texts)].map((text) => (text.includes('=') ? text : `${text}=1`)).join('; ');
}

/** Requests of somebody who is logged in, for the hosts and the other conditions of an expression. */
function personalRequests(
  { example: found }: ReadExpression,
  zone: string | null,
  cookies: string,
): readonly RecordedRequest[] {
  if (found === null || servesFiles(found.host)) {
    return [];
  }
  const isOwn = zone === null || found.host === zone || found.host.endsWith(`.${zone}`);
  const host = isOwn ? found.host : zone;
  const headers = found.headers.filter(([name]) => !['cookie', 'host'].includes(name.toLowerCase()));
  const own = /account|admin|api|auth|cart|checkout|login|my|order|profile|user/iu.test(found.target)
    ? [found.target]
    : [];
  return [...own, ...personalPaths].map((target) => ({
    ...found,
    host,
    target,
    headers: [...headers, ['host', host], ['cookie', cookies]],
  }));
}

interface CacheEffectRule extends RulesetRule {
  readonly matches: (request: RecordedRequest) => boolean;
}

function cacheRules(
  ruleset: ResourceChange,
  side: Side,
  expressions: Expressions,
): readonly CacheEffectRule[] {
  return rulesOn(ruleset, side)
    .filter(({ action, enabled }) => action === 'set_cache_settings' && enabled)
    .map((rule) => ({ ...rule, matches: matcherOf(expressions.read(rule.expression)) }));
}

function matcherOf(read: ReadExpression): CacheEffectRule['matches'] {
  const test = isReference(read.text) ? () => false : read.test();
  return (request) => test(requestFields(request)) === true;
}

/** All rules that match are taken together; of those that say the same thing, the last one holds. */
function settled(
  rules: readonly CacheEffectRule[],
  request: RecordedRequest,
): Omit<CachedPage, 'page'> | null {
  const matching = rules.filter(({ matches }) => matches(request));
  const by = matching.findLast(({ parameters }) => typeof parameters['cache'] === 'boolean');
  const ttl = matching.findLast(({ parameters }) => isObject(parameters['edge_ttl']));
  const mode = ttl === undefined ? '' : textAt(objectAt(ttl.parameters, 'edge_ttl'), 'mode');
  return by === undefined || by.parameters['cache'] !== true || mode === 'bypass_by_default'
    ? null
    : { rule: by, overrides: mode === 'override_origin' };
}

/** Personal pages that the ruleset caches after the change, or caches in spite of the origin, and did not before. */
export function newlyCached(ruleset: ResourceChange, expressions: Expressions): readonly CachedPage[] {
  const before = cacheRules(ruleset, 'before', expressions);
  const after = cacheRules(ruleset, 'after', expressions);
  const zone = zoneName(ruleset);
  const cookies = [sessionCookies, namedCookies([...before, ...after])]
    .filter((text) => text !== '')
    .join('; ');
  const found = after
    .filter(({ parameters }) => parameters['cache'] === true)
    .flatMap(({ expression }) => personalRequests(expressions.read(expression), zone, cookies))
    .flatMap((request) => {
      const [was, is] = [settled(before, request), settled(after, request)];
      const isNew = is !== null && (was === null || (is.overrides && !was.overrides));
      return isNew ? [{ ...is, page: `${request.host}${request.target}` }] : [];
    });
  // The first page of each rule is example enough.
  return found.filter(
    (page, at) => found.findIndex(({ rule }) => rule.position === page.rule.position) === at,
  );
}
