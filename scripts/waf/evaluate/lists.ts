/** Contents of the lists that expressions name, from the items as the estate or Cloudflare's API has them. */
import { addressMembership } from './address-set.ts';
import type { SetElement } from '../language/ast.ts';
import { addressBits, networkBounds, readIp } from '../language/ip.ts';
import { toByteString } from '../language/literals.ts';
import { isIp } from './runtime.ts';
import type { ListContent } from './runtime.ts';
import type { Result } from '../../json/result.ts';

export type ListKind = 'ip' | 'asn' | 'hostname';

/** `badItems` are not of the list's kind. A list with such items is not used: it would be a guess. */
export type ReadList = Result<ListContent, { readonly badItems: readonly string[] }>;

const nowhere = { start: 0, end: 0 };

/** Addresses and blocks (`ip`), numbers (`asn`) or names, where `*.example` covers subdomains (`hostname`). */
export function readListItems(kind: ListKind, items: readonly string[]): ReadList {
  const badItems = items.filter((item) => !isItem(kind, item));
  if (badItems.length > 0) {
    return { ok: false, badItems };
  }
  switch (kind) {
    case 'ip': {
      const contains = addressMembership(
        items.map((item) => readAddress(item)).filter((element) => element !== null),
      );
      return { ok: true, value: { contains: (value) => isIp(value) && contains(value) } };
    }
    case 'asn': {
      const numbers = new Set(items.map(Number));
      return { ok: true, value: { contains: (value) => typeof value === 'number' && numbers.has(value) } };
    }
    case 'hostname':
      return { ok: true, value: hostnames(items) };
    default:
      throw new Error('unexpected list kind');
  }
}

function isItem(kind: ListKind, item: string): boolean {
  if (kind === 'ip') {
    return readAddress(item) !== null;
  }
  return kind === 'asn' ? /^[0-9]{1,10}$/u.test(item) : /^(?:\*\.)?[^\s*/:]+$/u.test(item);
}

/** An item of a list of addresses; null when it is none. */
export function readAddress(item: string): SetElement | null {
  const [text = '', prefix, ...rest] = item.split('/');
  const address = readIp(text);
  if (address === null || rest.length > 0) {
    return null;
  }
  if (prefix === undefined) {
    return { kind: 'ip', address, span: nowhere };
  }
  const bits = /^[0-9]{1,3}$/u.test(prefix) ? Number(prefix) : -1;
  const isBlock = bits >= 0 && bits <= addressBits(address);
  return isBlock ? { kind: 'cidr', address: networkBounds(address, bits).first, bits, span: nowhere } : null;
}

function hostnames(items: readonly string[]): ListContent {
  const names = new Set(items.map((item) => toByteString(item.toLowerCase())));
  return {
    contains: (value) => {
      if (typeof value !== 'string') {
        return false;
      }
      const host = value.toLowerCase().replace(/:[0-9]+$/u, '');
      const labels = host.split('.');
      return (
        names.has(host) ||
        labels.some((_, index) => index > 0 && names.has(`*.${labels.slice(index).join('.')}`))
      );
    },
  };
}
