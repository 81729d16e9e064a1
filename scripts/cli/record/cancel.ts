import type { SluiceContext } from '../../contract/context.ts';
import { UsageError } from '../../contract/errors.ts';
import { gatherOverview } from '../../questions/answer/overview.ts';
import { personNamed } from '../person.ts';
import { changeCalled } from '../questions/known-change.ts';
import { withOutcome } from './edit.ts';
import { recordInTree, saveRecord } from './record-file.ts';

export interface CancelFlags {
  readonly by: string;
  readonly rejected: boolean;
  readonly reason?: string;
}

/** `sluice cancel`: writes that a change is not made, withdrawn or refused by the CAB, into its record in the working tree. */
export async function cancelCommand(this: SluiceContext, flags: CancelFlags, id: string): Promise<void> {
  const services = await this.services();
  const overview = await gatherOverview(services, 'without-pulls');
  const change = changeCalled(id, overview, 'cancel');
  if (change.releases.length > 0) {
    throw new UsageError({
      what: `${id} was released: ${change.releases.map(({ intent }) => intent.id).join(', ')}.`,
      why: 'What was done is not withdrawn any more.',
      fix: 'Close it as it ended; to undo it, roll it back first.',
      next: `sluice close ${id} --by ${flags.by}`,
    });
  }
  if (flags.rejected && flags.reason === undefined) {
    throw new UsageError({
      what: 'Why the change was refused is not said.',
      why: 'Refusals are kept, because the next one who wants the same reads why.',
      fix: 'Say it in a sentence.',
      next: `sluice cancel ${id} --by ${flags.by} --rejected --reason "…"`,
    });
  }
  const file = await recordInTree(services, change);
  const text = withOutcome(file.text, {
    result: flags.rejected ? 'rejected' : 'cancelled',
    incidentsCaused: [],
    deviation: flags.reason === undefined ? [] : [flags.reason],
    closedBy: personNamed(overview.policy.roster, flags.by, `sluice cancel ${id} --by <person>`),
    closedAt: overview.now,
    registerUpdated: true,
    owed: [],
  });
  await saveRecord(this, { ...file, text });
}
