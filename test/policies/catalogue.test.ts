/** A change is standard only when the plan proves it: every constraint of the shipped entries, broken one at a time. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { matchCatalogue } from '../../policies/catalogue.ts';
import { evaluateRules } from '../../policies/evaluate.ts';
import type { CatalogueEntry, PastRelease, RuleInput } from '../../policies/model/facts.ts';
import { allRules } from '../../policies/registry.ts';
import { canonicalBundle } from '../../scripts/plan/bundle.ts';
import { assemblePlan, diffBundles } from '../../scripts/plan/difference/diff.ts';
import { policyFiles, readPolicySet } from '../../scripts/read/register/policy-set.ts';
import type { JsonObject } from '../../scripts/plan/types.ts';
import { aPastRelease, aRuleInput } from '../builders/facts.ts';
import { aPlan } from '../builders/plan.ts';
import { aBoroughRegister, aPolicySet, aRegister } from '../builders/policy.ts';
import { aRecord } from '../builders/record.ts';
import { newBindings } from './catalogue/new-bindings.ts';

const read = readPolicySet(
  new Map(
    policyFiles.map((name) => [
      name,
      readFileSync(new URL(`../../policies/${name}`, import.meta.url), 'utf8'),
    ]),
  ),
);
if (!read.ok) {
  throw new Error('the shipped policy files are not valid');
}
const { catalogue } = read.value;

const txt: JsonObject = {
  zone_id: 'zone-1',
  name: 'shop.example',
  type: 'TXT',
  content: '"search-site-verification=abc"',
  ttl: 1,
};
const versions: Readonly<Record<string, string>> = Object.fromEntries(
  catalogue.entries.map(({ id, version }) => [id, version]),
);

type RecordParts = Parameters<typeof aRecord>[0];

function input(
  ref: string,
  plan: ReturnType<typeof aPlan>,
  parts: Partial<RuleInput> = {},
  record: RecordParts = {},
): RuleInput {
  const category = catalogue.entries.find(({ id }) => id === ref)?.category ?? 'other';
  return aRuleInput({
    plan: plan.build(),
    record: aRecord({
      type: 'standard',
      model: ref,
      category,
      standardChange: { ref, version: versions[ref] ?? '1.0.0' },
      ...record,
    }),
    policy: aPolicySet({
      catalogue,
      registers: [aRegister({ standardChanges: catalogue.entries.map(({ id }) => id) })],
    }),
    history: [],
    ...parts,
  });
}

function reasonsOf(given: RuleInput): string {
  const match = matchCatalogue(given);
  expect(match.kind).toBe('mismatch');
  return match.kind === 'mismatch' ? match.reasons.join('\n') : '';
}

const verification = () => aPlan().creating('cloudflare_dns_record.verify', txt, { unknown: [['id']] });

const elementChange = (kind: 'added' | 'removed', ip: string) => ({
  path: ['items', { by: 'ip', is: ip }],
  kind,
  ...(kind === 'added' ? { after: { ip } } : { before: { ip } }),
  unknown: false,
  sensitive: false,
  forcesReplacement: false,
});

/** An allow-list update; items are compared one by one, by address. */
function listUpdate(before: readonly string[], after: readonly string[], parts: JsonObject = {}) {
  const side = (ips: readonly string[]): JsonObject => ({
    account_id: 'a',
    kind: 'ip',
    name: 'office_allow',
    items: ips.map((ip) => ({ ip })),
    ...parts,
  });
  return aPlan().updating('cloudflare_list.office', side(before), side(after), {
    attributes: [
      ...after.filter((ip) => !before.includes(ip)).map((ip) => elementChange('added', ip)),
      ...before.filter((ip) => !after.includes(ip)).map((ip) => elementChange('removed', ip)),
    ],
  });
}

const listBundle = (list: JsonObject) =>
  canonicalBundle('acme-production', { resource: { cloudflare_list: { retired: list } } });

const redirectList = (...targets: readonly string[]): JsonObject => ({
  account_id: 'a',
  kind: 'redirect',
  name: 'retired',
  items: targets.map((target, at) => ({
    redirect: { source_url: `www.shop.example/${at}`, target_url: target },
  })),
});

const redirects = (...paths: readonly string[]): JsonObject => ({
  kind: 'redirect',
  items: paths.map((path) => ({
    redirect: { source_url: 'www.shop.example/old', target_url: `https://www.shop.example${path}` },
  })),
});

