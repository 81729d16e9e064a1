/**
 * The provider's remote procedures on decoded values. One `ProviderCore` serves one sandbox; it holds no state but
 * the store's cache and the counters of injected faults.
 */
import { ExternalError } from '../../contract/errors.ts';
import { behaviourOf } from '../../provider/behaviour.ts';
import { cloudflareSource } from '../../provider/facts.ts';
import { isRequested } from '../../provider/writes.ts';
import type { Json, JsonObject } from '../../plan/types.ts';
import { sandboxRelease, writeAuditEntry } from './audit/log.ts';
import { ApiError, attributePath, diagnosticOf } from './diagnostics.ts';
import type { ProtocolDiagnostic } from './diagnostics.ts';
import type { Fault, FaultEffect, FaultOperation, FaultPlan } from './faults.ts';
import { readDataSource } from './lookups.ts';
import { planChange } from './plan-change.ts';
import type {
  ApplyRequest,
  ImportRequest,
  MoveRequest,
  ProtocolPlanRequest,
  PlanResponse,
  ProtocolReadRequest,
  TypeRequest,
  UpgradeRequest,
  WireValue,
  WithDiagnostics,
} from './protocol/protocol.ts';
import type { ReportPlan } from './reports.ts';
import { createResource, deleteResource, importResource, readResource, updateResource } from './resources.ts';
import type { ResourceContext } from './resources.ts';
import type { ProviderCatalogue, TypeSchema } from './schema.ts';
import type { Store } from './store.ts';
import { validateDataSource, validateResource } from './validate.ts';
import { keyOf, parentOf } from './identity.ts';
import { decodeObject, encodeObject, fromState, toJson } from './values.ts';
import type { ValueObject } from './values.ts';

/** A struck call does this instead of answering. */
export class Interrupted extends Error {
  readonly kind: 'hang' | 'drop';

  constructor(kind: 'hang' | 'drop') {
    super(`interrupted: ${kind}`);
    this.name = 'Interrupted';
    this.kind = kind;
  }
}

export interface CoreParts {
  readonly catalogue: ProviderCatalogue;
  readonly store: Store;
  readonly faults: FaultPlan;
  readonly reports: ReportPlan;
  readonly now: () => string;
}

export class ProviderCore {
  private readonly parts: CoreParts;

  constructor(parts: CoreParts) {
    this.parts = parts;
  }

  validateResource(request: TypeRequest): WithDiagnostics {
    return guarded(request.type_name, {}, () => {
      const schema = this.resource(request.type_name);
      const config = decoded(request.config, schema);
      return {
        diagnostics: config === null ? [] : validateResource(request.type_name, schema.attributes, config),
      };
    });
  }

  validateDataSource(request: TypeRequest): WithDiagnostics {
    return guarded(request.type_name, {}, () => {
      const schema = this.dataSource(request.type_name);
      const config = decoded(request.config, schema);
      return { diagnostics: config === null ? [] : validateDataSource(schema.attributes, config) };
    });
  }

  upgrade(request: UpgradeRequest): WithDiagnostics & { readonly upgraded_state?: WireValue } {
    return guarded(request.type_name, {}, () => {
      const schema = this.resource(request.type_name);
      const json = JSON.parse(Buffer.from(request.raw_state?.json ?? []).toString('utf8')) as Json;
      return { upgraded_state: encoded(fromState(json, schema.attributes), schema), diagnostics: [] };
    });
  }

  read(
    request: ProtocolReadRequest,
  ): WithDiagnostics & { readonly new_state?: WireValue; readonly private?: Uint8Array } {
    const type = request.type_name;
    return guarded(type, { new_state: request.current_state ?? { msgpack: new Uint8Array() } }, () => {
      const schema = this.resource(type);
      const current = decoded(request.current_state, schema);
      const fresh = this.struck('read', type, () =>
        current === null
          ? null
          : this.parts.reports.answer(type, readResource(this.context(type, schema), current)),
      );
      return { new_state: encoded(fresh, schema), private: request.private, diagnostics: [] };
    });
  }

  plan(request: ProtocolPlanRequest): PlanResponse {
    return guarded(request.type_name, {}, () => {
      const schema = this.resource(request.type_name);
      const config = decoded(request.config, schema);
      const proposed = decoded(request.proposed_new_state, schema);
      if (config === null || proposed === null) {
        return { planned_state: encoded(null, schema), diagnostics: [] };
      }
      const prior = decoded(request.prior_state, schema);
      const { planned, requiresReplace } = planChange(schema, prior, config);
      return {
        planned_state: encoded(planned, schema),
        requires_replace: requiresReplace.map(attributePath),
        diagnostics: [],
      };
    });
  }

