/**
 * What a configuration must not hold before Terraform may so much as plan it. Planning runs providers, data sources,
 * `check` blocks and functions: each of them can run code, read the machine or call out, and none of that shows in the
 * list of resource changes. The list is closed: what is not known to be harmless is a danger.
 */
import { isList, isObject, own } from './json.ts';
import { templateParts, mayBeTemplate } from './references.ts';
import { labelled, requiredProviders } from './stack-view.ts';
import type { Json, JsonObject } from './types.ts';

export interface Danger {
  /** Address or block, for example `cloudflare_dns_record.www` or `check.reachable`. */
  readonly place: string;
  readonly what: string;
}

const harmlessBlocks: ReadonlySet<string> = new Set([
  '//',
  'data',
  'locals',
  'module',
  'moved',
  'output',
  'provider',
  'removed',
  'resource',
  'terraform',
  'variable',
]);
const harmlessSettings: ReadonlySet<string> = new Set([
  '//',
  'backend',
  'required_providers',
  'required_version',
]);
const knownBackends: ReadonlySet<string> = new Set(['local', 's3']);
const cloudflareSources: ReadonlySet<string> = new Set([
  'cloudflare/cloudflare',
  'registry.terraform.io/cloudflare/cloudflare',
  'registry.opentofu.org/cloudflare/cloudflare',
]);

/** Functions that depend on their arguments alone (Terraform's function reference). All others are refused. */
const pureFunctions: ReadonlySet<string> = new Set([
  'abs',
  'alltrue',
  'anytrue',
  'base64decode',
  'base64encode',
  'can',
  'ceil',
  'chomp',
  'chunklist',
  'cidrhost',
  'cidrnetmask',
  'cidrsubnet',
  'cidrsubnets',
  'coalesce',
  'coalescelist',
  'compact',
  'concat',
  'contains',
  'csvdecode',
  'distinct',
  'element',
  'endswith',
  'flatten',
  'floor',
  'format',
  'formatdate',
  'formatlist',
  'indent',
  'index',
  'join',
  'jsondecode',
  'jsonencode',
  'keys',
  'length',
  'log',
  'lookup',
  'lower',
  'matchkeys',
  'max',
  'md5',
  'merge',
  'min',
  'nonsensitive',
  'one',
  'parseint',
  'pow',
  'range',
  'regex',
  'regexall',
  'replace',
  'reverse',
  'sensitive',
  'setintersection',
  'setproduct',
  'setsubtract',
  'setunion',
  'sha1',
  'sha256',
  'sha512',
  'signum',
  'slice',
  'sort',
  'split',
  'startswith',
  'strcontains',
  'strrev',
  'substr',
  'sum',
  'timeadd',
  'timecmp',
  'title',
  'tobool',
  'tolist',
  'tomap',
  'tonumber',
  'toset',
  'tostring',
  'transpose',
  'trim',
  'trimprefix',
  'trimspace',
  'trimsuffix',
  'try',
  'upper',
  'urlencode',
  'uuidv5',
  'values',
  'yamldecode',
  'yamlencode',
  'zipmap',
]);

const known = new WeakMap<JsonObject, readonly Danger[]>();

/**
 * Everything dangerous in a configuration; empty for one that may be planned. Linear. Remembered for as long as the
 * configuration lives: it is a property of a bundle, and every step that touches one asks again.
 */
export function dangersOf(configuration: JsonObject): readonly Danger[] {
  const found = known.get(configuration) ?? findDangers(configuration);
  known.set(configuration, found);
  return found;
}

function findDangers(configuration: JsonObject): readonly Danger[] {
  return [
    ...Object.keys(configuration)
      .filter((key) => !harmlessBlocks.has(key))
      .map((key) => ({
        place: key,
        what: 'a block of this kind runs or reads something while Terraform plans',
      })),
    ...moduleDangers(configuration),
    ...settingDangers(configuration),
    ...providerDangers(configuration),
    ...bodyDangers(configuration, 'resource'),
    ...bodyDangers(configuration, 'data'),
    ...surroundingDangers(configuration),
  ];
}

/** A module beside the configuration is read by the rules as one whose resources do not show; others are fetched code. */
function moduleDangers(configuration: JsonObject): readonly Danger[] {
  return labelled(own(configuration, 'module'), 1)
    .filter(({ body }) => {
      const source = own(body, 'source');
      return typeof source !== 'string' || !/^\.{1,2}\//.test(source);
    })
    .map(({ labels }) => ({ place: `module.${labels[0] ?? ''}`, what: 'comes from elsewhere' }));
}

