/** What a changed expression of the Rules language does, and what is wrong with it, for wherever the change is shown. */
import type { AttributeChange, Json, PathSegment, ResourceChange } from '../../plan/types.ts';
import { isObject } from '../../json/json.ts';
import { rulesetType } from '../../provider/ruleset-type.ts';
import { showComparison } from '../../waf/reason/compare/show.ts';
import type { Expressions } from '../../waf/reason/expressions.ts';

/** Of one resource, only so many expressions are compared: a plan of thousands must still be shown at once. */
const maxCompared = 20;

/** Places of filter expressions; others named alike give a value and are not compared. */
const places: readonly (readonly string[])[] = [['expression'], ['ratelimit', 'counting_expression']];

/** A line such as `wider: also matches GET shop.example/v1 (example)`; null for anything but a changed filter that may be shown. */
export function expressionLine(
  change: ResourceChange,
  attribute: AttributeChange,
  expressions: Expressions,
): string | null {
  const { before, after } = attribute;
  if (!isFilter(change, attribute) || typeof before !== 'string' || typeof after !== 'string') {
    return null;
  }
  const compared = change.attributes.filter((other) => isFilter(change, other)).slice(0, maxCompared);
  return compared.includes(attribute) ? showComparison(expressions.compare(before, after)).line : null;
}

/** More than these are the same mistake again, as a rule. */
const mostProblems = 3;
/** Characters before and after the place that are shown of a long expression. */
const beside = 40;

/**
 * What is wrong with expressions that are added or changed, each with the part of the text that it is about and a caret below
 * it; nothing for a value that may not be shown.
 */
export function expressionProblems(
  change: ResourceChange,
  attribute: AttributeChange,
  expressions: Expressions,
): readonly string[] {
  const found = change.type === rulesetType ? newExpressions(attribute) : [];
  return found.flatMap(({ rule, text }) => problemsOf(text, rule === null ? '' : `${rule}: `, expressions));
}

function problemsOf(text: string, prefix: string, expressions: Expressions): readonly string[] {
  return expressions
    .read(text)
    .diagnostics.filter(({ severity }) => severity === 'error')
    .slice(0, mostProblems)
    .flatMap(({ line, column, message, suggestion, category }) => {
      const own = (text.split('\n')[line - 1] ?? '').replaceAll('\t', ' ');
      const from = Math.max(0, column - 1 - beside);
      const head = from === 0 ? '' : '…';
      const hint = category === 'unknown-name' ? '; the nearest is ' : ': ';
      return [
        `${prefix}${String(line)}:${String(column)} ${message}${suggestion === undefined ? '' : `${hint}${suggestion}`}`,
        `  ${head}${own.slice(from, column - 1 + beside)}`,
        `  ${' '.repeat(head.length + column - 1 - from)}^`,
      ];
    });
}

interface NewExpression {
  /** What the rule is called, where the attribute is not of this rule alone. */
  readonly rule: string | null;
  readonly text: string;
}

/** The filters that a place gets: one alone, those of a whole rule, or those of all rules of a new ruleset. */
function newExpressions({ path, after, unknown, sensitive }: AttributeChange): readonly NewExpression[] {
  if (unknown || sensitive) {
    return [];
  }
  if (isFilterPlace(path)) {
    return typeof after === 'string' ? [{ rule: null, text: after }] : [];
  }
  const [list, at, ...rest] = path;
  if (list !== 'rules' || rest.length > 0) {
    return [];
  }
  return (Array.isArray(after) ? after : [after]).flatMap((rule: Json | undefined, position) =>
    places.flatMap((place) => {
      const text = place.reduce<Json | undefined>(
        (value, key) => (isObject(value) ? value[key] : undefined),
        rule,
      );
      const name =
        isObject(rule) && typeof rule['ref'] === 'string' ? rule['ref'] : `rule ${String(position + 1)}`;
      return typeof text === 'string' ? [{ rule: at === undefined ? name : null, text }] : [];
    }),
  );
}

function isFilter(change: ResourceChange, attribute: AttributeChange): boolean {
  const isOpen = attribute.unknown || attribute.sensitive;
  return (
    change.type === rulesetType && attribute.kind === 'changed' && !isOpen && isFilterPlace(attribute.path)
  );
}

function isFilterPlace([list, , ...rest]: readonly PathSegment[]): boolean {
  return (
    list === 'rules' &&
    places.some((place) => place.length === rest.length && place.every((key, at) => key === rest[at]))
  );
}
