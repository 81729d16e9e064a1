/**
 * Asks a service whether it still answers as it should. A probe that cannot be made is a probe that failed: refused
 * connections, expired certificates and timeouts are results with the reason in them, never exceptions, so that a
 * release can be rolled back on any of them.
 */
import * as http from 'node:http';
import * as https from 'node:https';
import type { Prober, ProbeResult } from '../../contract/ports.ts';

export interface ProberOptions {
  readonly monotonicMs: () => number;
  /**
   * Host name to a base address on this machine, for example `shop.example` to `http://127.0.0.1:8080`: the request
   * goes there and keeps its own Host header. For a local edge in front of the sandbox.
   */
  readonly resolve?: ReadonlyMap<string, string>;
  /** For one probe, from start to the last byte. Default 10,000. */
  readonly timeoutMs?: number;
}

type ProbeRun = Parameters<Prober['probe']>[0];

interface ProbeAnswer {
  readonly status: number;
  readonly body: string;
}

const defaultTimeoutMs = 10_000;
/** What is read of a body: enough to find a marker in a page. */
const mostBytes = 1024 * 1024;
const loopback: ReadonlySet<string> = new Set(['127.0.0.1', '[::1]', 'localhost']);

const reasons: ReadonlyMap<string, string> = new Map([
  ['ECONNREFUSED', 'the connection was refused'],
  ['ECONNRESET', 'the connection was closed by the other side'],
  ['EPIPE', 'the connection was closed by the other side'],
  ['ENOTFOUND', 'the host name is not known'],
  ['EAI_AGAIN', 'the host name could not be looked up'],
  ['EHOSTUNREACH', 'the host cannot be reached'],
  ['ENETUNREACH', 'the network cannot be reached'],
  ['CERT_HAS_EXPIRED', 'TLS: the certificate has expired'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'TLS: the certificate is self-signed'],
  ['SELF_SIGNED_CERT_IN_CHAIN', 'TLS: the certificate chain ends in a self-signed one'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'TLS: the certificate cannot be verified'],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'TLS: the issuer of the certificate is not known'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'TLS: the certificate is for another name'],
]);

function reasonOf(cause: unknown): string {
  const code = cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : '';
  const known = reasons.get(code);
  if (known !== undefined) {
    return known;
  }
  if (code.startsWith('ERR_SSL') || code.startsWith('ERR_TLS')) {
    return `TLS: the handshake failed (${code})`;
  }
  return `the request failed${code === '' ? '' : ` (${code})`}`;
}

/** Where the request really goes. Only loopback may stand in for a host. */
function targetOf(url: URL, resolve: ReadonlyMap<string, string> | undefined): URL {
  const base = resolve?.get(url.host) ?? resolve?.get(url.hostname);
  if (base === undefined) {
    return url;
  }
  const target = new URL(base);
  if (!loopback.has(target.hostname)) {
    throw new TypeError(`${base} is not an address of this machine`);
  }
  target.pathname = url.pathname;
  target.search = url.search;
  return target;
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

/** One request; redirects are answers, not followed. Rejects with the error of the connection. */
async function request(probe: ProbeRun, target: URL, signal: AbortSignal): Promise<ProbeAnswer> {
  const send = target.protocol === 'https:' ? https.request : http.request;
  const response = await new Promise<http.IncomingMessage>((resolve, reject) => {
    const outgoing = send(target, {
      method: probe.method ?? 'GET',
      headers: { 'user-agent': 'sluice-probe', ...probe.headers, host: new URL(probe.url).host },
      agent: false,
      signal,
    });
    outgoing.once('response', resolve);
    outgoing.once('error', reject);
    outgoing.end();
  });
  return { status: response.statusCode ?? 0, body: await readBody(response) };
}

function judge(probe: ProbeRun, answer: ProbeAnswer): { readonly ok: boolean; readonly detail: string } {
  if (answer.status !== probe.expectStatus) {
    return { ok: false, detail: `answered ${answer.status}, expected ${probe.expectStatus}` };
  }
  const marker = probe.expectBodyContains;
  if (marker !== undefined && !answer.body.includes(marker)) {
    return {
      ok: false,
      detail: `answered ${answer.status}, but the body does not contain ${JSON.stringify(marker)}`,
    };
  }
  return {
    ok: true,
    detail: `answered ${answer.status}${marker === undefined ? '' : ' with the expected text'}`,
  };
}

async function ask(
  probe: ProbeRun,
  options: ProberOptions,
): Promise<{ readonly ok: boolean; readonly detail: string }> {
  const url = URL.canParse(probe.url) ? new URL(probe.url) : null;
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:') || url.username !== '') {
    return {
      ok: false,
      detail: 'the address of this probe is not an http or https address without credentials',
    };
  }
  const signal = AbortSignal.timeout(options.timeoutMs ?? defaultTimeoutMs);
  try {
    return judge(probe, await request(probe, targetOf(url, options.resolve), signal));
  } catch (cause) {
    if (signal.aborted) {
      return { ok: false, detail: 'no complete answer in time' };
    }
    return { ok: false, detail: cause instanceof TypeError ? cause.message : reasonOf(cause) };
  }
}

/** Probes over HTTP and HTTPS. Never throws; a bad address, too, is a failed probe. */
export function createProber(options: ProberOptions): Prober {
  return {
    probe: async (probe): Promise<ProbeResult> => {
      const started = options.monotonicMs();
      const verdict = await ask(probe, options);
      return { name: probe.name, ...verdict, ms: Math.round(options.monotonicMs() - started) };
    },
  };
}
