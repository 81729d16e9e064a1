import type { Services, SluiceContext } from '../../contract/context.ts';
import { gatherOverview } from '../../questions/answer/overview.ts';
import { statusOf } from '../../questions/status.ts';
import type { Overview } from '../../questions/types.ts';
import { printedJson } from '../../render/text/printed-json.ts';
import { renderStatus } from '../../render/questions/status.ts';
import { changeJson } from './change-json.ts';
import { personNamed, personOfToken } from '../person.ts';

export interface StatusFlags {
  readonly mine: boolean;
  readonly person?: string;
  readonly format: 'text' | 'json';
}

/** `sluice status`: open changes by what happens next. Reads only. */
export async function statusCommand(this: SluiceContext, flags: StatusFlags): Promise<void> {
  const services = await this.services();
  const overview = await gatherOverview(services, 'with-pulls');
  const status = statusOf(overview, await selectedPerson(services, overview, flags));
  if (flags.format === 'text') {
    this.print(renderStatus(status, overview, this.style));
    return;
  }
  this.print(
    printedJson({
      kind: 'sluice.status',
      version: 1,
      at: overview.now,
      changes: status.lines.map(({ change, group, waitsFor }) => ({
        ...changeJson(change),
        group,
        waitsFor,
      })),
      unfinished: overview.unfinished.map(({ intent }) => intent.id),
      otherPulls: overview.otherPulls,
      owing: overview.owing,
      emergencyMovesOver: overview.over,
      windows: status.windows,
      unknown: overview.unknown,
    }),
  );
}

/** Null: everybody's. Throws UsageError for somebody who is not on the roster. */
async function selectedPerson(
  services: Services,
  overview: Overview,
  { mine, person }: StatusFlags,
): Promise<string | null> {
  if (person !== undefined) {
    return personNamed(overview.policy.roster, person, 'sluice status --person <id>');
  }
  if (!mine) {
    return null;
  }
  return personOfToken(services, overview.policy.roster, {
    why: 'Whose changes are meant is told by the account.',
    next: 'sluice status --person <id>',
  });
}
