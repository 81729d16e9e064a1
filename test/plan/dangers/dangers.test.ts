import { describe, expect, it } from 'vitest';
import { dangersOf } from '../../../scripts/plan/dangers/dangers.ts';
import type { JsonObject } from '../../../scripts/plan/types.ts';

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

describe('a refusal', () => {
  it.each([
    ['a name that is none', `\${${'x'.repeat(70)}("a")}`],
    ['what is not understood', '${"hunter2" secret'],
    ['a reference of a stranger', `\${geheimnis_${'y'.repeat(70)}.secret}`],
  ])('does not print %s', (_, comment) => {
    const [danger] = dangersOf(withRecord({ comment }));
    expect(danger?.what).toBeDefined();
    expect(danger?.what).not.toMatch(/x{20}|hunter2|secret|y{20}/);
  });
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
    ['a configured region of the provider', withRecord({ provider: 'cloudflare.eu' })],
    [
      'a provider with a name and a token of its own',
      { ...honest, provider: { cloudflare: [{}, { alias: 'eu', api_token: '${var.token}' }] } },
    ],
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
      'a file in the name of a member',
      withRecord({ tags: { '${file("/x")}': 1 } }),
      'cloudflare_dns_record.www',
    ],
    [
      'a file behind the mark of a comment',
      withRecord({ tags: { '//': '${file("/x")}' } }),
      'cloudflare_dns_record.www',
    ],
    [
      'requests to another server',
      { ...honest, provider: { cloudflare: [{}, { alias: 'b', base_url: 'https://evil.example' }] } },
      'provider.cloudflare.base_url',
    ],
    [
      'an argument of the provider that nobody knows',
      { ...honest, provider: { cloudflare: { proxy: 'x' } } },
      'provider.cloudflare.proxy',
    ],
    ['a provider that is not declared', withRecord({ provider: 'null' }), 'cloudflare_dns_record.www'],
    ['a computed provider', withRecord({ provider: '${local.p}' }), 'cloudflare_dns_record.www'],
    [
      'commands when a resource goes',
      {
        ...honest,
        removed: [{ from: 'terraform_data.a', provisioner: [{ 'local-exec': { command: 'id' } }] }],
      },
      'removed',
    ],
    ['a module beside the configuration', { ...honest, module: { m: { source: './m' } } }, 'module.m'],
    [
      'a file deep inside a list',
      withRecord({ rules: [{ action_parameters: { body: ['${file("x")}'] } }] }),
      'cloudflare_dns_record.www',
    ],
  ])('is told by its place: %s', (_, configuration, place) => {
    expect(dangersOf(configuration as JsonObject).map((danger) => danger.place)).toContain(place);
  });
});

/** Terraform runs or reads something in each of these. */
const hostileTexts = {
  'a comment before the bracket': '${file/**/("/x")}',
  'the same of another function': '${length(fileset/**/("/", "*"))}',
  'a blank before the dot': '${path .cwd}',
  'a line break before the dot': '${path\n.cwd}',
  'a brace in a comment': '${ 1 /* } */ + length(file("/x")) }',
  'a brace in a line comment': '${ 1 # }\n + length(file("/x")) }',
  'a text inside an expression': '${"a ${file("/x")}"}',
  'a heredoc': '${<<EOT\n${file("/x")}\nEOT\n}',
  'a loop over a file': '%{ for line in split("\\n", file("/x")) }${line}%{ endfor }',
  'the other branch': '${true ? "a" : file("/x")}',
  'a computed name of a member': '${ { (file("/x")) = 1 } }',
  'a variable of a loop that ended': '${ [[for path in ["a"] : path], path.cwd] }',
  'the collection of its own loop': '${ [for path in [path.cwd] : path] }',
  'what would go on without an error': '${try(file("/x"), "")}',
  'the full name of a function': '${core::file("/x")}',
  'a template in a text': '${templatestring(local.t, {})}',
  'what is only there while it runs': '${ephemeral.cloudflare_x.y.z}',
  'the name of the workspace': '${terraform.workspace}',
  'an index instead of a name': '${path["cwd"]}',
  'the mark of a secret': '${nonsensitive(var.token)}',
  'a byte order mark before it': '\uFEFF${file("/x")}',
  'a half pair before it': '\uD800${file("/x")}',
  'a dollar before a directive': '$$%{ if true }${file("/x")}%{ endif }',
  'a backslash before it': String.raw`\${file("/x")}`,
  'a text in quotes around it': '"${file("/x")}"',
  'what does not end': '${1',
  'a blank of Unicode': '${cloudflare_zone\u00A0.shop.id}',
  'a carriage return': '${1 # \r + file("/x")\n}',
  'nesting without end': `\${${'('.repeat(5000)}1${')'.repeat(5000)}}`,
};

/** Each of these depends on the configuration alone. */
const honestTexts = {
  'blanks and comments': '${ /* the zone */ cloudflare_zone . shop\n.name # of ours\n }',
  'a loop': '${join(",", [for zone, record in cloudflare_zone.shop : record.id if zone != ""])}',
  'a loop variable called like an object of Terraform': '${[for path in ["/a"] : path][0]}',
  'a member called like one': '${jsonencode({ path = "/a", terraform = { cwd = 1 }, file: "x" })}',
  'a splat': '${cloudflare_zone.shop[*].id}',
  'the old form of an index': '${cloudflare_zone.shop.0.id}',
  'every element': '${join(",", cloudflare_zone.shop.*.id)}',
  'a conditional over lines': '${var.on\n ? "a"\n : "b"}',
  'arguments from a list': '${max([1, 2]...)}',
  directives: '%{ for k, v in local.m ~}\n${k}=${v}\n%{~ endfor }%{ if var.on }a%{ else }b%{ endif }',
  'a heredoc': '${<<-EOT\n  file("/x")\n  EOT\n}',
  'a function by its full name': '${core::lower("A")}',
  'a placeholder of Cloudflare': 'regex_replace(http.request.uri.path, "^/a", "$${1}")',
  'several dollars': 'costs $$${x} or 100%%%{y}',
  'a resource by its long name': '${resource.cloudflare_zone.shop.id}',
  'another data source': '${data.cloudflare_ip_ranges.edge.ipv4_cidrs[0]}',
  'an object of a loop': '${each.key}-${each.value["name"]}-${count.index}',
};

describe('a text of an argument', () => {
  it.each(Object.entries(hostileTexts))('is a danger with %s', (_, comment) => {
    expect(dangersOf(withRecord({ comment })).map(({ place }) => place)).toContain(
      'cloudflare_dns_record.www',
    );
  });

  it.each(Object.entries(honestTexts))('is none with %s', (_, comment) => {
    expect(dangersOf(withRecord({ comment }))).toEqual([]);
  });
});

describe('a body that is written in parts, which Terraform takes for one', () => {
  it.each<[string, JsonObject]>([
    ['a file', { comment: '${file("/x")}' }],
    ['a provisioner', { provisioner: [{ 'local-exec': { command: 'id' } }] }],
    ['another provider', { provider: 'null' }],
  ])('is a danger with %s in one of them', (_, part) => {
    const configuration = { ...honest, resource: { cloudflare_dns_record: { www: [[record, part]] } } };
    expect(dangersOf(configuration).map(({ place }) => place)).toContain('cloudflare_dns_record.www');
  });
});
