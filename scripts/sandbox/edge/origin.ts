/**
 * What stands behind the edge: a small origin that shows what it was asked, or a server of the caller's own. The small
 * one answers in JSON when the client accepts that, else in text.
 */
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { answerOf, type Answer } from './answer.ts';

interface OriginRequest {
  readonly method: string;
  readonly host: string;
  /** Path and query. */
  readonly target: string;
  readonly headers: Headers;
  /** One character per byte. */
  readonly body: string;
}

export type EdgeOrigin = (request: OriginRequest) => Promise<Answer>;

export const echoOrigin: EdgeOrigin = (request) => {
  const headers = [...request.headers].map(([name, value]) => [name, fromBytes(value)] as const);
  const seen = {
    method: request.method,
    host: request.host,
    target: fromBytes(request.target),
    headers: Object.fromEntries(headers),
    bodyBytes: request.body.length,
  };
  const wantsJson = request.headers.get('accept')?.includes('application/json') === true;
  const lines = [
    `ok: ${seen.method} ${seen.host}${seen.target}`,
    ...headers.map(([name, value]) => `${name}: ${value}`),
    ...(seen.bodyBytes === 0 ? [] : [`(body of ${String(seen.bodyBytes)} bytes)`]),
    '',
  ];
  return Promise.resolve(
    answerOf({
      status: 200,
      ...(wantsJson ? { type: 'application/json' } : {}),
      body: wantsJson ? `${JSON.stringify(seen, null, 2)}\n` : lines.join('\n'),
    }),
  );
};

function fromBytes(text: string): string {
  return Buffer.from(text, 'latin1').toString('utf8');
}

/** Longest wait for an answer of the origin, as at Cloudflare. */
const timeoutMs = 100_000;

/** Asks a server at a base URL. One that cannot be reached is error 521, one that breaks off 520, one too slow 524. */
export function proxyOrigin(base: URL): EdgeOrigin {
  return (request) =>
    new Promise((resolve) => {
      const send = base.protocol === 'https:' ? httpsRequest : httpRequest;
      const failed = (status: number, what: string): void =>
        resolve(
          answerOf({
            status,
            body: `error ${String(status)}: the origin ${base.origin} ${what}\n`,
            errorType: '5xx',
          }),
        );
      const headers = new Headers(request.headers);
      headers.set('host', request.host);
      const outgoing = send(
        new URL(request.target, base),
        { method: request.method, headers: Object.fromEntries(headers), timeout: timeoutMs },
        (response) => {
          const chunks: Buffer[] = [];
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('error', () => failed(520, 'broke off its answer'));
          response.on('end', () => {
            resolve({
              status: response.statusCode ?? 520,
              headers: headersOf(response.rawHeaders),
              body: Buffer.concat(chunks),
              errorType: '',
            });
          });
        },
      );
      outgoing.on('timeout', () => {
        failed(524, 'did not answer in time');
        outgoing.destroy();
      });
      outgoing.on('error', () => failed(521, 'cannot be reached'));
      outgoing.end(Buffer.from(request.body, 'latin1'));
    });
}

const notForwarded: ReadonlySet<string> = new Set([
  'connection',
  'content-length',
  'keep-alive',
  'transfer-encoding',
]);

function headersOf(raw: readonly string[]): Headers {
  const headers = new Headers();
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const name = raw[index] ?? '';
    if (!notForwarded.has(name.toLowerCase())) {
      headers.append(name, raw[index + 1] ?? '');
    }
  }
  return headers;
}
