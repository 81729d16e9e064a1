/**
 * Paths that decide how changes are decided. Who changes them needs the process owner, in a pull request that changes no
 * infrastructure: a change is judged by the rules as they were, not by the ones it brings along.
 */
import { isControlFile, isSeparateFile } from '../reading/places/control-files.ts';

/** Paths that must not share a pull request with a change of infrastructure. */
export function separateFiles(paths: readonly string[]): readonly string[] {
  return paths.filter(isSeparateFile);
}

/** Whether the process owner has to agree. */
export function touchesPolicy(paths: readonly string[]): boolean {
  return paths.some(isControlFile);
}
