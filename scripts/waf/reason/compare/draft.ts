/** A request that is put together field by field. What contradicts itself shows when it is evaluated. */
import type { Accessor } from '../../language/ast.ts';
import { formatIp } from '../../language/ip.ts';
import { fromByteString } from '../../language/print.ts';
import type { FieldInput, RecordedRequest } from '../../evaluate/request.ts';
import { isIp } from '../../evaluate/runtime.ts';
import type { RuntimeValue } from '../../evaluate/runtime.ts';

const exampleHost = 'www.example.com';
export const exampleAddress = '203.0.113.7';

/** Values that are tried before made-up ones, the first where the expressions leave it open. */
export const usualValues: Readonly<Record<string, readonly RuntimeValue[]>> = {
  'http.request.method': ['GET', 'POST', 'PUT', 'DELETE', 'HEAD'],
  'http.host': [exampleHost, 'other.example.com'],
  'http.request.uri': ['/'],
  'http.request.uri.path': ['/', '/x'],
  'http.request.version': ['HTTP/2', 'HTTP/1.1'],
  'http.user_agent': ['', 'curl/8.5.0'],
  'ip.src': [{ family: 4, value: (203n << 24n) + (113n << 8n) + 7n }],
  'ip.src.country': ['GB', 'US', 'FR'],
  'ip.src.continent': ['EU', 'NA'],
  'ip.src.asnum': [64_500, 64_501],
  'cf.edge.server_port': [443, 80],
  'cf.bot_management.score': [50],
  'cf.waf.score': [50],
  'http.request.timestamp.sec': [1_700_000_000],
};

export class ExampleDraft {
  #method = 'GET';
  #scheme: 'http' | 'https' = 'https';
  #host = exampleHost;
  #version = 'HTTP/2';
  #path = '/';
  #query: string | null = null;
  #extension: string | null = null;
  #target: string | null = null;
  #address = exampleAddress;
  #body = '';
  readonly #arguments: string[] = [];
  readonly #cookies: string[] = [];
  readonly #headers: (readonly [string, string])[] = [];
  readonly #fields: Record<string, FieldInput> = {};

  /** Sets a field or one element of it. False when a request cannot be made to have it. */
  set(name: string, accessors: readonly Accessor[], value: RuntimeValue): boolean {
    const input = asInput(value);
    if (input === null) {
      return false;
    }
    const [first, second] = accessors;
    if (first === undefined) {
      return this.#setWhole(name, input);
    }
    if (first.kind === 'key' && (second === undefined || isFirst(second))) {
      return this.#setNamed(name, first.key, input);
    }
    return isFirst(first) && accessors.length === 1 && this.#addElement(name, input);
  }

  /** Says that the field is there and has nothing in it. */
  setEmpty(name: string, kind: 'array' | 'map'): void {
    if (!/^(?:raw\.)?http\.request\.(?:headers|uri|cookies|body|accepted)/u.test(name)) {
      this.#fields[name] = kind === 'array' ? [] : {};
    }
  }

