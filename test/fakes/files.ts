/** Files in memory, with a disk that can be full. Passes the contract suite of the real ones. */
import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import { ExternalError, InputError } from '../../scripts/contract/errors.ts';
import type { Files, TextChunk } from '../../scripts/contract/ports.ts';

export interface FakeFiles extends Files {
  /** Text by path, as it is now. */
  readonly texts: ReadonlyMap<string, string>;
  /** Writing fails as on a full disk, from now on. */
  full: boolean;
}

function checked(path: string): string {
  const plain = posix.normalize(path);
  if (plain === '..' || plain.startsWith('../')) {
    throw new InputError({
      what: `${path} is outside the folders that may be used here`,
      fix: 'use a path inside the repository',
    });
  }
  return plain;
}

class MemoryFiles implements FakeFiles {
  readonly texts: Map<string, string>;
  full = false;
  private made = 0;

  constructor(texts: Readonly<Record<string, string>>) {
    this.texts = new Map(Object.entries(texts));
  }

  async readText(path: string, maxBytes = Number.POSITIVE_INFINITY): Promise<string> {
    const text = this.texts.get(checked(path));
    if (text === undefined) {
      throw new ExternalError({
        what: `${path} cannot be read`,
        why: 'it does not exist',
        fix: 'check the path',
      });
    }
    if (Buffer.byteLength(text) > maxBytes) {
      throw new InputError({
        what: `${path} is too large: ${Buffer.byteLength(text)} bytes`,
        fix: 'check that this is the file you meant',
      });
    }
    return text;
  }

  async *readChunks(path: string): AsyncGenerator<TextChunk> {
    const text = await this.readText(path);
    yield { text, firstLine: 1, sha256: `sha256:${createHash('sha256').update(text).digest('hex')}` };
  }

  async writeByDigest(
    folder: string,
    parts: AsyncIterable<string>,
  ): Promise<{ readonly path: string; readonly sha256: string }> {
    let text = '';
    for await (const part of parts) {
      text += part;
    }
    const hex = createHash('sha256').update(text).digest('hex');
    const path = `${folder}/${hex}.ndjson.gz`;
    await this.writeText(path, text);
    return { path, sha256: `sha256:${hex}` };
  }

  async exists(path: string): Promise<boolean> {
    const plain = checked(path);
    return [...this.texts.keys()].some((name) => name === plain || name.startsWith(`${plain}/`));
  }

  async writeText(path: string, text: string): Promise<void> {
    const plain = checked(path);
    if (this.full) {
      throw new ExternalError({
        what: `${path} cannot be written`,
        why: 'the disk is full',
        fix: 'free some space on that disk',
      });
    }
    this.texts.set(plain, text);
  }

  async list(folder: string): Promise<readonly string[]> {
    const prefix = `${checked(folder)}/`;
    const found = [...this.texts.keys()]
      .filter((name) => name.startsWith(prefix))
      .map((name) => name.slice(prefix.length));
    if (found.length === 0) {
      throw new ExternalError({
        what: `${folder} cannot be listed`,
        why: 'it does not exist',
        fix: 'check the path',
      });
    }
    return found.toSorted((left, right) => (left < right ? -1 : 1));
  }

  async makeTempDir(prefix: string): Promise<string> {
    this.made += 1;
    return `/tmp/${prefix}-${this.made}`;
  }

  async makePrivateFolder(path: string): Promise<void> {
    await this.remove(path);
  }

  async remove(path: string): Promise<void> {
    const plain = checked(path);
    for (const name of this.texts.keys()) {
      if (name === plain || name.startsWith(`${plain}/`)) {
        this.texts.delete(name);
      }
    }
  }
}

export function fakeFiles(texts: Readonly<Record<string, string>> = {}): FakeFiles {
  return new MemoryFiles(texts);
}
