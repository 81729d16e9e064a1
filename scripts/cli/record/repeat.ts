import type { SluiceContext } from '../../contract/context.ts';
import { UsageError } from '../../contract/errors.ts';
import { takenIds } from '../../facts/records.ts';
import { nextId } from '../../read/record/ids.ts';
import { gatherOverview } from '../../questions/answer/overview.ts';
import type { KnownChange, Overview } from '../../questions/types.ts';
import { proposeTime, windowOf } from './new-schedule.ts';
import { changeCalled } from '../questions/known-change.ts';
import { repeated, type Repeat } from './edit.ts';
import { saveRecord } from './record-file.ts';

/** `sluice retry`: a record of its own for a change that failed, was rolled back or aborted, for the next window. */
export async function retryCommand(this: SluiceContext, _flags: object, id: string): Promise<void> {
  const overview = await gatherOverview(await this.services(), 'without-pulls');
  const change = changeCalled(id, overview, 'retry');
  if (change.releases.length === 0) {
    throw new UsageError({
      what: `${id} was never released, so there is nothing to try again.`,
      fix: 'Release it, or repeat it as a change of its own.',
      next: `sluice new --from ${id}`,
    });
  }
  await repeatChange(this, overview, { change, retryOf: id });
}

/** Writes the same change once more under the next free id, for the next window of its client. */
export async function repeatChange(
  context: SluiceContext,
  overview: Overview,
  { change, retryOf }: { readonly change: KnownChange; readonly retryOf: string | null },
): Promise<void> {
  const { git, files } = await context.services();
  const taken = (await takenIds(git, files)).map((each) => each.id);
  const id = nextId(Number(overview.now.slice(0, 4)), taken);
  const text = await textOf(context, change);
  await saveRecord(context, {
    path: `changes/${change.record.client}/${id}.yaml`,
    text: repeated(text, { id, retryOf, schedule: scheduleFor(change, overview) }),
  });
}

async function textOf(context: SluiceContext, { record, file, ref }: KnownChange): Promise<string> {
  const { git, files } = await context.services();
  const text =
    ref === null ? await files.readText(`${await git.root()}/${file}`) : await git.fileAt(ref, file);
  if (text === null) {
    throw new Error(`${record.id} was read from ${ref ?? 'the working tree'} and is gone`);
  }
  return text;
}

function scheduleFor({ record }: KnownChange, { policy, now }: Overview): Repeat['schedule'] {
  const register = policy.registers.find(({ client }) => client === record.client);
  const time = register === undefined ? null : proposeTime(register, now);
  return register === undefined || time === null
    ? null
    : { ...time, window: windowOf(register, time)?.id ?? null };
}
