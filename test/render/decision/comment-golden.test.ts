/** Three comments to look at: test/golden/comment/*.md. A change of them is a change of what the CAB reads. */
import { expect, it } from 'vitest';
import { fitComment } from '../../../scripts/adapters/github/comment.ts';
import { canonicalBundle } from '../../../scripts/plan/bundle.ts';
import { assemblePlan, diffBundles } from '../../../scripts/plan/difference/diff.ts';
import type { JsonObject, StackPlan } from '../../../scripts/plan/types.ts';
import { renderDecisionMarkdown } from '../../../scripts/render/decision/markdown.ts';
import { decide } from '../../../policies/gate.ts';
import type { Facts } from '../../../policies/model/facts.ts';
import { quorum } from '../../policies/gate/approved.ts';
import { cleanRecord, facts, review, showing, veto } from '../../policies/world.ts';
import { aMustPass, aReplay, aSample, someTraffic } from '../../builders/traffic.ts';
import { aRecordOf, terraform, zoneId } from '../../attacks/estate.ts';

const artifact = { name: 'decision-42', file: 'plan.json', sha256: 'ab'.repeat(32) };

function comment(given: Facts, publisher: 'app' | 'workflow-token'): string {
  return fitComment(renderDecisionMarkdown(decide(given), given, { artifact, publisher }));
}

function stackChange(name: string, before: JsonObject, after: JsonObject): StackPlan {
  const bundle = (resource: JsonObject) =>
    canonicalBundle(name, { terraform, provider: { cloudflare: [{}] }, resource });
  return diffBundles({ stack: name, before: bundle(before), after: bundle(after) });
}

const zones = {
  shop: { name: 'shop.example', account: { id: 'a' } },
  trade: { name: 'shop-trade.example', account: { id: 'a' } },
};
const stagingZones = { shop: { name: 'staging-shop.example', account: { id: 'a' } } };
const tradeId = '${cloudflare_zone.trade.id}';
const setting = (id: string, value: string) => ({ zone_id: zoneId, setting_id: id, value });
const rule = (ref: string, action: string, expression: string) => ({
  ref,
  action,
  expression,
  description: ref,
  enabled: true,
});
const ruleset = (name: string, zone: string, ...rules: readonly JsonObject[]) => ({
  kind: 'zone',
  name,
  phase: 'http_request_firewall_custom',
  zone_id: zone,
  rules,
});
const mail = (host: string) => ({
  ...aRecordOf('mx', host),
  name: 'shop.example',
  type: 'MX',
  proxied: false,
});
const addresses = (count: number, content: string): JsonObject =>
  Object.fromEntries(
    Array.from({ length: count }, (_, at) => [
      `host_${String(at)}`,
      aRecordOf(`host-${String(at)}`, content),
    ]),
  );

const waf = 'acme-production/cloudflare_ruleset.waf';
const replayed = aReplay(
  { 'newly-blocked': 12, 'newly-allowed': 431, undecidable: 37 },
  {
    requests: 20_480,
    otherHosts: 1204,
    badLines: 3,
    onlyByOrder: 2,
    rules: [
      {
        change: 'newly-blocked',
        rule: 'block-admin',
        ruleset: waf,
        count: 12,
        samples: [
          aSample({
            id: '8f2a11c09d3e4b77',
            path: '/admin/`<b>login',
            country: 'SE',
            asn: 64500,
            agent: 'curl/8.9 @team',
          }),
        ],
      },
      {
        change: 'newly-allowed',
        rule: 'block-abusers',
        ruleset: waf,
        count: 431,
        samples: [aSample({ id: '8f2a11c09d3e4b78', path: '/wp-login.php', before: 'block', after: 'pass' })],
      },
    ],
    breakdowns: [
      { change: 'newly-blocked', dimension: 'path', values: [{ value: '/admin/login', count: 12 }], rest: 0 },
      {
        change: 'newly-allowed',
        dimension: 'path',
        values: [
          { value: '/wp-login.php', count: 300 },
          { value: '/.env', count: 100 },
        ],
        rest: 31,
      },
    ],
    missing: [{ field: 'cf.bot_management.score', column: 'BotScore', count: 37 }],
    calibration: {
      compared: 19_000,
      agreed: 18_950,
      disagreements: [{ recorded: 'block', replayed: 'pass', count: 50, samples: ['8f2a11c09d3e4b79'] }],
    },
  },
);