const token = (secret: number, duration = '8760h', parts: JsonObject = {}): JsonObject => ({
  name: 'ci',
  duration,
  client_secret_version: secret,
  ...parts,
});

/** From real bundles: what surrounds the resources is told by the same code that tells it at the gate. */
const bump = (from: string, to: string, after: JsonObject = {}) =>
  input('provider-patch-bump', aPlan(), {
    ...newBindings(),
    plan: assemblePlan(
      [
        diffBundles({
          stack: 'acme-production',
          before: boundTo(from),
          after: boundTo(to, after),
        }),
      ],
      'configuration',
    ),
  });

function boundTo(version: string, parts: JsonObject = {}) {
  const cloudflare = { source: 'cloudflare/cloudflare', version, ...parts };
  return canonicalBundle('acme-production', {
    terraform: {
      backend: { s3: { bucket: 'state', key: 'acme.tfstate' } },
      required_providers: { cloudflare },
    },
    provider: { cloudflare: [{}] },
    resource: { cloudflare_dns_record: { verify: txt } },
  });
}

describe('a change that is standard', () => {
  it('adds a verification record', () => {
    expect(matchCatalogue(input('dns-verification-txt', verification()))).toMatchObject({
      kind: 'matches',
      uses: 0,
    });
  });

  it('adds and removes single addresses of an allow-list, whatever else is on it', () => {
    const plan = listUpdate(['192.0.2.1/32', '10.0.0.0/8'], ['192.0.2.2/32', '10.0.0.0/8']);
    expect(matchCatalogue(input('ip-allow-list-entry', plan))).toMatchObject({ kind: 'matches' });
  });

  it('renews the secret of a service token, and changes nothing else of it', () => {
    const address = 'cloudflare_zero_trust_access_service_token.ci';
    const renewal = aPlan().updating(address, token(1), token(2));
    expect(matchCatalogue(input('access-service-token-renewal', renewal))).toMatchObject({ kind: 'matches' });
    const longer = aPlan().updating(address, token(1), token(2, '87600h'));
    expect(reasonsOf(input('access-service-token-renewal', longer))).toContain('duration may not change');
    const forEver = aPlan().updating(address, token(1, '87600h'), token(2, '87600h'));
    expect(reasonsOf(input('access-service-token-renewal', forEver))).toContain('duration does not match');
  });

  it.each([
    ['within a week', '2026-11-30T09:00:00Z', 'matches'],
    ['long past', '2020-01-01T00:00:00Z', 'matches'],
    ['in a hundred years', '2099-01-01T00:00:00Z', 'mismatch'],
    ['whenever', 'never', 'mismatch'],
  ])('lets the old secret of a service token end %s only if that is soon', (_when, at, kind) => {
    const after = token(2, '8760h', { previous_client_secret_expires_at: at });
    const plan = aPlan().updating('cloudflare_zero_trust_access_service_token.ci', token(1), after);
    expect(matchCatalogue(input('access-service-token-renewal', plan))).toMatchObject({ kind });
  });

  const redirectTo = (target: string, parts: JsonObject = {}) => {
    const first = redirectList('https://www.shop.example/a');
    const second = { redirect: { source_url: 'www.shop.example/old', target_url: target, ...parts } };
    const before = { ...first, items: first['items'] ?? [] };
    const after = { ...first, items: [...(first['items'] as readonly JsonObject[]), second] };
    const stack = 'acme-production';
    const diff = diffBundles({ stack, before: listBundle(before), after: listBundle(after) });
    return input('bulk-redirect-entry', aPlan(), { plan: assemblePlan([diff], 'configuration') });
  };

  it('adds a redirect of a page to the own site, as the estate declares it', () => {
    const whole = {
      status_code: 301,
      include_subdomains: false,
      preserve_query_string: true,
      subpath_matching: false,
      preserve_path_suffix: false,
    };
    for (const target of ['b', '', 'c/d?from=leaflet']) {
      const given = redirectTo(`https://www.shop.example/${target}`, whole);
      expect(matchCatalogue(given)).toMatchObject({ kind: 'matches' });
    }
    expect(matchCatalogue(redirectTo('https://www.shop.example/b'))).toMatchObject({ kind: 'matches' });
  });

  it.each<[string, string, JsonObject, string]>([
    ['another site', 'https://www.shop.example.evil.example/', {}, 'target_url does not match'],
    [
      'a page that leads on',
      'https://www.shop.example/out?to=https://evil.example',
      {},
      'target_url does not match',
    ],
    ['itself', 'https://www.shop.example/old', {}, 'are the same address'],
    [
      'a page, from a whole host',
      'https://www.shop.example/b',
      { source_url: 'www.shop.example/' },
      'source_url does not match',
    ],
    [
      'a page, from another host',
      'https://www.shop.example/b',
      { source_url: 'shop-trade.example/x' },
      'source_url does not match',
    ],
    [
      'a page, from all below',
      'https://www.shop.example/b',
      { subpath_matching: true },
      'subpath_matching does not match',
    ],
    [
      'a page, from all subdomains',
      'https://www.shop.example/b',
      { include_subdomains: true },
      'include_subdomains does not match',
    ],
    [
      'a page, with something new',
      'https://www.shop.example/b',
      { something: true },
      'items[].redirect.something may not change',
    ],
  ])('redirects nothing to %s', (_what, target, parts, reason) => {
    expect(reasonsOf(redirectTo(target, parts))).toContain(reason);
  });

  it('raises the patch version of the provider and nothing else', () => {
    expect(matchCatalogue(bump('5.14.0', '5.14.1'))).toMatchObject({ kind: 'matches' });
    expect(reasonsOf(bump('5.14.0', '5.15.0'))).toContain('more than the patch version');
    expect(reasonsOf(bump('5.14.1', '5.14.0'))).toContain('more than the patch version');
    expect(reasonsOf(bump('5.14.0', '~> 5.14'))).toContain('more than the patch version');
    const elsewhere = { source: 'cloudfiare/cloudflare' };
    expect(reasonsOf(bump('5.14.0', '5.14.1', elsewhere))).toContain('more than the patch version');
    expect(reasonsOf({ ...bump('5.14.0', '5.14.1'), packages: [] })).toContain('does not raise');
  });

  it('is not one when the record is of another type, or absent', () => {
    expect(matchCatalogue(aRuleInput())).toEqual({ kind: 'not-standard' });
    expect(matchCatalogue(aRuleInput({ record: null }))).toEqual({ kind: 'not-standard' });
  });
});

