/**
 * The shape of resource types as the sandbox uses them: what Terraform is told in GetProviderSchema plus what it is
 * not told (which attributes force replacement, defaults, allowed values).
 */
import type { ConditionalDefault } from '../../provider/entry.ts';
import type { Json } from '../../plan/types.ts';

/** A Terraform type constraint as it travels in the protocol (JSON). */
export type WireType = 'string' | 'number' | 'bool' | 'dynamic' | readonly ['list' | 'set' | 'map', WireType];

export type Presence = 'required' | 'optional' | 'optionalComputed' | 'computed';

export type Nesting = 'single' | 'list' | 'set' | 'map';

export type Attributes = Readonly<Record<string, Attribute>>;

export type SchemaShape =
  | { readonly kind: 'plain'; readonly type: WireType }
  | { readonly kind: 'nested'; readonly nesting: Nesting; readonly attributes: Attributes };

export interface Attribute {
  readonly presence: Presence;
  readonly shape: SchemaShape;
  readonly sensitive?: boolean;
  /** A change forces replacement. */
  readonly replace?: boolean;
  /** A change forces replacement if the new configuration sets the attribute. */
  readonly replaceIfConfigured?: boolean;
  /** Unknown in the plan of every update that does not configure it. */
  readonly recomputed?: boolean;
  readonly default?: Json;
  /** Allowed values, compared without regard to case; numbers are written as text. */
  readonly oneOf?: readonly string[];
}

export interface TypeSchema {
  readonly version: number;
  readonly attributes: Attributes;
  /** Defaults that hold only for some kinds of an object; paths of names. */
  readonly conditionalDefaults?: readonly ConditionalDefault[];
}

export interface ProviderCatalogue {
  /** Version of the bindings package and of the Terraform provider it was made from. */
  readonly bindings: string;
  readonly provider: string;
  readonly providerConfig: TypeSchema;
  readonly resources: Readonly<Record<string, TypeSchema>>;
  readonly dataSources: Readonly<Record<string, TypeSchema>>;
}

/** True when the provider may fill the attribute in. */
export function isComputed(attribute: Attribute): boolean {
  return attribute.presence === 'computed' || attribute.presence === 'optionalComputed';
}
