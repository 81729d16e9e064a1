/** Zip files built by hand, so that each of their fields can lie. */
import { crc32, deflateRawSync } from 'node:zlib';

export interface ZipPart {
  readonly name: string;
  readonly text?: string | Buffer;
  readonly stored?: boolean;
  /** What the headers say, when it is to differ from what is there. */
  readonly says?: {
    readonly unpacked?: number;
    readonly flags?: number;
    readonly method?: number;
    readonly crc?: number;
    readonly localName?: string;
    readonly localAt?: number;
  };
  /** Unix mode; a regular file when left away. */
  readonly mode?: number;
}

export interface ZipEnd {
  readonly count?: number;
  readonly comment?: string;
}

export function zipOf(parts: readonly ZipPart[], end: ZipEnd = {}): Buffer {
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const part of parts) {
    const { local, entry } = partOf(part, at);
    locals.push(local);
    directory.push(entry);
    at += local.length;
  }
  const listed = Buffer.concat(directory);
  const tail = Buffer.alloc(22);
  const count = end.count ?? parts.length;
  tail.writeUInt32LE(0x06054b50, 0);
  tail.writeUInt16LE(count, 8);
  tail.writeUInt16LE(count, 10);
  tail.writeUInt32LE(listed.length, 12);
  tail.writeUInt32LE(at, 16);
  tail.writeUInt16LE(end.comment?.length ?? 0, 20);
  return Buffer.concat([...locals, listed, tail, Buffer.from(end.comment ?? '')]);
}

function partOf(part: ZipPart, at: number): { readonly local: Buffer; readonly entry: Buffer } {
  const { name, says = {}, mode = 0o100644 } = part;
  const { fields, packed } = fieldsOf(part);
  const named = (shown: string): Buffer => {
    const copy = Buffer.from(fields);
    copy.writeUInt16LE(Buffer.byteLength(shown), 22);
    return copy;
  };
  const localName = says.localName ?? name;
  const rest = Buffer.alloc(14);
  rest.writeUInt32LE(mode * 0x10000, 6);
  rest.writeUInt32LE(says.localAt ?? at, 10);
  return {
    local: Buffer.concat([Buffer.from('PK\u0003\u0004'), named(localName), Buffer.from(localName), packed]),
    entry: Buffer.concat([Buffer.from('PK\u0001\u0002\u0014\u0003'), named(name), rest, Buffer.from(name)]),
  };
}

function fieldsOf({ text = '{"terraform":{}}', stored = false, says = {} }: ZipPart): {
  readonly fields: Buffer;
  readonly packed: Buffer;
} {
  const content = typeof text === 'string' ? Buffer.from(text) : text;
  const packed = stored ? content : deflateRawSync(content);
  const fields = Buffer.alloc(26);
  fields.writeUInt16LE(20, 0);
  fields.writeUInt16LE(says.flags ?? 0, 2);
  fields.writeUInt16LE(says.method ?? (stored ? 0 : 8), 4);
  fields.writeUInt32LE(says.crc ?? crc32(content), 10);
  fields.writeUInt32LE(packed.length, 14);
  fields.writeUInt32LE(says.unpacked ?? content.length, 18);
  return { fields, packed };
}