describe('every active entry', () => {
  const plans: Readonly<Record<string, ReturnType<typeof aPlan>>> = {
    'dns-verification-txt': verification(),
    'ip-allow-list-entry': listUpdate(['192.0.2.1/32'], ['192.0.2.2/32']),
    'bulk-redirect-entry': aPlan().updating('cloudflare_list.x', redirects('/a'), redirects('/b'), {
      attributes: [
        {
          path: ['items', 0, 'redirect', 'target_url'],
          kind: 'changed',
          before: 'https://www.shop.example/a',
          after: 'https://www.shop.example/b',
          unknown: false,
          sensitive: false,
          forcesReplacement: false,
        },
      ],
    }),
    'access-service-token-renewal': aPlan().updating(
      'cloudflare_zero_trust_access_service_token.ci',
      token(1),
      token(2),
    ),
  };
  const examples: Readonly<Record<string, RuleInput>> = {
    ...Object.fromEntries(Object.entries(plans).map(([id, plan]) => [id, input(id, plan)])),
    'provider-patch-bump': bump('5.14.0', '5.14.1'),
  };

  it('has an example', () => {
    const active = catalogue.entries.filter(({ status }) => status === 'active').map(({ id }) => id);
    expect(Object.keys(examples)).toEqual(active);
  });

  it.each(Object.entries(examples))(
    '%s can be used: no rule about the record stands in its way',
    (_, given) => {
      expect(matchCatalogue(given)).toMatchObject({ kind: 'matches' });
      const report = evaluateRules(allRules, given);
      const stopping = report.findings
        .filter(({ severity }) => severity === 'deny')
        .map(({ ruleId }) => ruleId);
      expect(stopping.filter((ruleId) => ruleId.startsWith('record-'))).toEqual([]);
    },
  );
});

