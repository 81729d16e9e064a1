/**
 * Plans for tests, as sentences: `aPlan().deleting('cloudflare_dns_record.mx').build()`. Every step starts from a plan
 * that nothing objects to, so that a test shows only what it is about.
 */
import type {
  Action,
  AttributeChange,
  Json,
  JsonObject,
  Lifecycle,
  Path,
  Plan,
  ResourceChange,
  StackPlan,
  StackSettings,
} from '../../scripts/plan/types.ts';

export const cloudflareProvider = 'registry.terraform.io/cloudflare/cloudflare';

const cleanSettings: StackSettings = {
  backend: { s3: { bucket: 'sluice-state', key: 'state.tfstate' } },
  providers: [{ name: 'cloudflare', source: cloudflareProvider, version: '5.14.0' }],
  provisioners: [],
  dataSources: [],
  modules: [],
  dangers: [],
  remainder: null,
};

const plainLifecycle: Lifecycle = { preventDestroy: false, createBeforeDestroy: false, ignoreChanges: [] };

type ChangeParts = Partial<Omit<ResourceChange, 'address' | 'actions'>>;

/** A proxied web record of the production shop: what a resource of a test is unless it says otherwise. */
export function aDnsRecord(parts: JsonObject = {}): JsonObject {
  return { name: 'www.shop.example', type: 'A', content: '192.0.2.10', ttl: 1, proxied: true, ...parts };
}

/** One resource change; use it when a test judges a change on its own. */
export function aChange(
  address: string,
  actions: readonly Action[],
  parts: ChangeParts = {},
): ResourceChange {
  const [type, ...name] = address.split('.');
  const before = parts.before === undefined ? defaultSide(address, actions, 'before') : parts.before;
  const after = parts.after === undefined ? defaultSide(address, actions, 'after') : parts.after;
  return {
    address,
    stack: 'acme-production',
    mode: 'managed',
    type: type ?? '',
    name: name.join('.'),
    provider: cloudflareProvider,
    actions,
    unknown: [],
    sensitive: [],
    replacePaths: [],
    zone: 'shop.example',
    attributes: attributesOf(before, after),
    lifecycle: {
      before: before === null ? null : plainLifecycle,
      after: after === null ? null : plainLifecycle,
    },
    ...parts,
    before,
    after,
  };
}

function defaultSide(
  address: string,
  actions: readonly Action[],
  side: 'before' | 'after',
): JsonObject | null {
  const has = side === 'before' ? !isOnlyCreation(actions) : !isOnlyDeletion(actions);
  if (!has) {
    return null;
  }
  return address.startsWith('cloudflare_dns_record.') ? aDnsRecord() : { name: address };
}

function isOnlyCreation(actions: readonly Action[]): boolean {
  return actions.every((action) => action === 'create');
}

function isOnlyDeletion(actions: readonly Action[]): boolean {
  return actions.every((action) => action === 'delete' || action === 'forget');
}

/** In which zone the changes of a stack are, until `inZone` says otherwise. */
const ownZones: Readonly<Record<string, string | null>> = {
  'acme-production': 'shop.example',
  'acme-staging': 'staging-shop.example',
  'borough-production': 'borough.example',
  'borough-staging': 'staging-borough.example',
  platform: null,
};

/** Builds a plan stack by stack. Steps change the stack last named by `inStack` (at first acme-production). */
export class PlanBuilder {
  private source: Plan['source'] = 'configuration';
  private current = 'acme-production';
  private zone: string | null = 'shop.example';
  private readonly stacks = new Map<string, StackPlan>();

  constructor() {
    this.inStack('acme-production');
  }

  /** Later steps are about this stack, which appears in the plan even when nothing changes in it. */
  inStack(stack: string, parts: Partial<StackPlan> = {}): this {
    const zone = stack === this.current ? undefined : ownZones[stack];
    this.zone = zone === undefined ? this.zone : zone;
    this.current = stack;
    this.stacks.set(stack, {
      stack,
      changes: [],
      totals: { before: 100, after: 100 },
      zones: [],
      settings: { before: cleanSettings, after: cleanSettings },
      bundles: { before: 'sha256:before', after: 'sha256:after' },
      ...this.stacks.get(stack),
      ...parts,
    });
    return this;
  }

  /** Leaves out a stack, for plans about other stacks only. */
  withoutStack(stack: string): this {
    this.stacks.delete(stack);
    return this;
  }

  /** Later changes belong to this zone; null is the account. */
  inZone(zone: string | null): this {
    this.zone = zone;
    return this;
  }

