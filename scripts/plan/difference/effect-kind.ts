/**
 * What kind of thing a change acts on: what track records are kept by. Read from plans, of the change at hand and of
 * earlier releases, so that no name that an author gives decides which history counts.
 */
import { compareText } from '../../json/json.ts';
import { changeKind } from '../../provider/kind.ts';
import type { ResourceChange, StackPlan } from '../types.ts';
import { providerType } from '../../provider/types.ts';

/**
 * The resource type; a ruleset with its phase, a setting with its name, on both sides where they differ. What is not known
 * of these is a kind of its own.
 */
export function effectKinds({ type, before, after }: ResourceChange): readonly string[] {
  const attribute = providerType(type)?.kindBy;
  if (attribute === undefined) {
    return [type];
  }
  const kinds = [before, after].flatMap((side) => {
    const value = side?.[attribute];
    return side === null ? [] : [`${type}/${typeof value === 'string' ? value : 'unknown'}`];
  });
  return [...new Set(kinds)];
}

/** The kinds of all that the plan of a stack changes, sorted. */
export function changedKinds({ changes }: Pick<StackPlan, 'changes'>): readonly string[] {
  const kinds = changes
    .filter((change) => change.mode === 'managed' && changeKind(change) !== 'no-op')
    .flatMap(effectKinds);
  return [...new Set(kinds)].toSorted(compareText);
}
