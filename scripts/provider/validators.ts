/** What one validator of the provider asks: of a value by itself, and of the attributes beside it. */
import { createHash } from 'node:crypto';
import { isOpenText } from '../plan/expression/parse.ts';
import { isList, isObject, own } from '../json/json.ts';
import { limits } from '../json/limits.ts';
import { parseJson } from '../json/parse.ts';
import type { Json } from '../plan/types.ts';

/** Validators of a value that is set and known, by kind, with their parameters. */
interface OfValue {
  readonly oneOf: { readonly values: readonly (string | number)[]; readonly caseInsensitive?: boolean };
  readonly between: { readonly min: number; readonly max: number };
  readonly atLeast: { readonly min: number };
  readonly atMost: { readonly max: number };
  /** Characters of a text. */
  readonly lengthAtLeast: { readonly min: number };
  /** Elements of a list, a set or a map. */
  readonly sizeAtLeast: { readonly min: number };
  /** Members of an object that are set. */
  readonly setAttributesAtMost: { readonly max: number };
  readonly equals: { readonly value: Json };
  readonly regex: { readonly pattern: string };
  readonly rfc3339: object;
  readonly json: object;
  /** Without a scheme, https is meant. */
  readonly urlWithPath: object;
  /** Of a value whose type the schema leaves open. */
  readonly allowedTypes: { readonly types: readonly DynamicType[] };
  /** Of every element. */
  readonly each: { readonly of: readonly ValueValidator[] };
  readonly anyOf: { readonly of: readonly ValueValidator[] };
}

type DynamicType = 'number' | 'text' | 'boolean' | 'list of texts';

interface Others {
  readonly paths: readonly string[];
}

interface When {
  readonly path: string;
  readonly values: readonly string[];
}

/** Validators that look at other attributes, whose paths are written `a.b[].c`: in the same element as this one. */
interface OfOthers {
  readonly conflictsWith: Others;
  readonly alsoRequires: Others;
  readonly exactlyOneOf: Others;
  readonly atLeastOneOf: Others;
  readonly onlyWhen: When;
  readonly onlyWithAction: When;
  readonly notWhen: When;
  readonly requiredWhen: When;
  /** Set exactly where the host name begins with a wildcard. */
  readonly withWildcard: { readonly path: string };
  /** The SHA-256 in hexadecimal digits of a text, else of a file. */
  readonly sha256Of: { readonly text: string; readonly file: string };
  /** Which member an object has to have, by the value of another attribute. */
  readonly memberFor: { readonly path: string; readonly members: Readonly<Record<string, string>> };
}

type Tagged<Table> = { [K in keyof Table]: { readonly kind: K } & Table[K] }[keyof Table];

export type ValueValidator = Tagged<OfValue>;
export type Validator = ValueValidator | Tagged<OfOthers>;

/** What a value stands beside. */
export interface BesideFact {
  /** The value of another attribute; null when it is not set. */
  readonly other: (path: string) => Json;
  /** The SHA-256 of a file in hexadecimal digits; null where it cannot be read from here. */
  readonly fileHash: (path: string) => string | null;
}

/**
 * What the value has to do, as the end of "it has to …"; null when the provider takes it. The value itself is not in it: it may
 * be a secret. Null is an attribute that is not set; what is known only when it is applied passes.
 */
export function problemOf(rule: Validator, value: Json, beside: BesideFact): string | null {
  if (isOfOthers(rule)) {
    const judge = ofOthers[rule.kind] as (rule: Validator, value: Json, beside: BesideFact) => string | null;
    return judge(rule, value, beside);
  }
  return value === null || isOpen(value) ? null : valueProblem(rule, value);
}

function isOfOthers(rule: Validator): rule is Tagged<OfOthers> {
  return Object.hasOwn(ofOthers, rule.kind);
}

function valueProblem(rule: ValueValidator, value: Json): string | null {
  const judge = ofValue[rule.kind] as (rule: ValueValidator, value: Json) => string | null;
  return judge(rule, value);
}

