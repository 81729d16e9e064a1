/**
 * What the provider refuses of a configuration, as the diagnostics that it answers with: of a resource what its validators
 * refuse, of a data source values that are not among the documented ones. Only what is set and known is judged.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import { refusedIn } from '../../provider/accepted.ts';
import type { Json, JsonObject } from '../../plan/types.ts';
import { errorDiagnostic } from './diagnostics.ts';
import type { ProtocolDiagnostic } from './diagnostics.ts';
import type { ValuePath } from './plan-change.ts';
import type { Attribute, Attributes } from './schema.ts';
import { Dynamic, isList, isObject, isUnknown } from './values.ts';
import type { ProviderValue, ValueObject } from './values.ts';

/** One diagnostic for each value of a resource that is refused, with its place. */
export function validateResource(
  type: string,
  attributes: Attributes,
  config: ValueObject,
): readonly ProtocolDiagnostic[] {
  return refusedIn(type, asJson(config) as JsonObject, fileHash).map(({ path, required }) => {
    const steps = stepsTo(path, attributes);
    return errorDiagnostic(
      'Invalid Attribute Value',
      `Attribute ${pathText(steps)} has to ${required}.`,
      steps,
    );
  });
}

/** Terraform does not tell the folder that a relative path begins in: only an absolute one is read. */
function fileHash(path: string): string | null {
  try {
    return isAbsolute(path) ? createHash('sha256').update(readFileSync(path)).digest('hex') : null;
  } catch {
    return null;
  }
}

/** As a configuration says it: a value that is not known yet is an expression. */
function asJson(value: ProviderValue): Json {
  if (isUnknown(value)) {
    return '${unknown}';
  }
  if (value instanceof Dynamic) {
    return asJson(value.value);
  }
  if (isList(value)) {
    return value.map(asJson);
  }
  return isObject(value)
    ? Object.fromEntries(Object.entries(value).map(([name, part]) => [name, asJson(part)]))
    : value;
}

/** Elements of a set have no place of their own: the path ends at the set. */
function stepsTo(path: readonly (string | number)[], attributes: Attributes): ValuePath {
  const steps: ValuePath[number][] = [];
  let inside: Attributes | null = attributes;
  let shape: Attribute['shape'] | null = null;
  for (const part of path) {
    if (inside !== null) {
      steps.push({ attribute: String(part) });
      shape = inside[String(part)]?.shape ?? null;
      inside = shape?.kind === 'nested' && shape.nesting === 'single' ? shape.attributes : null;
    } else if (isSet(shape)) {
      return steps;
    } else {
      steps.push(typeof part === 'number' ? { index: part } : { key: part });
      inside = shape?.kind === 'nested' ? shape.attributes : null;
    }
  }
  return steps;
}

function isSet(shape: Attribute['shape'] | null): boolean {
  return shape?.kind === 'nested'
    ? shape.nesting === 'set'
    : Array.isArray(shape?.type) && shape.type[0] === 'set';
}

/** Of a data source: one diagnostic for each value that is not among the documented ones, without regard to case. */
export function validateDataSource(
  attributes: Attributes,
  config: ValueObject,
): readonly ProtocolDiagnostic[] {
  return checkObject(attributes, config, []);
}

function checkObject(
  attributes: Attributes,
  value: ValueObject,
  path: ValuePath,
): readonly ProtocolDiagnostic[] {
  return Object.entries(attributes).flatMap(([name, attribute]) =>
    checkValue(attribute, value[name] ?? null, [...path, { attribute: name }]),
  );
}

function checkValue(
  attribute: Attribute,
  value: ProviderValue,
  path: ValuePath,
): readonly ProtocolDiagnostic[] {
  const { shape, oneOf } = attribute;
  if (value === null) {
    return [];
  }
  if (shape.kind === 'plain') {
    return oneOf === undefined || attribute.sensitive === true ? [] : checkAllowed(oneOf, value, path);
  }
  if (shape.nesting === 'single') {
    return isObject(value) ? checkObject(shape.attributes, value, path) : [];
  }
  return elements(value).flatMap(([step, element]) =>
    isObject(element)
      ? checkObject(shape.attributes, element, [...path, ...(shape.nesting === 'set' ? [] : [step])])
      : [],
  );
}

function elements(value: ProviderValue): readonly (readonly [ValuePath[number], ProviderValue])[] {
  if (isList(value)) {
    return value.map((element, index) => [{ index }, element] as const);
  }
  return isObject(value) ? Object.entries(value).map(([key, element]) => [{ key }, element] as const) : [];
}

function checkAllowed(
  oneOf: readonly string[],
  value: ProviderValue,
  path: ValuePath,
): readonly ProtocolDiagnostic[] {
  if (isList(value)) {
    return value.flatMap((element, index) => checkAllowed(oneOf, element, [...path, { index }]));
  }
  if (typeof value !== 'string' && typeof value !== 'number') {
    return [];
  }
  const found = String(value).toLowerCase();
  if (oneOf.some((allowed) => allowed.toLowerCase() === found)) {
    return [];
  }
  const list = oneOf.map((allowed) => JSON.stringify(allowed)).join(', ');
  const detail = `Attribute ${pathText(path)} value must be one of: [${list}], got: ${JSON.stringify(value)}.`;
  return [errorDiagnostic('Invalid Attribute Value Match', detail, path)];
}

function pathText(path: ValuePath): string {
  return path
    .map((step, position) => {
      if ('attribute' in step) {
        return position === 0 ? step.attribute : `.${step.attribute}`;
      }
      return 'index' in step ? `[${step.index}]` : `[${JSON.stringify(step.key)}]`;
    })
    .join('');
}
