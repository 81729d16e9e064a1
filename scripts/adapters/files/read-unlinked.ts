/** Reads what other programs wrote: a plain file of limited size, or nothing at all. */
import { constants } from 'node:fs';
import * as fs from 'node:fs/promises';

/**
 * Text of a regular file of at most `maxBytes`; null for anything else: no file, a link, a pipe, a folder, or too large.
 * Non-blocking, so that a pipe is not waited for. Never more than that is read, also when the file grows meanwhile.
 */
export async function readUnlinked(path: string, maxBytes: number): Promise<string | null> {
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  const handle = await fs.open(path, flags).catch(() => null);
  if (handle === null) {
    return null;
  }
  try {
    const found = await handle.stat();
    if (!found.isFile() || found.size > maxBytes) {
      return null;
    }
    const { buffer, bytesRead } = await handle.read({ buffer: Buffer.alloc(found.size) });
    return buffer.subarray(0, bytesRead).toString('utf8');
  } finally {
    await handle.close();
  }
}
