/** A file of must-pass cases after the schema was checked, and the request that a case stands for. Names follow the YAML. */
import { toByteString } from '../../waf/language/literals.ts';
import type { FieldInput, RecordedRequest } from '../../waf/evaluate/request.ts';

export interface WrittenRequest {
  readonly method?: string;
  readonly url: string;
  readonly version?: string;
  readonly client?: string;
  readonly country?: string;
  readonly asn?: number;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string;
  readonly fields?: Readonly<Record<string, FieldInput>>;
}

export interface WrittenCases {
  readonly client: string;
  readonly cases: readonly {
    readonly name: string;
    readonly why: string;
    readonly request: WrittenRequest;
  }[];
}

const bodiless: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);

/** The request with the fields that are written for it. Headers are complete: those that are not written are not sent. */
export function writtenRequest(written: WrittenRequest): RecordedRequest {
  const { country, asn, fields = {} } = written;
  return {
    ...requestAlone(written),
    fields: {
      ...(country === undefined ? {} : { 'ip.src.country': country }),
      ...(asn === undefined ? {} : { 'ip.src.asnum': asn }),
      ...fields,
    },
  };
}

/** The request without fields of its own. */
export function requestAlone(written: WrittenRequest): RecordedRequest {
  const { method = 'GET', url, version = 'HTTP/2', client, headers = {}, body } = written;
  const [, scheme, authority = '', target = ''] = /^(https?):\/\/([^/?]+)(.*)$/.exec(url) ?? [];
  const host = authority.toLowerCase();
  return {
    method,
    scheme: scheme === 'http' ? 'http' : 'https',
    host,
    target: target.startsWith('/') ? target : `/${target}`,
    httpVersion: version,
    headers: [[version.startsWith('HTTP/1') ? 'Host' : 'host', host], ...headerPairs(headers)],
    hasAllHeaders: true,
    clientAddress: client ?? null,
    body: bodyOf(method, body),
    fields: {},
    normalizesUrls: true,
  };
}

function headerPairs(
  headers: Readonly<Record<string, string | readonly string[]>>,
): RecordedRequest['headers'] {
  return Object.entries(headers).flatMap(([name, values]) =>
    (typeof values === 'string' ? [values] : values).map((value) => [name, value] as const),
  );
}

function bodyOf(method: string, body: string | undefined): string | null {
  if (body !== undefined) {
    return toByteString(body);
  }
  return bodiless.has(method) ? '' : null;
}
