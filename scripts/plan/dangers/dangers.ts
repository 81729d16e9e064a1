/**
 * What a configuration must not hold before Terraform may so much as plan it. Planning runs providers, data sources,
 * `check` blocks and functions: each of them can run code, read the machine or call out, and none of that shows in the
 * list of resource changes. The list is closed: what is not known to be harmless is a danger.
 */
import { isObject, own } from '../../json/json.ts';
import { namedReference } from '../expression/parse.ts';
import { labelled, requiredProviders } from '../stack-view.ts';
import type { Json, JsonObject } from '../types.ts';
import { bodyFlows, surroundingFlows } from './secret-flow.ts';
import { SecretSources } from './secret-sources.ts';
import { TextReader } from './texts.ts';

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
  const reader = new TextReader();
  const texts: Texts = {
    reader,
    sources: new SecretSources(configuration, reader),
    idSources: new SecretSources(configuration, reader, 'plain'),
  };
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
    ...bodyDangers(configuration, 'resource', texts),
    ...bodyDangers(configuration, 'data', texts),
    ...removedDangers(configuration),
    ...surroundingDangers(configuration, texts),
  ];
}

/** What a module holds is not in the bundle: nobody approved it, and nothing here could look at it. */
function moduleDangers(configuration: JsonObject): readonly Danger[] {
  return labelled(own(configuration, 'module'), 1).map(({ labels }) => ({
    place: `module.${labels[0] ?? ''}`,
    what: 'is configuration that the bundle does not hold',
  }));
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
  const configured = labelled(own(configuration, 'provider'), 1).flatMap(({ labels, body }) =>
    configurationDangers(labels[0] ?? '', body),
  );
  return [...foreign, ...configured];
}

/** Credentials come from outside, an alias is a name, and the suffix goes into the user agent. */
const harmlessArguments: ReadonlySet<string> = new Set([
  '//',
  'alias',
  'api_key',
  'api_token',
  'api_user_service_key',
  'email',
  'user_agent_operator_suffix',
]);

/** The token of the release goes where the provider is told to send its requests: `base_url` is never the team's. */
function configurationDangers(name: string, body: JsonObject): readonly Danger[] {
  const place = `provider.${name}`;
  return name === 'cloudflare'
    ? Object.keys(body)
        .filter((key) => !harmlessArguments.has(key))
        .map((key) => ({
          place: `${place}.${key}`,
          what: 'may send the requests of the release, with its token, to another server',
        }))
    : [{ place, what: 'only the Cloudflare provider may be configured' }];
}

function bodyDangers(configuration: JsonObject, kind: 'resource' | 'data', texts: Texts): readonly Danger[] {
  const providers = providerNames(configuration);
  const prefix = kind === 'data' ? 'data.' : '';
  const found: Danger[] = [];
  eachBody(own(configuration, kind), (type, name, body) => {
    const report = (what: string): void => {
      found.push({ place: `${prefix}${type}.${name}`, what });
    };
    if (!type.startsWith('cloudflare_') && !(kind === 'resource' && type === 'terraform_data')) {
      report('only types of the Cloudflare provider are known to be harmless');
    }
    for (const key of runningBlocks) {
      if (own(body, key) !== undefined) {
        report(`has a ${key}, which runs commands`);
      }
    }
    if (!isKnownProvider(own(body, 'provider'), providers)) {
      report('is made by a provider that the stack does not declare');
    }
    reportTexts(texts, body, report, () => bodyFlows({ ...texts, report }, kind, type, body));
  });
  return found;
}

const runningBlocks = ['provisioner', 'connection'] as const;

/** A resource that goes may run commands when it does. */
function removedDangers(configuration: JsonObject): readonly Danger[] {
  return labelled(own(configuration, 'removed'), 0).flatMap(({ body }) =>
    runningBlocks
      .filter((key) => own(body, key) !== undefined)
      .map((key) => ({ place: 'removed', what: `has a ${key}, which runs commands` })),
  );
}

/** Names by which a body may choose its provider; for any other name Terraform would fetch a program. */
function providerNames(configuration: JsonObject): ReadonlySet<string> {
  return new Set(['cloudflare', ...requiredProviders(configuration).map(({ name }) => name)]);
}

/** `provider = cloudflare.eu` in Terraform's JSON: the name is read as it stands. */
function isKnownProvider(value: Json | undefined, names: ReadonlySet<string>): boolean {
  if (value === undefined) {
    return true;
  }
  const target = typeof value === 'string' ? (namedReference(value)?.target ?? '') : '';
  return names.has(target.split('.')[0] ?? '');
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
    if (isObject(body)) {
      visit(type, name, body);
    } else {
      // Lists of lists as well: Terraform takes one of those for a body in parts.
      labelled(body, 0).forEach((one) => visit(type, name, one.body));
    }
  }
}

/** Templates of everything that is not a resource or a data source. */
function surroundingDangers(configuration: JsonObject, texts: Texts): readonly Danger[] {
  const found: Danger[] = [];
  for (const key of Object.keys(configuration)) {
    if (key !== 'resource' && key !== 'data') {
      texts.reader.visit(configuration[key] ?? null, ({ objections }) => {
        found.push(...objections.map((what) => ({ place: key, what })));
      });
    }
  }
  surroundingFlows(texts, configuration, (place, what) => found.push({ place, what }));
  return found;
}

interface Texts {
  readonly reader: TextReader;
  readonly sources: SecretSources;
  readonly idSources: SecretSources;
}

/** Reports what stands against the templates of a body, and looks where its secrets go when it has any. */
function reportTexts(
  { reader, sources }: Texts,
  body: JsonObject,
  report: (what: string) => void,
  onSecret: () => void,
): void {
  const found = { hasSecret: false };
  reader.visit(body, (reading) => {
    reading.objections.forEach(report);
    found.hasSecret ||= sources.secretIn(reading) !== null;
  });
  if (found.hasSecret) {
    onSecret();
  }
}
