/** One validator error in words: place, expected, found, fix. Every keyword that our schemas use has its own text. */
import type { ErrorObject } from 'ajv/dist/2020.js';
import type { Diagnostic, Json } from '../../plan/types.ts';
import { pointerTo, pointerTokens } from '../document.ts';
import { describeFound } from '../document-found.ts';
import { nearestWord } from '../../plan/nearest-word.ts';

export interface ExplainedError {
  readonly pointer: string;
  /** The name is wrong rather than the value. */
  readonly isKey: boolean;
  readonly text: Omit<Diagnostic, 'location'>;
}

type ErrorSchema = Readonly<Record<string, unknown>>;

/** Longest list of allowed values that is written out in a message. */
const maxListed = 16;

export function explainSchemaError(error: ErrorObject, root: object): ExplainedError {
  switch (error.keyword) {
    case 'required':
    case 'dependentRequired':
      return missing(error, root);
    case 'additionalProperties':
    case 'unevaluatedProperties':
      return unknownField(error);
    case 'propertyNames':
      return wrongName(error);
    case 'enum':
    case 'const':
      return wrongWord(error);
    default:
      return wrongValue(error);
  }
}

function missing(error: ErrorObject, root: object): ExplainedError {
  const name = parameter(error, 'missingProperty');
  const field = propertySchema(error, name) ?? schemaAt(root, [...pointerTokens(error.instancePath), name]);
  const shape = field === null ? null : (textOf(field, 'x-expected') ?? textOf(field, 'description'));
  const condition = textOf(nodeOf(error.parentSchema), 'x-fix');
  const hint = condition ?? (field === null ? null : textOf(field, 'x-fix'));
  return {
    pointer: error.instancePath,
    isKey: error.instancePath !== '',
    text: {
      message: `${fieldName(error.instancePath)} has no "${name}"`,
      ...(shape === null ? {} : { expected: shape }),
      found: 'nothing',
      fix: hint ?? `add "${name}"`,
    },
  };
}

function unknownField(error: ErrorObject): ExplainedError {
  const name = parameter(
    error,
    error.keyword === 'additionalProperties' ? 'additionalProperty' : 'unevaluatedProperty',
  );
  const known = Object.keys(nodeOf(nodeOf(error.parentSchema)['properties']));
  const near = nearestWord(name, known);
  const listed =
    known.length > 0 && known.length <= maxListed ? `one of ${known.join(', ')}` : 'a field of the schema';
  return {
    pointer: pointerTo(error.instancePath, name),
    isKey: true,
    text: {
      message: `unknown field "${shortName(name)}" in ${fieldName(error.instancePath)}`,
      expected: near === null ? listed : `"${near}"`,
      found: `"${shortName(name)}"`,
      fix: near === null ? 'delete the field' : `did you mean "${near}"?`,
    },
  };
}

function wrongName(error: ErrorObject): ExplainedError {
  const name = parameter(error, 'propertyName');
  return {
    pointer: pointerTo(error.instancePath, name),
    isKey: true,
    text: {
      message: `"${shortName(name)}" cannot be a key of ${fieldName(error.instancePath)}`,
      found: `"${shortName(name)}"`,
      ...hints(nodeOf(error.schema), 'rename the key'),
    },
  };
}

function wrongWord(error: ErrorObject): ExplainedError {
  const { params } = error;
  const allowed: readonly unknown[] =
    error.keyword === 'const'
      ? [params['allowedValue']]
      : Array.isArray(params['allowedValues'])
        ? params['allowedValues']
        : [];
  const words = allowed.map((word) => (typeof word === 'string' ? word : JSON.stringify(word)));
  const data = error.data as Json | undefined;
  const near = typeof data === 'string' ? nearestWord(data, words) : null;
  const listed = words.slice(0, maxListed).join(', ') + (words.length > maxListed ? ', …' : '');
  const own = textOf(nodeOf(error.parentSchema), 'x-fix');
  return {
    pointer: error.instancePath,
    isKey: false,
    text: {
      message: `${fieldName(error.instancePath)} is not a known value`,
      expected: words.length === 1 ? listed : `one of ${listed}`,
      found: describeFound(data, error.instancePath),
      fix:
        near === null
          ? (own ?? `use ${words.length === 1 ? listed : 'one of the listed values'}`)
          : `did you mean "${near}"?`,
    },
  };
}

function wrongValue(error: ErrorObject): ExplainedError {
  const node = nodeOf(error.parentSchema);
  const [message, expected] = phrase(error);
  const own = textOf(node, 'x-expected');
  return {
    pointer: error.instancePath,
    isKey: error.keyword === 'not' || error.keyword === 'false schema',
    text: {
      message: `${fieldName(error.instancePath)} ${message}`,
      expected: error.keyword === 'pattern' || error.keyword === 'not' ? (own ?? expected) : expected,
      found: found(error),
      fix: textOf(node, 'x-fix') ?? fallbackFix(node),
    },
  };
}

function fallbackFix(node: ErrorSchema): string {
  const description = textOf(node, 'description');
  return description === null ? 'correct the value' : `this field holds: ${description}`;
}

function found(error: ErrorObject): string {
  const data = error.data as Json | undefined;
  if (typeof data === 'string' && (error.keyword === 'minLength' || error.keyword === 'maxLength')) {
    const { length } = Array.from(data);
    return length === 1 ? '1 character' : `${length} characters`;
  }
  return describeFound(data, error.instancePath);
}

