/**
 * A small edge in front of the sandbox: answers HTTP as the sandbox's zones are configured, so that the probes of a
 * release test the real configuration. It knows DNS records and load balancers (is there such a host), single redirects
 * and custom rules with their lists and skips. A rule that cannot be decided from a local request does not match and is
 * named in `x-sluice-undecided`; nothing is guessed.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { JsonObject } from '../plan/types.ts';
import { compileFilter, compileValueExpression } from '../waf/compile.ts';
import { parseFilter, parseValueExpression } from '../waf/parser.ts';
import { requestFields } from '../waf/request.ts';
import { Unknown, type ListContent, type RequestFields } from '../waf/runtime.ts';
import { readStore, type StoredObject } from './store.ts';

export interface Edge {
  readonly url: string;
  close(): Promise<void>;
}

/** What the edge would answer; `undecided` are the rules that could not be told. */
export interface EdgeAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Serves on a free loopback port. Reads the store anew for every request: it shows what is live now. */
export async function startEdge(options: { readonly store: string }): Promise<Edge> {
  const server = createServer((request, response) => {
    send(response, answer(readStore(options.store), request));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function send(response: ServerResponse, given: EdgeAnswer): void {
  response.writeHead(given.status, { 'content-type': 'text/plain; charset=utf-8', ...given.headers }).end(given.body);
}

/** A request that the local client sends is taken to come from a British household unless its headers say otherwise. */
function fieldsOf(request: IncomingMessage, host: string): RequestFields {
  const header = (name: string): string | undefined => [request.headers[name] ?? []].flat()[0];
  const pairs = request.rawHeaders.flatMap((name, index) => (index % 2 === 0 ? [[name, request.rawHeaders[index + 1] ?? ''] as const] : []));
  return requestFields({
    method: request.method ?? 'GET',
    scheme: 'https',
    host,
    target: request.url ?? '/',
    httpVersion: 'HTTP/1.1',
    headers: pairs,
    hasAllHeaders: true,
    clientAddress: header('cf-connecting-ip') ?? '192.0.2.77',
    body: null,
    fields: {
      'ip.src.country': header('cf-ipcountry') ?? 'GB',
      'ip.src.asnum': 64_500,
      'cf.client.bot': false,
      'cf.verified_bot_category': '',
      'cf.tls_version': 'TLSv1.3',
    },
    normalizesUrls: true,
  });
}

function answer(objects: readonly StoredObject[], request: IncomingMessage): EdgeAnswer {
  const host = (request.headers.host ?? '').replace(/:\d+$/, '').toLowerCase();
  const zone = zoneOf(objects, host);
  if (zone === undefined || !isServed(objects, zone, host)) {
    return { status: 530, headers: {}, body: `error 1016: ${host} is not served here\n` };
  }
  const traffic: Traffic = { zone, fields: fieldsOf(request, host), lists: listsOf(objects), undecided: [] };
  const outcome = redirect(objects, traffic) ?? firewall(objects, traffic);
  const undecided = traffic.undecided.length === 0 ? {} : { 'x-sluice-undecided': traffic.undecided.join(', ') };
  const given = outcome ?? { status: 200, headers: {}, body: `ok: ${request.method ?? 'GET'} ${host}${request.url ?? '/'}\n` };
  return { ...given, headers: { ...given.headers, ...undecided } };
}

interface Traffic {
  readonly zone: StoredObject;
  readonly fields: RequestFields;
  readonly lists: ReadonlyMap<string, ListContent>;
  readonly undecided: string[];
}

/** The zone with the longest name that the host ends with. */
function zoneOf(objects: readonly StoredObject[], host: string): StoredObject | undefined {
  return objects
    .filter((object) => object.type === 'cloudflare_zone')
    .filter((zone) => host === zone.attributes['name'] || host.endsWith(`.${String(zone.attributes['name'])}`))
    .toSorted((a, b) => String(b.attributes['name']).length - String(a.attributes['name']).length)[0];
}

function isServed(objects: readonly StoredObject[], zone: StoredObject, host: string): boolean {
  const wildcard = `*.${host.slice(host.indexOf('.') + 1)}`;
  return objects.some(({ type, attributes }) => {
    if (attributes['zone_id'] !== zone.id) {
      return false;
    }
    const names = [host, wildcard].includes(String(attributes['name']));
    return type === 'cloudflare_load_balancer' ? names : type === 'cloudflare_dns_record' && names && attributes['proxied'] === true;
  });
}

/** Rules of the zone's entry point of a phase that are switched on, in their order. */
function rulesOf(objects: readonly StoredObject[], zone: StoredObject, phase: string): readonly JsonObject[] {
  const ruleset = objects.find(
    ({ type, attributes }) => type === 'cloudflare_ruleset' && attributes['zone_id'] === zone.id && attributes['phase'] === phase,
  );
  const rules = Array.isArray(ruleset?.attributes['rules']) ? (ruleset.attributes['rules'] as readonly JsonObject[]) : [];
  return rules.filter((rule) => rule['enabled'] !== false);
}

function matches(rule: JsonObject, traffic: Traffic): boolean {
  const parsed = parseFilter(String(rule['expression'] ?? ''));
  const truth = compileFilter(parsed.expression, { lists: traffic.lists, missingNotEqual: false })(traffic.fields);
  if (truth instanceof Unknown) {
    traffic.undecided.push(`${String(rule['ref'])} (${truth.causes.join(' ')})`);
    return false;
  }
  return truth;
}

function redirect(objects: readonly StoredObject[], traffic: Traffic): EdgeAnswer | null {
  for (const rule of rulesOf(objects, traffic.zone, 'http_request_dynamic_redirect')) {
    if (matches(rule, traffic)) {
      const from = objectAt(objectAt(rule, 'action_parameters'), 'from_value');
      const location = target(objectAt(from, 'target_url'), traffic);
      return { status: Number(from['status_code'] ?? 302), headers: { location }, body: '' };
    }
  }
  return null;
}

function objectAt(value: JsonObject, key: string): JsonObject {
  const found = value[key];
  return found !== null && typeof found === 'object' && !Array.isArray(found) ? (found as JsonObject) : {};
}

function target(url: JsonObject, traffic: Traffic): string {
  if (typeof url['value'] === 'string') {
    return url['value'];
  }
  const { value } = parseValueExpression(String(url['expression'] ?? ''));
  const made = value === null ? undefined : compileValueExpression(value, { lists: traffic.lists, missingNotEqual: false })(traffic.fields);
  return typeof made === 'string' ? made : '/';
}

/** The first terminating action decides; `log` and `skip` of other products let the request go on. */
function firewall(objects: readonly StoredObject[], traffic: Traffic): EdgeAnswer | null {
  for (const rule of rulesOf(objects, traffic.zone, 'http_request_firewall_custom')) {
    if (!matches(rule, traffic)) {
      continue;
    }
    const ref = String(rule['ref']);
    switch (rule['action']) {
      case 'block':
        return { status: 403, headers: { 'cf-mitigated': 'block' }, body: `error 1020: blocked by ${ref}\n` };
      case 'managed_challenge':
      case 'js_challenge':
      case 'challenge':
        return { status: 403, headers: { 'cf-mitigated': 'challenge' }, body: `challenged by ${ref}\n` };
      case 'skip':
        if (objectAt(rule, 'action_parameters')['ruleset'] === 'current') {
          return null;
        }
        break;
      case 'log':
        break;
      default:
        traffic.undecided.push(`${ref} (action ${String(rule['action'])})`);
    }
  }
  return null;
}

/** Lists of the account by name. Membership is asked of the language itself: `field in { … }`. */
function listsOf(objects: readonly StoredObject[]): ReadonlyMap<string, ListContent> {
  const lists = objects.filter((object) => object.type === 'cloudflare_list');
  return new Map(lists.map((list) => [String(list.attributes['name']), contentOf(list, objects)]));
}

function contentOf(list: StoredObject, objects: readonly StoredObject[]): ListContent {
  const inline = Array.isArray(list.attributes['items']) ? (list.attributes['items'] as readonly JsonObject[]) : [];
  const separate = objects.filter((object) => object.type === 'cloudflare_list_item' && object.attributes['list_id'] === list.id);
  const items = [...inline, ...separate.map((item) => item.attributes)];
  const kinds = {
    ip: { field: 'ip.src', elements: items.map((item) => item['ip']) },
    asn: { field: 'ip.src.asnum', elements: items.map((item) => item['asn']) },
    hostname: { field: 'http.host', elements: items.map((item) => JSON.stringify(objectAt(item, 'hostname')['url_hostname'] ?? '')) },
  } as const;
  const kind = kinds[String(list.attributes['kind']) as keyof typeof kinds] ?? kinds.hostname;
  const written = kind.elements.filter((element) => element !== null && element !== undefined).map(String);
  const test = compileFilter(parseFilter(`${kind.field} in {${written.join(' ')}}`).expression);
  return { contains: (value) => test({ fields: new Map([[kind.field, value]]) }) === true };
}
