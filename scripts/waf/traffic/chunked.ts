/** Bodies that were sent in chunks (RFC 9112, section 7.1). One character per byte. */
import type { RecordedRequest } from '../evaluate/request.ts';

/** True when the last coding of the body is `chunked`; the body as it was sent then has the lengths of its chunks in it. */
export function isChunked(headers: RecordedRequest['headers']): boolean {
  const codings = headers
    .filter(([name]) => name.toLowerCase() === 'transfer-encoding')
    .flatMap(([, value]) => value.split(','));
  return codings.at(-1)?.trim().toLowerCase() === 'chunked';
}

const sizeLine = /([0-9a-f]{1,8})[ \t]*(?:;[^\r\n]*)?\r?\n/iy;
const lineEnd = /\r?\n/y;

/** The body alone, without what may follow its last chunk; null when a chunk is damaged or the last one is missing. */
export function decodeChunked(sent: string): string | null {
  const parts: string[] = [];
  for (let at = 0; ;) {
    sizeLine.lastIndex = at;
    const found = sizeLine.exec(sent);
    if (found === null) {
      return null;
    }
    const size = Number.parseInt(found[1] ?? '', 16);
    if (size === 0) {
      return parts.join('');
    }
    const from = at + found[0].length;
    lineEnd.lastIndex = from + size;
    const end = lineEnd.exec(sent);
    if (end === null) {
      return null;
    }
    parts.push(sent.slice(from, from + size));
    at = from + size + end[0].length;
  }
}
