/** Files as they would be: what is written is kept in memory, and read from there. */
import type { Files } from '../../contract/ports.ts';

export function overlay(files: Files): Files {
  const written = new Map<string, string>();
  return {
    ...files,
    exists: async (path) => written.has(path) || files.exists(path),
    readText: async (path) => written.get(path) ?? files.readText(path),
    writeText: async (path, text) => {
      written.set(path, text);
    },
  };
}
