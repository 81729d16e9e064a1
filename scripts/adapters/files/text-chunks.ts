/** Text files of any size as parts of whole lines, plain or compressed, with constant memory. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import { InputError } from '../../contract/errors.ts';
import type { TextChunk } from '../../contract/ports.ts';

/** Characters of a part: large enough that handing it to a thread costs nothing beside working on it. */
const partLength = 1024 * 1024;
/** A longer line is handed on in pieces, of which none can be read as a line: it counts as bad and fills no memory. */
const maxLineLength = 8 * 1024 * 1024;

/**
 * Yields parts that end at the end of a line. The last one has the digest of all bytes, uncompressed. Bytes that are not
 * UTF-8 become U+FFFD. Throws InputError when a compressed file ends before its end.
 */
export async function* readTextChunks(path: string, isGzip: boolean): AsyncGenerator<TextChunk> {
  const decoder = new TextDecoder('utf-8');
  const hash = createHash('sha256');
  let rest = '';
  let line = 1;
  for await (const bytes of uncompressed(path, isGzip)) {
    hash.update(bytes);
    rest += decoder.decode(bytes, { stream: true });
    const end = rest.length < partLength ? -1 : rest.lastIndexOf('\n');
    if (end !== -1 || rest.length > maxLineLength) {
      const text = rest.slice(0, end === -1 ? rest.length : end + 1);
      yield { text, firstLine: line, sha256: null };
      line += countLines(text);
      rest = rest.slice(text.length);
    }
  }
  yield { text: rest + decoder.decode(), firstLine: line, sha256: `sha256:${hash.digest('hex')}` };
}

/** Writes the parts compressed to `path`; the digest is of what was there before compression, as `readTextChunks` gives it. */
export async function writeTextChunks(path: string, parts: AsyncIterable<string>): Promise<string> {
  const hash = createHash('sha256');
  async function* hashed(): AsyncGenerator<Buffer> {
    for await (const part of parts) {
      const bytes = Buffer.from(part, 'utf8');
      hash.update(bytes);
      yield bytes;
    }
  }
  // Opened first: a stream that opens its file by itself may create it after the caller has cleared up a failure.
  const file = await open(path, 'wx', 0o600);
  await pipeline(hashed, createGzip(), file.createWriteStream({ flush: true }));
  return `sha256:${hash.digest('hex')}`;
}

async function* uncompressed(path: string, isGzip: boolean): AsyncGenerator<Uint8Array> {
  const file = createReadStream(path, { highWaterMark: 256 * 1024 });
  if (!isGzip) {
    yield* file as AsyncIterable<Uint8Array>;
    return;
  }
  const gunzip = createGunzip({ chunkSize: 256 * 1024 });
  file.on('error', (error) => gunzip.destroy(error));
  try {
    yield* file.pipe(gunzip) as AsyncIterable<Uint8Array>;
  } catch (cause) {
    throw isDamaged(cause)
      ? new InputError({
          what: `${path} is damaged: ${cause.message}`,
          why: 'A compressed file that does not end properly is a part of what it was. Nothing is concluded from a part.',
          fix: 'Fetch it again.',
          cause,
        })
      : cause;
  } finally {
    file.destroy();
  }
}

function isDamaged(cause: unknown): cause is Error {
  return cause instanceof Error && 'code' in cause && String(cause.code).startsWith('Z_');
}

function countLines(text: string): number {
  let count = 0;
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) {
    count += 1;
  }
  return count;
}
