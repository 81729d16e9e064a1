/**
 * Who may enter an Access application: without being asked, with a service token, or with a login. Order of evaluation and
 * ways in are Cloudflare's: bypass and service policies are asked first, then allow and deny by precedence, and whom none of
 * them names stays out (documentation of Access policies, "order of execution").
 */
import type { Json } from '../../../scripts/plan/types.ts';
import { show } from '../estate-context.ts';
import { propertiesOf, whoFulfils } from './formula.ts';
import type { FormulaCondition } from './formula.ts';
import type { AccessPolicyReading } from './policies.ts';
import { chosenIn, isResourceId, kindOf, propertyOf, relation, unknownMark, wordsOf } from './selectors.ts';

const ways = [
  { way: 'bypass', words: 'without a login' },
  { way: 'token', words: 'by a service policy' },
  { way: 'login', words: 'with a login' },
] as const;

export type EntryComparison =
  | { readonly kind: 'same-or-fewer' }
  /** Somebody enters who did not, or enters without what was asked before. */
  | { readonly kind: 'more'; readonly who: string; readonly way: string }
  /** That may be so: it depends on what is not known. */
  | { readonly kind: 'unknown'; readonly why: string };

/** Whether more may enter than before. */
export function compareEntry(
  before: readonly AccessPolicyReading[],
  after: readonly AccessPolicyReading[],
): EntryComparison {
  const [was, is] = [entryOf(before), entryOf(after)];
  let doubt: EntryComparison | null = null;
  for (const [at, { way, words }] of ways.entries()) {
    const easier = ways.slice(0, at + 1).map((one) => was[one.way]);
    const found = judge({ all: [is[way], { not: { any: easier } }] }, words);
    if (found.kind === 'more') {
      return found;
    }
    doubt ??= found.kind === 'unknown' ? found : null;
  }
  return doubt ?? { kind: 'same-or-fewer' };
}

function judge(gain: FormulaCondition, way: string): EntryComparison {
  const unknowns = openIn([...new Set(propertiesOf(gain))]);
  const certain = whoFulfils({ all: [...unknowns.map((is) => ({ not: { is } })), gain] }, relation);
  if (certain.kind === 'somebody') {
    return { kind: 'more', who: somebody(certain.has), way };
  }
  const possible = unknowns.length === 0 ? certain : whoFulfils(gain, relation);
  return possible.kind === 'nobody'
    ? { kind: 'same-or-fewer' }
    : {
        kind: 'unknown',
        why:
          possible.kind === 'unknown'
            ? 'its policies are too many to compare'
            : `it depends on ${unknowns.slice(0, 3).map(nameOfUnknown).join(', ')}, which the plan does not hold`,
      };
}

/**
 * Properties of which it is not known what they are. References to resources are apart from one another whatever their ids
 * are: they are open only where an id or an expression stands beside them that may be the same one.
 */
function openIn(properties: readonly string[]): readonly string[] {
  const mixed = new Set(properties.filter((property) => !isResourceId(property)).map(kindOf));
  return properties.filter(
    (property) =>
      property.startsWith(unknownMark) && !(isResourceId(property) && !mixed.has(kindOf(property))),
  );
}

function nameOfUnknown(property: string): string {
  return show(wordsOf(property));
}

function somebody(has: readonly string[]): string {
  return has.length === 0 ? 'anybody' : `somebody with ${has.slice(0, 4).map(wordsOf).join(' and ')}`;
}

type AccessEntry = Readonly<Record<(typeof ways)[number]['way'], FormulaCondition>>;

function entryOf(policies: readonly AccessPolicyReading[]): AccessEntry {
  const of = (decision: AccessPolicyReading['decision']): FormulaCondition => ({
    any: policies.map((policy) => ({ all: [decides(policy, decision), policy.matches] })),
  });
  return { bypass: of('bypass'), token: of('non_identity'), login: loginOf(policies) };
}

/** Of allow and deny the first that names somebody decides. */
function loginOf(policies: readonly AccessPolicyReading[]): FormulaCondition {
  return policies.toReversed().reduce<FormulaCondition>(
    (rest, policy) => ({
      any: [
        { all: [decides(policy, 'allow'), policy.matches] },
        { all: [{ not: { all: [decides(policy, 'deny'), policy.matches] } }, rest] },
      ],
    }),
    false,
  );
}

/** A decision that is not known may be any of them, and is one. */
function decides(policy: AccessPolicyReading, decision: AccessPolicyReading['decision']): FormulaCondition {
  if (policy.decision !== null) {
    return policy.decision === decision;
  }
  const isOne = (one: string): FormulaCondition => ({
    is: `${unknownMark}decision ${one} of ${policy.name}`,
  });
  return decision === 'deny'
    ? { not: { any: [isOne('allow'), isOne('bypass'), isOne('non_identity')] } }
    : isOne(String(decision));
}

/** Longer lists are cut: what is compared is all of it. */
const maxPolicies = 6;
const maxSelectors = 3;

/** The policies as a reader sees them, one a line: `1 deny country KP`. */
export function entryLines(policies: readonly AccessPolicyReading[]): readonly string[] {
  const lines = policies.slice(0, maxPolicies).map((policy, at) => `${at + 1} ${policyText(policy)}`);
  const more = policies.length - lines.length;
  return lines.length === 0 ? ['nobody'] : [...lines, ...(more > 0 ? [`and ${more} more`] : [])];
}

function policyText({ name, decision, include, exclude, require }: AccessPolicyReading): string {
  if (decision === null) {
    return `not known (${show(name)})`;
  }
  const besides = [
    ...(exclude.length === 0 ? [] : [`except ${selectorsText(exclude)}`]),
    ...(require.length === 0 ? [] : [`only with ${selectorsText(require)}`]),
  ];
  return [decision === 'non_identity' ? 'service' : decision, selectorsText(include), ...besides].join(' ');
}

function selectorsText(selectors: readonly Json[]): string {
  const texts = selectors.flatMap((element) =>
    chosenIn(element).map(([kind, value]) =>
      kind === 'everyone' ? 'everyone' : show(wordsOf(propertyOf(kind, value))),
    ),
  );
  const more = texts.length - maxSelectors;
  const listed = texts.slice(0, maxSelectors).join(' or ');
  return more > 0 ? `${listed} or ${more} more` : listed === '' ? 'nobody' : listed;
}
