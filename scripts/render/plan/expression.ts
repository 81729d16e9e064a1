/** What a changed expression of the Rules language does, on one line, for wherever the change is shown. */
import type { AttributeChange, PathSegment, ResourceChange } from '../../plan/types.ts';
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
