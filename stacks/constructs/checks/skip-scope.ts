/**
 * The scope of a rule that switches protection off. It always names hosts and paths and always ends on a date, by
 * construction: the expression is built from these fields, and nothing wider can be written.
 */
import { isCalendarDate } from './calendar-date.ts';
import { EstateError } from './estate-error.ts';

export interface SkipScope {
  readonly hosts: readonly string[];
  /** Exact path, or every path below a prefix that starts and ends with a slash. */
  readonly path: { readonly equals: string } | { readonly below: string };
  /** Narrows the scope further; combined with `and`. */
  readonly when?: string;
}

/** Expression that is true only inside the scope. */
export function skipExpression(place: string, scope: SkipScope): string {
  if (scope.hosts.length === 0) {
    throw new EstateError(place, 'a skip rule names no host', 'List the hosts that it is for');
  }
  const hosts = `http.host in {${scope.hosts.map(quoted).join(' ')}}`;
  const parts = [hosts, pathExpression(place, scope.path)];
  if (scope.when !== undefined) {
    parts.push(`(${scope.when})`);
  }
  return `(${parts.join(' and ')})`;
}

/** `Payment callback` and `2027-03-31` make `Payment callback; expires 2027-03-31`. */
export function expiringDescription(place: string, description: string, expires: string): string {
  if (!isCalendarDate(expires)) {
    throw new EstateError(place, `"${expires}" is not a date`, 'Write it as YYYY-MM-DD');
  }
  return `${description}; expires ${expires}`;
}

function pathExpression(place: string, path: SkipScope['path']): string {
  if ('equals' in path) {
    checkPath(place, path.equals);
    return `http.request.uri.path eq ${quoted(path.equals)}`;
  }
  checkPath(place, path.below);
  if (path.below === '/' || !path.below.endsWith('/')) {
    throw new EstateError(
      place,
      `a skip rule is for every path below "${path.below}"`,
      'Name a folder of the site, for example /payments/callback/',
    );
  }
  return `starts_with(http.request.uri.path, ${quoted(path.below)})`;
}

function checkPath(place: string, path: string): void {
  if (!/^\/[\x21\x23-\x5b\x5d-\x7e]*$/.test(path)) {
    throw new EstateError(
      place,
      `"${path}" is not a path`,
      'Start it with a slash; no blanks, quotes or backslashes',
    );
  }
}

function quoted(text: string): string {
  return `"${text}"`;
}
