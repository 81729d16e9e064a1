/** The parts of an absolute address that make a request. */
import type { RecordedRequest } from '../evaluate/request.ts';

export interface RequestAddress {
  readonly scheme: RecordedRequest['scheme'];
  /** In lower case, port included; user name and password are left out. */
  readonly host: string;
  /** Path and query as written; a fragment does not reach a server. */
  readonly target: string;
}

/** Null for what is not http, https, ws or wss address. A web socket begins as a request by http or https. */
export function readAbsoluteUrl(url: string): RequestAddress | null {
  const parts = /^(http|ws)(s?):\/\/([^/?#\\\s]+)([^#]*)/i.exec(url);
  if (parts === null) {
    return null;
  }
  const [, , secure = '', authority = '', rest = ''] = parts;
  const host = authority.slice(authority.lastIndexOf('@') + 1).toLowerCase();
  if (host === '') {
    return null;
  }
  return {
    scheme: secure === '' ? 'http' : 'https',
    host,
    target: rest.startsWith('/') ? rest : `/${rest}`,
  };
}
