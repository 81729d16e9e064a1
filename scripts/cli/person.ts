/** Which person of the roster a command is about: the one who is named, or whose token it has. */
import { personOfAccount } from '../../policies/approvals.ts';
import type { Roster } from '../../policies/model/facts.ts';
import type { Services } from '../contract/context.ts';
import { UsageError } from '../contract/errors.ts';
import type { Git } from '../contract/ports.ts';
import { nearestWord } from '../plan/nearest-word.ts';

/** The id, if somebody has it. `next` is the command with another one. */
export function personNamed(roster: Roster, id: string, next: string): string {
  const ids = roster.people.map((person) => person.id);
  if (!ids.includes(id)) {
    const near = nearestWord(id, ids);
    throw new UsageError({
      what: `Nobody on the roster has the id ${id}.`,
      why: near === null ? `Known are: ${ids.join(', ')}.` : `The nearest is ${near}.`,
      fix: 'Check the spelling.',
      next,
    });
  }
  return id;
}

/** Id of the one person who has the name that git is set up with, or whose id its address begins with: a claim, to be proposed only. */
export async function personOfGit(git: Pick<Git, 'identity'>, { people }: Roster): Promise<string | null> {
  const identity = await git.identity();
  const found = people.filter(
    ({ id, name }) => name === identity?.name || id === identity?.email.split('@')[0],
  );
  return found.length === 1 ? (found[0]?.id ?? null) : null;
}

/** Id of the person whose account the token is of. Throws UsageError for an account that is nobody's; `why` says what it is for. */
export async function personOfToken(
  services: Services,
  roster: Roster,
  { why, next }: { readonly why: string; readonly next: string },
): Promise<string> {
  const account = await (await services.pullRequests()).me();
  const person = account === null ? null : personOfAccount(roster, account);
  if (person === null) {
    throw new UsageError({
      what: 'The account of the token is of nobody on the roster.',
      why,
      fix: 'Name the person.',
      next,
    });
  }
  return person.id;
}
