/**
 * What Cloudflare answers after a write: every value the plan left unknown. Values come from the type's own table
 * (`answers.ts`), else from the attribute's name, else they are empty. Same input, same answer.
 */
import { answerFor } from './answers.ts';
import { digest, idFromConfig, isNamedByConfig, makeId, makeNumericId, text } from './identity.ts';
import type { Attribute, Attributes } from './schema.ts';
import { fromJson, isObject, isUnknown, mapElements } from './values.ts';
import type { ProviderValue, ValueObject } from './values.ts';

export interface FillContext {
  readonly type: string;
  readonly attributes: Attributes;
  /** Known after the object's id was chosen. */
  readonly id: string;
  /** RFC 3339. */
  readonly now: string;
  /** Number of this write, from 1. */
  readonly revision: number;
  /** The whole object as planned: answers may depend on other attributes. */
  readonly planned: ValueObject;
  readonly prior: ValueObject | null;
  /** Name of the zone that the object belongs to, when the store knows it. */
  readonly zoneName: string | null;
}

const times: ReadonlySet<string> = new Set([
  'activated_on',
  'created',
  'created_at',
  'created_on',
  'issued_on',
  'last_modified',
  'last_updated',
  'modified',
  'modified_at',
  'modified_on',
  'updated_at',
  'updated_on',
  'uploaded_on',
]);

/** The planned object with nothing unknown left. */
export function fillUnknown(context: FillContext): ValueObject {
  return fillObject(context.attributes, context.planned, '', context);
}

function fillObject(
  attributes: Attributes,
  value: ValueObject,
  prefix: string,
  context: FillContext,
): ValueObject {
  const result: Record<string, ProviderValue> = {};
  for (const [name, attribute] of Object.entries(attributes)) {
    result[name] = fillValue(attribute, value[name] ?? null, prefix + name, context);
  }
  if (typeof result['id'] === 'string' && 'ref' in attributes && isUnknown(value['ref'])) {
    // Cloudflare names a rule without a reference after its id.
    result['ref'] = result['id'];
  }
  return result;
}

function fillValue(
  attribute: Attribute,
  value: ProviderValue,
  path: string,
  context: FillContext,
): ProviderValue {
  if (isUnknown(value)) {
    return answer(attribute, path, context);
  }
  const { shape } = attribute;
  if (value === null || shape.kind === 'plain') {
    return value;
  }
  if (shape.nesting === 'single') {
    return isObject(value) ? fillObject(shape.attributes, value, `${path}.`, context) : value;
  }
  return mapElements(value, (element, key) =>
    isObject(element) ? fillObject(shape.attributes, element, `${path}[${key}].`, context) : element,
  );
}

function answer(attribute: Attribute, path: string, context: FillContext): ProviderValue {
  const own = answerFor(context, path.replaceAll(/\[[^\]]*\]/g, '[]'));
  if (own !== undefined) {
    return fromJson({ it: own }, { it: attribute })['it'] ?? null;
  }
  if (attribute.default !== undefined) {
    return fromJson({ it: attribute.default }, { it: attribute })['it'] ?? null;
  }
  return priorAt(context.prior, path) ?? madeUp(attribute, path, context);
}

function madeUp(attribute: Attribute, path: string, context: FillContext): ProviderValue {
  const { shape } = attribute;
  if (shape.kind === 'nested') {
    return emptyNested(attribute, path, context);
  }
  if (shape.type === 'string') {
    return textAnswer(attribute, path, context);
  }
  if (path === 'id') {
    return Number(context.id);
  }
  const isComputedOnly = attribute.presence === 'computed';
  if (Array.isArray(shape.type) && isComputedOnly) {
    return shape.type[0] === 'map' ? {} : [];
  }
  return null;
}

/** What an update does not set stays as it was, but for times. Elements of lists have no place to be found again by. */
function priorAt(prior: ValueObject | null, path: string): ProviderValue {
  return path.includes('[') || times.has(path.slice(path.lastIndexOf('.') + 1))
    ? null
    : path
        .split('.')
        .reduce<ProviderValue>((value, name) => (isObject(value) ? (value[name] ?? null) : null), prior);
}

function textAnswer(attribute: Attribute, path: string, context: FillContext): ProviderValue {
  const name = path.slice(path.lastIndexOf('.') + 1);
  if (path === 'id') {
    return context.id;
  }
  if (name === 'id') {
    return makeId(context.type, context.id, String(context.revision), path);
  }
  if (times.has(name)) {
    return timeOf(name, path, context);
  }
  if (name === 'zone_name') {
    return context.zoneName;
  }
  return attribute.sensitive === true ? digest(`secret\n${context.type}\n${context.id}`).slice(0, 40) : null;
}

/** A time of creation does not move with later writes. */
function timeOf(name: string, path: string, context: FillContext): ProviderValue {
  const before = context.prior?.[path];
  const isCreation = name.startsWith('created') || name === 'issued_on';
  return isCreation && typeof before === 'string' ? before : context.now;
}

/** An object with nothing in it is null: the API leaves it out. */
function emptyNested(attribute: Attribute, path: string, context: FillContext): ProviderValue {
  const { shape } = attribute;
  if (shape.kind !== 'nested') {
    return null;
  }
  if (shape.nesting !== 'single') {
    const empty: ProviderValue = shape.nesting === 'map' ? {} : [];
    return attribute.presence === 'computed' ? empty : null;
  }
  const filled: Record<string, ProviderValue> = {};
  let hasContent = false;
  for (const [name, inner] of Object.entries(shape.attributes)) {
    const isAutomatic = inner.presence !== 'optional' && inner.presence !== 'required';
    filled[name] = isAutomatic ? namedAnswer(inner, `${path}.${name}`, context) : null;
    hasContent ||= hasAnswer(inner, `${path}.${name}`, context);
  }
  return hasContent ? filled : null;
}

/** Below an object that was left out, only what the table or a default states counts as content. */
function hasAnswer(attribute: Attribute, path: string, context: FillContext): boolean {
  return attribute.default !== undefined || answerFor(context, path) !== undefined;
}

function namedAnswer(attribute: Attribute, path: string, context: FillContext): ProviderValue {
  return hasAnswer(attribute, path, context) ? answer(attribute, path, context) : null;
}

/**
 * The id of a new object: from the configuration when that names it, else from its content and the number of the
 * attempt (the same content may be created again).
 */
export function chooseId(context: Omit<FillContext, 'id'>, seed: string, attempt: number): string {
  const given = text(context.planned['id']);
  if (given !== null || isNamedByConfig(context.type, context.attributes)) {
    return given ?? idFromConfig(context.attributes, context.planned);
  }
  const shape = context.attributes['id']?.shape;
  const isNumber = shape?.kind === 'plain' && shape.type === 'number';
  return (isNumber ? makeNumericId : makeId)(context.type, seed, String(attempt));
}
