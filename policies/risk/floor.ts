/** A floor: a fact about the plan below whose level the risk cannot be, whatever the author declares. */
import type { RiskLevel } from '../model/record.ts';
import type { ResourceChange } from '../../scripts/plan/types.ts';
import { subjectOf } from '../reading/estate-context.ts';

export interface Floor {
  readonly id: string;
  readonly level: RiskLevel;
  readonly text: string;
  readonly subjects: readonly string[];
}

/** A fact that raises whatever the risk is otherwise by one level. */
export interface Raise {
  readonly id: string;
  /** Not raised above this. */
  readonly most: RiskLevel;
  readonly text: string;
}

/** A floor about resources, or none when there are none. */
export function floorOf(
  id: string,
  level: RiskLevel,
  text: string,
  changes: readonly ResourceChange[],
): readonly Floor[] {
  return changes.length === 0
    ? []
    : [{ id, level, text, subjects: changes.map((change) => subjectOf(change)) }];
}
