/** Cases of the rules about where requests are sent and what is kept for the next one: redirects and caches. */
import type { JsonObject } from '../../../../scripts/plan/types.ts';
import type { RuleInput } from '../../../../policies/model/facts.ts';
import { aPlan } from '../../../builders/plan.ts';
import { standing } from './list-cases.ts';
import type { CaseTable } from './rule-cases.ts';
import { aRuleset } from './waf-cases.ts';

type Input = Partial<RuleInput>;

const single = 'http_request_dynamic_redirect';
const redirects = 'cloudflare_ruleset.redirects';
const subject = `acme-production/${redirects}`;
const settings = 'cloudflare_ruleset.cache';
const cached = `acme-production/${settings}#pages`;
const pageRule = 'cloudflare_page_rule.pages';
const elsewhere = { when: 'no ruleset changes', input: {} };

const redirect = (ref: string, expression: string, target: JsonObject | string): JsonObject => ({
  ref,
  description: ref,
  action: 'redirect',
  expression,
  action_parameters: {
    from_value: {
      status_code: 301,
      preserve_query_string: true,
      target_url: typeof target === 'string' ? { expression: target } : target,
    },
  },
});
const toWww = redirect(
  'www',
  'http.host eq "shop.example"',
  'concat("https://www.shop.example", http.request.uri.path)',
);
const toApex = redirect(
  'apex',
  'http.host eq "www.shop.example"',
  'concat("https://shop.example", http.request.uri.path)',
);
/** The rules come to a ruleset that was empty. */
const redirecting = (rules: readonly JsonObject[], parts: Input = {}): Input => ({
  plan: aPlan().updating(redirects, aRuleset([], single), aRuleset(rules, single)).build(),
  ...parts,
});
const list = (source: string, target: string, parts: JsonObject = {}): JsonObject => ({
  account_id: 'a',
  kind: 'redirect',
  name: 'moved',
  items: [{ redirect: { source_url: source, target_url: target, ...parts } }],
});
const entry = (source: string, target: string): JsonObject => ({
  account_id: 'a',
  list_id: 'f0',
  redirect: { source_url: source, target_url: target },
});
const bulk = standing(
  'cloudflare_ruleset.bulk',
  aRuleset(
    [
      {
        ref: 'bulk',
        action: 'redirect',
        expression: 'http.request.full_uri in $moved',
        action_parameters: { from_list: { name: 'moved', key: 'http.request.full_uri' } },
      },
    ],
    'http_request_redirect',
    { kind: 'root' },
  ),
  { zone: null },
);
const forwarding = (target: string, url: string): JsonObject => ({
  target,
  actions: { forwarding_url: { url, status_code: 301 } },
  status: 'active',
});

const cache = (expression: string, parts: JsonObject = {}, ref = 'pages'): JsonObject => ({
  ref,
  description: 'keep pages',
  action: 'set_cache_settings',
  expression,
  action_parameters: {
    cache: true,
    edge_ttl: { mode: 'override_origin', default: 86_400 },
    ...parts,
  },
});
const caching = (before: readonly JsonObject[], after: readonly JsonObject[]): Input => ({
  plan: aPlan()
    .updating(
      settings,
      aRuleset(before, 'http_request_cache_settings'),
      aRuleset(after, 'http_request_cache_settings'),
    )
    .build(),
});
const onWww = 'http.host eq "www.shop.example"';
const everything = (target: string, actions: JsonObject = {}): Input => ({
  plan: aPlan()
    .creating(pageRule, {
      target,
      status: 'active',
      actions: { cache_level: 'cache_everything', ...actions },
    })
    .build(),
});
const keyed = (key: JsonObject): JsonObject =>
  cache('starts_with(http.request.uri.path, "/static/")', { cache_key: { custom_key: key } });

