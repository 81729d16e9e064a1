/**
 * A small edge in front of the sandbox: answers HTTP as the sandbox's zones are configured, so that the probes of a
 * release test the real configuration. It knows which hosts are served (DNS records, load balancers), custom rules and
 * their lists and skips, and single redirects. A rule that cannot be decided from a local request is named in
 * `x-sluice-undecided` and does not act; nothing is guessed. Managed rules, rate limits and caching are not played.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { JsonObject } from '../plan/types.ts';
import { compileValueExpression } from '../waf/compile.ts';
import { listsOf, objectAt, rulesetsOf } from '../waf/configured.ts';
import { parseValueExpression } from '../waf/parser.ts';
import { requestFields } from '../waf/request.ts';
import { compileRulesets, type Outcome, type RequestVerdict } from '../waf/ruleset-run.ts';
import type { RequestFields } from '../waf/runtime.ts';
import { readStore, type StoredObject } from './store.ts';

export interface Edge {
  readonly url: string;
  close(): Promise<void>;
}

interface Answer {
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

function send(response: ServerResponse, given: Answer): void {
  response
    .writeHead(given.status, { 'content-type': 'text/plain; charset=utf-8', ...given.headers })
    .end(given.body);
}

function answer(objects: readonly StoredObject[], request: IncomingMessage): Answer {
  const host = (request.headers.host ?? '').replace(/:\d+$/, '').toLowerCase();
  const zone = zoneOf(objects, host);
  if (zone === undefined || !isServed(objects, zone, host)) {
    return { status: 530, headers: {}, body: `error 1016: ${host} is not served here\n` };
  }
  const fields = fieldsOf(request, host);
  const settings = { lists: listsOf(objects), missingNotEqual: false };
  const verdict = compileRulesets(rulesetsOf(objects, zone), settings)(fields);
  const given = act(objects, verdict.outcome, fields) ?? {
    status: 200,
    headers: {},
    body: `ok: ${request.method ?? 'GET'} ${host}${request.url ?? '/'}\n`,
  };
  return { ...given, headers: { ...given.headers, ...undecided(verdict) } };
}

function undecided(verdict: RequestVerdict): Readonly<Record<string, string>> {
  const rules = verdict.matched.flatMap((rule) =>
    rule.unknownBecause === null ? [] : [`${rule.rule} (${rule.unknownBecause.join(' ')})`],
  );
  return rules.length === 0 ? {} : { 'x-sluice-undecided': rules.join(', ') };
}

/** The zone with the longest name that the host ends with. */
function zoneOf(objects: readonly StoredObject[], host: string): StoredObject | undefined {
  const named = objects
    .filter((object) => object.type === 'cloudflare_zone')
    .map((zone) => ({ zone, name: text(zone.attributes['name']) }))
    .filter(({ name }) => host === name || host.endsWith(`.${name}`));
  return named.toSorted((a, b) => b.name.length - a.name.length)[0]?.zone;
}

function isServed(objects: readonly StoredObject[], zone: StoredObject, host: string): boolean {
  const wildcard = `*.${host.slice(host.indexOf('.') + 1)}`;
  return objects.some(({ type, attributes }) => {
    const isNamed = attributes['zone_id'] === zone.id && [host, wildcard].includes(text(attributes['name']));
    return (
      isNamed &&
      (type === 'cloudflare_load_balancer' ||
        (type === 'cloudflare_dns_record' && attributes['proxied'] === true))
    );
  });
}

/** A request that the local client sends is taken to come from a British household unless its headers say otherwise. */
function fieldsOf(request: IncomingMessage, host: string): RequestFields {
  const header = (name: string): string | undefined => [request.headers[name] ?? []].flat()[0];
  const headers = request.rawHeaders.flatMap((name, index) =>
    index % 2 === 0 ? [[name, request.rawHeaders[index + 1] ?? ''] as const] : [],
  );
  return requestFields({
    method: request.method ?? 'GET',
    scheme: 'https',
    host,
    target: request.url ?? '/',
    httpVersion: 'HTTP/1.1',
    headers,
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

/** Null when the request goes through to the origin; an outcome that cannot be told is shown, not played. */
function act(
  objects: readonly StoredObject[],
  outcome: Outcome | null,
  fields: RequestFields,
): Answer | null {
  const rule = outcome?.rule ?? 'unknown';
  switch (outcome?.effect) {
    case 'block':
      return { status: 403, headers: { 'cf-mitigated': 'block' }, body: `error 1020: blocked by ${rule}\n` };
    case 'challenge':
      return { status: 403, headers: { 'cf-mitigated': 'challenge' }, body: `challenged by ${rule}\n` };
    case 'redirect':
      return redirect(objects, outcome, fields);
    case 'serve-error':
      return { status: 500, headers: {}, body: `error served by ${rule}\n` };
    case 'pass':
    case 'unknown':
    case undefined:
      return null;
  }
}

function redirect(objects: readonly StoredObject[], outcome: Outcome, fields: RequestFields): Answer | null {
  const ruleset = objects.find(({ type, id }) => type === 'cloudflare_ruleset' && id === outcome.ruleset);
  const rules = Array.isArray(ruleset?.attributes['rules'])
    ? (ruleset.attributes['rules'] as readonly JsonObject[])
    : [];
  const from = objectAt(
    objectAt(
      rules.find((rule) => rule['ref'] === outcome.rule),
      'action_parameters',
    ),
    'from_value',
  );
  const location = target(objectAt(from, 'target_url'), fields);
  return location === null
    ? null
    : { status: Number(from['status_code'] ?? 302), headers: { location }, body: '' };
}

function target(url: JsonObject, fields: RequestFields): string | null {
  if (typeof url['value'] === 'string') {
    return url['value'];
  }
  const { value } = parseValueExpression(text(url['expression']));
  const made = value === null ? null : compileValueExpression(value)(fields);
  return typeof made === 'string' ? made : null;
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
