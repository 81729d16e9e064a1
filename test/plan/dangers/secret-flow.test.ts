import { describe, expect, it } from 'vitest';
import { dangersOf } from '../../../scripts/plan/dangers/dangers.ts';
import type { Json, JsonObject } from '../../../scripts/plan/types.ts';

const txt = { name: 'x.shop.example', type: 'TXT', ttl: 60, zone_id: '${cloudflare_zone.shop.id}' };

/** A stack with an API token, a tunnel, a widget and a TXT record with the given content. */
function stackWith(content: Json, more: JsonObject = {}): JsonObject {
  return {
    resource: {
      cloudflare_zone: { shop: { name: 'shop.example' } },
      cloudflare_api_token: { ci: { name: 'ci' }, many: { for_each: { a: 1 }, name: '${each.key}' } },
      cloudflare_zero_trust_tunnel_cloudflared: { t: { name: 't', tunnel_secret: '${var.secret}' } },
      cloudflare_dns_record: { leak: { ...txt, content } },
      cloudflare_future_thing: { x: {} },
    },
    variable: { secret: { sensitive: true }, brief: { ephemeral: true }, plain: { default: 'a' } },
    ...more,
  };
}

const places = (configuration: JsonObject): readonly string[] =>
  dangersOf(configuration).map(({ place }) => place);
const locals = (values: JsonObject): JsonObject => ({ locals: values });

describe('a sensitive value in an argument that is not', () => {
  it.each<[string, string, JsonObject?]>([
    ['as it is', '${cloudflare_api_token.ci.value}'],
    ['in the middle of a text', 'v=${cloudflare_api_token.ci.value};'],
    ['with blanks and comments', '${cloudflare_api_token/**/.ci\n.value}'],
    ['by an index', '${cloudflare_api_token.ci["value"]}'],
    ['by a computed index', '${cloudflare_api_token.ci[var.plain]}'],
    ['of one instance', '${cloudflare_api_token.many["a"].value}'],
    ['of all instances', '${join(",", cloudflare_api_token.many[*].value)}'],
    ['of a loop', '${join(",", [for t in cloudflare_api_token.many : t.value])}'],
    ['of a loop over a loop', '%{ for t in [for u in cloudflare_api_token.many : u] }${t.value}%{ endfor }'],
    ['through values()', '${values(cloudflare_api_token.many)[0].value}'],
    ['with the whole object', '${jsonencode(cloudflare_api_token.ci)}'],
    ['with the whole object in brackets', '${(cloudflare_api_token.ci).value}'],
    ['as a digest', '${sha256(cloudflare_api_token.ci.value)}'],
    ['as a condition', '${cloudflare_api_token.ci.value == "a" ? 1 : 2}'],
    ['by the long name', '${resource.cloudflare_api_token.ci.value}'],
    ['of a sensitive variable', '${var.secret}'],
    ['of an ephemeral variable', '${var.brief}'],
    ['through a local', '${local.a}', locals({ a: '${cloudflare_api_token.ci.value}' })],
    ['through two locals', '${local.a}', locals({ a: '${upper(local.b)}', b: '${var.secret}' })],
    ['inside a local', '${local.a.x[0]}', locals({ a: { x: ['${var.secret}'] } })],
    ['through a local that also names itself', '${local.a}', locals({ a: '${local.a}${var.secret}' })],
    ['in the name of a member of a local', '${keys(local.a)[0]}', locals({ a: { '${var.secret}': 1 } })],
    ['of a data source', '${data.cloudflare_zero_trust_tunnel_cloudflared_token.t.token}'],
    ['of a data source as a whole', '${jsonencode(data.cloudflare_turnstile_widget.w)}'],
    ['of a data source with a resource of its kind', '${data.cloudflare_turnstile_widget.w.secret}'],
    ['of a type that nobody knows', '${cloudflare_future_thing.x.stuff}'],
    ['of a module', '${module.m.token}'],
  ])('is a danger: %s', (_, content, more) => {
    expect(places(stackWith(content, more))).toContain('cloudflare_dns_record.leak');
  });

  it.each([
    [99, []],
    [5000, ['cloudflare_dns_record.leak']],
  ])('is assumed behind more locals than can be followed: %i', (count, expected) => {
    const chain = Object.fromEntries(
      Array.from({ length: count }, (_, level) => [`l${level}`, `\${local.l${level + 1}}`]),
    );
    expect(places(stackWith('${local.l0}', locals({ ...chain, [`l${count}`]: 'x' })))).toEqual(expected);
  });

  it('says which, where to and what to do', () => {
    expect(dangersOf(stackWith('${cloudflare_api_token.ci.value}'))).toEqual([
      {
        place: 'cloudflare_dns_record.leak',
        what: 'puts cloudflare_api_token.ci.value, which is sensitive or may be, into content, which is not kept secret: hand it to an argument that is, or over outside of Terraform',
      },
    ]);
  });

  const secret = '${cloudflare_api_token.ci.value}';
  it.each<[string, JsonObject, string]>([
    ['an output', { output: { o: { value: secret } } }, 'output.o'],
    [
      'the description of a marked output',
      { output: { o: { value: 1, sensitive: true, description: secret } } },
      'output.o',
    ],
    ['the address of the API', { provider: { cloudflare: [{ base_url: secret }] } }, 'provider.cloudflare'],
    [
      'the filter of a data source',
      { data: { cloudflare_zone: { z: { filter: { name: secret } } } } },
      'data.cloudflare_zone.z',
    ],
    [
      'the message of a condition',
      {
        variable: {
          secret: { sensitive: true, validation: [{ condition: true, error_message: '${var.secret}' }] },
        },
      },
      'variable.secret',
    ],
  ])('is a danger in %s', (_, more, place) => {
    expect(places(stackWith('plain', more))).toContain(place);
  });

  it.each<[string, JsonObject]>([
    ['the name of a member', { '${var.secret}': 1 }],
    ['what counts instances', { for_each: { a: '${var.secret}' } }],
    [
      'a condition',
      { lifecycle: { precondition: [{ condition: '${var.secret != ""}', error_message: 'x' }] } },
    ],
  ])('is a danger in %s', (_, part) => {
    expect(places({ ...stackWith('plain'), resource: { terraform_data: { x: part } } })).toEqual([
      'terraform_data.x',
    ]);
  });
});

