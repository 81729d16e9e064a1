/**
 * What stands in place of a value that must not be shown.
 *
 * Only that it is there and that it changed: a length or a hash would let a short password be guessed. All renderers take
 * values from here, so none can print one by oversight.
 */
import { isList, isObject, sameJson, setOwn } from '../../json/json.ts';
import { concretePath, startsWith, textPaths, valueAt } from '../../plan/path.ts';
import { looksLikeSecret } from '../../plan/secrets.ts';
import { isSecretName } from '../../secrets/names.ts';
import type { AttributeChange, Json, JsonObject, Path, Plan, ResourceChange } from '../../plan/types.ts';

export const maskText = '(sensitive)';

/**
 * The value of one side of an attribute change, as far as it may be shown; undefined where there is none. Inside an object
 * only the sensitive parts are masked, if all of them can be pointed at; otherwise all of it is.
 */
export function displayValue(
  change: ResourceChange,
  attribute: AttributeChange,
  side: 'before' | 'after',
): Json | undefined {
  const value = attribute[side];
  if (value === undefined || !attribute.sensitive) {
    return value;
  }
  const known = value === null || typeof value !== 'object' ? null : sensitiveInside(change, attribute, side);
  return known === null || known.length === 0 ? maskText : maskPaths(value, known);
}

/** Paths below the attribute that must be masked; null when they cannot be told for certain. */
function sensitiveInside(
  change: ResourceChange,
  attribute: AttributeChange,
  side: 'before' | 'after',
): readonly Path[] | null {
  const body = change[side];
  const value = attribute[side];
  const place = body === null ? null : concretePath(body, attribute.path);
  if (body === null || place === null || value === undefined || !sameJson(valueAt(body, place), value)) {
    return null;
  }
  if (change.sensitive.some((path) => startsWith(place, path))) {
    return [[]];
  }
  return change.sensitive.filter((path) => startsWith(path, place)).map((path) => path.slice(place.length));
}

/** The value with `(sensitive)` at each of the paths. An empty path masks all of it. */
export function maskPaths(value: Json, paths: readonly Path[]): Json {
  if (paths.some((path) => path.length === 0)) {
    return maskText;
  }
  if (paths.length === 0 || value === null || typeof value !== 'object') {
    return value;
  }
  const below = (key: string | number): readonly Path[] =>
    paths.filter((path) => path[0] === key).map((path) => path.slice(1));
  if (isList(value)) {
    return value.map((item, index) => maskPaths(item, below(index)));
  }
  const masked: Record<string, Json> = {};
  for (const key of Object.keys(value)) {
    setOwn(masked, key, maskPaths(value[key] ?? null, below(key)));
  }
  return masked;
}

/** A plan in which no sensitive value is left: what leaves the process as JSON. */
export function maskPlan(plan: Plan): Plan {
  return {
    ...plan,
    stacks: plan.stacks.map((stack) => ({
      ...stack,
      changes: stack.changes.map(maskChange),
      settings: {
        before: stack.settings.before === null ? null : maskBackend(stack.settings.before),
        after: stack.settings.after === null ? null : maskBackend(stack.settings.after),
      },
    })),
  };
}

function maskChange(change: ResourceChange): ResourceChange {
  const mask = (values: JsonObject | null): JsonObject | null => {
    if (values === null || change.sensitive.length === 0) {
      return values;
    }
    const masked = maskPaths(values, change.sensitive);
    return isObject(masked) ? masked : { [maskText]: maskText };
  };
  return {
    ...change,
    before: mask(change.before),
    after: mask(change.after),
    attributes: change.attributes.map((attribute) => maskAttribute(change, attribute)),
  };
}

function maskAttribute(change: ResourceChange, attribute: AttributeChange): AttributeChange {
  const before = displayValue(change, attribute, 'before');
  const after = displayValue(change, attribute, 'after');
  return {
    ...attribute,
    ...(before === undefined ? {} : { before }),
    ...(after === undefined ? {} : { after }),
  };
}

/** The settings with credentials of the backend masked. */
export function maskBackend<T extends { readonly backend: JsonObject | null }>(settings: T): T {
  if (settings.backend === null) {
    return settings;
  }
  const secrets = textPaths(settings.backend, (text, key) => looksLikeSecret(key, text) || isSecretName(key));
  const masked = maskPaths(settings.backend, secrets);
  return { ...settings, backend: isObject(masked) ? masked : null };
}