describe('a plan outside the entry', () => {
  const created = (parts: JsonObject) =>
    aPlan().creating('cloudflare_dns_record.verify', { ...txt, ...parts });
  it.each<[string, ReturnType<typeof aPlan>, RegExp]>([
    [
      'another type',
      aPlan().creating('cloudflare_zone.new', { name: 'x' }),
      /cloudflare_zone is not one of the resource types/u,
    ],
    [
      'another action',
      aPlan().deleting('cloudflare_dns_record.verify', txt),
      /delete is not one of the actions/u,
    ],
    [
      'a replacement',
      aPlan().replacing('cloudflare_dns_record.verify', txt, txt),
      /is replaced \(delete, create\)/u,
    ],
    ['a move', verification().adding({ ...moved() }), /moved/u],
    ['another attribute', created({ proxied: true }), /proxied is not one of the attributes/u],
    ['another record type', created({ type: 'MX' }), /type does not match TXT/u],
    [
      'another content',
      created({ content: '"v=spf1 +all search-site-verification=abc"' }),
      /content does not match/u,
    ],
    [
      'a content from a reference',
      created({ content: '"search-site-verification=${var.x}"' }),
      /content does not match/u,
    ],
    [
      'another text behind the first',
      created({ content: '"search-site-verification=a" "v=spf1 +all"' }),
      /content does not/u,
    ],
    ['a selector of DKIM', created({ name: 'sel._domainkey.shop.example' }), /name does not match \{zone\}/u],
    ['a name under a wildcard', created({ name: 'login.preview.shop.example' }), /name does not match/u],
    ['no content', created({ content: null }), /content is not set/u],
    ['an unknown value', verification().withUnknown('content'), /content is not known before apply/u],
    [
      'an unknown zone',
      aPlan().inZone(null).creating('cloudflare_dns_record.verify', txt).withUnknown('zone_id'),
      /zone_id is not known/u,
    ],
    [
      'too many',
      ['a', 'b', 'c', 'd'].reduce(
        (plan, name) => plan.creating(`cloudflare_dns_record.${name}`, txt),
        aPlan(),
      ),
      /makes 4 changes; the entry allows 3/u,
    ],
    [
      'a stack of no register',
      verification().inStack('other-production').creating('cloudflare_dns_record.verify', txt),
      /other-production is in no service register/u,
    ],
    [
      'settings',
      verification().withSettings({ after: { provisioners: ['null_resource.x'] } }),
      /providers, backend or other settings change/u,
    ],
    ['nothing at all', aPlan(), /changes nothing/u],
  ])('%s makes it a normal change', (_name, plan, reason) => {
    expect(reasonsOf(input('dns-verification-txt', plan))).toMatch(reason);
  });

  it('a wider range than one address', () => {
    expect(reasonsOf(input('ip-allow-list-entry', listUpdate([], ['10.0.0.0/8'])))).toContain(
      'items[].ip does not match',
    );
    expect(reasonsOf(input('ip-allow-list-entry', listUpdate(['10.0.0.0/8'], [])))).toContain(
      'items[].ip does not match',
    );
  });

  it('a list of another kind or name, and more elements than allowed', () => {
    expect(
      reasonsOf(input('ip-allow-list-entry', listUpdate([], ['192.0.2.1/32'], { kind: 'asn' }))),
    ).toContain('kind does not match');
    expect(
      reasonsOf(input('ip-allow-list-entry', listUpdate([], ['192.0.2.1/32'], { name: 'block' }))),
    ).toContain('name does not match');
    for (const name of ['disallow', 'disallowed_hosts', 'offices_allowed']) {
      expect(reasonsOf(input('ip-allow-list-entry', listUpdate([], ['192.0.2.1/32'], { name })))).toContain(
        'name does not match',
      );
    }
    const six = [1, 2, 3, 4, 5, 6].map((n) => `192.0.2.${n}/32`);
    expect(reasonsOf(input('ip-allow-list-entry', listUpdate([], six)))).toContain('makes 6 changes');
  });

  it('an environment that the entry is not for', () => {
    const plan = aPlan()
      .withoutStack('acme-production')
      .inStack('acme-production')
      .creating('cloudflare_dns_record.verify', txt);
    const register = aRegister({
      standardChanges: ['dns-verification-txt'],
      stacks: [{ name: 'acme-production', environment: 'account', zones: ['shop.example'] }],
    });
    const given = input('dns-verification-txt', plan, {
      policy: aPolicySet({ catalogue, registers: [register] }),
    });
    expect(reasonsOf(given)).toContain('acme-production is account');
  });

  function moved() {
    const [change] =
      aPlan()
        .changing('cloudflare_dns_record.b', ['create'], { after: txt, movedFrom: 'cloudflare_dns_record.a' })
        .build().stacks[0]?.changes ?? [];
    if (change === undefined) {
      throw new Error('no change');
    }
    return change;
  }
});