const marked = { sensitive: true };

function withIds(arguments_: JsonObject): JsonObject {
  return {
    resource: { cloudflare_dns_record: { leak: { ...txt, content: 'plain', ...arguments_ } } },
    variable: {
      zone_id: marked,
      shopZoneIds: marked,
      zone_token: marked,
      CLOUDFLARE_ACCOUNT_ID: marked,
      secret: marked,
    },
    locals: { zones: { shop: '${var.zone_id}', other: '${var.zone_token}' } },
  };
}

describe('a sensitive value where it may go', () => {
  it.each<[string, JsonObject]>([
    ['an argument that is sensitive', {}],
    [
      'a binding of a Worker',
      {
        resource: {
          cloudflare_workers_script: {
            w: { bindings: [{ name: 'T', type: 'secret_text', text: '${cloudflare_api_token.ci.value}' }] },
          },
        },
      },
    ],
    ['the credentials of the provider', { provider: { cloudflare: [{ api_token: '${var.secret}' }] } }],
    [
      'an output that is marked',
      { output: { o: { value: '${cloudflare_api_token.ci.value}', sensitive: true } } },
    ],
    [
      'a condition of the variable itself',
      {
        variable: {
          secret: {
            sensitive: true,
            validation: [{ condition: '${length(var.secret) > 9}', error_message: 'too short' }],
          },
        },
      },
    ],
    ['a local', locals({ a: '${var.secret}' })],
  ])('is not a danger in %s', (_, more) => {
    expect(dangersOf(stackWith('plain', more))).toEqual([]);
  });

  it.each([
    ['zone_id', { zone_id: '${var.zone_id}' }],
    ['a set of them', { zone_id: '${var.shopZoneIds["a"]}' }],
    ['through a local', { zone_id: '${local.zones.shop}' }],
    ['account_id', { account_id: '${var.CLOUDFLARE_ACCOUNT_ID}' }],
    ['account', { account: { id: '${var.CLOUDFLARE_ACCOUNT_ID}' } }],
  ])('is not a danger when it is an id where ids belong: %s', (_, arguments_) => {
    expect(dangersOf(withIds(arguments_))).toEqual([]);
  });

  it.each([
    ['an id in a place that is published', { content: '${var.zone_id}' }],
    ['a token in the place of an id', { zone_id: '${var.zone_token}' }],
    ['a token in the place of an id, by a local', { zone_id: '${local.zones.other}' }],
    ['a variable that is not named for an id', { zone_id: '${var.secret}' }],
  ])('is still a danger: %s', (_, arguments_) => {
    expect(places(withIds(arguments_))).toEqual(['cloudflare_dns_record.leak']);
  });

  it.each<[string, string, JsonObject?]>([
    ['the id of a token', '${cloudflare_api_token.ci.id}'],
    ['ids of all tokens', '${join(",", [for t in cloudflare_api_token.many : t.id])}'],
    ['keys of all tokens', '${join(",", [for k, t in cloudflare_api_token.many : k])}'],
    ['ids by a splat', '${join(",", cloudflare_api_token.many[*].id)}'],
    ['the id of a tunnel', '${cloudflare_zero_trust_tunnel_cloudflared.t.id}.cfargotunnel.com'],
    ['a plain variable', '${var.plain}'],
    [
      'the plain part of a local',
      '${local.a.id}',
      locals({ a: { id: '${cloudflare_api_token.ci.id}', token: '${var.secret}' } }),
    ],
    ['a list of a data source', '${data.cloudflare_ip_ranges.edge.ipv4_cidrs[0]}'],
    ['ids of a data source', '${join(",", [for z in data.cloudflare_zones.all.result : z.name])}'],
    ['the id of a type that nobody knows', '${cloudflare_future_thing.x.id}'],
  ])('is not confused with what is public: %s', (_, content, more) => {
    expect(dangersOf(stackWith(content, more))).toEqual([]);
  });
});

it('follows locals that name each other often in a time that does not grow with their paths', () => {
  const chain = Object.fromEntries(
    Array.from({ length: 60 }, (_, index) => [
      `l${String(index)}`,
      `\${local.l${String(index + 1)}}\${local.l${String(index + 1)}}`,
    ]),
  );
  expect(places(stackWith('${local.l0}', locals({ ...chain, l60: '${var.secret}' })))).toContain(
    'cloudflare_dns_record.leak',
  );
  expect(dangersOf(stackWith('${local.l0}', locals({ ...chain, l60: 'plain' })))).toEqual([]);
});
