/**
 * Objects of a repository, made here and handed to git as one pack (gitformat-pack(5)): one process writes all of them,
 * and checks them before it does.
 */
import { createHash } from 'node:crypto';
import { deflateSync } from 'node:zlib';

export type ObjectFormat = 'sha1' | 'sha256';

export interface MadeObject {
  readonly type: 'blob' | 'commit' | 'tree';
  readonly id: string;
  readonly bytes: Buffer;
}

export interface TreeLine {
  /** Six octal digits, as `git ls-tree` has it. */
  readonly mode: string;
  readonly id: string;
  readonly path: string;
}

export const treeMode = '040000';

/** The format that an id is of. */
export function formatOf(id: string): ObjectFormat {
  return id.length === 64 ? 'sha256' : 'sha1';
}

/** An object with the id that git gives it: the hash over type, length and content. */
export function madeObject(format: ObjectFormat, type: MadeObject['type'], bytes: Buffer): MadeObject {
  const hash = createHash(format).update(`${type} ${String(bytes.length)}\0`);
  return { type, id: hash.update(bytes).digest('hex'), bytes };
}

/** The object of a tree with these entries, in whatever order they come. */
export function treeObject(format: ObjectFormat, entries: readonly TreeLine[]): MadeObject {
  const parts = entries
    .map(({ mode, id, path }) => ({
      // Names are in the order of their bytes, a folder as if it ended in a slash.
      order: Buffer.from(mode === treeMode ? `${path}/` : path),
      bytes: Buffer.concat([Buffer.from(`${mode.replace(/^0+/, '')} ${path}\0`), Buffer.from(id, 'hex')]),
    }))
    .toSorted((left, right) => Buffer.compare(left.order, right.order));
  return madeObject(format, 'tree', Buffer.concat(parts.map(({ bytes }) => bytes)));
}

const typeNumbers = { commit: 1, tree: 2, blob: 3 } as const;

export interface CommitOrder {
  readonly tree: string;
  readonly parents: readonly string[];
  readonly ident: { readonly name: string; readonly email: string };
  /** RFC 3339; author and committer date. */
  readonly at: string;
  readonly message: string;
}

/** The object of a commit whose author commits it, in UTC. */
export function commitObject(
  format: ObjectFormat,
  { tree, parents, ident, at, message }: CommitOrder,
): MadeObject {
  const who = `${plainIdent(ident.name)} <${plainIdent(ident.email)}> ${String(Math.floor(Date.parse(at) / 1000))} +0000`;
  const lines = [
    `tree ${tree}`,
    ...parents.map((parent) => `parent ${parent}`),
    `author ${who}`,
    `committer ${who}`,
    '',
    message,
  ];
  return madeObject(format, 'commit', Buffer.from(lines.join('\n'), 'utf8'));
}

/** As git has names and addresses in a commit (ident.c, `strbuf_addstr_without_crud`, v2.47). */
function plainIdent(text: string): string {
  const crud = /^[\0-\x20.,:;<>"\\']+|[\0-\x20.,:;<>"\\']+$/g;
  return text.replaceAll(crud, '').replaceAll(/[\n<>]/g, '');
}

/** What `git unpack-objects` takes. */
export function packOf(format: ObjectFormat, objects: readonly MadeObject[]): Buffer {
  const head = Buffer.alloc(12);
  head.write('PACK', 0, 'latin1');
  head.writeUInt32BE(2, 4);
  head.writeUInt32BE(objects.length, 8);
  const body = objects.flatMap(({ type, bytes }) => [
    sizeOf(typeNumbers[type], bytes.length),
    deflateSync(bytes),
  ]);
  const pack = Buffer.concat([head, ...body]);
  return Buffer.concat([pack, createHash(format).update(pack).digest()]);
}

/** Type and size of an object: four bits of the size beside the type, then seven in each byte, the lowest first. */
function sizeOf(type: number, size: number): Buffer {
  const bytes: number[] = [];
  let first = type * 16 + (size % 16);
  for (let rest = Math.floor(size / 16); rest > 0; rest = Math.floor(rest / 128)) {
    bytes.push(first + 128);
    first = rest % 128;
  }
  return Buffer.from([...bytes, first]);
}
