/**
 * Terraform without Terraform: plans the resources of `cdk.tf.json` against a state in memory and answers in the shape
 * of `terraform show -json`. Passes the contract suite of the real one; the switches make it fail where the real one can.
 */
import { createHash } from 'node:crypto';
import * as fs from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { ExternalError } from '../../scripts/contract/errors.ts';
import type { Json, JsonObject } from '../../scripts/plan/types.ts';
import type { AppliedResult, StateMark, Terraform, TerraformVersion } from '../../scripts/contract/ports.ts';

export interface TerraformFaults {
  /** Every call fails as if the program were not installed. */
  missing?: boolean;
  /** `plan` and `apply` fail before anything is changed. */
  locked?: boolean;
  planFails?: string;
  /** The resource at this address fails with this text; what comes before it is done. */
  applyFails?: { readonly address: string; readonly summary: string };
  /** Ends without a word when this address was started. */
  crashesAt?: string;
}

export interface FakeTerraform extends Terraform {
  readonly faults: TerraformFaults;
  /** What was asked, in order, for example `apply acme-production`. */
  readonly calls: readonly string[];
  /** Changes a resource behind Terraform's back. */
  drift(folder: string, address: string, values: JsonObject): void;
}

interface Change {
  readonly address: string;
  readonly type: string;
  readonly name: string;
  readonly actions: readonly string[];
  readonly before: JsonObject | null;
  readonly after: JsonObject | null;
}

type State = Map<string, JsonObject>;

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

async function wanted(folder: string): Promise<State> {
  const document = JSON.parse(await fs.readFile(join(folder, 'cdk.tf.json'), 'utf8')) as JsonObject;
  const state: State = new Map();
  for (const [type, named] of Object.entries(isObject(document['resource']) ? document['resource'] : {})) {
    for (const [name, values] of Object.entries(isObject(named) ? named : {})) {
      const {
        '//': _metadata,
        depends_on: _dependsOn,
        lifecycle: _lifecycle,
        ...rest
      } = isObject(values) ? values : {};
      state.set(`${type}.${name}`, rest);
    }
  }
  return state;
}

function actionsOf(before: JsonObject | undefined, after: JsonObject | undefined): readonly string[] {
  if (before === undefined) {
    return ['create'];
  }
  if (after === undefined) {
    return ['delete'];
  }
  const changed = Object.keys(after).some(
    (key) => JSON.stringify(after[key]) !== JSON.stringify(before[key]),
  );
  return changed ? ['update'] : ['no-op'];
}

function changesBetween(state: State, target: State): readonly Change[] {
  const addresses = [...new Set([...target.keys(), ...state.keys()])].toSorted((left, right) =>
    left < right ? -1 : 1,
  );
  return addresses.map((address) => {
    const [type = '', name = ''] = address.split('.');
    const [before, after] = [state.get(address), target.get(address)];
    const id = before?.['id'] ?? createHash('sha256').update(address).digest('hex').slice(0, 32);
    return {
      address,
      type,
      name,
      actions: actionsOf(before, after),
      before: before ?? null,
      after: after === undefined ? null : { ...after, id },
    };
  });
}

function planDocument(changes: readonly Change[]): JsonObject {
  return {
    format_version: '1.2',
    terraform_version: '1.11.4',
    resource_changes: changes.map(({ address, type, name, actions, before, after }) => ({
      address,
      mode: 'managed',
      type,
      name,
      provider_name:
        type === 'terraform_data'
          ? 'terraform.io/builtin/terraform'
          : 'registry.terraform.io/cloudflare/cloudflare',
      change: { actions, before, after, after_unknown: {}, before_sensitive: {}, after_sensitive: {} },
    })),
    applyable: changes.some((change) => change.actions[0] !== 'no-op'),
    complete: true,
    errored: false,
  };
}

function failed(what: string, why: string): ExternalError {
  return new ExternalError({ what, why, fix: 'correct it and repeat the command', next: 'terraform plan' });
}

class Fake implements FakeTerraform {
  readonly faults: TerraformFaults;
  readonly calls: string[] = [];
  private readonly states = new Map<string, State>();
  private readonly initialised = new Set<string>();
  /** What an object was before it was edited by hand, by folder and address. */
  private readonly drifted = new Map<string, ReadonlyMap<string, JsonObject>>();

  constructor(faults: TerraformFaults) {
    this.faults = faults;
  }

  async version(): Promise<TerraformVersion> {
    if (this.faults.missing === true) {
      throw failed('terraform is not installed', 'no program of that name is on the PATH');
    }
    return { product: 'terraform', version: '1.11.4' };
  }

  async init(folder: string): Promise<void> {
    await this.begin('init', folder);
    await wanted(folder);
    this.initialised.add(folder);
  }

