/**
 * Paths that decide how changes are decided. Who changes them needs the process owner, in a pull request that changes no
 * infrastructure: a change is judged by the rules as they were, not by the ones it brings along.
 */
import { isControlFile } from '../reading/control-files.ts';

const folders = ['policies/', '.github/', 'scripts/'] as const;
const register = /^stacks\/clients\/[^/]+\/service\.ya?ml$/u;

/**
 * Paths that must not share a pull request with a change of infrastructure. What the tool is built from (the lock file,
 * for one) is not among them: a provider bump changes it together with the plan.
 */
export function separateFiles(paths: readonly string[]): readonly string[] {
  return paths.filter((path) => folders.some((folder) => path.startsWith(folder)) || register.test(path));
}

/** Whether the process owner has to agree. */
export function touchesPolicy(paths: readonly string[]): boolean {
  return separateFiles(paths).length > 0 || paths.some(isControlFile);
}
