/** Small synchronous file primitives of the sandbox: whole-file writes are atomic, so a crash leaves old or new. */
import { randomBytes } from 'node:crypto';
import { linkSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** Writes beside and renames. Creates parent folders. Readable by the owner only: stored objects may hold secrets. */
export function writeAtomically(file: string, text: string): void {
  const temporary = writeBeside(file, text);
  renameSync(temporary, file);
}

/** Like `writeAtomically`, but fails when the file exists. @returns false when it did. */
export function createExclusively(file: string, text: string): boolean {
  const temporary = writeBeside(file, text);
  try {
    linkSync(temporary, file);
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') {
      return false;
    }
    throw error;
  } finally {
    rmSync(temporary, { force: true });
  }
}

function writeBeside(file: string, text: string): string {
  mkdirSync(dirname(file), { recursive: true });
  const temporary = `${file}.${randomBytes(6).toString('hex')}.tmp`;
  writeFileSync(temporary, text, { mode: 0o600 });
  return temporary;
}

/** Names in a folder, sorted; empty when the folder does not exist. */
export function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).toSorted();
  } catch (error) {
    if (errorCode(error) === 'ENOENT') {
      return [];
    }
    throw error;
  }
}

/** The system's error code, or null. */
export function errorCode(error: unknown): string | null {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : null;
}
