/**
 * Reads a zip file that somebody hostile may have made. Only what the upload of an artifact writes is accepted: plain
 * files, stored or deflated, one central directory that ends the file and agrees with the local headers. All limits are
 * checked from the directory before anything is inflated, and again on what comes out, since headers can lie.
 */
import { crc32, inflateRawSync } from 'node:zlib';

export interface ZipLimits {
  readonly entries: number;
  /** Unpacked bytes of one entry, and of all. */
  readonly entryBytes: number;
  readonly totalBytes: number;
  /** What the whole name of an entry must match. */
  readonly name: RegExp;
}

/** The file is refused. The message is one line that says why. */
export class ZipError extends Error {}

const signatures = { end: 0x06054b50, directory: 0x02014b50, local: 0x04034b50 };
const sizes = { end: 22, directory: 46, local: 30 };
/** Compression level (1, 2), sizes after the data (3), UTF-8 (11). Encryption and patches are not among them. */
const knownFlags = 0x080e;
const methods = { stored: 0, deflated: 8 };
/** File type bits of a Unix mode, and what a regular file has there. */
const typeBits = 0o170000;
const regularFile = 0o100000;

interface ZipEntry {
  readonly name: string;
  readonly flags: number;
  readonly method: number;
  readonly crc: number;
  readonly packed: number;
  readonly unpacked: number;
  readonly localAt: number;
}

/** Name to content of every entry; throws ZipError when anything about the file is unusual. */
export function readZip(bytes: Uint8Array, limits: ZipLimits): ReadonlyMap<string, Uint8Array> {
  const zip = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { entries, directoryAt } = readDirectory(zip, limits);
  let free = 0;
  const files = new Map<string, Uint8Array>();
  for (const entry of entries.toSorted((a, b) => a.localAt - b.localAt)) {
    const from = dataOf(zip, entry);
    if (entry.localAt < free || from + entry.packed > directoryAt) {
      throw new ZipError(`${entry.name} overlaps other content of the file`);
    }
    free = from + entry.packed;
    files.set(entry.name, unpack(zip.subarray(from, free), entry));
  }
  return files;
}

function readDirectory(
  zip: Buffer,
  limits: ZipLimits,
): { readonly entries: readonly ZipEntry[]; readonly directoryAt: number } {
  const endAt = zip.length - sizes.end;
  if (endAt < 0 || zip.readUInt32LE(endAt) !== signatures.end) {
    throw new ZipError('it is not a zip file, or it was cut off, or something follows its end');
  }
  const count = zip.readUInt16LE(endAt + 10);
  const directoryAt = zip.readUInt32LE(endAt + 16);
  const isWhole =
    zip.readUInt32LE(endAt + 4) === 0 &&
    zip.readUInt16LE(endAt + 8) === count &&
    zip.readUInt16LE(endAt + 20) === 0 &&
    directoryAt + zip.readUInt32LE(endAt + 12) === endAt;
  if (!isWhole) {
    throw new ZipError('its directory is not in one piece at its end');
  }
  if (count > limits.entries) {
    throw new ZipError(`it has ${String(count)} entries, more than ${String(limits.entries)}`);
  }
  const entries: ZipEntry[] = [];
  let at = directoryAt;
  for (let index = 0; index < count; index += 1) {
    const { entry, next } = readEntry(zip, at, endAt);
    refuseEntry(zip, at, entry, limits);
    entries.push(entry);
    at = next;
  }
  if (at !== endAt) {
    throw new ZipError('its directory has another length than it says');
  }
  refuseTogether(entries, limits);
  return { entries, directoryAt };
}

function readEntry(
  zip: Buffer,
  at: number,
  endAt: number,
): { readonly entry: ZipEntry; readonly next: number } {
  if (at + sizes.directory > endAt || zip.readUInt32LE(at) !== signatures.directory) {
    throw new ZipError('its directory has fewer entries than it says');
  }
  const nameEnd = at + sizes.directory + zip.readUInt16LE(at + 28);
  const next = nameEnd + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
  if (next > endAt) {
    throw new ZipError('an entry of its directory reaches beyond it');
  }
  return {
    next,
    entry: {
      name: zip.toString('latin1', at + sizes.directory, nameEnd),
      flags: zip.readUInt16LE(at + 8),
      method: zip.readUInt16LE(at + 10),
      crc: zip.readUInt32LE(at + 16),
      packed: zip.readUInt32LE(at + 20),
      unpacked: zip.readUInt32LE(at + 24),
      localAt: zip.readUInt32LE(at + 42),
    },
  };
}

/** `name` is quoted as JSON wherever it does not match, so that it cannot pass for something else. */
function refuseEntry(zip: Buffer, at: number, entry: ZipEntry, limits: ZipLimits): void {
  const { name, flags, method, unpacked } = entry;
  if (!limits.name.test(name)) {
    throw new ZipError(`${JSON.stringify(name.slice(0, 100))} is not the name of a bundle`);
  }
  const madeOnUnix = zip.readUInt8(at + 5) === 3;
  const type = (zip.readUInt32LE(at + 38) >>> 16) & typeBits;
  if (madeOnUnix && type !== 0 && type !== regularFile) {
    throw new ZipError(`${name} is a link or something else that is not a plain file`);
  }
  if ((flags & ~knownFlags) !== 0 || (method !== methods.stored && method !== methods.deflated)) {
    throw new ZipError(`${name} is encrypted or packed in an unusual way`);
  }
  if (unpacked > limits.entryBytes) {
    throw new ZipError(`${name} has ${String(unpacked)} bytes, more than ${String(limits.entryBytes)}`);
  }
}

function refuseTogether(entries: readonly ZipEntry[], limits: ZipLimits): void {
  const names = new Set(entries.map(({ name }) => name.toLowerCase()));
  if (names.size < entries.length) {
    throw new ZipError('it has two entries of one name');
  }
  const total = entries.reduce((sum, { unpacked }) => sum + unpacked, 0);
  if (total > limits.totalBytes) {
    throw new ZipError(`it has ${String(total)} bytes unpacked, more than ${String(limits.totalBytes)}`);
  }
}

/** Where the content of the entry begins. Its own header must say the same as the directory. */
function dataOf(zip: Buffer, entry: ZipEntry): number {
  const at = entry.localAt;
  if (at + sizes.local > zip.length || zip.readUInt32LE(at) !== signatures.local) {
    throw new ZipError(`${entry.name} is not where the directory says`);
  }
  const nameEnd = at + sizes.local + zip.readUInt16LE(at + 26);
  const isSame =
    zip.toString('latin1', at + sizes.local, nameEnd) === entry.name &&
    zip.readUInt16LE(at + 6) === entry.flags &&
    zip.readUInt16LE(at + 8) === entry.method;
  if (!isSame) {
    throw new ZipError(`${entry.name} is described in two different ways`);
  }
  return nameEnd + zip.readUInt16LE(at + 28);
}

function unpack(data: Buffer, entry: ZipEntry): Uint8Array {
  const content = entry.method === methods.stored ? data : inflated(data, entry);
  if (content.length !== entry.unpacked || crc32(content) !== entry.crc) {
    throw new ZipError(`${entry.name} is not what its header says: other size or checksum`);
  }
  return content;
}

/** Stops at the size that the directory gave: what would be more is never inflated. */
function inflated(data: Buffer, entry: ZipEntry): Buffer {
  try {
    return inflateRawSync(data, { maxOutputLength: Math.max(entry.unpacked, 1) });
  } catch {
    throw new ZipError(`${entry.name} cannot be unpacked, or is larger than its header says`);
  }
}