  apply(request: ApplyRequest): WithDiagnostics & { readonly new_state?: WireValue } {
    const type = request.type_name;
    return guarded(type, { new_state: request.prior_state ?? { msgpack: new Uint8Array() } }, () => {
      const schema = this.resource(type);
      const prior = decoded(request.prior_state, schema);
      const planned = decoded(request.planned_state, schema);
      const context = this.context(type, schema);
      if (planned === null) {
        this.struck('delete', type, () => prior !== null && deleteResource(context, prior));
        this.logged(context, 'delete', prior);
        return { new_state: encoded(null, schema), diagnostics: [] };
      }
      const written =
        prior === null
          ? this.struck('create', type, () => createResource(context, planned))
          : this.struck('update', type, () => updateResource(context, prior, planned));
      this.logged(context, prior === null ? 'create' : 'update', written);
      return { new_state: encoded(written, schema), diagnostics: [] };
    });
  }

  import(request: ImportRequest): WithDiagnostics & { readonly imported_resources?: readonly object[] } {
    const type = request.type_name;
    return guarded(type, {}, () => {
      const schema = this.resource(type);
      const state = this.struck('read', type, () => importResource(this.context(type, schema), request.id));
      return { imported_resources: [{ type_name: type, state: encoded(state, schema) }], diagnostics: [] };
    });
  }

  readDataSource(request: TypeRequest): WithDiagnostics & { readonly state?: WireValue } {
    const type = request.type_name;
    return guarded(type, {}, () => {
      const schema = this.dataSource(type);
      const config = decoded(request.config, schema) ?? {};
      const resourceTypes = Object.keys(this.parts.catalogue.resources);
      const context = { store: this.parts.store, type, schema, resourceTypes };
      const state = this.struck('read', type, () => readDataSource(context, config));
      return { state: encoded(state, schema), diagnostics: [] };
    });
  }

  move(request: MoveRequest): WithDiagnostics {
    return guarded<WithDiagnostics>(request.target_type_name, {}, () => {
      throw new ApiError(400, `A ${request.source_type_name} cannot become a ${request.target_type_name}.`);
    });
  }

  private context(type: string, schema: TypeSchema): ResourceContext {
    if (behaviourOf(type, cloudflareSource)?.delete === 'unsupported') {
      throw new ExternalError({
        what: `${type} cannot be used`,
        why: 'every call of the type fails in the provider, whatever is configured',
      });
    }
    return { store: this.parts.store, type, schema, now: this.parts.now() };
  }

  private resource(type: string): TypeSchema {
    return known(this.parts.catalogue.resources, type, 'resource type');
  }

  private dataSource(type: string): TypeSchema {
    return known(this.parts.catalogue.dataSources, type, 'data source');
  }

  /** What Cloudflare writes to its audit log of a request that the provider sent. */
  private logged(
    { store, type, schema, now }: ResourceContext,
    action: 'create' | 'update' | 'delete',
    values: ValueObject | null,
  ): void {
    if (values !== null && isRequested(type, action)) {
      const attributes = toJson(values) as JsonObject;
      const object = {
        type,
        id: keyOf(type, schema.attributes, values),
        parent: parentOf(values),
        attributes,
      };
      writeAuditEntry(store, { action, object, by: sandboxRelease, now });
    }
  }

  /** Runs `work` unless a fault strikes; a fault with `after` strikes when the work is done. */
  private struck<T>(operation: FaultOperation, type: string, work: () => T): T {
    const fault = this.parts.faults.strike(operation, type);
    if (fault === null) {
      return work();
    }
    const { effect } = fault;
    if (effect.kind === 'call') {
      return around(effect.call, fault.when, work);
    }
    if (fault.when === 'after') {
      work();
    }
    throw interruption(effect);
  }
}

function around<T>(call: () => void, when: Fault['when'], work: () => T): T {
  if (when !== 'after') {
    call();
  }
  const done = work();
  if (when === 'after') {
    call();
  }
  return done;
}

function interruption(effect: Exclude<FaultEffect, { kind: 'call' }>): Error {
  if (effect.kind !== 'error') {
    return new Interrupted(effect.kind);
  }
  const message = effect.message ?? defaultMessages[effect.status] ?? 'The request failed.';
  return new ApiError(effect.status, message);
}

const defaultMessages: Readonly<Record<number, string>> = {
  403: 'Authentication error (code 10000): the token may not do this.',
  429: 'More requests than allowed (code 971): please wait and try again.',
  500: 'Internal server error.',
};

function known(types: Readonly<Record<string, TypeSchema>>, type: string, what: string): TypeSchema {
  const schema = Object.hasOwn(types, type) ? types[type] : undefined;
  if (schema === undefined) {
    throw new ApiError(400, `The provider has no ${what} "${type}".`);
  }
  return schema;
}

function decoded(value: WireValue | null, schema: TypeSchema): ValueObject | null {
  return value === null ? null : decodeObject(value.msgpack, schema.attributes);
}

function encoded(value: ValueObject | null, schema: TypeSchema): WireValue {
  return { msgpack: encodeObject(value, schema.attributes) };
}

/** Errors become diagnostics; `rest` is what the response must carry beside them. */
function guarded<T extends WithDiagnostics>(subject: string, rest: Partial<T>, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof Interrupted) {
      throw error;
    }
    const diagnostics: readonly ProtocolDiagnostic[] = [diagnosticOf(error, subject)];
    return { ...rest, diagnostics } as T;
  }
}
