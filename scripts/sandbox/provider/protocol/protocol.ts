/**
 * Terraform plugin protocol 6 on the wire: the service definition, the messages as TypeScript, and the schema
 * message. The definition is data of our own (`protocol.json`), so nothing is read from disk at run time.
 */
import type { ServiceDefinition } from '@grpc/grpc-js';
import { fromJSON } from '@grpc/proto-loader';
import type { AttributePath, ProtocolDiagnostic } from '../diagnostics.ts';
import protocolJson from './protocol.json' with { type: 'json' };
import type { Attribute, Attributes, ProviderCatalogue, Nesting, TypeSchema } from '../schema.ts';

const protocol = protocolJson as unknown as Parameters<typeof fromJSON>[0];

export interface WireValue {
  readonly msgpack: Uint8Array;
}

export interface WithDiagnostics {
  readonly diagnostics: readonly ProtocolDiagnostic[];
}

export interface TypeRequest {
  readonly type_name: string;
  readonly config: WireValue | null;
}

export interface UpgradeRequest {
  readonly type_name: string;
  readonly raw_state: { readonly json: Uint8Array } | null;
}

export interface ProtocolReadRequest {
  readonly type_name: string;
  readonly current_state: WireValue | null;
  readonly private: Uint8Array;
}

export interface ProtocolPlanRequest {
  readonly type_name: string;
  readonly prior_state: WireValue | null;
  readonly proposed_new_state: WireValue | null;
  readonly config: WireValue | null;
}

export interface PlanResponse extends WithDiagnostics {
  readonly planned_state?: WireValue;
  readonly requires_replace?: readonly AttributePath[];
}

export interface ApplyRequest {
  readonly type_name: string;
  readonly prior_state: WireValue | null;
  readonly planned_state: WireValue | null;
}

export interface ImportRequest {
  readonly type_name: string;
  readonly id: string;
}

export interface MoveRequest {
  readonly source_type_name: string;
  readonly target_type_name: string;
}

/** The provider service, with GetProviderSchema answering in bytes that were encoded before. */
export function providerService(): ServiceDefinition {
  const definition = fromJSON(protocol, {
    keepCase: true,
    longs: Number,
    enums: Number,
    defaults: true,
    oneofs: false,
  });
  const service = definition['tfplugin6.Provider'] as unknown as ServiceDefinition;
  const schema = service['GetProviderSchema'];
  if (schema === undefined) {
    throw new Error('protocol.json lacks GetProviderSchema');
  }
  return { ...service, GetProviderSchema: { ...schema, responseSerialize: (bytes: Buffer) => bytes } };
}

const serverCapabilities = {
  plan_destroy: false,
  get_provider_schema_optional: true,
  move_resource_state: false,
};

/** The encoded answer to GetProviderSchema: some megabytes, the same for every caller of one catalogue. */
export function encodeSchemas(catalogue: ProviderCatalogue): Buffer {
  const definition = fromJSON(protocol, { keepCase: true });
  const service = definition['tfplugin6.Provider'] as unknown as ServiceDefinition;
  const encode = service['GetProviderSchema']?.responseSerialize;
  if (encode === undefined) {
    throw new Error('protocol.json lacks GetProviderSchema');
  }
  return encode({
    provider: schemaMessage(catalogue.providerConfig),
    resource_schemas: messages(catalogue.resources),
    data_source_schemas: messages(catalogue.dataSources),
    server_capabilities: serverCapabilities,
  });
}

/** The answer to GetMetadata. */
export function metadata(catalogue: ProviderCatalogue): object {
  return {
    server_capabilities: serverCapabilities,
    resources: typeNames(catalogue.resources),
    data_sources: typeNames(catalogue.dataSources),
  };
}

function typeNames(types: Readonly<Record<string, TypeSchema>>): readonly object[] {
  return Object.keys(types).map((name) => ({ type_name: name }));
}

function messages(types: Readonly<Record<string, TypeSchema>>): Readonly<Record<string, object>> {
  return Object.fromEntries(Object.entries(types).map(([name, schema]) => [name, schemaMessage(schema)]));
}

function schemaMessage(schema: TypeSchema): object {
  return { version: schema.version, block: { attributes: attributeMessages(schema.attributes) } };
}

function attributeMessages(attributes: Attributes): readonly object[] {
  return Object.entries(attributes).map(([name, attribute]) => attributeMessage(name, attribute));
}

/** Nesting modes by the numbers of the protocol. */
const nestingNumbers: Readonly<Record<Nesting, number>> = { single: 1, list: 2, set: 3, map: 4 };

function attributeMessage(name: string, attribute: Attribute): object {
  const { presence, shape } = attribute;
  return {
    name,
    required: presence === 'required',
    optional: presence === 'optional' || presence === 'optionalComputed',
    computed: presence === 'computed' || presence === 'optionalComputed',
    sensitive: attribute.sensitive === true,
    ...(shape.kind === 'plain'
      ? { type: Buffer.from(JSON.stringify(shape.type)) }
      : {
          nested_type: {
            nesting: nestingNumbers[shape.nesting],
            attributes: attributeMessages(shape.attributes),
          },
        }),
  };
}
