/** Constructs: what they refuse, in which words, and what they add to the data by themselves. */
import { describe, expect, it } from 'vitest';
import { AccessApplication } from '../../stacks/constructs/access-application.ts';
import { AccountWaf } from '../../stacks/constructs/account-waf.ts';
import { AddressList } from '../../stacks/constructs/address-list.ts';
import { ApiTokens, type ApiTokenProps } from '../../stacks/constructs/api-tokens.ts';
import { BulkRedirects } from '../../stacks/constructs/bulk-redirects.ts';
import type { DnsRecordInput } from '../../stacks/constructs/checks/dns-record-input.ts';
import { DnsRecords, quotedText } from '../../stacks/constructs/dns-records.ts';
import type { EstateStack } from '../../stacks/constructs/estate-stack.ts';
import { LoadBalancer, type Pool } from '../../stacks/constructs/load-balancer.ts';
import { RateLimits, type RateLimit } from '../../stacks/constructs/rate-limits.ts';
import { TransformRules } from '../../stacks/constructs/transform-rules.ts';
import { WafCustomRules, type WafRule } from '../../stacks/constructs/waf-custom-rules.ts';
import { WafManagedRules } from '../../stacks/constructs/waf-managed-rules.ts';
import { Zone } from '../../stacks/constructs/zone.ts';
import { ZoneSettings } from '../../stacks/constructs/zone-settings.ts';
import { synthesizeEstate, synthesizeStack } from './synthesized-estate.ts';

type Declare = (zone: Zone, stack: EstateStack) => void;

function inZone(declare: Declare) {
  return synthesizeStack((stack) => declare(new Zone(stack, { key: 'shop', domain: 'shop.example' }), stack));
}

const web: DnsRecordInput = { id: 'www_a', type: 'A', name: 'www', content: '203.0.113.1', proxied: true };
const block: WafRule = {
  ref: 'block-x',
  description: 'Blocks what it should',
  action: 'block',
  expression: 'ssl',
};
const limit: RateLimit = {
  ref: 'limit-x',
  description: 'Limits what it should',
  expression: 'ssl',
  action: 'block',
  per: ['ip.src'],
  requests: 5,
  periodSeconds: 60,
  mitigationSeconds: 60,
};
const skip: WafRule = {
  ref: 'skip-x',
  description: 'Lets a partner through',
  action: 'skip',
  scope: { hosts: ['api.shop.example'], path: { below: '/in/' } },
  skips: { phases: ['http_ratelimit'] },
  expires: '2027-03-31',
};
const token: ApiTokenProps = {
  id: 'plan',
  name: 'plan',
  permissions: ['DNS Read'],
  accountId: 'b'.repeat(32),
  expires: '2027-03-31',
  networks: ['198.51.100.1/32'],
};
const pool: Pool = {
  id: 'pool',
  description: 'A pool',
  origins: [{ name: 'one', address: '203.0.113.1' }],
  monitor: { id: 'monitor', path: '/', host: 'www.shop.example' },
};

