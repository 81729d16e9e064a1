/** A request to the edge: as it arrived, and as the fields that expressions ask about. */
import { limits } from '../../json/limits.ts';
import { parseJson } from '../../json/parse.ts';
import type { IncomingMessage } from 'node:http';
import { requestFields, type FieldInput } from '../../waf/evaluate/request.ts';
import type { RequestFields, RuntimeValue } from '../../waf/evaluate/runtime.ts';
import { isObject } from '../../json/json.ts';

export interface EdgeRequest {
  readonly method: string;
  readonly scheme: 'http' | 'https';
  /** Without port, lower case. */
  readonly host: string;
  readonly target: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly clientAddress: string;
  readonly country: string;
  /** One character per byte. */
  readonly body: string;
  /** What the client says of itself in `X-Sluice-Fields`: fields that only Cloudflare could find out. */
  readonly fields: Readonly<Record<string, FieldInput>>;
}

/** A request that the edge cannot play, with the status and text to answer it. */
export interface Unplayable {
  readonly status: number;
  readonly problem: string;
}

/** What is read of a body; a longer one is refused. */
const mostBodyBytes = 1024 * 1024;

const fieldsHeader = 'x-sluice-fields';

/** Reads the request. */
export async function readRequest(message: IncomingMessage): Promise<EdgeRequest | Unplayable> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of message as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > mostBodyBytes) {
      return { status: 413, problem: `the edge takes bodies of up to ${String(mostBodyBytes)} bytes` };
    }
  }
  const headers = message.rawHeaders.flatMap((name, index) =>
    index % 2 === 0 ? [[name, asText(message.rawHeaders[index + 1] ?? '')] as const] : [],
  );
  const header = (name: string): string | undefined =>
    headers.find(([key]) => key.toLowerCase() === name)?.[1];
  const fields = readFields(header(fieldsHeader) ?? '{}');
  if (fields === null) {
    const problem = 'X-Sluice-Fields is a JSON object of fields, for example {"cf.bot_management.score":12}';
    return { status: 400, problem };
  }
  return {
    method: message.method ?? 'GET',
    scheme: header('x-forwarded-proto') === 'http' ? 'http' : 'https',
    host: (header('host') ?? '').replace(/:\d+$/, '').toLowerCase(),
    target: message.url ?? '/',
    headers: headers.filter(([name]) => name.toLowerCase() !== fieldsHeader),
    clientAddress: header('cf-connecting-ip') ?? '192.0.2.77',
    country: header('cf-ipcountry') ?? 'GB',
    body: Buffer.concat(chunks).toString('latin1'),
    fields,
  };
}

function readFields(text: string): EdgeRequest['fields'] | null {
  try {
    const read: unknown = parseJson(text, limits.line);
    return isObject(read) ? (read as EdgeRequest['fields']) : null;
  } catch {
    return null;
  }
}

/** Node gives the bytes of a header as characters; expressions and rules are written in UTF-8. */
function asText(value: string): string {
  return Buffer.from(value, 'latin1').toString('utf8');
}

/**
 * A request that the local client sends is taken to come from a British household over HTTPS, unless `CF-Connecting-IP`,
 * `CF-IPCountry`, `X-Forwarded-Proto` or `X-Sluice-Fields` say otherwise. The data centre is one; a visitor is told by the address.
 */
export function fieldsOf(request: EdgeRequest): RequestFields {
  const { fields } = requestFields({
    method: request.method,
    scheme: request.scheme,
    host: request.host,
    target: request.target,
    httpVersion: 'HTTP/1.1',
    headers: request.headers,
    hasAllHeaders: true,
    clientAddress: request.clientAddress,
    body: request.body,
    fields: {
      'ip.src.country': request.country,
      'ip.src.asnum': 64_500,
      'cf.client.bot': false,
      'cf.verified_bot_category': '',
      'cf.tls_version': 'TLSv1.3',
      ...request.fields,
    },
    normalizesUrls: true,
  });
  return {
    fields: new Map<string, RuntimeValue>([
      ...fields,
      ['cf.colo.id', 1],
      ['cf.unique_visitor_id', request.clientAddress],
    ]),
  };
}

/** A field that is a text; null when it is not known. */
export function textField({ fields }: RequestFields, name: string): string | null {
  const value = fields.get(name);
  return typeof value === 'string' ? value : null;
}

/** The value of a cookie; undefined when there is none. */
export function cookieOf(request: EdgeRequest, name: string): string | undefined {
  return request.headers
    .filter(([key]) => key.toLowerCase() === 'cookie')
    .flatMap(([, value]) => value.split(';'))
    .map((part) => part.trim().split('='))
    .find(([key]) => key === name)?.[1];
}
