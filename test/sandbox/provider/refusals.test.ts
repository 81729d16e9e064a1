/** What Terraform's user is told when a configuration or the API says no. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { JsonObject } from '../../../scripts/plan/types.ts';
import { checkDelete } from '../../../scripts/sandbox/provider/conflicts.ts';
import { startSandbox } from '../../../scripts/sandbox/provider/server.ts';
import type { Sandbox } from '../../../scripts/sandbox/provider/server.ts';
import { readStore, Store } from '../../../scripts/sandbox/provider/store.ts';
import { account, flat, freshFolder, noon, Stack } from './terraform.ts';

const folder = freshFolder('refusals');
let sandbox: Sandbox;

beforeAll(async () => {
  sandbox = await startSandbox({ folder, now: () => noon });
});

afterAll(async () => {
  await sandbox.close();
});

const zone = 'f'.repeat(32);
const shop = (name: string): JsonObject => ({ shop: { name, account: { id: account } } });

interface Diagnostic {
  readonly summary: string;
  readonly detail: string;
  readonly address?: string;
  readonly snippet?: { readonly context: string | null };
}

async function diagnostics(resource: JsonObject): Promise<readonly Diagnostic[]> {
  const stack = new Stack(() => sandbox.reattach);
  stack.write({ resource });
  const run = await stack.run('validate', '-json');
  return (JSON.parse(run.stdout) as { readonly diagnostics: readonly Diagnostic[] }).diagnostics;
}

test('missing and forbidden values are diagnostics with the path of the attribute', async () => {
  const rule = {
    action: 'blok',
    expression: 'true',
    action_parameters: { headers: { X: { operation: 'replace' } } },
  };
  const found = await diagnostics({
    cloudflare_dns_record: { missing: { zone_id: zone, name: 'a.example', type: 'A', content: '192.0.2.1' } },
    cloudflare_ruleset: {
      waf: { zone_id: zone, name: 'x', kind: 'zone', phase: 'http_request_firewall_custom', rules: [rule] },
      homeless: { name: 'x', kind: 'root', phase: 'http_ratelimit' },
    },
    cloudflare_load_balancer_pool: {
      eu: { account_id: account, name: 'eu', origins: [], check_regions: ['WEU', 'MARS'] },
    },
    cloudflare_certificate_pack: {
      shop: {
        zone_id: zone,
        type: 'advanced',
        certificate_authority: 'lets_encrypt',
        validation_method: 'txt',
        hosts: ['shop.example'],
        validity_days: 91,
      },
    },
    cloudflare_dns_record_typo: { x: {} },
  });
  const texts = found.map(({ summary, detail }) => `${summary}: ${detail}`);
  const expected = [
    /Missing required argument: The argument "ttl" is required/,
    /Attribute rules\[0\]\.action has to be one of "block", .*"skip"/,
    /Attribute rules\[0\]\.action_parameters\.headers\["X"\]\.operation has to be one of "add", "set", "remove"/,
    /Attribute rules\[0\]\.action_parameters\.headers has to be left away unless rules\[\]\.action is "rewrite"/,
    /Attribute check_regions has to be one of "WNAM", /,
    /Attribute validity_days has to be one of 14, 30, 90, 365/,
    /Attribute account_id has to be set, or one of zone_id/,
    /cloudflare_dns_record_typo/,
  ];
  const unmet = expected.filter((pattern) => texts.filter((text) => pattern.test(text)).length !== 1);
  expect(unmet).toEqual([]);
  expect(found).toHaveLength(expected.length);
});

test('allowed values are compared without regard to case, and unknown ones are not judged', async () => {
  const found = await diagnostics({
    cloudflare_zone: { shop: { name: 'case.example', account: { id: account } } },
    cloudflare_dns_record: {
      upper: { zone_id: zone, name: 'a.example', type: 'a', content: '192.0.2.1', ttl: 1 },
      unknown: {
        zone_id: zone,
        name: 'b.example',
        type: '${cloudflare_zone.shop.status}',
        content: 'x',
        ttl: 1,
      },
    },
  });
  expect(found).toEqual([]);
});

test('the API refuses what cannot stand beside what exists, and nothing of it is stored', async () => {
  const first = new Stack(() => sandbox.reattach);
  const zoneId = '${cloudflare_zone.shop.id}';
  const waf = (name: string): JsonObject => ({
    zone_id: zoneId,
    name,
    kind: 'zone',
    phase: 'http_request_firewall_custom',
  });
  const www = { zone_id: zoneId, name: 'www.one.example', ttl: 1 };
  const using = [{ action: 'block', expression: 'ip.src in $office' }];
  await first.deploy({
    resource: {
      cloudflare_zone: shop('one.example'),
      cloudflare_dns_record: { a: { ...www, type: 'A', content: '192.0.2.1' } },
      cloudflare_ruleset: { waf: { ...waf('first'), rules: using } },
      cloudflare_list: { office: { account_id: account, name: 'office', kind: 'ip' } },
    },
  });
  const before = readStore(folder);
  first.write({
    resource: {
      cloudflare_zone: { ...shop('one.example'), twin: { name: 'one.example', account: { id: account } } },
      cloudflare_dns_record: {
        a: { ...www, type: 'A', content: '192.0.2.1' },
        cname: { ...www, name: 'WWW.one.example', type: 'CNAME', content: 'one.example' },
        same: { ...www, type: 'A', content: '192.0.2.1' },
      },
      cloudflare_ruleset: {
        waf: { ...waf('first'), rules: using },
        second: waf('second'),
      },
    },
  });
  await first.plan();
  const text = flat(await first.apply());
  expect(text).toContain('The account already has a zone "one.example"');
  expect(text).toContain('"www.one.example" already has the A record');
  expect(text).toContain('An identical record already exists');
  expect(text).toContain('There is already an entry point ruleset of the phase http_request_firewall_custom');
  expect(text).toContain('The list "office" cannot be deleted');
  expect(readStore(folder)).toEqual(before);

  const list = { cloudflare_list: { office: { account_id: account, name: 'office', kind: 'ip' } } };
  await first.deploy({ resource: { cloudflare_zone: shop('one.example'), ...list } });
  await first.deploy({ resource: { cloudflare_zone: shop('one.example') } });
  expect(readStore(folder).map((object) => object.type)).toEqual(['cloudflare_zone']);
});

test('a list is in use when a rule names exactly it, in its expression or in a redirect', () => {
  const store = new Store(freshFolder('lists'));
  const list = (name: string) =>
    store.put({ type: 'cloudflare_list', parent: account, id: name, attributes: { name } });
  const lists = ['office', 'off', 'moved', 'described'].map(list);
  const rules = [
    {
      expression: 'ip.src in $office or ip.src in $office_eu',
      description: '$described',
      action_parameters: null,
    },
    { expression: 'true', action_parameters: { from_list: { key: 'http.request.full_uri', name: 'moved' } } },
  ];
  store.put({ type: 'cloudflare_ruleset', parent: zone, id: 'r', attributes: { name: 'default', rules } });
  const refused = lists.filter((object) => {
    try {
      checkDelete(store, object);
      return false;
    } catch {
      return true;
    }
  });
  expect(refused.map((object) => object.id)).toEqual(['office', 'moved']);
});

test('a deleted zone takes its records along, and nothing can be added to it', async () => {
  const owner = new Stack(() => sandbox.reattach);
  await owner.deploy({
    resource: { cloudflare_zone: { shop: { name: 'gone.example', account: { id: account } } } },
  });
  const id = await owner.id('cloudflare_zone.shop');
  const tenant = new Stack(() => sandbox.reattach);
  const record = { zone_id: id, name: 'a.gone.example', type: 'A', content: '192.0.2.1', ttl: 1 };
  await tenant.deploy({ resource: { cloudflare_dns_record: { a: record } } });
  await owner.succeed('destroy', '-auto-approve', '-no-color');
  expect(await tenant.pending()).toEqual(['create cloudflare_dns_record.a']);
  expect(flat(await tenant.apply())).toContain(`The zone ${id} does not exist any more`);
});

test('data sources answer from the store, and say what they cannot find', async () => {
  const stack = new Stack(() => sandbox.reattach);
  const zoneId = '${cloudflare_zone.shop.id}';
  const resource = {
    cloudflare_zone: { shop: { name: 'data.example', account: { id: account } } },
    cloudflare_dns_record: {
      a: { zone_id: zoneId, name: 'a.data.example', type: 'A', content: '192.0.2.7', ttl: 1 },
    },
  };
  await stack.deploy({ resource });
  const data = {
    cloudflare_zone: { by_name: { filter: { name: 'data.example' } }, by_id: { zone_id: zoneId } },
    cloudflare_zones: { named: { name: 'data.example' } },
    cloudflare_dns_records: { all: { zone_id: zoneId } },
    cloudflare_ip_ranges: { edge: {} },
    cloudflare_account: { own: { account_id: account } },
    cloudflare_accounts: { all: {} },
  };
  const output = {
    id: { value: '${data.cloudflare_zone.by_name.id == cloudflare_zone.shop.id}' },
    name: { value: '${data.cloudflare_zone.by_id.name}' },
    zones: { value: '${[for z in data.cloudflare_zones.named.result : z.name]}' },
    contents: { value: '${[for r in data.cloudflare_dns_records.all.result : r.content]}' },
    account: { value: '${data.cloudflare_account.own.id}' },
    accounts: { value: '${[for a in data.cloudflare_accounts.all.result : a.id]}' },
    ranges: { value: '${length(data.cloudflare_ip_ranges.edge.ipv4_cidrs)}' },
  };
  await stack.deploy({ resource, data, output });
  const outputs = JSON.parse((await stack.succeed('output', '-json')).stdout) as Record<
    string,
    { value: unknown }
  >;
  expect(Object.fromEntries(Object.entries(outputs).map(([name, { value }]) => [name, value]))).toEqual({
    id: true,
    name: 'data.example',
    zones: ['data.example'],
    contents: ['192.0.2.7'],
    account,
    accounts: [account],
    ranges: 3,
  });

  stack.write({
    resource,
    data: {
      cloudflare_zone: { none: { filter: { name: 'none.example' } } },
      cloudflare_workers_script: { x: { account_id: account, script_name: 'x' } },
      cloudflare_api_token_permission_groups_list: { all: {} },
    },
  });
  const text = flat(await stack.run('plan', '-no-color'));
  expect(text).toContain('No object matches cloudflare_zone {"name":"none.example"}');
  expect(text).toContain(
    'The local Cloudflare has no answer for the data source cloudflare_api_token_permission_groups_list',
  );
});