const refusals: readonly (readonly [what: string, message: RegExp, declare: Declare])[] = [
  [
    'an address that is declared twice',
    /^test-staging\/cloudflare_dns_record\.shop_www_a: the address is declared twice\. Give one of the two another id/,
    (zone) => new DnsRecords(zone, [web, web]),
  ],
  [
    'a logical id that is not snake case',
    /shop_WWW.*is not a logical name.*lower-case letters/,
    (zone) => new DnsRecords(zone, [{ ...web, id: 'WWW' }]),
  ],
  [
    'a zone that is declared twice',
    /'zone-shop'.*test-staging/,
    (_, stack) => new Zone(stack, { key: 'shop', domain: 'b.example' }),
  ],
  [
    'a domain that is none',
    /"Shop" is not a domain name/,
    (_, stack) => new Zone(stack, { key: 'b', domain: 'Shop' }),
  ],
  [
    'an IPv4 address that is none',
    /shop_www_a: "203\.0\.113\.256" is not an IPv4 address/,
    (zone) => new DnsRecords(zone, [{ ...web, content: '203.0.113.256' }]),
  ],
  [
    'an IPv4 address in an AAAA record',
    /is not an IPv6 address/,
    (zone) => new DnsRecords(zone, [{ ...web, type: 'AAAA' }]),
  ],
  [
    'a host name with a final dot',
    /"a\.example\." is not a host name/,
    (zone) => new DnsRecords(zone, [{ id: 'mx', type: 'MX', name: '@', content: 'a.example.', priority: 1 }]),
  ],
  [
    'quotes in a text record',
    /TXT|"v="spf1"|holds quotes/,
    (zone) => new DnsRecords(zone, [{ id: 't', type: 'TXT', name: '@', text: 'v="spf1' }]),
  ],
  [
    'a TTL on a proxied record',
    /a proxied record has TTL 300/,
    (zone) => new DnsRecords(zone, [{ ...web, ttl: 300 }]),
  ],
  [
    'a type that does not exist, with the nearest',
    /"CNAM" is not a type of DNS record.*Did you mean CNAME\?/,
    (zone) => new DnsRecords(zone, [{ ...web, type: 'CNAM' as 'CNAME' }]),
  ],
  [
    'a web record that does not say whether it is proxied',
    /proxied is left out.*Write proxied: true where/,
    (zone) => new DnsRecords(zone, [{ ...web, proxied: undefined as unknown as boolean }]),
  ],
  [
    'a record without its value',
    /content is left out.*Write content, in quotes/,
    (zone) => new DnsRecords(zone, [{ ...web, content: undefined as unknown as string }]),
  ],
  [
    'a TTL that is out of range',
    /TTL 5 is out of range.*30 to 86400/,
    (zone) => new DnsRecords(zone, [{ ...web, proxied: false, ttl: 5 }]),
  ],
  [
    'a name outside the zone',
    /"-x" is not a record name/,
    (zone) => new DnsRecords(zone, [{ ...web, name: '-x' }]),
  ],
  [
    'a setting that is not listed',
    /shop_ssl_recommender: "ssl_recommender" is not a setting/,
    (zone) => new ZoneSettings(zone, { others: { ssl_recommender: 'on' } as never }),
  ],
  [
    'HSTS for less than half a year',
    /HSTS for 30 days.*at least 180/,
    (zone) => new ZoneSettings(zone, { hstsDays: 30 }),
  ],
  ['an empty ruleset', /the ruleset has no rule/, (zone) => new WafCustomRules(zone, { rules: [] })],
  [
    'a ref that is used twice',
    /shop_waf_custom: ref "block-x" is used twice/,
    (zone) => new WafCustomRules(zone, { rules: [block, block] }),
  ],
  [
    'a ref that is not kebab case',
    /"Block_X" is not a rule ref/,
    (zone) => new WafCustomRules(zone, { rules: [{ ...block, ref: 'Block_X' }] }),
  ],
  [
    'a rule without a description',
    /#block-x: the description has 0 characters/,
    (zone) => new WafCustomRules(zone, { rules: [{ ...block, description: '' }] }),
  ],
  [
    'an expression over the limit',
    /#block-x: the expression has 4097 characters/,
    (zone) => new WafCustomRules(zone, { rules: [{ ...block, expression: 'x'.repeat(4097) }] }),
  ],
  [
    'a tab in an expression',
    /contains a tab/,
    (zone) => new WafCustomRules(zone, { rules: [{ ...block, expression: 'ssl\tand ssl' }] }),
  ],
  [
    'a skip rule for every host',
    /#skip-x: a skip rule names no host/,
    (zone) => new WafCustomRules(zone, { rules: [{ ...skip, scope: { ...skip.scope, hosts: [] } }] }),
  ],
  [
    'a skip rule for every path',
    /#skip-x: a skip rule is for every path below "\/"/,
    (zone) =>
      new WafCustomRules(zone, { rules: [{ ...skip, scope: { ...skip.scope, path: { below: '/' } } }] }),
  ],
  [
    'a path that would end the string',
    /is not a path/,
    (zone) =>
      new WafCustomRules(zone, {
        rules: [{ ...skip, scope: { ...skip.scope, path: { equals: '/" or ssl' } } }],
      }),
  ],
  [
    'a skip rule that ends on no date',
    /"2027-02-29" is not a date/,
    (zone) => new WafCustomRules(zone, { rules: [{ ...skip, expires: '2027-02-29' }] }),
  ],
  [
    'an exception that ends on no date',
    /#except-x: "soon" is not a date/,
    (zone) =>
      new WafManagedRules(zone, {
        exceptions: [
          {
            ref: 'except-x',
            description: 'An exception',
            ruleset: 'owasp',
            scope: skip.scope,
            expires: 'soon',
          },
        ],
      }),
  ],
  [
    'a rate limit of nothing',
    /#limit-x: 0 requests/,
    (zone) => new RateLimits(zone, [{ ...limit, requests: 0 }]),
  ],
  [
    'a rate limit of nobody',
    /#limit-x: the limit does not say what a client is/,
    (zone) => new RateLimits(zone, [{ ...limit, per: [] }]),
  ],
  [
    'an entry that is in a list twice',
    /cloudflare_list\.office: "192\.0\.2\.1" is in the list twice/,
    (_, stack) =>
      new AddressList(stack, {
        name: 'office',
        kind: 'ip',
        description: 'd',
        items: [
          { ip: '192.0.2.1', comment: 'a' },
          { ip: '192.0.2.1', comment: 'b' },
        ],
      }),
  ],
  [
    'a list entry without a comment',
    /"192\.0\.2\.1" has no comment/,
    (_, stack) =>
      new AddressList(stack, {
        name: 'office',
        kind: 'ip',
        description: 'd',
        items: [{ ip: '192.0.2.1', comment: ' ' }],
      }),
  ],
  [
    'a redirect source with a query',
    /"a\.example\/\?x" is not a redirect source/,
    (_, stack) =>
      new BulkRedirects(stack, {
        name: 'old',
        description: 'Old addresses',
        redirects: [{ from: 'a.example/?x', to: 'https://b.example/', comment: 'c' }],
      }),
  ],
  [
    'a redirect to plain HTTP',
    /leads to "http:\/\/b\.example\/"/,
    (_, stack) =>
      new BulkRedirects(stack, {
        name: 'old',
        description: 'Old addresses',
        redirects: [{ from: 'a.example/', to: 'http://b.example/', comment: 'c' }],
      }),
  ],
  [
    'a header that Cloudflare keeps for itself',
    /#set-x: the header "Server" may not be changed/,
    (zone) =>
      new TransformRules(zone, {
        responseHeaders: [
          { ref: 'set-x', description: 'Sets a header', expression: 'true', headers: { Server: 'remove' } },
        ],
      }),
  ],
  [
    'two origins of one name',
    /shop_pool: the pool has no origins, or two of the same name/,
    (zone) =>
      new LoadBalancer(zone, {
        id: 'lb',
        name: 'www',
        description: 'd',
        steering: 'off',
        pools: [{ ...pool, origins: [...pool.origins, ...pool.origins] }],
      }),
  ],
  [
    'an origin weight above one',
    /origin one has weight 2/,
    (zone) =>
      new LoadBalancer(zone, {
        id: 'lb',
        name: 'www',
        description: 'd',
        steering: 'off',
        pools: [{ ...pool, origins: [{ name: 'one', address: '203.0.113.1', weight: 2 }] }],
      }),
  ],
  [
    'an Access policy for every address',
    /shop_all: the policy names every address \(0\.0\.0\.0\/0\)/,
    (zone) =>
      new AccessApplication(zone, {
        id: 'admin',
        name: 'Admin',
        location: 'admin',
        policies: [{ id: 'all', name: 'All', decision: 'allow', include: [{ ip: '0.0.0.0/0' }] }],
      }),
  ],
  [
    'a token for every address',
    /cloudflare_api_token\.plan: the token may be used from every address/,
    (_, stack) => new ApiTokens(stack, [{ ...token, networks: ['0.0.0.0/0'] }]),
  ],
  [
    'a token without an end',
    /cloudflare_api_token\.plan: "never" is not a date/,
    (_, stack) => new ApiTokens(stack, [{ ...token, expires: 'never' }]),
  ],
  [
    'a token for no account',
    /"\*" is not an account id/,
    (_, stack) => new ApiTokens(stack, [{ ...token, accountId: '*' }]),
  ],
  [
    'an account rule without a description',
    /account_waf_custom#block-x: the description/,
    (_, stack) =>
      new AccountWaf(stack, {
        rules: [{ ref: 'block-x', description: 'x', expression: 'ssl', action: 'block' }],
      }),
  ],
];

