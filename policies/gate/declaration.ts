/**
 * Who declares an emergency. The name in the record is its author's word, and a declared emergency skips most approvals:
 * somebody of the service stands behind it with an account of their own. Whoever opened the pull request does, so that one
 * engineer alone at night can raise it; anybody else says so there, by approving what is on show. Such an approval fills no
 * seat: who declares an emergency took part in it.
 */
import { staleUse } from '../approvals/break-glass.ts';
import { isSameTuple } from '../approvals/freshness.ts';
import { readOpinions } from '../approvals/opinions.ts';
import { ownVoicesAt, personById, personOfAccount, serviceSeats } from '../approvals/people.ts';
import type { Facts } from '../model/facts.ts';
import type { Problem } from './check.ts';
import { instantMs } from './instant.ts';

/** Why `declaredBy` is not believed; empty when it is. */
export function declarationProblems(facts: Facts, declaredBy: string): readonly Problem[] {
  const person = personById(facts.policy.roster, declaredBy);
  const now = instantMs(facts.now);
  const mayDeclare =
    person !== null && now !== null && ownVoicesAt(person, now).some(({ seat }) => serviceSeats.has(seat));
  if (!mayDeclare) {
    return [
      {
        text: 'who declared the emergency holds no seat on the roster that may declare one',
        next: `name in \`emergency.declaredBy\` who declares it, one of: ${[...serviceSeats].join(', ')}`,
      },
    ];
  }
  return standsBehind(facts, person.id)
    ? []
    : [
        {
          text: `the record says that ${person.name} declared the emergency, who neither opened the pull request nor approved it`,
          next: `${person.name} approves the pull request as it is now (it confirms the declaration and fills no seat), or \`emergency.declaredBy\` names who opened it`,
        },
      ];
}

function standsBehind(facts: Facts, id: string): boolean {
  const { pull, breakGlass, policy } = facts;
  const isPerson = (account: number): boolean => personOfAccount(policy.roster, account)?.id === id;
  const hasOpened = pull !== null && !pull.authorIsBot && isPerson(pull.authorId);
  const goesAlone =
    breakGlass !== null && isPerson(breakGlass.accountId) && staleUse(breakGlass, facts) === null;
  return hasOpened || goesAlone || hasApproved(facts, id);
}

function hasApproved(facts: Facts, id: string): boolean {
  return readOpinions(facts, new Set()).some(
    ({ person, opinion: { kind, review } }) =>
      kind === 'approval' &&
      person?.id === id &&
      review.isBot === false &&
      (review.editedAt === undefined || review.editedAt === review.submittedAt) &&
      isSameTuple(review.tuple ?? null, facts.tuple),
  );
}
