/**
 * Fields and functions of the language, as data: the language moves, so every entry names its source and the date since
 * which it is known. A name that is not here is an error of its own place, and the rest of the expression is read as ever.
 */
import fieldData from './fields.json' with { type: 'json' };
import functionData from './functions.json' with { type: 'json' };
import type { ValueNode } from './ast.ts';
import { readType } from './value-type.ts';
import type { ValueType } from './value-type.ts';

export const plans = ['free', 'pro', 'business', 'enterprise', 'enterprise-addon'] as const;
export type CloudflarePlan = (typeof plans)[number];

/** Lowest plan with lists that Cloudflare keeps. Cloudflare documentation, WAF, availability, managed IP lists, as of 2026-11. */
export const managedListPlan: CloudflarePlan = 'enterprise';

type FieldScope = 'http-request' | 'http-response' | 'network-l4' | 'account' | 'ratelimit-characteristic';

export interface FieldFact {
  readonly name: string;
  readonly type: ValueType;
  readonly scope: FieldScope;
  /** Lowest plan that the documentation names; `free` when it names none. */
  readonly plan: CloudflarePlan;
  /** Date (YYYY-MM-DD) of introduction; null when older than the first dated change known (2026-01-20). */
  readonly since: string | null;
  readonly source: string;
  /** Phases that the field is limited to; null when the documentation names no limit within its scope. */
  readonly phases: readonly string[] | null;
  /** Documented value when the thing does not apply to a request; undefined when none is documented. */
  readonly absent: string | number | boolean | undefined;
  readonly deprecated: boolean;
  readonly replacedBy: string | null;
  /** The only values that the field can have, when documented. */
  readonly values: readonly string[] | null;
  /** False for names that only serve as rate-limiting characteristics. */
  readonly usableInExpression: boolean;
  /** Where a replay gets the value (`headers`, `detection`, …) and the Logpush column that carries it. */
  readonly from: string;
  readonly log: string | null;
}

type ParamKind = 'field' | 'literal' | 'any' | 'regex' | 'wildcard';

export interface ParamFact {
  readonly name: string;
  readonly types: readonly ValueType[];
  /** `field` takes a field or function call, `literal` a constant, `regex` and `wildcard` a literal of that syntax. */
  readonly kind: ParamKind;
  readonly optional: boolean;
  readonly variadic: boolean;
  readonly min: number | null;
  readonly max: number | null;
  /** The only fields allowed here. */
  readonly only: readonly string[] | null;
  /** The letters allowed in a literal of options. */
  readonly flags: string | null;
}

export interface FunctionFact {
  readonly name: string;
  readonly params: readonly ParamFact[];
  readonly returns: ValueType;
  readonly plan: CloudflarePlan;
  readonly since: string | null;
  readonly source: string;
  readonly phases: readonly string[] | null;
  readonly maxArgs: number;
}

interface RawParam {
  readonly name: string;
  readonly types: readonly string[];
  readonly kind: string;
  readonly optional?: boolean;
  readonly variadic?: boolean;
  readonly min?: number;
  readonly max?: number;
  readonly only?: readonly string[];
  readonly flags?: string;
}

interface RawFunction {
  readonly name: string;
  readonly params: readonly RawParam[];
  readonly returns: string;
  readonly plan: string;
  readonly since: string | null;
  readonly source: string;
  readonly phases?: readonly string[];
  readonly maxArgs?: number;
}

interface RawField {
  readonly name: string;
  readonly type: string;
  readonly scope: string;
  readonly plan: string;
  readonly since: string | null;
  readonly source: string;
  readonly phases?: readonly string[];
  readonly absent?: string | number | boolean;
  readonly deprecated?: boolean;
  readonly replacedBy?: string;
  readonly values?: readonly string[];
  readonly expression?: boolean;
  readonly from: string;
  readonly log?: string;
}

function readField(raw: RawField): FieldFact {
  return {
    name: raw.name,
    type: readType(raw.type),
    scope: raw.scope as FieldScope,
    plan: raw.plan as CloudflarePlan,
    since: raw.since,
    source: raw.source,
    phases: raw.phases ?? null,
    absent: raw.absent,
    deprecated: raw.deprecated ?? false,
    replacedBy: raw.replacedBy ?? null,
    values: raw.values ?? null,
    usableInExpression: raw.expression ?? true,
    from: raw.from,
    log: raw.log ?? null,
  };
}

function readParam(raw: RawParam): ParamFact {
  return {
    name: raw.name,
    types: raw.types.map(readType),
    kind: raw.kind as ParamKind,
    optional: raw.optional ?? false,
    variadic: raw.variadic ?? false,
    min: raw.min ?? null,
    max: raw.max ?? null,
    only: raw.only ?? null,
    flags: raw.flags ?? null,
  };
}

function readFunction(raw: RawFunction): FunctionFact {
  const params = raw.params.map(readParam);
  const variadic = params.some((param) => param.variadic);
  return {
    name: raw.name,
    params,
    returns: readType(raw.returns),
    plan: raw.plan as CloudflarePlan,
    since: raw.since,
    source: raw.source,
    phases: raw.phases ?? null,
    maxArgs: raw.maxArgs ?? (variadic ? Number.POSITIVE_INFINITY : params.length),
  };
}

/** Every field, sorted by name; a name can occur twice, once for HTTP and once for the network firewall. */
export const allFields: readonly FieldFact[] = (fieldData.fields as readonly RawField[]).map(readField);

/** Every function, sorted by name. */
export const allFunctions: readonly FunctionFact[] = (functionData.functions as readonly RawFunction[]).map(
  readFunction,
);

const networkPhases: ReadonlySet<string> = new Set(fieldData.networkPhases);
const networkFields = new Map(
  allFields.filter((field) => field.scope === 'network-l4').map((field) => [field.name, field]),
);
const httpFields = new Map(
  allFields.filter((field) => field.scope !== 'network-l4').map((field) => [field.name, field]),
);
const functions = new Map(allFunctions.map((fact) => [fact.name, fact]));

export function isNetworkPhase(phase: string): boolean {
  return networkPhases.has(phase);
}

/** The field of that name in the phase, or of that name anywhere when no phase is given; undefined when unknown. */
export function fieldFact(name: string, phase?: string): FieldFact | undefined {
  return phase !== undefined && isNetworkPhase(phase)
    ? (networkFields.get(name) ?? httpFields.get(name))
    : (httpFields.get(name) ?? networkFields.get(name));
}

/** True when a field always has a value: a known plain field of a single type. */
export function isAlwaysPresent(value: ValueNode): boolean {
  return value.kind === 'field' && value.accessors.length === 0 && fieldFact(value.name) !== undefined;
}

export function functionFact(name: string): FunctionFact | undefined {
  return functions.get(name);
}

export function planAtLeast(plan: CloudflarePlan, wanted: CloudflarePlan): boolean {
  return plans.indexOf(plan) >= plans.indexOf(wanted);
}