  fromTerraform(): this {
    this.source = 'terraform';
    return this;
  }

  creating(address: string, after?: JsonObject, parts: ChangeParts = {}): this {
    return this.changing(address, ['create'], { ...parts, ...(after === undefined ? {} : { after }) });
  }

  deleting(address: string, before?: JsonObject, parts: ChangeParts = {}): this {
    return this.changing(address, ['delete'], { ...parts, ...(before === undefined ? {} : { before }) });
  }

  updating(address: string, before?: JsonObject, after?: JsonObject, parts: ChangeParts = {}): this {
    const sides =
      before === undefined || after === undefined
        ? { before: aDnsRecord(), after: aDnsRecord({ ttl: 300 }) }
        : { before, after };
    return this.changing(address, ['update'], { ...parts, ...sides });
  }

  replacing(address: string, before?: JsonObject, after?: JsonObject, parts: ChangeParts = {}): this {
    return this.changing(address, ['delete', 'create'], {
      ...parts,
      ...(before === undefined ? {} : { before }),
      ...(after === undefined ? {} : { after }),
    });
  }

  changing(address: string, actions: readonly Action[], parts: ChangeParts = {}): this {
    return this.adding(aChange(address, actions, { stack: this.current, zone: this.zone, ...parts }));
  }

  adding(change: ResourceChange): this {
    const stack = this.here();
    return this.inStack(this.current, { changes: [...stack.changes, change] });
  }

  /** Marks a path of the last change as known only after apply. */
  withUnknown(...path: Path): this {
    return this.onLast((change) => ({ ...change, unknown: [...change.unknown, path] }));
  }

  /** Marks a path of the last change as sensitive. */
  withSensitive(...path: Path): this {
    return this.onLast((change) => ({ ...change, sensitive: [...change.sensitive, path] }));
  }

  /** Changes what surrounds the resources of the current stack; `null` settings mean there is no such side. */
  withSettings(sides: {
    before?: Partial<StackSettings> | null;
    after?: Partial<StackSettings> | null;
  }): this {
    return this.inStack(this.current, {
      settings: { before: filledSettings(sides.before), after: filledSettings(sides.after) },
    });
  }

  /** How many managed resources a zone of the current stack had and will have. */
  withZoneTotals(zone: string, before: number, after: number = before): this {
    const stack = this.here();
    return this.inStack(this.current, { zones: [...stack.zones, { zone, before, after }] });
  }

  build(): Plan {
    return {
      kind: 'sluice.plan',
      version: 1,
      source: this.source,
      stacks: [...this.stacks.values()].toSorted((a, b) => (a.stack < b.stack ? -1 : 1)),
    };
  }

  private here(): StackPlan {
    const stack = this.stacks.get(this.current);
    if (stack === undefined) {
      throw new Error(`builder has no stack ${this.current}`);
    }
    return stack;
  }

  private onLast(edit: (change: ResourceChange) => ResourceChange): this {
    const { changes } = this.here();
    const last = changes.at(-1);
    if (last === undefined) {
      throw new Error('builder has no change yet');
    }
    return this.inStack(this.current, { changes: [...changes.slice(0, -1), edit(last)] });
  }
}

export function aPlan(): PlanBuilder {
  return new PlanBuilder();
}

function attributesOf(before: JsonObject | null, after: JsonObject | null): readonly AttributeChange[] {
  const found: AttributeChange[] = [];
  collect(before ?? {}, after ?? {}, [], found);
  return found;
}

function collect(before: JsonObject, after: JsonObject, path: Path, found: AttributeChange[]): void {
  for (const key of [...new Set([...Object.keys(before), ...Object.keys(after)])].toSorted()) {
    const was = before[key];
    const is = after[key];
    const here = [...path, key];
    if (isPlainObject(was) && isPlainObject(is)) {
      collect(was, is, here, found);
    } else if (JSON.stringify(was) !== JSON.stringify(is)) {
      found.push(attributeOf(here, was, is));
    }
  }
}

function attributeOf(path: Path, before: Json | undefined, after: Json | undefined): AttributeChange {
  const kind = before === undefined ? 'added' : after === undefined ? 'removed' : 'changed';
  return {
    path,
    kind,
    ...(before === undefined ? {} : { before }),
    ...(after === undefined ? {} : { after }),
    unknown: false,
    sensitive: false,
    forcesReplacement: false,
  };
}

function isPlainObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function filledSettings(side: Partial<StackSettings> | null | undefined): StackSettings | null {
  return side === null ? null : { ...cleanSettings, ...side };
}
