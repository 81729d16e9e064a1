import type { Services, SluiceContext } from '../../contract/context.ts';
import { UsageError } from '../../contract/errors.ts';
import { gatherOverview } from '../../questions/answer/overview.ts';
import { statusOf } from '../../questions/status.ts';
import type { Overview } from '../../questions/types.ts';
import { printedJson } from '../../render/text/printed-json.ts';
import { renderStatus } from '../../render/questions/status.ts';
import { changeJson } from './change-json.ts';
import { personNamed, personOfGit, personOfToken } from '../person.ts';

export interface StatusFlags {
  readonly mine: boolean;
  readonly person?: string;
  readonly format: 'text' | 'json';
}

/** `sluice status`: open changes by what happens next. Reads only. */
export async function statusCommand(this: SluiceContext, flags: StatusFlags): Promise<void> {
  const services = await this.services();
  const gathered = await gatherOverview(services, 'with-pulls');
  const { person, unknown } = await selectedPerson(services, gathered, flags);
  const overview = { ...gathered, unknown: [...gathered.unknown, ...unknown] };
  const status = statusOf(overview, person);
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

interface Selected {
  /** Null: everybody's. */
  readonly person: string | null;
  /** What is only claimed of who it is. */
  readonly unknown: readonly string[];
}

/**
 * The account of the token tells who asks; where GitHub is not asked, the name that git is set up with, which is a claim.
 * Throws UsageError for somebody who is not on the roster.
 */
async function selectedPerson(
  services: Services,
  { policy: { roster }, otherPulls }: Overview,
  { mine, person }: StatusFlags,
): Promise<Selected> {
  if (person !== undefined) {
    return { person: personNamed(roster, person, 'sluice status --person <id>'), unknown: [] };
  }
  if (!mine) {
    return { person: null, unknown: [] };
  }
  if (otherPulls !== null) {
    const known = await personOfToken(services, roster, {
      why: 'Whose changes are meant is told by the account.',
      next: 'sluice status --person <id>',
    });
    return { person: known, unknown: [] };
  }
  const claimed = await personOfGit(services.git, roster);
  if (claimed === null) {
    throw new UsageError({
      what: 'Whose changes are meant is not known.',
      why: 'No token of GitHub is set, and the name that git is set up with is of nobody on the roster.',
      fix: 'Name the person.',
      next: 'sluice status --person <id>',
    });
  }
  return {
    person: claimed,
    unknown: [`who you are: taken is ${claimed}, by the name that git is set up with`],
  };
}
