/** Rate limits. */
import { listAt, textsAt } from '../../rulesets/attributes.ts';
import { isObject } from '../../../json/json.ts';
import type { JsonObject } from '../../../plan/types.ts';
import { planAtLeast } from '../../language/tables.ts';
import type { CloudflarePlan } from '../../language/tables.ts';
import { attribute, isReference } from '../model.ts';
import type { LintedRule } from '../model.ts';
import { hitWhen, none, rulesFrom } from '../rule.ts';
import type { Hit, LintRule } from '../rule.ts';

const define = rulesFrom('Cloudflare documentation, rate limiting rules, parameters and availability');

function limiting(find: (limit: JsonObject, rule: LintedRule) => readonly Hit[]): LintRule['finder'] {
  return {
    on: 'rule',
    find: (rule) => {
      const limit = attribute(rule.attributes, 'ratelimit');
      return isObject(limit) ? find(limit, rule) : none;
    },
  };
}

function isWhole(value: unknown, from: number, to: number): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value >= from && value <= to;
}

function outside(limit: JsonObject, key: string, from: number, to: number): readonly Hit[] {
  const value = attribute(limit, key);
  return hitWhen(
    value !== undefined && !isReference(value) && !isWhole(value, from, to),
    `${key} is ${JSON.stringify(value)}, it is between ${from} and ${to}`,
    `ratelimit.${key}`,
  );
}

const day = 86_400;
const longestPeriod: Readonly<Partial<Record<CloudflarePlan, number>>> = { free: 10, pro: 60, business: 600 };

function periodOfPlan(limit: JsonObject, { ruleset: { plan } }: LintedRule): readonly Hit[] {
  const longest = plan === undefined ? undefined : longestPeriod[plan];
  const period = attribute(limit, 'period');
  return hitWhen(
    longest !== undefined && typeof period === 'number' && period > longest,
    `${JSON.stringify(period)} s; the plan ${plan ?? ''} counts at most ${longest ?? ''} s`,
    'ratelimit.period',
  );
}

/** Characteristics as the API takes them; keys and patterns in brackets. */
const characteristics: readonly RegExp[] = [
  /^(?:cf\.colo\.id|ip\.src|cf\.unique_visitor_id)$/u,
  /^(?:http\.host|http\.request\.uri\.path|http\.request\.method|http\.request\.uri|http\.request\.full_uri)$/u,
  /^(?:raw\.)?http\.request\.(?:uri\.path|full_uri|uri\.query)$/u,
  /^http\.request\.(?:headers|cookies|uri\.args|body\.form)\["[^"]+"\]$/u,
  /^http\.request\.uri\.query$/u,
  /^ip\.(?:src|geoip)\.(?:asnum|country)$/u,
  /^cf\.bot_management\.ja[34](?:_hash)?$/u,
  /^cf\.tls_client_auth\.[a-z0-9_]+$/u,
  /^http\.request\.body\.(?:raw|form|size)$/u,
  /^http\.request\.jwt\.claims\.[a-z0-9_.]+(?:\["[^"]+"\]\[0\]|\["[^"]+"\])$/u,
  /^(?:lower|upper|substring|regex_replace|lookup_json_string|lookup_json_integer|url_decode|concat|cidr|cidr6)\(.+\)$/su,
];

const always = 'cf.colo.id';

function unknownCharacteristics(limit: JsonObject): readonly Hit[] {
  return textsAt(limit, 'characteristics')
    .filter((name) => !isReference(name) && !characteristics.some((form) => form.test(name)))
    .map((name) => ({
      message: `${name} is not documented as a characteristic`,
      path: 'ratelimit.characteristics',
    }));
}

/** Below Business requests are counted by address only; below Enterprise by address or visitor. */
function tooMany(limit: JsonObject, { ruleset: { plan } }: LintedRule): readonly Hit[] {
  if (plan === undefined || planAtLeast(plan, 'enterprise')) {
    return none;
  }
  const own = textsAt(limit, 'characteristics').filter((name) => name !== always);
  const allowed = planAtLeast(plan, 'business') ? ['ip.src', 'cf.unique_visitor_id'] : ['ip.src'];
  const others = own.filter((name) => !allowed.includes(name));
  return hitWhen(
    others.length > 0 || own.length > 1,
    `the plan ${plan} counts by ${allowed.join(' or ')}, here by ${own.join(' and ')}`,
    'ratelimit.characteristics',
  );
}

const challengeActions = new Set(['challenge', 'js_challenge', 'managed_challenge']);

function challengeHits(limit: JsonObject, { action, ruleset: { plan } }: LintedRule): readonly Hit[] {
  const timeout = attribute(limit, 'mitigation_timeout');
  return hitWhen(
    plan !== undefined &&
      !planAtLeast(plan, 'enterprise') &&
      challengeActions.has(action) &&
      typeof timeout === 'number' &&
      timeout > 0,
    `${action} with a timeout of ${JSON.stringify(timeout)} s on the plan ${plan ?? ''}`,
    'ratelimit.mitigation_timeout',
  );
}

const maxThreshold = 1_000_000;

