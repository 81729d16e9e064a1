/** Every attribute that forces replacement only where the new configuration sets it. */
import { describe, expect, it } from 'vitest';
import { cloudflareSource, factsOf } from '../../../scripts/provider/facts.ts';
import { isList, isObject, own } from '../../../scripts/json/json.ts';
import { providerTypes } from '../../../scripts/provider/types.ts';
import type { Json, JsonObject } from '../../../scripts/plan/types.ts';
import { loadCatalogue } from '../../../scripts/sandbox/provider/catalogue.ts';
import { planChange } from '../../../scripts/sandbox/provider/plan-change.ts';
import { fromJson } from '../../../scripts/sandbox/provider/values.ts';
import { configure } from '../../sandbox/provider/filling.ts';
import { actionsOf, configuration, diff } from '../configurations.ts';

const catalogue = loadCatalogue();
const attributes = providerTypes().flatMap(([type, { behaviour }]) =>
  (behaviour?.replaceIfConfigured ?? []).map((path) => [type, path] as const),
);

function withAt(
  object: JsonObject,
  [name = '', ...rest]: readonly string[],
  change: (value: Json) => Json,
): JsonObject {
  const inner = own(object, name) ?? null;
  return {
    ...object,
    [name]: rest.length === 0 ? change(inner) : withAt(isObject(inner) ? inner : {}, rest, change),
  };
}

function other(value: Json): Json {
  if (isList(value)) {
    return value.map(other);
  }
  if (isObject(value)) {
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, other(item)]));
  }
  if (typeof value === 'number') {
    return value + 1;
  }
  return typeof value === 'string' ? `${value}-too` : value !== true;
}

describe('an attribute that replaces if it is configured', () => {
  it('is one of 32', () => {
    expect(attributes).toHaveLength(32);
  });

  it.each(attributes)(
    '%s.%s: another value replaces, leaving it away does not, offline and in the sandbox',
    (type, path) => {
      const schema = catalogue.resources[type] ?? { attributes: {} };
      const before = configure(schema.attributes, { everything: true, edit: false }, true);
      const names = path.split('.');
      const changed = withAt(before, names, other);
      const without = withAt(before, names, () => null);
      const actions = (after: JsonObject): string =>
        actionsOf(diff(configuration({ [type]: { x: before } }), configuration({ [type]: { x: after } })))
          .map((line) => line.replace(/.*: /, ''))
          .join();
      expect(actions(changed)).toBe('delete+create');
      // Where something inside always replaces, the worst is assumed of the whole that goes.
      expect(actions(without) === 'delete+create').toBe(
        `${type}.${path}` === 'cloudflare_worker_version.assets',
      );
      const values = (json: JsonObject) => fromJson(json, schema.attributes);
      const sandbox = (after: JsonObject): number =>
        planChange(schema, values(before), values(after)).requiresReplace.length;
      expect(sandbox(changed)).toBeGreaterThan(0);
      expect(sandbox(without)).toBe(0);
      expect(factsOf(type, cloudflareSource)).not.toBeNull();
    },
  );
});
