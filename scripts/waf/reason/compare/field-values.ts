/**
 * What the values of a field are like in every request. Only said of a test that stands alone: an author who writes
 * `path starts with /` means everything, while of two expressions that are compared nothing is taken for granted that the
 * texts do not say, since a value may have been rewritten before.
 */
import type { ValueNode } from '../../language/ast.ts';
import { isAlwaysPresent } from '../../language/tables.ts';
import { globOf } from './globs.ts';
import type { Glob } from './globs.ts';
import { everyNumber } from './intervals.ts';
import type { LogicStatement } from './statement.ts';
import { anySubject } from './subject.ts';
import type { Subject } from './subject.ts';

interface FieldValues {
  /** Every value is of one of these forms. */
  readonly forms: readonly Glob[];
  /** Regular expressions that find themselves in every value, besides those that the forms tell. */
  readonly found: readonly string[];
}

const paths: FieldValues = { forms: [globOf(['/', ''], false)], found: ['^/.*$'] };
const fullUris: FieldValues = {
  forms: [globOf(['http://', '/', ''], false), globOf(['https://', '/', ''], false)],
  found: ['^https?://'],
};

const formed: Readonly<Record<string, FieldValues>> = {
  'http.request.uri': paths,
  'http.request.uri.path': paths,
  'raw.http.request.uri': paths,
  'raw.http.request.uri.path': paths,
  'http.request.full_uri': fullUris,
  'raw.http.request.full_uri': fullUris,
};

/** Fields that are never the empty text. */
const neverEmpty: ReadonlySet<string> = new Set([
  'http.host',
  'http.request.method',
  'http.request.version',
  ...Object.keys(formed),
]);

/** The name of a field as it is; empty for anything else. */
function plainName(value: ValueNode): string {
  return value.kind === 'field' && value.accessors.length === 0 ? value.name : '';
}

function formsOf(value: ValueNode): FieldValues | null {
  const name = plainName(value);
  return Object.hasOwn(formed, name) ? (formed[name] ?? null) : null;
}

/** A value that is not empty, and a number that is not below 0, where the field has no others. */
export function usualSubject(statement: LogicStatement): Subject {
  const { value } = statement;
  const isNumber = value.type.kind === 'int' && isAlwaysPresent(value);
  return {
    ...anySubject(statement),
    ...(neverEmpty.has(plainName(value)) ? { outside: { exact: new Set(['']), globs: [] } } : {}),
    ...(isNumber ? { numbers: [everyNumber.length] } : {}),
  };
}

/**
 * The same, and of the form that every value of the field has, for a test that asks for a form. One that excludes texts
 * (`ne`) is not called constant for that no request has such a text.
 */
export function formedSubject(statement: LogicStatement): Subject {
  const forms = formsOf(statement.value)?.forms ?? [];
  const usual = usualSubject(statement);
  return statement.inside || forms.length === 0
    ? usual
    : { ...usual, within: [{ exact: new Set(), globs: forms }] };
}

/** True for a regular expression that finds itself in every value of the field. */
export function isFoundInAll(value: ValueNode, pattern: string): boolean {
  return formsOf(value)?.found.includes(pattern) === true;
}
