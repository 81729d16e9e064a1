/**
 * Sensitive values that flow to where they are not: a token's value in a TXT record is published, in a plain argument it
 * stands in every plan and state. Where a value may go is a list: arguments that the provider keeps secret, outputs that
 * are marked, and the credentials of the provider itself.
 */
import { cloudflareSource, factsOf, type AttributeFacts } from '../../provider/facts.ts';
import { isList, isObject, own } from '../../json/json.ts';
import { labelled } from '../stack-view.ts';
import type { Json, JsonObject } from '../types.ts';
import type { SecretSources } from './secret-sources.ts';
import type { TextReader } from './texts.ts';

interface Flow {
  readonly reader: TextReader;
  readonly sources: SecretSources;
  /** The same for arguments that take the id of a zone or an account. */
  readonly idSources: SecretSources;
  readonly report: (what: string) => void;
}

const credentials: ReadonlySet<string> = new Set(['api_token', 'api_key', 'api_user_service_key']);

/** Of the arguments of a resource or data source. */
export function bodyFlows(flow: Flow, kind: 'resource' | 'data', type: string, body: JsonObject): void {
  walk(flow, body, '', kind === 'resource' ? factsOf(type, cloudflareSource) : null);
}

/** Of everything else in a configuration. Locals pass on what they hold: it counts where they are used. */
export function surroundingFlows(
  flow: Omit<Flow, 'report'>,
  configuration: JsonObject,
  report: Report,
): void {
  const at = (place: string): Flow => ({ ...flow, report: (what) => report(place, what) });
  for (const { body, labels } of labelled(own(configuration, 'output'), 1)) {
    const marked = own(body, 'sensitive') === true ? new Set(['value']) : new Set<string>();
    walk(at(`output.${labels[0] ?? ''}`), without(body, marked), '', null);
  }
  for (const { body, labels } of labelled(own(configuration, 'provider'), 1)) {
    walkMembers(at(`provider.${labels[0] ?? ''}`), without(body, credentials), '', null);
  }
  for (const { body, labels } of labelled(own(configuration, 'variable'), 1)) {
    walk(at(`variable.${labels[0] ?? ''}`), withoutConditions(body), '', null);
  }
}

type Report = (place: string, what: string) => void;

function without(body: JsonObject, names: ReadonlySet<string>): JsonObject {
  return Object.fromEntries(Object.entries(body).filter(([name]) => !names.has(name)));
}

/** What a variable must be like is said of its own value, and shows nothing of it. */
function withoutConditions(body: JsonObject): JsonObject {
  const checks = labelled(own(body, 'validation'), 0).map((check) =>
    without(check.body, new Set(['condition'])),
  );
  return { ...body, validation: checks };
}

function walk(flow: Flow, value: Json, path: string, facts: AttributeFacts | null): void {
  if (facts?.sensitive === true) {
    return;
  }
  if (typeof value === 'string') {
    reportSecret(flow, value, path);
  } else if (isList(value)) {
    for (const item of value) {
      walk(flow, item, path, facts?.items ?? null);
    }
  } else if (isObject(value)) {
    walkMembers(flow, value, path, facts);
  }
}

function walkMembers(flow: Flow, value: JsonObject, path: string, facts: AttributeFacts | null): void {
  for (const key of Object.keys(value)) {
    const inner = path === '' ? key : `${path}.${key}`;
    reportSecret(flow, key, path === '' ? 'the name of an argument' : path);
    walk(flow, value[key] ?? null, inner, facts?.attributes.get(key) ?? facts?.items ?? null);
  }
}

/**
 * Ids of zones and accounts are marked as sensitive by habit. They are not credentials (Cloudflare documentation, find zone
 * and account IDs), and where an id belongs, Cloudflare takes nothing else.
 */
const idPaths: ReadonlySet<string> = new Set(['zone_id', 'account_id', 'account.id', 'filter.account.id']);

function reportSecret({ reader, report, sources, idSources }: Flow, text: string, path: string): void {
  const reading = reader.read(text);
  const secret = reading === undefined ? null : (idPaths.has(path) ? idSources : sources).secretIn(reading);
  if (secret !== null) {
    const readable = /^[\w.-]{1,128}$/.test(path) ? path : 'a place';
    report(
      `puts ${secret}, which is sensitive or may be, into ${readable}, which is not kept secret: hand it to an argument that is, or over outside of Terraform`,
    );
  }
}