const withEntry = (parts: Partial<CatalogueEntry>): Partial<RuleInput> => ({
  policy: aPolicySet({
    catalogue: {
      entries: catalogue.entries.map((entry) =>
        entry.id === 'dns-verification-txt' ? { ...entry, ...parts } : entry,
      ),
    },
    registers: [aRegister({ standardChanges: ['dns-verification-txt'] })],
  }),
});
const used = (parts: Partial<PastRelease> = {}): PastRelease =>
  aPastRelease({ type: 'standard', model: 'dns-verification-txt', at: '2026-10-01T09:00:00Z', ...parts });

const reasonsWith = (record: RecordParts) =>
  reasonsOf(input('dns-verification-txt', verification(), {}, record));

describe('an entry that may not be used', () => {
  it.each<[string, Partial<RuleInput>, RegExp]>([
    ['it is suspended', withEntry({ status: 'suspended' }), /is suspended in the catalogue/u],
    ['it is retired', withEntry({ status: 'retired' }), /is retired/u],
    ['it expired', withEntry({ expiresAt: '2026-11-23T09:00:00Z' }), /expired on/u],
    ['it is not approved yet', withEntry({ approvedAt: '2026-11-24T00:00:00Z' }), /approved only from/u],
    ['its dates are unreadable', withEntry({ expiresAt: 'never' }), /dates .* cannot be read/u],
    ['it has moved on to another version', withEntry({ version: '2.0.0' }), /names version 1\.0\.0/u],
    ['a use failed', { history: [used({ result: 'failed' })] }, /suspended since CHG-2026-0017 \(failed\)/u],
    ['a use was rolled back', { history: [used({ kind: 'rollback' })] }, /rolled back/u],
    ['a use was aborted', { history: [used({ result: 'aborted' })] }, /aborted/u],
    [
      'a use caused an incident',
      { history: [used({ causedIncidents: [{ id: 'INC-2026-0001', priority: 'P3' }] })] },
      /caused INC-2026-0001/u,
    ],
    ['it is used up', { ...withEntry({ maxUsesBeforeReview: 1 }), history: [used()] }, /used 1 times/u],
  ])('because %s', (_name, parts, reason) => {
    expect(reasonsOf(input('dns-verification-txt', verification(), parts))).toMatch(reason);
  });

  it('is reinstated by an approval after the failure, which also starts the count again', () => {
    const parts = {
      ...withEntry({ approvedAt: '2026-11-01T00:00:00Z', maxUsesBeforeReview: 1 }),
      history: [used({ result: 'failed' })],
    };
    expect(matchCatalogue(input('dns-verification-txt', verification(), parts))).toMatchObject({
      kind: 'matches',
      uses: 0,
    });
  });

  it('counts changes, not the stacks they released, and an id that is used again once more', () => {
    const again = used({ changeId: 'CHG-2026-0042', stack: 'a' });
    const history = [used({ stack: 'a' }), used({ stack: 'b' }), again, again];
    expect(matchCatalogue(input('dns-verification-txt', verification(), { history }))).toMatchObject({
      uses: 3,
    });
  });

  it('because the client has not agreed to it, or has no register', () => {
    const none = { policy: aPolicySet({ catalogue, registers: [aRegister({ standardChanges: [] })] }) };
    expect(reasonsOf(input('dns-verification-txt', verification(), none))).toContain('has not agreed');
    const borough = aBoroughRegister({ standardChanges: ['dns-verification-txt'] });
    const elsewhere = { policy: aPolicySet({ catalogue, registers: [borough] }) };
    expect(reasonsOf(input('dns-verification-txt', verification(), elsewhere))).toContain(
      'no service register of client acme',
    );
  });

  it('is not taken by itself: a record that names none is of the one that the client agreed to and the plan fits', () => {
    const unnamed = { standardChange: undefined, model: undefined, category: undefined };
    const found = matchCatalogue(input('dns-verification-txt', verification(), {}, unnamed));
    expect(found).toMatchObject({ kind: 'matches', entry: { id: 'dns-verification-txt' } });
    const none = { policy: aPolicySet({ catalogue, registers: [aRegister({ standardChanges: [] })] }) };
    expect(reasonsOf(input('dns-verification-txt', verification(), none, unnamed))).toContain(
      'names no catalogue entry, and the plan fits none',
    );
  });

  it('because the record says something else', () => {
    expect(reasonsWith({ standardChange: { ref: 'dns-anything', version: '1.0.0' } })).toContain(
      'no entry dns-anything',
    );
    expect(reasonsWith({ model: 'my-own' })).toContain('model is my-own');
    expect(reasonsWith({ category: 'waf' })).toContain('category is waf');
  });
});