const admin = '(http.host eq "www.shop.example" and starts_with(http.request.uri.path, "/admin"))';

it('a change that is denied: seats are missing, mail goes, the firewall is opened', async () => {
  const production = stackChange(
    'acme-production',
    {
      cloudflare_zone: zones,
      cloudflare_dns_record: {
        ...addresses(40, '192.0.2.1'),
        mx_1: mail('mx1.mail.example'),
        mx_2: mail('mx2.mail.example'),
      },
      cloudflare_zone_setting: { min_tls: setting('min_tls_version', '1.2') },
      cloudflare_ruleset: {
        waf: ruleset(
          'shop-waf',
          zoneId,
          rule('block-admin', 'block', `${admin} and not ip.src in $offices`),
          rule('block-abusers', 'block', 'ip.src in $abusers'),
        ),
        trade_waf: ruleset(
          'trade-waf',
          tradeId,
          rule('block-outside', 'block', 'not ip.src.country in {"GB"}'),
        ),
      },
    },
    {
      cloudflare_zone: zones,
      cloudflare_dns_record: {
        ...addresses(40, '192.0.2.1'),
        ...addresses(3, '192.0.2.9'),
        new_host: aRecordOf('new', '192.0.2.7'),
      },
      cloudflare_zone_setting: { min_tls: setting('min_tls_version', '1.0') },
      cloudflare_ruleset: {
        waf: ruleset('shop-waf', zoneId, rule('block-admin', 'log', `${admin} and not ip.src in $partners`)),
      },
    },
  );
  const staging = stackChange(
    'acme-staging',
    { cloudflare_zone: stagingZones, cloudflare_dns_record: { a: aRecordOf('a', '192.0.2.1') } },
    { cloudflare_zone: stagingZones, cloudflare_dns_record: { a: aRecordOf('a', '192.0.2.2') } },
  );
  const plan = assemblePlan([production, staging], 'configuration');
  const records = [
    cleanRecord({
      title: 'Let partners into the admin area',
      category: 'waf',
      stacks: ['acme-production', 'acme-staging'],
      traffic: { sample: replayed.digest },
    }),
  ];
  const traffic = someTraffic({
    stacks: ['acme-production'],
    mustPass: [
      aMustPass(),
      aMustPass({
        name: 'acquirer-call-back',
        why: 'Payment notifications of the card acquirer',
        after: 'block',
        change: 'newly-blocked',
        reasons: ['block-admin of acme-production/cloudflare_ruleset.waf'],
        location: { file: 'stacks/clients/acme/traffic/payments.yaml', line: 12, column: 5 },
      }),
    ],
    replay: replayed,
  });
  const reviews = showing({ plan, records }, [
    review('novak', { login: 'a-novak' }),
    veto('haddad', { login: 's-haddad' }),
    review(4711, { login: 'somebody' }),
  ]);
  await expect(comment(facts({ plan, records, reviews, traffic }), 'workflow-token')).toMatchFileSnapshot(
    '../../golden/comment/deny.md',
  );
});

it('a change that is allowed', async () => {
  const parts = {};
  const reviews = showing(parts, quorum());
  await expect(comment(facts({ reviews }), 'app')).toMatchFileSnapshot('../../golden/comment/allow.md');
});

it('ten thousand changes: cut in the plan, with every part before it whole', async () => {
  const production = stackChange(
    'acme-production',
    {
      cloudflare_zone: zones,
      cloudflare_dns_record: { ...addresses(10_000, '192.0.2.1'), mx_1: mail('mx1.mail.example') },
    },
    { cloudflare_zone: zones, cloudflare_dns_record: addresses(10_000, '192.0.2.2') },
  );
  const text = comment(facts({ plan: assemblePlan([production], 'configuration') }), 'app');
  expect(text.length).toBeLessThanOrEqual(65_000);
  // The cut plan would be 50,000 characters of the same: of it only the first and the last lines are kept to look at.
  const lines = text.split('\n');
  const plan = lines.findIndex((line) => line.includes('<summary>The whole plan')) + 16;
  await expect([...lines.slice(0, plan), '…', ...lines.slice(-8)].join('\n')).toMatchFileSnapshot(
    '../../golden/comment/ten-thousand.md',
  );
});