export const requestCases: CaseTable = {
  'redirect-loop': {
    finds: [
      {
        when: 'www is sent to the apex, and the apex to www',
        input: redirecting([toWww, toApex]),
        subjects: [`${subject}#www`],
      },
      {
        when: 'the other one was there before',
        input: {
          plan: aPlan()
            .updating(redirects, aRuleset([toWww], single), aRuleset([toWww, toApex], single))
            .build(),
        },
        subjects: [`${subject}#apex`],
      },
      {
        when: 'a single path comes back',
        input: redirecting([
          redirect('a', `${onWww} and http.request.uri.path eq "/old"`, {
            value: 'https://www.shop.example/new',
          }),
          redirect('b', `${onWww} and http.request.uri.path eq "/new"`, { value: '/old' }),
        ]),
        subjects: [`${subject}#a`],
      },
      {
        when: 'another zone sends it back',
        input: redirecting([redirect('out', onWww, { value: 'https://www.borough.example/' })], {
          unchanged: [
            standing(
              'cloudflare_ruleset.back',
              aRuleset(
                [
                  redirect('back', 'http.host eq "www.borough.example"', {
                    value: 'https://www.shop.example/',
                  }),
                ],
                single,
              ),
              { stack: 'borough-production', zone: 'borough.example' },
            ),
          ],
        }),
        subjects: [`${subject}#out`],
      },
      {
        when: 'an entry of a list sends it back',
        input: {
          plan: aPlan()
            .inZone(null)
            .updating(
              'cloudflare_list.moved',
              list('www.shop.example/a', 'https://www.shop.example/b'),
              list('www.shop.example/b', 'https://www.shop.example/a'),
            )
            .build(),
          unchanged: [
            bulk,
            standing(
              redirects,
              aRuleset(
                [
                  redirect('a', `${onWww} and http.request.uri.path eq "/a"`, {
                    value: 'https://www.shop.example/b',
                  }),
                ],
                single,
              ),
            ),
          ],
        },
        subjects: ['acme-production/cloudflare_ruleset.bulk#bulk'],
      },
      {
        when: 'a page rule forwards to where it comes from',
        input: {
          plan: aPlan()
            .creating(pageRule, forwarding('www.shop.example/*', 'https://shop.example/$1'))
            .build(),
          unchanged: [standing(redirects, aRuleset([toWww], single))],
        },
        subjects: [`acme-production/${pageRule}`],
      },
      {
        when: 'a redirect to HTTP meets Always Use HTTPS',
        input: redirecting(
          [redirect('plain', `${onWww} and ssl`, 'concat("http://", http.host, http.request.uri.path)')],
          {
            unchanged: [
              standing('cloudflare_zone_setting.https', { setting_id: 'always_use_https', value: 'on' }),
            ],
          },
        ),
        subjects: [`${subject}#plain`],
      },
      {
        when: 'the path gets longer and longer',
        input: redirecting([
          redirect('more', onWww, 'concat("https://www.shop.example/x", http.request.uri.path)'),
        ]),
        subjects: [`${subject}#more`],
      },
      {
        when: 'its target is a reference',
        input: redirecting([redirect('open', onWww, { value: '${var.home}' })]),
        subjects: [`${subject}#open`],
        severity: 'warn',
      },
    ],
    passes: [
      { when: 'www is sent to the apex', input: redirecting([toApex]) },
      {
        when: 'HTTP is sent to HTTPS',
        input: redirecting([
          redirect('https', 'not ssl', 'concat("https://", http.host, http.request.uri.path)'),
        ]),
      },
      {
        when: 'a path is moved by a pattern',
        input: redirecting([
          redirect(
            'moved',
            'http.request.full_uri wildcard "https://www.shop.example/old/*"',
            'wildcard_replace(http.request.full_uri, "https://www.shop.example/old/*", "https://www.shop.example/new/$${1}")',
          ),
        ]),
      },
      {
        when: 'two were in a circle before, and a third changes',
        input: {
          plan: aPlan()
            .updating(
              redirects,
              aRuleset([toWww, toApex], single),
              aRuleset(
                [
                  toWww,
                  toApex,
                  redirect('c', 'http.host eq "c.shop.example"', { value: 'https://d.shop.example/' }),
                ],
                single,
              ),
            )
            .build(),
        },
      },
      {
        when: 'it leads out of the estate',
        input: redirecting([redirect('out', onWww, { value: 'https://else.test/' })]),
      },
    ],
    skips: [elsewhere],
  },
  'redirect-host-kept': {
    finds: [
      {
        when: 'an entry of a list leads to another host, and no rule is in view',
        input: {
          plan: aPlan()
            .inZone(null)
            .updating(
              'cloudflare_list.moved',
              list('www.shop.example/a', 'https://www.shop.example/b'),
              list('https://WWW.shop.example/a', 'https://shop.other.example/b'),
            )
            .build(),
        },
        subjects: ['acme-production/cloudflare_list.moved'],
      },
      {
        when: 'an entry of its own does, in a list that is not in view',
        input: {
          plan: aPlan()
            .inZone(null)
            .updating(
              'cloudflare_list_item.a',
              entry('www.shop.example/a', 'https://www.shop.example/b'),
              entry('www.shop.example/a', 'https://shop.other.example/b'),
            )
            .build(),
        },
        subjects: ['acme-production/cloudflare_list_item.a'],
      },
      {
        when: 'an entry moves from a resource of its own into the list, and leads elsewhere',
        input: {
          plan: aPlan()
            .inZone(null)
            .deleting('cloudflare_list_item.a', {
              ...entry('www.shop.example/a', 'https://www.shop.example/b'),
              list_id: '${cloudflare_list.moved.id}',
            })
            .updating(
              'cloudflare_list.moved',
              list('www.shop.example/z', 'https://www.shop.example/b'),
              list('www.shop.example/a', 'https://shop.other.example/b'),
            )
            .build(),
        },
        subjects: ['acme-production/cloudflare_list.moved'],
      },
      {
        when: 'a rule does, by a text or by a call',
        input: {
          plan: aPlan()
            .updating(
              redirects,
              aRuleset(
                [
                  redirect('a', onWww, { value: 'https://shop.example/' }),
                  redirect('b', onWww, 'concat("https://shop.example", http.request.uri.path)'),
                ],
                single,
              ),
              aRuleset(
                [
                  redirect('a', onWww, { value: 'https://shop.other.example/' }),
                  redirect('b', onWww, 'concat("https://shop.other.example/x", http.request.uri.path)'),
                ],
                single,
              ),
            )
            .build(),
        },
        subjects: [`${subject}#a`, `${subject}#b`],
      },
      {
        when: 'a page rule does',
        input: {
          plan: aPlan()
            .updating(
              'cloudflare_page_rule.a',
              {
                target: 'www.shop.example/*',
                actions: { forwarding_url: { url: 'https://shop.example/$1' } },
              },
              {
                target: 'www.shop.example/*',
                actions: { forwarding_url: { url: 'https://shop.other.example/$1' } },
              },
            )
            .build(),
        },
        subjects: ['acme-production/cloudflare_page_rule.a'],
      },
    ],
    passes: [
      {
        when: 'the path of a target changes, and how its host is written',
        input: {
          plan: aPlan()
            .inZone(null)
            .updating(
              'cloudflare_list.moved',
              list('www.shop.example/a', 'https://www.shop.example/b'),
              list('www.shop.example/a', 'https://WWW.shop.example:443/c'),
            )
            .build(),
        },
      },
      {
        when: 'an entry comes, and another one goes',
        input: {
          plan: aPlan()
            .inZone(null)
            .updating(
              'cloudflare_list.moved',
              list('www.shop.example/a', 'https://www.shop.example/b'),
              list('www.shop.example/n', 'https://shop.other.example/b'),
            )
            .build(),
        },
      },
    ],
    skips: [elsewhere],
  },
  'redirect-login-host': {
    finds: [
      {
        when: 'the log-in host is sent to another host',
        input: redirecting([
          redirect('login', 'http.host eq "login.shop.example"', { value: 'https://www.shop.example/' }),
        ]),
        subjects: [`${subject}#login`],
      },
      {
        when: 'the host of an Access application is sent elsewhere with the whole zone',
        input: redirecting([redirect('all', 'true', { value: 'https://www.shop.example/' })], {
          unchanged: [
            standing('cloudflare_zero_trust_access_application.wiki', { domain: 'wiki.shop.example/home' }),
          ],
        }),
        subjects: [`${subject}#all`],
      },
    ],
    passes: [
      {
        when: 'the log-in host is sent to HTTPS',
        input: redirecting([
          redirect(
            'https',
            'http.host eq "login.shop.example" and not ssl',
            'concat("https://", http.host, http.request.uri.path)',
          ),
        ]),
      },
      { when: 'www is sent to the apex', input: redirecting([toApex]) },
      {
        when: 'the redirect leaves the log-in host out',
        input: redirecting([
          redirect('all', 'http.host ne "login.shop.example"', { value: 'https://login.shop.example/' }),
        ]),
      },
    ],
    skips: [elsewhere],
  },
  'cache-personal-pages': {
    finds: [
      {
        when: 'a rule for files is for the whole host now',
        input: caching(
          [cache(`${onWww} and starts_with(http.request.uri.path, "/static/")`)],
          [cache(onWww)],
        ),
        subjects: [cached],
      },
      { when: 'all of the zone is cached', input: caching([], [cache('true')]), subjects: [cached] },
      {
        when: 'the pages of accounts are cached',
        input: caching([], [cache(`${onWww} and starts_with(http.request.uri.path, "/account/")`)]),
        subjects: [cached],
      },
      {
        when: 'the rule that left out who is logged in goes',
        input: caching(
          [
            cache(onWww),
            cache('http.cookie contains "session"', { cache: false, edge_ttl: null }, 'logged-in'),
          ],
          [cache(onWww)],
        ),
        subjects: [cached],
      },
      {
        when: 'the origin is no longer asked',
        input: caching([cache(onWww, { edge_ttl: { mode: 'respect_origin' } })], [cache(onWww)]),
        subjects: [cached],
      },
      {
        when: 'a page rule caches everything',
        input: everything('www.shop.example/*'),
        subjects: [`acme-production/${pageRule}`],
      },
      {
        when: 'the origin may forbid it',
        input: caching([], [cache(onWww, { edge_ttl: { mode: 'respect_origin' } })]),
        subjects: [cached],
        severity: 'warn',
      },
      {
        when: 'the cookie leaves the key',
        input: caching([keyed({ cookie: { include: ['currency'] } })], [keyed({})]),
        subjects: [cached],
        severity: 'warn',
      },
      {
        when: 'the query leaves the key',
        input: caching([keyed({})], [keyed({ query_string: { exclude: { all: true } } })]),
        subjects: [cached],
        severity: 'warn',
      },
      {
        when: 'the host leaves the key',
        input: caching([keyed({})], [keyed({ host: { resolved: true } })]),
        subjects: [cached],
        severity: 'warn',
      },
    ],
    passes: [
      {
        when: 'files below a path are cached',
        input: caching([], [cache(`${onWww} and starts_with(http.request.uri.path, "/static/")`)]),
      },
      {
        when: 'files of some extensions are cached',
        input: caching([], [cache(`${onWww} and http.request.uri.path.extension in {"css" "js" "png"}`)]),
      },
      {
        when: 'requests with a session cookie are left out',
        input: caching([], [cache(`${onWww} and not http.cookie contains "session"`)]),
      },
      {
        when: 'requests with the session cookie of the shop are left out',
        input: caching(
          [],
          [
            cache(onWww),
            cache('len(http.request.cookies["shop_user"]) > 0', { cache: false, edge_ttl: null }, 'in'),
          ],
        ),
      },
      {
        when: 'requests with any cookie are left out',
        input: caching([], [cache(`${onWww} and http.cookie eq ""`)]),
      },
      {
        when: 'a later rule leaves out who is logged in, and every page of the account',
        input: caching(
          [],
          [
            cache(onWww),
            cache('http.cookie contains "session"', { cache: false, edge_ttl: null }, 'logged-in'),
          ],
        ),
      },
      {
        when: 'a host for files is cached',
        input: caching([], [cache('http.host eq "static.shop.example"')]),
      },
      {
        when: 'it was so before, for longer',
        input: caching(
          [cache(onWww)],
          [cache(onWww, { edge_ttl: { mode: 'override_origin', default: 60 } })],
        ),
      },
      {
        when: 'only what the origin allows is cached',
        input: caching([], [cache(onWww, { edge_ttl: { mode: 'bypass_by_default' } })]),
      },
      { when: 'nothing is cached', input: caching([cache(onWww)], [cache(onWww, { cache: false })]) },
      { when: 'a page rule caches files', input: everything('www.shop.example/static/*') },
      {
        when: 'a page rule leaves out who has a cookie',
        input: everything('www.shop.example/*', { bypass_cache_on_cookie: 'session=.*' }),
      },
    ],
    skips: [elsewhere],
    doubts: [
      {
        when: 'where a page rule caches everything is a reference',
        input: everything('${var.host}/*'),
        subjects: [`acme-production/${pageRule}`],
      },
    ],
  },
};
