/** What a changed expression of the Rules language does, and what is wrong with it, for wherever the change is shown. */
import type { AttributeChange, PathSegment, ResourceChange } from '../../plan/types.ts';
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
 * What is wrong with an expression that is added or changed, each with the part of the text that it is about and a caret below
 * it; nothing for a value that may not be shown.
 */
export function expressionProblems(
  change: ResourceChange,
  attribute: AttributeChange,
  expressions: Expressions,
): readonly string[] {
  const text = change.type === rulesetType ? newExpression(attribute) : null;
  if (text === null) {
    return [];
  }
  return expressions
    .read(text)
    .diagnostics.filter(({ severity }) => severity === 'error')
    .slice(0, mostProblems)
    .flatMap(({ line, column, message, suggestion, category }) => {
      const own = (text.split('\n')[line - 1] ?? '').replaceAll('\t', ' ');
      const from = Math.max(0, column - 1 - beside);
      const head = from === 0 ? '' : '…';
      return [
        `${String(line)}:${String(column)} ${message}${suggestion === undefined ? '' : category === 'unknown-name' ? `; the nearest is ${suggestion}` : `: ${suggestion}`}`,
        `  ${head}${own.slice(from, column - 1 + beside)}`,
        `  ${' '.repeat(head.length + column - 1 - from)}^`,
      ];
    });
}

/** The filter that a place gets, alone or with the whole rule that it is part of. */
function newExpression({ path, after, unknown, sensitive }: AttributeChange): string | null {
  if (unknown || sensitive) {
    return null;
  }
  const isRule = path.length === 2 && path[0] === 'rules' && isObject(after);
  const value = isRule ? after['expression'] : isFilterPlace(path) ? after : null;
  return typeof value === 'string' ? value : null;
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
