/**
 * What tests of a path or a query say about the URI that they are parts of, and the other way round. The URI is the path
 * alone, or the path, a question mark and the query; a path has no question mark. The full URI is scheme, host and URI.
 */
import type { FieldValue } from '../../language/ast.ts';
import { stringType } from '../../language/value-type.ts';
import { globOf } from './globs.ts';
import type { Glob } from './globs.ts';
import type { ValueDomain, LogicStatement } from './statement.ts';
import type { TextSet } from './text-set.ts';

export interface OnParts {
  /** Says the same as the given statement. */
  readonly same: readonly LogicStatement[];
  /** Follows from it, and says less. */
  readonly implied: readonly LogicStatement[];
}

const nothing: OnParts = { same: [], implied: [] };

const uriField = /^((?:raw\.)?http\.request\.uri)(\.path|\.query)?$/u;

const fullUriField = /^(raw\.)?http\.request\.full_uri$/u;

export function onParts(given: LogicStatement): OnParts {
  const full = fullUriField.exec(given.subject);
  if (full !== null && given.domain.kind === 'text') {
    return given.inside ? ofFullUri(given, `${full[1] ?? ''}http.request.uri`, given.domain.texts) : nothing;
  }
  const [, uri = '', part] = uriField.exec(given.subject) ?? [];
  if (uri === '' || given.domain.kind !== 'text') {
    return nothing;
  }
  const { texts } = given.domain;
  if (part === undefined) {
    return given.inside ? withFull(given, uri, ofUri(given, uri, texts), texts) : nothing;
  }
  return part === '.path' ? ofPath(given, uri, texts) : ofQuery(given, uri, texts);
}

function about(field: string, given: LogicStatement, texts: TextSet, inside = given.inside): LogicStatement {
  const domain: ValueDomain = { kind: 'text', texts };
  const value: FieldValue = {
    kind: 'field',
    name: field,
    accessors: [],
    type: stringType,
    spread: false,
    span: given.value.span,
  };
  return { subject: field, value, domain, inside, whenMissing: false, mayBeMissing: false };
}

/** A path that is fixed, or of which the beginning is, says the same of the URI; any other pattern only implies it. */
function ofPath(given: LogicStatement, uri: string, { exact, globs }: TextSet): OnParts {
  const hasMark = [...exact, ...globs.flatMap(({ parts }) => parts)].some((text) => text.includes('?'));
  if (hasMark) {
    return nothing;
  }
  const texts: TextSet = {
    exact,
    globs: [
      ...[...exact].map((text) => globOf([`${text}?`, ''], false)),
      ...globs.flatMap((glob) => (glob.parts.at(-1) === '' ? [glob] : [glob, withQuery(glob)])),
    ],
  };
  const statement = about(uri, given, texts);
  if (globs.every(isBeginning)) {
    return withFull(given, uri, { same: [statement], implied: [] }, texts);
  }
  return given.inside ? withFull(given, uri, { same: [], implied: [statement] }, texts) : nothing;
}

/** The full URI ends as the URI does. */
function withFull(given: LogicStatement, uri: string, found: OnParts, { exact, globs }: TextSet): OnParts {
  if (!given.inside) {
    return found;
  }
  const texts: TextSet = {
    exact: new Set(),
    globs: [
      ...[...exact].map((text) => globOf(['', text], false)),
      ...globs.map(({ parts, anyCase }) => globOf(['', ...parts], anyCase)),
    ],
  };
  const full = uri.replace(/http\.request\.uri$/u, 'http.request.full_uri');
  return { ...found, implied: [...found.implied, about(full, given, texts)] };
}

function isBeginning({ parts }: Glob): boolean {
  return parts.length === 2 && parts[1] === '' && parts[0] !== '';
}

function withQuery({ parts, anyCase }: Glob): Glob {
  return { parts: [...parts.slice(0, -1), `${parts.at(-1) ?? ''}?`, ''], anyCase };
}