const ofValue: { readonly [K in keyof OfValue]: (rule: OfValue[K], value: Json) => string | null } = {
  oneOf: ({ values, caseInsensitive = false }, value) => {
    if (typeof value !== 'string' && typeof value !== 'number') {
      return null;
    }
    const same = (text: string): string => (caseInsensitive ? text.toLowerCase() : text);
    return values.some((allowed) => same(String(allowed)) === same(String(value)))
      ? null
      : `be one of ${values.map((each) => JSON.stringify(each)).join(', ')}`;
  },
  between: ({ min, max }, value) =>
    isWithin(value, min, max) ? null : `be from ${String(min)} to ${String(max)}`,
  atLeast: ({ min }, value) => (isWithin(value, min, Infinity) ? null : `be at least ${String(min)}`),
  atMost: ({ max }, value) => (isWithin(value, -Infinity, max) ? null : `be at most ${String(max)}`),
  lengthAtLeast: ({ min }, value) =>
    typeof value === 'string' && value.length < min ? `have at least ${String(min)} character(s)` : null,
  sizeAtLeast: ({ min }, value) =>
    elementsOf(value).length < min ? `have at least ${String(min)} element(s)` : null,
  setAttributesAtMost: ({ max }, value) =>
    elementsOf(value).filter((item) => item !== null).length > max
      ? `have at most ${String(max)} of its members set`
      : null,
  equals: (rule, value) =>
    value === rule.value ? null : `be ${JSON.stringify(rule.value)}, or be left away`,
  regex: ({ pattern }, value) =>
    typeof value !== 'string' || new RegExp(pattern, 'u').test(value) ? null : `match ${pattern}`,
  rfc3339: (_, value) =>
    typeof value !== 'string' || isTime(value) ? null : 'be a time such as 2026-11-24T20:15:00Z',
  json: (_, value) => (typeof value !== 'string' || isJson(value) ? null : 'be JSON text'),
  urlWithPath: (_, value) =>
    typeof value !== 'string' || /^[^/?#]+\//.test(value.replace(/^[a-z][a-z0-9+.-]*:\/\//i, ''))
      ? null
      : 'be a URL with a path, such as https://www.shop.example/',
  allowedTypes: ({ types }, value) =>
    types.some((type) => isOfType[type](value)) ? null : `be a ${types.join(' or a ')}`,
  each: ({ of }, value) => {
    const items = elementsOf(value).filter((item) => item !== null && !isOpen(item));
    return (
      items.flatMap((item) => of.map((one) => valueProblem(one, item))).find((problem) => problem !== null) ??
      null
    );
  },
  anyOf: ({ of }, value) => {
    const problems = of.map((one) => valueProblem(one, value));
    return problems.includes(null) ? null : problems.join(', or ');
  },
};

const isOfType: Readonly<Record<DynamicType, (value: Json) => boolean>> = {
  number: (value) => typeof value === 'number',
  text: (value) => typeof value === 'string',
  boolean: (value) => typeof value === 'boolean',
  'list of texts': (value) => isList(value) && value.every((item) => typeof item === 'string'),
};

const ofOthers: {
  readonly [K in keyof OfOthers]: (rule: OfOthers[K], value: Json, beside: BesideFact) => string | null;
} = {
  conflictsWith: ({ paths }, value, { other }) => {
    const set = value === null ? [] : paths.filter((path) => other(path) !== null);
    return set.length === 0 ? null : `be left away when ${set.join(' and ')} is set`;
  },
  alsoRequires: ({ paths }, value, { other }) => {
    const missing = value === null ? [] : paths.filter((path) => other(path) === null);
    return missing.length === 0 ? null : `come with ${missing.join(' and ')}`;
  },
  exactlyOneOf: ({ paths }, value, { other }) => {
    const set = [value, ...paths.map(other)].filter((each) => each !== null);
    // An expression may turn out to be null.
    return set.length > 1 && !set.some(isOpen)
      ? `be left away when ${paths.join(' or ')} is set`
      : noneOf(set, paths);
  },
  atLeastOneOf: ({ paths }, value, { other }) =>
    noneOf(
      [value, ...paths.map(other)].filter((each) => each !== null),
      paths,
    ),
  onlyWhen: onlyWhen,
  onlyWithAction: onlyWhen,
  notWhen: ({ path, values }, value, { other }) =>
    value !== null && values.includes(textOf(other(path)))
      ? `be left away when ${path} is ${listed(values)}`
      : null,
  requiredWhen: ({ path, values }, value, { other }) =>
    value === null && values.includes(textOf(other(path)))
      ? `be set when ${path} is ${listed(values)}`
      : null,
  withWildcard: ({ path }, value, { other }) => {
    const host = other(path);
    if (typeof host !== 'string' || isOpen(host)) {
      return null;
    }
    const isWildcard = host.startsWith('*');
    return isWildcard === (value !== null)
      ? null
      : isWildcard
        ? `be set, because ${path} begins with *`
        : `be left away unless ${path} begins with *`;
  },
  sha256Of: ({ text, file }, value, { other, fileHash }) => {
    const [written, path] = [other(text), other(file)];
    if (typeof value !== 'string' || [value, written, path].some(isOpen)) {
      return null;
    }
    const hash =
      typeof written === 'string'
        ? createHash('sha256').update(written).digest('hex')
        : typeof path === 'string'
          ? fileHash(path)
          : null;
    return hash === null || hash === value.toLowerCase()
      ? null
      : `be the SHA-256 of ${written === null ? file : text}`;
  },
  memberFor: ({ path, members }, value, { other }) => {
    const member = members[textOf(other(path))];
    return member === undefined || !isObject(value) || (own(value, member) ?? null) !== null
      ? null
      : `have ${member}, for that is its ${path}`;
  },
};

function noneOf(set: readonly Json[], paths: readonly string[]): string | null {
  return set.length === 0 ? `be set, or one of ${paths.join(', ')}` : null;
}

function onlyWhen({ path, values }: When, value: Json, { other }: BesideFact): string | null {
  const decides = other(path);
  return value === null || decides === null || isOpen(decides) || values.includes(textOf(decides))
    ? null
    : `be left away unless ${path} is ${listed(values)}`;
}

function isOpen(value: Json): boolean {
  return typeof value === 'string' && isOpenText(value);
}

function elementsOf(value: Json): readonly Json[] {
  if (isList(value)) {
    return value;
  }
  return isObject(value) ? Object.values(value) : [];
}

/** True as well for what is not a number: that is for the types to say. */
function isWithin(value: Json, min: number, max: number): boolean {
  const number = typeof value === 'string' && /^[+-]?\d+(?:\.\d+)?$/.test(value) ? Number(value) : value;
  return typeof number !== 'number' || (number >= min && number <= max);
}

function isTime(text: string): boolean {
  return (
    /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/i.test(text) &&
    !Number.isNaN(Date.parse(text))
  );
}

function isJson(text: string): boolean {
  try {
    parseJson(text, limits.document);
    return true;
  } catch {
    return false;
  }
}

function textOf(value: Json): string {
  return typeof value === 'object' ? '' : String(value);
}

function listed(values: readonly string[]): string {
  return values.map((value) => JSON.stringify(value)).join(' or ');
}