  #setWhole(name: string, input: FieldInput): boolean {
    const text = textOf(input);
    const header = headerFields.get(name);
    if (header !== undefined) {
      this.#setHeader(header, text);
      return true;
    }
    const set = this.#setters[name.replace(/^raw\./u, '')];
    if (set === undefined) {
      this.#fields[name] = input;
    } else {
      set(text);
    }
    return true;
  }

  readonly #setters: Readonly<Record<string, (text: string) => void>> = {
    'http.request.method': (text) => (this.#method = text),
    'http.host': (text) => (this.#host = text),
    'http.request.version': (text) => (this.#version = text),
    'http.request.uri.path': (text) => (this.#path = text),
    'http.request.uri.path.extension': (text) => (this.#extension = text),
    'http.request.uri.query': (text) => (this.#query = text),
    'http.request.uri': (text) => (this.#target = text),
    'http.request.full_uri': (text) => this.#setFullUri(text),
    'http.request.body.raw': (text) => (this.#body = text),
    'http.request.body.mime': (text) => this.#setHeader('content-type', text),
    'ip.src': (text) => (this.#address = text),
    ssl: (text) => (this.#scheme = text === 'true' ? 'https' : 'http'),
  };

  #setFullUri(text: string): void {
    const [, scheme, host, target] = /^(https?):\/\/([^/?]*)(.*)$/su.exec(text) ?? [];
    if (host !== undefined) {
      this.#scheme = scheme === 'http' ? 'http' : 'https';
      this.#host = host;
      this.#target = target ?? '';
    } else {
      this.#target = text;
    }
  }

  #setHeader(name: string, text: string): void {
    const others = this.#headers.filter(([other]) => other !== name);
    this.#headers.splice(0, this.#headers.length, ...others);
    if (text !== '') {
      this.#headers.push([name, text]);
    }
  }

  #setNamed(name: string, key: string, input: FieldInput): boolean {
    const text = textOf(input);
    switch (name.replace(/^raw\./u, '')) {
      case 'http.request.headers':
        this.#headers.push([key, text]);
        return true;
      case 'http.request.uri.args':
        this.#arguments.push(`${key}=${text}`);
        return true;
      case 'http.request.cookies':
        this.#cookies.push(`${key}=${text}`);
        return true;
      default: {
        const known = this.#fields[name];
        const map = typeof known === 'object' && !Array.isArray(known) ? (known as object) : {};
        this.#fields[name] = { ...map, [key]: [input] };
        return true;
      }
    }
  }

  #addElement(name: string, input: FieldInput): boolean {
    const text = textOf(input);
    switch (name.replace(/^raw\./u, '')) {
      case 'http.request.headers.names':
        this.#headers.push([text, 'x']);
        return true;
      case 'http.request.headers.values':
        this.#headers.push(['x-example', text]);
        return true;
      case 'http.request.uri.args.names':
        this.#arguments.push(text);
        return true;
      case 'http.request.uri.args.values':
        this.#arguments.push(`x=${text}`);
        return true;
      default: {
        const known = this.#fields[name];
        this.#fields[name] = [...(Array.isArray(known) ? (known as readonly FieldInput[]) : []), input];
        return true;
      }
    }
  }

  request(): RecordedRequest {
    const cookies = this.#cookies.length === 0 ? [] : [['cookie', this.#cookies.join('; ')] as const];
    return {
      method: this.#method,
      scheme: this.#scheme,
      host: this.#host,
      target: this.#wholeTarget(),
      httpVersion: this.#version,
      headers: [['host', this.#host], ...this.#headers, ...cookies],
      hasAllHeaders: true,
      clientAddress: this.#address,
      body: this.#body,
      fields: this.#fields,
      normalizesUrls: true,
    };
  }

  #wholeTarget(): string {
    const queries = [...(this.#query === null ? [] : [this.#query]), ...this.#arguments];
    const suffix = queries.length === 0 ? '' : queries.join('&');
    const base = this.#target ?? this.#pathWithExtension();
    return suffix === '' ? base : `${base}${base.includes('?') ? '&' : '?'}${suffix}`;
  }

  #pathWithExtension(): string {
    if (this.#extension === null || this.#extension === '' || this.#path.endsWith(`.${this.#extension}`)) {
      return this.#path;
    }
    return `${this.#path}${this.#path.endsWith('/') ? 'x' : ''}.${this.#extension}`;
  }
}

const headerFields: ReadonlyMap<string, string> = new Map([
  ['http.cookie', 'cookie'],
  ['http.referer', 'referer'],
  ['http.user_agent', 'user-agent'],
  ['http.x_forwarded_for', 'x-forwarded-for'],
]);

function isFirst(accessor: Accessor): boolean {
  return accessor.kind === 'each' || (accessor.kind === 'index' && accessor.index === 0);
}

function textOf(input: FieldInput): string {
  return typeof input === 'object' ? JSON.stringify(input) : String(input);
}

/** Requests are told in text; bytes that are none cannot be. */
function asInput(value: RuntimeValue): FieldInput | null {
  if (typeof value === 'string') {
    return fromByteString(value);
  }
  if (typeof value === 'object') {
    return isIp(value) ? formatIp(value) : null;
  }
  return value;
}
