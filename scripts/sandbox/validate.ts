/** Allowed values, checked as the provider's validators do: only what is set and known, without regard to case. */
import { errorDiagnostic } from './diagnostics.ts';
import type { ProtocolDiagnostic } from './diagnostics.ts';
import type { ValuePath } from './plan-change.ts';
import type { Attribute, Attributes } from './schema.ts';
import { isList, isObject } from './values.ts';
import type { Value, ValueObject } from './values.ts';

/** One diagnostic for each value that is not allowed, with its place. */
export function validateValues(attributes: Attributes, config: ValueObject): readonly ProtocolDiagnostic[] {
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

function checkValue(attribute: Attribute, value: Value, path: ValuePath): readonly ProtocolDiagnostic[] {
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

function elements(value: Value): readonly (readonly [ValuePath[number], Value])[] {
  if (isList(value)) {
    return value.map((element, index) => [{ index }, element] as const);
  }
  return isObject(value) ? Object.entries(value).map(([key, element]) => [{ key }, element] as const) : [];
}

function checkAllowed(
  oneOf: readonly string[],
  value: Value,
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
