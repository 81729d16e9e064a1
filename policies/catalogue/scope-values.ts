/**
 * Whether the values of a change are what its catalogue entry says. In an update, what a list holds is compared by whole
 * elements: one that is on both sides stays as it is, and every other one must be what the entry describes in all its parts.
 */
import { mayBeTemplate } from '../../scripts/plan/expression/parse.ts';
import { canonicalJson } from '../../scripts/json/json.ts';
import type { Json, ResourceChange } from '../../scripts/plan/types.ts';
import type { CatalogueEntry } from '../model/facts.ts';
import { valuesAtPattern } from './patterns.ts';
import { matchesValue, type ValueContext } from './value-pattern.ts';

type ValueScope = CatalogueEntry['scope'];

/** Everything about the values that the entry does not allow; empty when all are as it says. */
export function valueProblems(change: ResourceChange, scope: ValueScope, now: string): readonly string[] {
  const context = { zone: change.zone, now };
  const matched = (patterns: ValueScope['values'], isNeeded: boolean): readonly string[] =>
    Object.entries(patterns ?? {}).flatMap(([pattern, wanted]) =>
      placesOf(change, pattern).flatMap(({ value, rest }) => {
        const values = valuesAtPattern(value, rest);
        return values.length === 0 && !isNeeded ? [] : unlessMatching(values, { pattern, wanted, context });
      }),
    );
  const problems = [
    ...matched(scope.values, true),
    ...matched(scope.valuesIfSet, false),
    ...(scope.apart ?? []).flatMap((pair) => apartProblems(change, pair)),
  ];
  return [...new Set(problems)];
}

/** Where a pattern is looked for: `rest` of it in `value`. */
interface ScopePlace {
  readonly value: Json;
  readonly rest: string;
}

/** Both sides of the change; of a list in an update, the elements that are on one side only. */
function placesOf(change: ResourceChange, pattern: string): readonly ScopePlace[] {
  const sides = [change.before, change.after].filter((side) => side !== null);
  const [list = '', ...below] = pattern.split('[]');
  if (!change.actions.includes('update') || below.length === 0) {
    return sides.map((value) => ({ value, rest: pattern }));
  }
  const rest = below.join('[]').replace(/^\./u, '');
  const [before = [], after = []] = sides.map((side) => valuesAtPattern(side, `${list}[]`));
  return [...elementsBeside(before, after), ...elementsBeside(after, before)].map((value) => ({
    value,
    rest,
  }));
}

function elementsBeside(elements: readonly Json[], others: readonly Json[]): readonly Json[] {
  const known = new Set(others.map((other) => canonicalJson(other)));
  return elements.filter((element) => !known.has(canonicalJson(element)));
}

function unlessMatching(
  values: readonly Json[],
  {
    pattern,
    wanted,
    context,
  }: { readonly pattern: string; readonly wanted: string; readonly context: ValueContext },
): readonly string[] {
  if (values.length === 0) {
    return [`${pattern} is not set, and must match ${wanted}`];
  }
  return values.every((value) => isKnownText(value) && matchesValue(String(value), wanted, context))
    ? []
    : [`${pattern} does not match ${wanted}, or is not known`];
}

/** A reference or template is a value that is only known later: it matches no pattern. */
function isKnownText(value: Json): value is string | number | boolean {
  return (
    (typeof value === 'string' && !mayBeTemplate(value)) ||
    typeof value === 'number' ||
    typeof value === 'boolean'
  );
}

/** Only a pair in the same place is compared: what two elements say has nothing to do with each other. */
function apartProblems(change: ResourceChange, [one, other]: readonly [string, string]): readonly string[] {
  const others = placesOf(change, other);
  return placesOf(change, one).flatMap(({ value, rest }, at) => {
    const there = others[at];
    const firsts = valuesAtPattern(value, rest).map(addressOf);
    const seconds = there === undefined ? [] : valuesAtPattern(there.value, there.rest).map(addressOf);
    return firsts.some((first) => seconds.includes(first))
      ? [`${one} and ${other} are the same address`]
      : [];
  });
}

/** Host and path, in one spelling; of something else than a text, how it is written. */
function addressOf(value: Json): string {
  const text = (typeof value === 'string' ? value : canonicalJson(value))
    .toLowerCase()
    .replace(/^https?:\/\//u, '');
  return text.replace(/[?#].*$/su, '').replace(/\/+$/u, '');
}
