/** Made-up values for any type of the catalogue: of the right kind, whatever they mean. */
import type { Json, JsonObject } from '../../../scripts/plan/types.ts';
import type { Attribute, Attributes, WireType } from '../../../scripts/sandbox/provider/schema.ts';
import { account } from './terraform.ts';

const oneScope: Readonly<Record<string, string>> = { zone_id: 'c'.repeat(32), account_id: account };

/** A value for an attribute: the allowed one, or something of the right type; `edit` gives another one. */
function sample(type: WireType, name: string, oneOf: readonly string[] | undefined, filling: Filling): Json {
  const { edit, scopes = oneScope } = filling;
  if (Array.isArray(type)) {
    const inner = sample(type[1] as WireType, name, oneOf, filling);
    return type[0] === 'map' ? { key: inner } : [inner];
  }
  const [allowed] = oneOf ?? [];
  if (allowed !== undefined) {
    return type === 'number' ? Number(allowed) : allowed;
  }
  const samples = {
    string: [scopes[name] ?? name, scopes[name] ?? `${name}-2`],
    number: [1, 0.3],
    bool: [true, false],
    dynamic: [7, 'text'],
  };
  return samples[type as keyof typeof samples][edit ? 1 : 0] ?? null;
}

export interface Filling {
  /** Every attribute that can be set, or only what must be. */
  readonly everything: boolean;
  /** Another value wherever that can be had in place. */
  readonly edit: boolean;
  /** Values of the attributes that say what an object belongs to. */
  readonly scopes?: Readonly<Record<string, string>>;
}

const replaces = ({ replace, replaceIfConfigured }: Attribute): boolean =>
  replace === true || replaceIfConfigured === true;

/** A configuration of the attributes. */
export function configure(attributes: Attributes, filling: Filling, isTop: boolean): JsonObject {
  const result: Record<string, Json> = {};
  for (const [name, attribute] of Object.entries(attributes)) {
    const isScope =
      isTop &&
      name === 'account_id' &&
      attribute.presence === 'optional' &&
      attributes['zone_id']?.presence !== 'required';
    const isWanted = attribute.presence === 'required' || filling.everything || isScope;
    if (isWanted && attribute.presence !== 'computed' && name !== 'provider') {
      result[name] = configureOne(name, attribute, {
        ...filling,
        edit: filling.edit && !replaces(attribute),
      });
    }
  }
  return result;
}

/** A value of one attribute. */
export function configureOne(name: string, { shape, oneOf }: Attribute, filling: Filling): Json {
  if (shape.kind === 'plain') {
    return sample(shape.type, name, oneOf, filling);
  }
  const inner = configure(shape.attributes, filling, false);
  if (shape.nesting === 'single') {
    return inner;
  }
  return shape.nesting === 'map' ? { key: inner } : [inner];
}