const anyMark: TextSet = { exact: new Set(), globs: [{ parts: ['', '?', ''], anyCase: false }] };

function ofQuery(given: LogicStatement, uri: string, { exact, globs }: TextSet): OnParts {
  if (globs.length === 0 && exact.size === 1 && exact.has('')) {
    return { same: [about(uri, given, anyMark, !given.inside)], implied: [] };
  }
  const mayBeEmpty = exact.has('') || globs.some(({ parts }) => parts.every((text) => text === ''));
  if (mayBeEmpty || !given.inside) {
    return nothing;
  }
  const texts: TextSet = {
    exact: new Set(),
    globs: [
      ...[...exact].map((text) => globOf(['', `?${text}`], false)),
      ...globs.map(({ parts: [first = '', ...rest], anyCase }) => ({
        parts: ['', `?${first}`, ...rest],
        anyCase,
      })),
    ],
  };
  return withFull(given, uri, { same: [], implied: [about(uri, given, texts)] }, texts);
}

/** Both parts of URIs that are fixed. */
function ofUri(given: LogicStatement, uri: string, { exact, globs }: TextSet): OnParts {
  if (globs.length > 0) {
    return nothing;
  }
  const split = [...exact].map((text) => {
    const mark = text.indexOf('?');
    return mark === -1 ? [text, ''] : [text.slice(0, mark), text.slice(mark + 1)];
  });
  const set = (at: number): TextSet => ({
    exact: new Set(split.map((parts) => parts[at] ?? '')),
    globs: [],
  });
  return { same: [], implied: [about(`${uri}.path`, given, set(0)), about(`${uri}.query`, given, set(1))] };
}

/** A host without a port, and what comes after it. */
const hostAndUri = /^https?:\/\/([^/?#:@]+)(\/.*)$/su;

/** Full URIs of which the host is fixed: that host, and the rest of each as the URI. */
function ofFullUri(given: LogicStatement, uri: string, { exact, globs }: TextSet): OnParts {
  const fixed = [...exact].map((text) => hostAndUri.exec(text));
  const begun = globs.map(({ parts: [first = '', ...rest], anyCase }) => {
    const [, host, begin] = (rest.length === 0 ? null : hostAndUri.exec(first)) ?? [];
    return host === undefined || begin === undefined ? null : { host, parts: [begin, ...rest], anyCase };
  });
  if (fixed.includes(null) || begun.includes(null)) {
    return nothing;
  }
  const known = begun.filter((one) => one !== null);
  const hosts: TextSet = {
    exact: new Set(fixed.map((found) => found?.[1] ?? '')),
    globs: known.map(({ host, anyCase }) => globOf([host], anyCase)),
  };
  const uris: TextSet = {
    exact: new Set(fixed.map((found) => found?.[2] ?? '')),
    globs: known.map(({ parts, anyCase }) => globOf(parts, anyCase)),
  };
  return {
    same: [],
    implied: [about('http.host', given, hosts), about(uri, given, uris), ...ofUri(given, uri, uris).implied],
  };
}

/** At most so many paths and queries are put together. */
const maxJoined = 16;

/** What path and query say of the URI together, where both can only be one of a few texts; `among` gives those of a field. */
export function joinedUris(
  among: (field: string) => ReadonlySet<string> | null,
  given: LogicStatement,
): readonly LogicStatement[] {
  const [, uri = '', part] = uriField.exec(given.subject) ?? [];
  const paths = part === undefined ? null : among(`${uri}.path`);
  const queries = part === undefined ? null : among(`${uri}.query`);
  if (paths === null || queries === null || paths.size * queries.size > maxJoined) {
    return [];
  }
  const exact = [...paths].flatMap((path) =>
    [...queries].flatMap((query) => [...(query === '' ? [path] : []), `${path}?${query}`]),
  );
  const of = { ...given, inside: true };
  return [about(uri, of, { exact: new Set(exact), globs: [] })];
}
