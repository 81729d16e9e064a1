/**
 * The policies of an Access application in the order in which Cloudflare asks them: written inside it, named by reference or
 * by id, or naming it themselves. What an id stands for is looked up in the estate on the same side of the change.
 */
import { soleReference } from '../../../scripts/plan/expression/parse.ts';
import type { Json, JsonObject, ResourceChange } from '../../../scripts/plan/types.ts';
import { isRepeated } from '../estate.ts';
import type { Estate } from '../estate.ts';
import { isReference, later, withUnknowns } from '../values.ts';
import type { Side } from '../values.ts';
import type { FormulaCondition } from './formula.ts';
import { chosenIn, propertyOf, unknownMark } from './selectors.ts';
import { isObject } from '../../../scripts/json/json.ts';

export const applicationType = 'cloudflare_zero_trust_access_application';
export const policyType = 'cloudflare_zero_trust_access_policy';
export const groupType = 'cloudflare_zero_trust_access_group';

export interface AccessPolicyReading {
  /** Its name, or how it is referred to where it is not known. */
  readonly name: string;
  /** Null when it cannot be told. */
  readonly decision: 'allow' | 'deny' | 'bypass' | 'non_identity' | null;
  /** Whom it is about. */
  readonly matches: FormulaCondition;
  readonly include: readonly Json[];
  readonly exclude: readonly Json[];
  readonly require: readonly Json[];
  /** The resource that says so, where it is not the application itself; null when it is not known. */
  readonly source: ResourceChange | null;
}

interface AccessWorld {
  readonly estate: Estate;
  readonly stack: string;
  readonly side: Side;
  /** Groups that are being looked into: one that includes itself is not followed again. */
  readonly within: readonly string[];
}

/** In order of precedence; null when which policies it has is known only after apply. */
export function policiesOf(
  application: ResourceChange,
  side: Side,
  estate: Estate,
): readonly AccessPolicyReading[] | null {
  const values = valuesOn(application, side);
  const listed = values === null ? [] : (values['policies'] ?? []);
  if (!Array.isArray(listed)) {
    return null;
  }
  const world: AccessWorld = { estate, stack: application.stack, side, within: [] };
  const found = [
    ...(listed as readonly Json[]).map((element, at) => ({
      at: precedenceOf(element) ?? at + 1,
      policy: policyOf(element, application, world),
    })),
    ...attachedTo(application, world),
  ];
  return found.toSorted((a, b) => a.at - b.at).map(({ policy }) => policy);
}

/** Values of one side, with a reference wherever they are known only after apply. */
export function valuesOn(change: ResourceChange, side: Side): JsonObject | null {
  const values = change[side];
  return values === null || side === 'before' ? values : withUnknowns(values, change.unknown);
}

/** Version 4 of the provider has the policy name its application. */
function attachedTo(
  application: ResourceChange,
  world: AccessWorld,
): readonly { readonly at: number; readonly policy: AccessPolicyReading }[] {
  return world.estate.all(policyType).flatMap((policy) => {
    const values = valuesOn(policy, world.side);
    const named = values?.['application_id'];
    return values !== null &&
      typeof named === 'string' &&
      resourceNamed(named, applicationType, world) === application
      ? [{ at: precedenceOf(values) ?? 1, policy: ofValues(values, policy, world) }]
      : [];
  });
}

function precedenceOf(element: Json): number | null {
  const precedence = isObject(element) ? element['precedence'] : undefined;
  return typeof precedence === 'number' ? precedence : null;
}

function policyOf(element: Json, application: ResourceChange, world: AccessWorld): AccessPolicyReading {
  if (isObject(element) && (element['decision'] ?? element['include'] ?? null) !== null) {
    return ofValues(element, application, world);
  }
  const id = typeof element === 'string' ? element : isObject(element) ? element['id'] : null;
  const source = typeof id === 'string' ? resourceNamed(id, policyType, world) : null;
  const values = source === null ? null : valuesOn(source, world.side);
  return values === null ? notKnown(nameOfUnknown(id, world)) : ofValues(values, source, world);
}

