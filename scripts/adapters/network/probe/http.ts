/** One HTTP question, and whether the answer is what was expected. */
import * as http from 'node:http';
import * as https from 'node:https';
import { isIP } from 'node:net';
import type { HttpProbe } from '../../../../policies/model/record.ts';
import { mismatch } from './pattern.ts';
import type { Reachable } from './reachable.ts';
import type { ProbeAnswer, Asking } from './asking.ts';

interface HttpAnswer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

/** What is read of a body: enough to find a marker in a page. */
const mostBytes = 1024 * 1024;
const loopback: ReadonlySet<string> = new Set(['127.0.0.1', '[::1]', 'localhost']);

/** Where the request really goes. Only loopback may stand in for a host, and only what the operator says does. */
export function standIn(url: URL, resolve: ReadonlyMap<string, string>): URL | null {
  const base = resolve.get(url.host) ?? resolve.get(url.hostname);
  if (base === undefined) {
    return null;
  }
  const target = new URL(base);
  if (!loopback.has(target.hostname)) {
    throw new TypeError(`${base} is not an address of this machine`);
  }
  target.pathname = url.pathname;
  target.search = url.search;
  return target;
}

/** Rejects with the error of the connection. */
export async function askHttp(probe: HttpProbe, asking: Asking): Promise<ProbeAnswer> {
  const url = URL.canParse(probe.url) ? new URL(probe.url) : null;
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:') || url.username !== '') {
    const detail = 'the address of this probe is not an http or https address without credentials';
    return { ok: false, detail };
  }
  const target = standIn(url, asking.resolve);
  if (target === null) {
    requireAddress(url, asking.reachable);
  }
  return judge(probe, await request(probe, target ?? url, { ...asking, isStandIn: target !== null }));
}

/** An address is connected to without being looked up. */
function requireAddress(url: URL, { require }: Reachable): void {
  const host = url.hostname.replaceAll(/^\[|\]$/g, '');
  if (isIP(host) !== 0) {
    require(host);
  }
}

/** One request; redirects are answers, not followed. */
async function request(
  probe: HttpProbe,
  target: URL,
  { signal, reachable, trusted, isStandIn }: Asking & { readonly isStandIn: boolean },
): Promise<HttpAnswer> {
  const send = target.protocol === 'https:' ? https.request : http.request;
  const response = await new Promise<http.IncomingMessage>((resolve, reject) => {
    const outgoing = send(target, {
      method: probe.method ?? 'GET',
      headers: { 'user-agent': 'sluice-probe', ...probe.headers, host: new URL(probe.url).host },
      agent: false,
      signal,
      ...(isStandIn ? {} : { lookup: reachable.lookup }),
      ...(trusted === undefined ? {} : { ca: trusted }),
    });
    outgoing.once('response', resolve);
    outgoing.once('error', reject);
    outgoing.end(probe.body);
  });
  return { status: response.statusCode ?? 0, headers: response.headers, body: await readBody(response) };
}

async function readBody(response: http.IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes >= mostBytes) {
      response.destroy();
      break;
    }
  }
  return Buffer.concat(chunks).subarray(0, mostBytes).toString('utf8');
}

function judge(probe: HttpProbe, { status, headers, body }: HttpAnswer): ProbeAnswer {
  if (status !== probe.expectStatus) {
    return { ok: false, detail: `answered ${status}, expected ${probe.expectStatus}` };
  }
  const problem = headerProblem(probe, headers) ?? bodyProblem(probe, body);
  if (problem !== null) {
    return { ok: false, detail: `answered ${status}, but ${problem}` };
  }
  const marker = probe.expectBodyContains;
  return { ok: true, detail: `answered ${status}${marker === undefined ? '' : ' with the expected text'}` };
}

function headerProblem({ expectHeaders = {} }: HttpProbe, headers: http.IncomingHttpHeaders): string | null {
  for (const [name, pattern] of Object.entries(expectHeaders)) {
    const value = headers[name.toLowerCase()];
    const problem = value === undefined ? 'is not there' : mismatch(pattern, [value].flat().join(', '));
    if (problem !== null) {
      return `the header ${name} ${problem}`;
    }
  }
  return null;
}

function bodyProblem(
  { expectBodyContains: marker, expectBodyPattern: pattern }: HttpProbe,
  body: string,
): string | null {
  if (marker !== undefined && !body.includes(marker)) {
    return `the body does not contain ${JSON.stringify(marker)}`;
  }
  const problem = pattern === undefined ? null : mismatch(pattern, body);
  return problem === null ? null : `the body ${problem}`;
}
