/**
 * Hosts as configurations write them: alone, in a URL, in a pattern with `*`, in an e-mail address; in any case, in
 * Unicode, with a final dot, a port or a path. One spelling for all of them, so that they can be compared.
 */
import { areDisjoint, globIncludes, globOf } from '../../../scripts/waf/reason/compare/globs.ts';
import type { Glob } from '../../../scripts/waf/reason/compare/globs.ts';

/** Stands for every host. */
export const anyHost = '*';

/**
 * The host or the pattern of hosts that a text names, in lower case and punycode, without a final dot; `*` when it names
 * no host at all and so means every one (`/login`). Null when no host can be read in it.
 */
export function hostPatternOf(text: string): string | null {
  const afterScheme = text.trim().replace(/^(?:[a-z*][a-z0-9+.*-]*:)?\/\//iu, '');
  const authority = afterScheme.split(/[/\\?#]/u)[0] ?? '';
  const host = authority.slice(authority.lastIndexOf('@') + 1).replace(/:[\d*]*$/u, '');
  if (host === '') {
    return anyHost;
  }
  try {
    const name = new URL(`http://${host}`).hostname.replace(/\.+$/u, '');
    return name === '' ? null : name;
  } catch {
    return null;
  }
}

/** Whether a host may match the pattern and lie in the domain: be it, or be below it. False only when that is certain. */
export function mayLieIn(pattern: string, domain: string): boolean {
  const glob = globOfHosts(pattern);
  return !areDisjoint(glob, globOfHosts(domain)) || !areDisjoint(glob, below(domain));
}

/** Whether every host of the pattern lies in the domain. False when that is not certain. */
export function liesIn(pattern: string, domain: string): boolean {
  return pattern === domain || globIncludes(below(domain), globOfHosts(pattern));
}

function globOfHosts(pattern: string): Glob {
  return globOf(pattern.split('*'), false);
}

function below(domain: string): Glob {
  return globOf(['', `.${domain}`], false);
}
