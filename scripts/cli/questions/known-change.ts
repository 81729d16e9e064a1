import { UsageError } from '../../contract/errors.ts';
import type { KnownChange, Overview } from '../../questions/types.ts';
import { nearestWord } from '../../plan/nearest-word.ts';

/** The change of an id; throws UsageError, with the nearest id there is, when nothing is known of it. */
export function changeCalled(id: string, { changes }: Overview, command: string): KnownChange {
  const found = changes.find(({ record }) => record.id === id);
  if (found !== undefined) {
    return found;
  }
  const ids = changes.map(({ record }) => record.id);
  const near = nearestWord(id, ids);
  throw new UsageError({
    what: `No record of ${id} is on the default branch, on any branch of this clone or in the working tree.`,
    ...(near === null ? {} : { why: `The nearest is ${near}.` }),
    fix: 'Check the spelling, or fetch the branch that has it.',
    next: near === null ? 'sluice changes' : `sluice ${command} ${near}`,
  });
}