describe('a construct refuses', () => {
  it.each(refusals)('%s', (_, message, declare) => {
    expect(() => inZone(declare)).toThrow(message);
  });
});

describe('a stack', () => {
  it.each([{}, { backend: 's3' }, { backend: null }, { backend: {} }])(
    'refuses the context %j',
    (context) => {
      expect(() => synthesizeEstate(context)).toThrow(
        /^acme-production: context "backend" is .*"r2" or "local"$/,
      );
    },
  );

  it('keeps local state beside the bundle', () => {
    expect(synthesizeStack(() => undefined).terraform.backend).toEqual({
      local: { path: 'terraform.tfstate' },
    });
  });
});

describe('a DNS record', () => {
  it('gets its full name, automatic TTL, and a reference to its zone', () => {
    expect(
      inZone((zone) => new DnsRecords(zone, [web])).resource['cloudflare_dns_record']?.['shop_www_a'],
    ).toMatchObject({
      name: 'www.shop.example',
      content: '203.0.113.1',
      ttl: 1,
      proxied: true,
      zone_id: '${cloudflare_zone.shop.id}',
    });
  });

  it('is quoted and cut into strings of 255 when it is a text', () => {
    expect(quotedText('v=spf1 -all')).toBe('"v=spf1 -all"');
    expect(quotedText('a'.repeat(300))).toBe(`"${'a'.repeat(255)}" "${'a'.repeat(45)}"`);
  });

  it('keeps the flags of a CAA record a number', () => {
    const caa: DnsRecordInput = { id: 'caa', type: 'CAA', name: '@', tag: 'issue', value: 'pki.goog' };
    expect(
      inZone((zone) => new DnsRecords(zone, [caa])).resource['cloudflare_dns_record']?.['shop_caa'],
    ).toMatchObject({
      name: 'shop.example',
      data: { flags: 0, tag: 'issue', value: 'pki.goog' },
    });
  });
});

