/**
 * The order that a record asks for: what it names in `dependsOn` is in force before this change is released. Naming a
 * change only holds this one back, so the author is believed; what became of the other one is read from the ledger.
 */
import type { Prerequisite } from '../model/prerequisite.ts';
import type { Problem } from './check.ts';

/** What has to be released before this change may be; empty when everything that comes first is in force. */
export function openPrerequisites(prerequisites: readonly Prerequisite[]): readonly Problem[] {
  return prerequisites.flatMap(({ changeId, stacks }) =>
    stacks === null
      ? [
          {
            text: `\`dependsOn\` names ${changeId}, which is not a change of the default branch: nothing says when it is released`,
            next: `merge the record of ${changeId}, or delete the entry and have this change approved again`,
          },
        ]
      : stacks
          .filter(({ state }) => state !== 'in-force')
          .map(({ stack, state }) => ({
            text: `\`dependsOn\`: ${changeId} has to be in force before this change is released, and it ${state === 'rolled-back' ? 'was rolled back' : 'is not released'} on ${stack}`,
            next: nextFor(changeId, state === 'rolled-back'),
          })),
  );
}

function nextFor(changeId: string, isUndone: boolean): string {
  return isUndone
    ? `take ${changeId} out of \`dependsOn\`, name the change that does it again, and have this one approved again; sluice ledger show says who rolled it back`
    : `release ${changeId} first: sluice release --pr <its pull request>; sluice ledger show says what is live`;
}

/** Before the merge nothing is wrong yet: ids of what is still to be released first, for the reader; empty for none. */
export function laterOrder(prerequisites: readonly Prerequisite[]): string {
  const open = prerequisites.filter((each) => openPrerequisites([each]).length > 0);
  return open.length === 0
    ? ''
    : `; to be released after ${open.map(({ changeId }) => changeId).join(', ')}, not in force yet`;
}