/** One that stays as it is has the same name on both sides; one of a block that changes has not. */
function nameOfUnknown(id: Json | undefined, world: AccessWorld): string {
  if (typeof id !== 'string' || id === later) {
    return 'known only after apply';
  }
  const block = isReference(id) ? referredTo(id, world) : null;
  const isOther = block?.actions.some((action) => action !== 'no-op') === true;
  return isOther ? `${id} ${world.side} the change` : id;
}

function notKnown(name: string): AccessPolicyReading {
  const matches = { is: `${unknownMark}policy ${name}` };
  return { name, decision: null, matches, include: [], exclude: [], require: [], source: null };
}

const decisions = ['allow', 'deny', 'bypass', 'non_identity'] as const;

function ofValues(
  values: JsonObject,
  source: ResourceChange | null,
  world: AccessWorld,
): AccessPolicyReading {
  const name = values['name'];
  return {
    name: typeof name === 'string' && !isReference(name) ? name : '',
    decision: decisions.find((one) => one === values['decision']) ?? null,
    matches: whomItMeans(values, world),
    include: listIn(values, 'include'),
    exclude: listIn(values, 'exclude'),
    require: listIn(values, 'require'),
    source,
  };
}

function listIn(values: JsonObject, key: string): readonly Json[] {
  const list = values[key] ?? [];
  return Array.isArray(list) ? (list as readonly Json[]) : [list];
}

/** Whom a policy or a group means: one that it includes, none that it excludes, and all that it requires. */
function whomItMeans(values: JsonObject, world: AccessWorld): FormulaCondition {
  const each = (key: string): readonly FormulaCondition[] =>
    listIn(values, key).flatMap((element) => selected(element, world));
  return { all: [{ any: each('include') }, { not: { any: each('exclude') } }, ...each('require')] };
}

function selected(element: Json, world: AccessWorld): readonly FormulaCondition[] {
  if (!isObject(element)) {
    return [{ is: `${unknownMark}selector ${JSON.stringify(element)}` }];
  }
  return chosenIn(element).map(([kind, value]) => {
    if (kind === 'everyone') {
      return true;
    }
    return (kind === 'group' ? membersOf(value, world) : null) ?? { is: propertyOf(kind, value) };
  });
}

/** Null for a group that is not in the estate: it stands for itself. */
function membersOf(value: Json, world: AccessWorld): FormulaCondition | null {
  const id = isObject(value) ? value['id'] : null;
  const group = typeof id === 'string' ? resourceNamed(id, groupType, world) : null;
  const values = group === null ? null : valuesOn(group, world.side);
  return group === null || values === null || world.within.includes(group.address)
    ? null
    : whomItMeans(values, { ...world, stack: group.stack, within: [...world.within, group.address] });
}

/**
 * The resource that a reference or an id means; it must be there on that side. Terraform's plan leaves out the id of what it
 * creates: where it creates only one of the type, that one is meant.
 */
export function resourceNamed(
  text: string,
  type: string,
  { estate, stack, side }: Pick<AccessWorld, 'estate' | 'stack' | 'side'>,
): ResourceChange | null {
  if (text === later) {
    const created = estate
      .all(type)
      .filter((resource) => resource.stack === stack && resource.actions.includes('create'));
    return created.length === 1 ? (created[0] ?? null) : null;
  }
  const found = isReference(text) ? referredTo(text, { estate, stack }) : estate.withId(type, text);
  // Which object of several a reference means, the block does not tell.
  return found?.type === type && found[side] !== null && !isRepeated(found, side) ? found : null;
}

/** Of `TYPE.NAME["key"].id` the instance, where the plan lists instances; else the block. */
function referredTo(
  text: string,
  { estate, stack }: Pick<AccessWorld, 'estate' | 'stack'>,
): ResourceChange | null {
  const reference = soleReference(text);
  const [key, ...rest] = reference?.rest ?? [];
  const instance = rest.length === 0 || key === undefined ? '' : `[${JSON.stringify(key)}]`;
  const target = reference?.target ?? '';
  return estate.at(stack, `${target}${instance}`) ?? estate.at(stack, target);
}
