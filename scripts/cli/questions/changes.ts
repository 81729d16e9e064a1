import type { SluiceContext } from '../../contract/context.ts';
import { UsageError } from '../../contract/errors.ts';
import { gatherOverview } from '../../questions/answer/overview.ts';
import { nearestWord } from '../../plan/nearest-word.ts';
import { selectChanges, type Selection } from '../../questions/select.ts';
import { printedJson } from '../../render/text/printed-json.ts';
import { renderChanges } from '../../render/questions/changes.ts';
import { dateOrInstantMs } from '../../../policies/gate/instant.ts';
import { personNamed } from '../person.ts';
import { changeJson } from './change-json.ts';

export interface ChangesFlags extends Selection {
  readonly format: 'text' | 'json';
}

/** `sluice changes`: every known change that fits, by id. Reads only. */
export async function changesCommand(this: SluiceContext, flags: ChangesFlags): Promise<void> {
  refuseNoTime('since', flags.since);
  refuseNoTime('until', flags.until);
  const { changes, unknown, policy } = await gatherOverview(await this.services(), 'with-pulls');
  refuseUnknown(
    'client',
    flags.client,
    policy.registers.map(({ client }) => client),
  );
  refuseUnknown(
    'stack',
    flags.stack,
    policy.registers.flatMap(({ stacks }) => stacks.map(({ name }) => name)),
  );
  if (flags.by !== undefined) {
    personNamed(policy.roster, flags.by, 'sluice changes --by <id>');
  }
  const models = new Set(changes.flatMap(({ record }) => record.model ?? []));
  refuseUnknown('model', flags.model, [...models].toSorted());
  const found = selectChanges(changes, flags);
  this.print(
    flags.format === 'json'
      ? printedJson({ kind: 'sluice.changes', version: 1, changes: found.map(changeJson), unknown })
      : renderChanges(found, unknown, this.style),
  );
}

/** A word that nothing has is a slip, and no answer. */
function refuseUnknown(flag: string, value: string | undefined, known: readonly string[]): void {
  if (value === undefined || known.includes(value)) {
    return;
  }
  const near = nearestWord(value, known);
  throw new UsageError({
    what: `--${flag} ${value}: there is none of that name.`,
    why: near === null ? `Known are: ${known.join(', ') || '(none)'}.` : `The nearest is ${near}.`,
    fix: 'Check the spelling.',
    next: `sluice changes --${flag} ${near ?? '…'}`,
  });
}

function refuseNoTime(flag: 'since' | 'until', value: string | undefined): void {
  if (value !== undefined && dateOrInstantMs(value) === null) {
    throw new UsageError({
      what: `--${flag} ${value} is not a date.`,
      why: 'Without a zone a time would mean something else on every machine.',
      fix: 'Write a date (2026-11-30, from midnight UTC) or a time with its offset (2026-11-30T20:00:00Z).',
      next: `sluice changes --${flag} 2026-11-30`,
    });
  }
}
