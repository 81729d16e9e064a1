import type { JsonObject, ResourceChange } from '../../../scripts/plan/types.ts';
import { objectAt, textAt } from '../../../scripts/waf/rulesets/attributes.ts';
import { patternAnswer } from '../../../scripts/waf/rulesets/redirect-chain.ts';
import { newlyCached, servesFiles } from '../../reading/cache-effects.ts';
import { subjectOf } from '../../reading/estate-context.ts';
import { changesOf } from '../../reading/plan-index.ts';
import { hasUnknownRules, ruleValue } from '../../reading/rulesets/rules.ts';
import type { Expressions } from '../../../scripts/waf/reason/expressions.ts';
import type { RulesetRuleChange } from '../../reading/rulesets/rules.ts';
import { isEnabled } from '../../reading/rulesets/skip-rules.ts';
import { readValue } from '../../reading/values.ts';
import { defineRule, doubt, fine, finding, judged, notApplicable } from '../../rule.ts';
import type { Judgement } from '../../rule.ts';
import { isObject } from '../../../scripts/json/json.ts';

const cachePhase = 'http_request_cache_settings';
const required = 'caching of files only: by path, by extension, or without a session cookie';

export const cachePersonalPages = defineRule({
  id: 'cache-personal-pages',
  title: 'Pages of visitors who are logged in are not cached for others',
  area: 'estate',
  severity: 'deny',
  why: 'A page that is cached with its cookie goes to whoever asks next: visitors see the accounts of others.',
  fix: 'Confine the rule by path or extension to files, or except requests with the session cookie.',
  since: '2026-11-30',
  source: 'Cloudflare documentation, cache rules, page rules and cache keys',
  protects: 'security',
  waivable: true,
  evaluate: ({ index }) => {
    const rulesets = index.rulesets.filter(isOfCache);
    const pageRules = changesOf(index, 'cloudflare_page_rule').filter(({ after }) => after !== null);
    const pairs = index.rulesetRules.filter(
      (pair) => pair.phase.kind === 'known' && pair.phase.value === cachePhase && isEnabled(pair, 'after'),
    );
    return rulesets.length + pageRules.length === 0
      ? notApplicable('no cache rule and no page rule is added or changed')
      : judged([
          ...rulesets.flatMap((change) => judgeRuleset(change, index.expressions)),
          ...pairs.flatMap(judgeKey),
          ...pageRules.flatMap(judgePageRule),
        ]);
  },
});

function isOfCache(change: ResourceChange): boolean {
  const phase = readValue(change, 'after', ['phase']);
  return change.after !== null && phase.kind === 'known' && phase.value === cachePhase;
}

function judgeRuleset(change: ResourceChange, expressions: Expressions): Judgement {
  if (hasUnknownRules(change)) {
    return doubt(subjectOf(change, 'rules'), 'its rules are known only after apply');
  }
  return newlyCached(change, expressions).flatMap(({ rule, page, overrides }) => {
    const subject = subjectOf(change, rule.name);
    return overrides
      ? finding(
          subject,
          `caches ${page} of a visitor who is logged in, whatever the origin says (override_origin)`,
          required,
        )
      : finding(
          subject,
          `caches ${page} of a visitor who is logged in, unless the origin forbids it`,
          required,
          {
            severity: 'warn',
          },
        );
  });
}

/** Two visitors, or two hosts, share an answer when the key leaves out what tells them apart. */
function judgeKey(pair: RulesetRuleChange): Judgement {
  const [was, is] = (['before', 'after'] as const).map((side) => {
    const key = ruleValue(pair, side, ['action_parameters', 'cache_key', 'custom_key']);
    return key.kind === 'known' && isObject(key.value) ? key.value : {};
  });
  const dropped = droppedBy(was ?? {}, is ?? {});
  return dropped.length === 0
    ? fine
    : finding(
        pair.subject,
        `its cache key leaves out ${dropped.join(', ')}`,
        'a key with all that the answer depends on',
        {
          severity: 'warn',
        },
      );
}

function droppedBy(was: JsonObject, is: JsonObject): readonly string[] {
  const parts: readonly (readonly [string, (key: JsonObject) => boolean])[] = [
    ['the query', leavesOutQuery],
    ['the host of the request', (key) => objectAt(key, 'host')['resolved'] === true],
  ];
  const cookies = ['include', 'check_presence'].flatMap((name) => namesIn(objectAt(was, 'cookie')[name]));
  const inKey = new Set(
    ['include', 'check_presence'].flatMap((name) => namesIn(objectAt(is, 'cookie')[name])),
  );
  return [
    ...cookies.filter((name) => !inKey.has(name)).map((name) => `the cookie ${name}`),
    ...parts.filter(([, leavesOut]) => leavesOut(is) && !leavesOut(was)).map(([what]) => what),
  ];
}

function namesIn(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((name) => typeof name === 'string') : [];
}

function leavesOutQuery(key: JsonObject): boolean {
  const query = objectAt(key, 'query_string');
  const [include, exclude] = [objectAt(query, 'include'), objectAt(query, 'exclude')];
  const isNothing =
    isObject(query['include']) && include['all'] !== true && namesIn(include['list']).length === 0;
  return exclude['all'] === true || namesIn(query['exclude']).includes('*') || isNothing;
}

function judgePageRule(change: ResourceChange): Judgement {
  const level = readValue(change, 'after', ['actions', 'cache_level']);
  if (
    level.kind === 'unknown' ||
    (level.kind === 'known' && readValue(change, 'after', ['target']).kind === 'unknown')
  ) {
    return doubt(subjectOf(change), 'what it caches is known only after apply');
  }
  const page = cachedByPageRule(change.after);
  return page === null || cachedByPageRule(change.before) !== null
    ? fine
    : finding(subjectOf(change), `caches everything, ${page} of a visitor who is logged in too`, required);
}

const personalPaths = ['/', '/account', '/login'];

/** A personal page that a page rule caches; null when it caches none, or leaves out requests with a cookie. */
function cachedByPageRule(values: JsonObject | null): string | null {
  const actions = values === null ? {} : objectAt(values, 'actions');
  const target = values === null ? '' : textAt(values, 'target');
  if (
    textAt(actions, 'cache_level') !== 'cache_everything' ||
    textAt(actions, 'bypass_cache_on_cookie') !== ''
  ) {
    return null;
  }
  const host =
    target
      .replace(/^https?:\/\//u, '')
      .split('/')[0]
      ?.replaceAll('*', '') ?? '';
  const name = host.replace(/^\./u, '');
  if (values?.['status'] === 'disabled' || name === '' || servesFiles(name)) {
    return null;
  }
  const matches = patternAnswer(target, '/');
  const url = personalPaths
    .map((path) => `https://${host.startsWith('.') ? `www${host}` : host}${path}`)
    .flatMap((text) => (URL.canParse(text) ? [new URL(text)] : []))
    .find((one) => matches(one, { fields: new Map() }) !== null);
  return url === undefined ? null : `${url.host}${url.pathname}`;
}