function rulesOf(declare: Declare) {
  return Object.values(inZone(declare).resource['cloudflare_ruleset'] ?? {})[0]?.rules;
}

describe('a rule', () => {
  it('that skips is built from its scope, ends on a date, and is logged', () => {
    const when = 'ip.src eq 192.0.2.1 or ssl';
    const rules = rulesOf(
      (zone) => new WafCustomRules(zone, { rules: [{ ...skip, scope: { ...skip.scope, when } }] }),
    );
    expect(rules?.[0]).toMatchObject({
      expression: `(http.host in {"api.shop.example"} and starts_with(http.request.uri.path, "/in/") and (${when}))`,
      description: 'Lets a partner through; expires 2027-03-31',
      action_parameters: { phases: ['http_ratelimit'] },
      logging: { enabled: true },
    });
  });

  it('that makes an exception comes before the ruleset that it is an exception to', () => {
    const exception = {
      ref: 'except-x',
      description: 'An exception',
      ruleset: 'owasp',
      scope: skip.scope,
      expires: '2027-03-31',
    } as const;
    const rules = rulesOf((zone) => new WafManagedRules(zone, { exceptions: [exception] }));
    expect(rules?.map(({ action }) => action)).toEqual(['skip', 'execute', 'execute']);
  });

  it('that limits counts per data centre', () => {
    expect(rulesOf((zone) => new RateLimits(zone, [limit]))?.[0]?.ratelimit?.characteristics).toEqual([
      'cf.colo.id',
      'ip.src',
    ]);
  });
});