export const rateLimitRules: readonly LintRule[] = [
  define(
    'rate-missing',
    'error',
    [
      'Rules of the phase http_ratelimit have a limit',
      'Cloudflare refuses a rate limit without its figures.',
      'Add ratelimit.',
    ],
    {
      on: 'rule',
      find: ({ attributes, ruleset: { phase }, action }) =>
        hitWhen(
          phase === 'http_ratelimit' &&
            action !== 'execute' &&
            attribute(attributes, 'ratelimit') === undefined,
          'no ratelimit',
          'ratelimit',
        ),
    },
  ),
  define(
    'rate-period',
    'error',
    [
      'Periods are between 10 seconds and a day',
      'Cloudflare refuses others.',
      'Use 10, 60, 600, 3600 or another period of the plan.',
    ],
    limiting((limit) => [
      ...hitWhen(attribute(limit, 'period') === undefined, 'no period', 'ratelimit.period'),
      ...outside(limit, 'period', 10, day),
    ]),
  ),
  define(
    'rate-period-plan',
    'error',
    [
      'The plan has the period',
      'Free counts 10 seconds, Pro up to a minute, Business up to ten.',
      'Use a shorter period with a lower threshold.',
    ],
    limiting(periodOfPlan),
  ),
  define(
    'rate-characteristics-missing',
    'error',
    [
      'A rate limit says what it counts by',
      'Without characteristics Cloudflare refuses the rule.',
      'List cf.colo.id and ip.src.',
    ],
    limiting((limit) =>
      hitWhen(
        listAt(limit, 'characteristics').length === 0 && !isReference(attribute(limit, 'characteristics')),
        'no characteristics',
        'ratelimit.characteristics',
      ),
    ),
  ),
  define(
    'rate-colo',
    'error',
    [
      'cf.colo.id is among the characteristics',
      'Counters are kept for each data centre; the API wants it listed.',
      'Add cf.colo.id.',
    ],
    limiting((limit) => {
      const names = textsAt(limit, 'characteristics');
      return hitWhen(
        names.length > 0 && !names.includes(always) && !names.some(isReference),
        'no cf.colo.id',
        'ratelimit.characteristics',
      );
    }),
  ),
  define(
    'rate-characteristic',
    'warning',
    [
      'Characteristics are documented',
      'An unknown one is refused.',
      'Use a field of the list, with its key in brackets and double quotes.',
    ],
    limiting((limit) => unknownCharacteristics(limit)),
  ),
  define(
    'rate-two-identities',
    'error',
    [
      'Requests are counted by address or by visitor',
      'Cloudflare refuses ip.src and cf.unique_visitor_id together.',
      'Keep one of them.',
    ],
    limiting((limit) => {
      const names = textsAt(limit, 'characteristics');
      return hitWhen(
        names.includes('ip.src') && names.includes('cf.unique_visitor_id'),
        'ip.src and cf.unique_visitor_id',
        'ratelimit.characteristics',
      );
    }),
  ),
  define(
    'rate-characteristics-plan',
    'error',
    [
      'The plan can count by this',
      'Below Enterprise only addresses are counted, and visitors on Business.',
      'Count by ip.src, or change the plan first.',
    ],
    limiting(tooMany),
  ),
  define(
    'rate-threshold-missing',
    'error',
    [
      'A rate limit has a threshold',
      'Without one nothing is limited; Cloudflare refuses the rule.',
      'Set requests_per_period, or score_per_period with its header.',
    ],
    limiting((limit) =>
      hitWhen(
        attribute(limit, 'requests_per_period') === undefined &&
          attribute(limit, 'score_per_period') === undefined,
        'neither requests_per_period nor score_per_period',
        'ratelimit',
      ),
    ),
  ),
  define(
    'rate-threshold',
    'error',
    ['Thresholds are positive whole numbers', 'Cloudflare refuses others.', `Use 1 to ${maxThreshold}.`],
    limiting((limit) => outside(limit, 'requests_per_period', 1, maxThreshold)),
  ),
  define(
    'rate-score',
    'error',
    [
      'Scores are positive and come from a header',
      'Cloudflare refuses a score limit without the header that carries the score.',
      'Set score_response_header_name and a positive score.',
    ],
    limiting((limit) => [
      ...outside(limit, 'score_per_period', 1, maxThreshold),
      ...hitWhen(
        attribute(limit, 'score_per_period') !== undefined &&
          attribute(limit, 'score_response_header_name') === undefined,
        'no score_response_header_name',
        'ratelimit.score_response_header_name',
      ),
    ]),
  ),
  define(
    'rate-timeout',
    'error',
    [
      'Mitigation lasts from 0 seconds to a day',
      'Cloudflare refuses others; 0 throttles.',
      'Use 10, 60, 600, 3600 or 86400.',
    ],
    limiting((limit) => outside(limit, 'mitigation_timeout', 0, day)),
  ),
  define(
    'rate-challenge-timeout',
    'error',
    [
      'Challenges below Enterprise have no timeout',
      'The API refuses one: a passed challenge resets the counter.',
      'Set mitigation_timeout to 0.',
    ],
    limiting(challengeHits),
  ),
];