  async plan(folder: string, planFile: string): Promise<JsonObject> {
    await this.begin('plan', folder);
    if (this.faults.locked === true || this.faults.planFails !== undefined || !this.initialised.has(folder)) {
      throw failed(
        'terraform plan failed',
        this.faults.planFails ?? 'the state is locked, or the folder was not initialised',
      );
    }
    const document = planDocument(changesBetween(this.stateOf(folder), await wanted(folder)));
    await fs.writeFile(isAbsolute(planFile) ? planFile : join(folder, planFile), JSON.stringify(document));
    return document;
  }

  async apply(folder: string, planFile: string, onEvent: (text: string) => void): Promise<AppliedResult> {
    await this.begin('apply', folder);
    const path = isAbsolute(planFile) ? planFile : join(folder, planFile);
    const text = await fs.readFile(path, 'utf8').catch(() => null);
    if (this.faults.locked === true || text === null) {
      throw failed(
        'terraform apply failed',
        text === null ? `there is no plan ${planFile}` : 'the state is locked',
      );
    }
    const changes = (JSON.parse(text) as { resource_changes: { address: string; change: Change }[] })
      .resource_changes;
    const pending = changes
      .map(({ address, change }) => ({ ...change, address }))
      .filter((change) => change.actions[0] !== 'no-op');
    return this.perform(this.stateOf(folder), pending, onEvent);
  }

  async state(folder: string): Promise<JsonObject> {
    await this.begin('state', folder);
    const resources = [...this.stateOf(folder)].map(([address, values]) => {
      const [type = '', name = ''] = address.split('.');
      return { address, mode: 'managed', type, name, values };
    });
    return {
      format_version: '1.0',
      terraform_version: '1.11.4',
      ...(resources.length === 0 ? {} : { values: { root_module: { resources } } }),
    };
  }

  async stateMark(folder: string): Promise<StateMark | null> {
    const { size } = this.stateOf(folder);
    return size === 0 ? null : { serial: size, lineage: folder };
  }

  /** Applies end before they return here: there is nobody to come after. */
  async appliedSoFar(): Promise<null> {
    return null;
  }

  async adopt(folder: string, address: string, importId: string): Promise<void> {
    await this.begin('adopt', folder);
    this.stateOf(folder).set(address, { id: importId });
  }

  async refresh(folder: string, _planFile: string, addresses: readonly string[]): Promise<JsonObject> {
    await this.begin('refresh', folder);
    const drifted = [...(this.drifted.get(folder) ?? [])].filter(([address]) => addresses.includes(address));
    const changes = drifted.map(([address, before]) => ({
      address,
      type: address.split('.')[0] ?? '',
      name: address.split('.')[1] ?? '',
      actions: ['update'],
      before,
      after: this.stateOf(folder).get(address) ?? null,
    }));
    return { ...planDocument([]), resource_drift: planDocument(changes)['resource_changes'] ?? [] };
  }

  drift(folder: string, address: string, values: JsonObject): void {
    const state = this.stateOf(folder);
    const before = state.get(address) ?? {};
    this.drifted.set(folder, new Map([...(this.drifted.get(folder) ?? []), [address, before]]));
    state.set(address, { ...before, ...values });
  }

  private perform(state: State, changes: readonly Change[], onEvent: (text: string) => void): AppliedResult {
    const completed: AppliedResult['completed'][number][] = [];
    for (const { address, actions, after } of changes) {
      const action = actions.join('/');
      onEvent(`${address}: ${action} started`);
      const error = this.faultAt(address);
      if (error !== null) {
        return { ok: false, completed, errors: [error] };
      }
      if (after === null) {
        state.delete(address);
      } else {
        state.set(address, after);
      }
      completed.push({ address, action, seconds: 0 });
      onEvent(`${address}: ${action} done in 0 s`);
    }
    return { ok: true, completed, errors: [] };
  }

  private faultAt(address: string): AppliedResult['errors'][number] | null {
    if (this.faults.crashesAt === address) {
      return { address, summary: 'Terraform ended before it reported the result', detail: '' };
    }
    return this.faults.applyFails?.address === address
      ? { address, summary: this.faults.applyFails.summary, detail: '' }
      : null;
  }

  private async begin(verb: string, folder: string): Promise<void> {
    this.calls.push(`${verb} ${folder.split('/').at(-1) ?? folder}`);
    await this.version();
  }

  private stateOf(folder: string): State {
    const state = this.states.get(folder) ?? new Map<string, JsonObject>();
    this.states.set(folder, state);
    return state;
  }
}

/** Switches may be changed while it runs: `fake.faults.locked = true`. */
export function fakeTerraform(faults: TerraformFaults = {}): FakeTerraform {
  return new Fake(faults);
}