const typeNames: Readonly<Record<string, string>> = {
  string: 'a text',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a map',
  null: 'an empty value',
};

type Phrase = readonly [message: string, expected: string];
type Phrasing = (error: ErrorObject, limit: string) => Phrase;

const range =
  (words: string): Phrasing =>
  (_error, limit) => ['is out of range', `a number ${words} ${limit}`];
const choice: Phrasing = (error) => ['fits none of the allowed forms', alternatives(error.schema)];
const absent: Phrasing = () => ['does not belong here', 'no such field in this case'];

/** What is wrong, and what was expected, for the keywords about one value. */
const phrasings: Readonly<Record<string, Phrasing>> = {
  type: (error) => ['has the wrong type', typeList(error.params['type'])],
  pattern: (error) => ['does not have the right form', `a text matching ${parameter(error, 'pattern')}`],
  format: (error) => ['does not have the right form', formatName(parameter(error, 'format'))],
  minLength: (_error, limit) => ['is too short', `at least ${limit} characters`],
  maxLength: (_error, limit) => ['is too long', `at most ${limit} characters`],
  minimum: range('of at least'),
  maximum: range('of at most'),
  exclusiveMinimum: range('above'),
  exclusiveMaximum: range('below'),
  multipleOf: (error) => ['is not a whole step', `a multiple of ${parameter(error, 'multipleOf')}`],
  minItems: (_error, limit) => ['has too few entries', `at least ${limit}`],
  maxItems: (_error, limit) => ['has too many entries', `at most ${limit}`],
  minProperties: (_error, limit) => ['has too few fields', `at least ${limit}`],
  maxProperties: (_error, limit) => ['has too many fields', `at most ${limit}`],
  uniqueItems: () => ['lists the same entry twice', 'each entry once'],
  contains: () => ['lacks a required entry', 'at least one entry of the required form'],
  oneOf: choice,
  anyOf: choice,
  not: absent,
  'false schema': absent,
};

function phrase(error: ErrorObject): Phrase {
  const phrasing = phrasings[error.keyword];
  if (phrasing === undefined) {
    return ['is not valid', error.message ?? `a value that satisfies "${error.keyword}"`];
  }
  return phrasing(error, parameter(error, 'limit'));
}

function typeList(type: unknown): string {
  const names = (Array.isArray(type) ? type : String(type).split(',')) as readonly string[];
  return names.map((name) => typeNames[name] ?? name).join(' or ');
}

function formatName(format: string): string {
  const names: Readonly<Record<string, string>> = {
    'date-time': 'a date and time with offset, such as 2026-11-23T20:00:00Z or 2026-11-23T20:00:00+01:00',
    date: 'a date such as 2026-11-23',
    duration: 'an ISO 8601 duration such as PT15M',
    uri: 'a URL such as https://shop.example/health',
    uuid: 'a UUID',
    email: 'an e-mail address',
    hostname: 'a host name',
    ipv4: 'an IPv4 address',
    ipv6: 'an IPv6 address',
  };
  return names[format] ?? `a text in the format "${format}"`;
}

function alternatives(schema: unknown): string {
  const branches = Array.isArray(schema) ? schema.map((branch) => nodeOf(branch)) : [];
  const texts = branches.map(
    (branch) =>
      textOf(branch, 'x-expected') ??
      textOf(branch, 'description') ??
      typeList(branch['type'] ?? 'another form'),
  );
  return [...new Set(texts)].join(', or ');
}

function hints(node: ErrorSchema, fallback: string): { readonly expected?: string; readonly fix: string } {
  const expected = textOf(node, 'x-expected') ?? textOf(node, 'description');
  return { ...(expected === null ? {} : { expected }), fix: textOf(node, 'x-fix') ?? fallback };
}

/** `/rollback/steps/0` as `rollback.steps[0]`, as people say it. */
function fieldName(pointer: string): string {
  const tokens = pointerTokens(pointer);
  if (tokens.length === 0) {
    return 'the document';
  }
  return tokens.reduce((name, token) => {
    if (/^[0-9]+$/.test(token)) {
      return `${name}[${token}]`;
    }
    return name === '' ? shortName(token) : `${name}.${shortName(token)}`;
  }, '');
}

function shortName(name: string): string {
  return name.length > 60 ? `${name.slice(0, 60)}…` : name;
}

function parameter(error: ErrorObject, name: string): string {
  const value: unknown = (error.params as Readonly<Record<string, unknown>>)[name];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

function propertySchema(error: ErrorObject, name: string): ErrorSchema | null {
  const field = nodeOf(nodeOf(error.parentSchema)['properties'])[name];
  return typeof field === 'object' && field !== null ? nodeOf(field) : null;
}

/** Walks `properties` and `items` of the root schema; null when a reference or a choice is in the way. */
function schemaAt(root: object, tokens: readonly string[]): ErrorSchema | null {
  let node: ErrorSchema = nodeOf(root);
  for (const token of tokens) {
    const next = /^[0-9]+$/.test(token) ? node['items'] : nodeOf(node['properties'])[token];
    if (typeof next !== 'object' || next === null) {
      return null;
    }
    node = nodeOf(next);
  }
  return node;
}

function nodeOf(value: unknown): ErrorSchema {
  return typeof value === 'object' && value !== null ? (value as ErrorSchema) : {};
}

function textOf(node: ErrorSchema, key: string): string | null {
  const value = node[key];
  return typeof value === 'string' ? value : null;
}