function settingDangers(configuration: JsonObject): readonly Danger[] {
  return labelled(own(configuration, 'terraform'), 0).flatMap(({ body }) => [
    ...Object.keys(body)
      .filter((key) => !harmlessSettings.has(key))
      .map((key) => ({ place: `terraform.${key}`, what: 'this setting is not one that a stack may have' })),
    ...labelled(own(body, 'backend'), 1)
      .map(({ labels }) => labels[0] ?? '')
      .filter((kind) => !knownBackends.has(kind))
      .map((kind) => ({ place: `terraform.backend.${kind}`, what: 'this backend is not one that is known' })),
  ]);
}

function providerDangers(configuration: JsonObject): readonly Danger[] {
  const foreign = requiredProviders(configuration)
    .filter(({ source }) => !cloudflareSources.has(source))
    .map(({ name, source }) => ({
      place: `provider ${name}`,
      what: `${source} is a program that nobody has reviewed`,
    }));
  const configured = labelled(own(configuration, 'provider'), 1)
    .map(({ labels }) => labels[0] ?? '')
    .filter((name) => name !== 'cloudflare')
    .map((name) => ({ place: `provider.${name}`, what: 'only the Cloudflare provider may be configured' }));
  return [...foreign, ...configured];
}

function bodyDangers(configuration: JsonObject, kind: 'resource' | 'data'): readonly Danger[] {
  const prefix = kind === 'data' ? 'data.' : '';
  const found: Danger[] = [];
  eachBody(own(configuration, kind), (type, name, body) => {
    const report = (what: string): void => {
      found.push({ place: `${prefix}${type}.${name}`, what });
    };
    if (!type.startsWith('cloudflare_') && !(kind === 'resource' && type === 'terraform_data')) {
      report('only types of the Cloudflare provider are known to be harmless');
    }
    for (const key of ['provisioner', 'connection']) {
      if (own(body, key) !== undefined) {
        report(`has a ${key}, which runs commands`);
      }
    }
    reportCalls(body, report);
  });
  return found;
}

type Visit = (type: string, name: string, body: JsonObject) => void;

/** Every body below `resource` or `data`. The usual shape is walked without building anything for it. */
function eachBody(value: Json | undefined, visit: Visit): void {
  if (!isObject(value)) {
    labelled(value, 2).forEach(({ labels, body }) => visit(labels[0] ?? '', labels[1] ?? '', body));
    return;
  }
  for (const type of Object.keys(value)) {
    eachName(type, value[type], visit);
  }
}

function eachName(type: string, names: Json | undefined, visit: Visit): void {
  if (!isObject(names)) {
    labelled(names, 1).forEach(({ labels, body }) => visit(type, labels[0] ?? '', body));
    return;
  }
  for (const name of Object.keys(names)) {
    const body = names[name];
    for (const one of (isList(body) ? body : [body]).filter(isObject)) {
      visit(type, name, one);
    }
  }
}

/** Interpolations of everything that is not a resource or a data source. */
function surroundingDangers(configuration: JsonObject): readonly Danger[] {
  const found: Danger[] = [];
  for (const key of Object.keys(configuration)) {
    if (key !== 'resource' && key !== 'data') {
      reportCalls(configuration[key] ?? null, (what) => found.push({ place: key, what }));
    }
  }
  return found;
}

/** Looks at every text of a value; most hold no template, so that is asked first. */
function reportCalls(value: Json, report: (what: string) => void): void {
  if (typeof value === 'string') {
    if (mayBeTemplate(value)) {
      callsIn(value).forEach(report);
    }
  } else if (isList(value)) {
    for (const item of value) {
      reportCalls(item, report);
    }
  } else if (isObject(value)) {
    for (const key in value) {
      reportCalls(value[key] ?? null, report);
    }
  }
}

function callsIn(template: string): readonly string[] {
  const names = new Set<string>();
  for (const part of templateParts(template)) {
    if (part.kind === 'expression') {
      collectCalls(part.text, names);
    }
  }
  return [...names].map((name) =>
    name.startsWith('path.') || name.startsWith('terraform.')
      ? `reads ${name}, which differs by machine`
      : `calls ${name}(), which is not known to depend on its arguments alone`,
  );
}

/** Words before an opening bracket, and the objects that describe the machine. Strings inside are looked at as well. */
function collectCalls(expression: string, names: Set<string>): void {
  for (const match of expression.matchAll(/([A-Za-z_][\w:-]*)\s*\(/g)) {
    const name = match[1] ?? '';
    if (!pureFunctions.has(name)) {
      names.add(name);
    }
  }
  for (const match of expression.matchAll(/\b(?:path|terraform)\.[a-z_]+/g)) {
    names.add(match[0]);
  }
}
