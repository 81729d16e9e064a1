/** `sluice lift`: takes the moves of an emergency out of the code: record, branch and pull request of a normal change. */
import type { SluiceContext } from '../../contract/context.ts';
import { UsageError } from '../../contract/errors.ts';
import { withoutMoves, type WrittenMove } from '../../emergency/sources.ts';
import type { Overview } from '../../questions/types.ts';
import { daysOver } from '../../../policies/emergency/expiry.ts';
import { followUp, moveText, type FollowUpFlags } from './follow-up.ts';

export interface LiftFlags extends FollowUpFlags {
  readonly reason?: string;
}

export async function liftCommand(this: SluiceContext, flags: LiftFlags, id: string): Promise<void> {
  await followUp(this, flags, id, {
    verb: 'lift',
    ...(flags.reason !== undefined && { reason: flags.reason }),
    label: 'out',
    risk: () => 'medium',
    refuse: refuseNeeded,
    edited: withoutMoves,
    words: (emergency, moves) => ({
      title: `Take out what ${emergency.id} switched on for ${emergency.emergency?.incident ?? ''}`,
      reason:
        flags.reason ??
        `${moves.map(moveText).join('; ')}: switched on by ${emergency.id}, and not needed any more.`,
      users: 'nobody: what was live before the emergency is live again',
      security: `What ${emergency.id} stopped reaches the rules of before again; no standing rule changes.`,
      message: `Take out what ${emergency.id} switched on`,
    }),
  });
}

/** What is taken out while its incident goes on would be a protection less. */
function refuseNeeded(moves: readonly WrittenMove[], { incidents, now }: Overview): void {
  const isOpen = ({ incident }: WrittenMove): boolean =>
    incidents.some(({ id, state }) => id === incident && state === 'open');
  const needed = moves.find(
    (move) =>
      move.expires !== null && daysOver({ ...move, expires: move.expires }, now) === 0 && isOpen(move),
  );
  if (needed === undefined) {
    return;
  }
  throw new UsageError({
    what: `${needed.incident} is open, and its move holds until ${needed.expires ?? ''}.`,
    why: 'Taking a move out while its incident goes on weakens what protects; when either is over, it does not.',
    fix: 'Close the incident first. A move that does harm now is undone by a rollback of its release.',
    next: `gh issue close ${needed.incident.replace('INC-', '')}`,
  });
}
