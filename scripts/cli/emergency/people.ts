/** Who can do what about an emergency, by the roster. */
import { ownVoicesAt } from '../../../policies/approvals/people.ts';
import type { Roster } from '../../../policies/model/facts.ts';
import type { Seat } from '../../../policies/model/seat.ts';
import type { Surroundings } from '../../contract/context.ts';
import { UsageError } from '../../contract/errors.ts';
import type { KnownChange } from '../../questions/types.ts';
import { choose } from '../choose.ts';

/** Whom the record says to take part. */
export function partsOf({ record }: KnownChange): readonly string[] {
  const { requester, owner, implementer, backupImplementer } = record;
  return [requester, owner, implementer, backupImplementer].filter((id) => id !== undefined);
}

/** Who may have looked at the security of a change in which `parts` take part. `now`: RFC 3339. */
export function reviewersOf(roster: Roster, now: string, parts: readonly string[]): readonly string[] {
  return holdersOf('security', roster, now).filter((id) => !parts.includes(id));
}

/** Ids of those who hold a seat themselves. */
export function holdersOf(seat: Seat, { people }: Roster, now: string): readonly string[] {
  return people
    .filter((person) => ownVoicesAt(person, Date.parse(now)).some((voice) => voice.seat === seat))
    .map(({ id }) => id);
}

/** The one who is given, else the only one that there is, else who is chosen. Throws UsageError for somebody else, and where nobody can be asked. */
export async function oneOf(
  surroundings: Pick<Surroundings, 'ask' | 'stderr'>,
  {
    given,
    among,
    text,
    flag,
    command,
  }: {
    readonly given: string | undefined;
    readonly among: readonly string[];
    readonly text: string;
    readonly flag: string;
    readonly command: string;
  },
): Promise<string> {
  const [only, ...others] = among;
  if (given === undefined && only !== undefined && others.length === 0) {
    return only;
  }
  if (given !== undefined && among.includes(given)) {
    return given;
  }
  const chosen =
    given === undefined
      ? await choose(surroundings, { text, options: among.map((id) => [id, id] as const) })
      : null;
  if (chosen !== null) {
    return chosen;
  }
  throw new UsageError({
    what: given === undefined ? `${text} is not said.` : `${given} cannot be it: ${text}`,
    why: `It is one of ${among.join(', ') || 'nobody on the roster'}.`,
    fix: `Name one with ${flag}.`,
    next: `${command} ${flag} ${among[0] ?? '<person>'}`,
  });
}
