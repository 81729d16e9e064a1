import type { SluiceContext } from '../../contract/context.ts';
import { UsageError } from '../../contract/errors.ts';
import { gatherOverview } from '../../questions/answer/overview.ts';
import type { KnownChange } from '../../questions/types.ts';
import { isLive, lastByStack } from '../../../policies/model/state.ts';
import { settled } from '../emergency/settled.ts';
import { personNamed } from '../person.ts';
import { changeCalled } from '../questions/known-change.ts';
import { withFields, withOutcome, type RecordEnd } from './edit.ts';
import { recordInTree, saveRecord } from './record-file.ts';

export interface CloseFlags {
  readonly by: string;
  readonly result?: RecordEnd['result'];
  readonly deviation?: readonly string[];
  readonly incident?: readonly string[];
  readonly settled?: readonly string[];
  readonly registerUpdated: boolean;
}

/**
 * `sluice close`: writes how the change ended, as the ledger has it, into the record in the working tree; of an emergency
 * also what it left out, as far as that is known, and asks the rest.
 */
export async function closeCommand(this: SluiceContext, flags: CloseFlags, id: string): Promise<void> {
  const services = await this.services();
  const overview = await gatherOverview(services, 'without-pulls');
  const change = changeCalled(id, overview, 'close');
  const file = await recordInTree(services, change);
  const result = flags.result ?? resultOf(change);
  const deviation = flags.deviation ?? [];
  if (deviation.length === 0 && result !== 'successful') {
    throw new UsageError({
      what: `${id} ended as ${result}, and what went otherwise than planned is not said.`,
      why: 'The next one who plans such a change reads it.',
      fix: 'Say it in a sentence.',
      next: `sluice close ${id} --by ${flags.by} --deviation "…"`,
    });
  }
  const closedBy = personNamed(overview.policy.roster, flags.by, `sluice close ${id} --by <person>`);
  const made = await settled(this, overview, {
    change,
    given: flags.settled ?? [],
    command: `sluice close ${id} --by ${closedBy}`,
  });
  const listed = overview.incidents
    .filter((incident) => 'causedBy' in incident && incident.causedBy === id)
    .map((incident) => incident.id);
  const end: RecordEnd = {
    result,
    incidentsCaused: [...new Set([...listed, ...(flags.incident ?? [])])],
    deviation,
    closedBy,
    closedAt: overview.now,
    registerUpdated: flags.registerUpdated,
    owed: made.owed,
  };
  const isWhole = Object.keys(made.fields).length === 0;
  const text = isWhole ? file.text : withFields(file.text, made.fields);
  await saveRecord(this, { ...file, text: withOutcome(text, end) });
}

/** What the ledger says of every stack of the change; throws UsageError while it is not over. */
function resultOf({ record: { id }, releases, past }: KnownChange): RecordEnd['result'] {
  if (releases.some(({ entry }) => entry === null)) {
    throw new UsageError({
      what: `A release of ${id} was begun and has not ended.`,
      why: 'How a change ended is what the ledger says.',
      fix: 'Let it end, or abandon it.',
      next: 'sluice status',
    });
  }
  const stopped = lastByStack(past).find((release) => !isLive(release));
  if (past.length === 0) {
    throw new UsageError({
      what: `The ledger has no release of ${id}.`,
      why: 'How a change ended is what the ledger says.',
      fix: 'What was never released is cancelled.',
      next: `sluice cancel ${id} --by <person>`,
    });
  }
  if (stopped === undefined) {
    return 'successful';
  }
  return stopped.kind === 'rollback' ? 'rolled-back' : stopped.result;
}
