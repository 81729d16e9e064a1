/**
 * What holds the change back until the named person has settled it: conditions that somebody of the roster put on it, and
 * words of somebody of the roster that another account has edited or deleted, for nobody knows what they held.
 */
import { instantMs } from '../gate/instant.ts';
import type { Facts, Statement } from '../model/facts.ts';
import { isFreeChair, nameOf, personOfAccount } from './people.ts';

type Condition = Statement & { readonly kind: 'condition' };
type Tampered = Statement & { readonly kind: 'tampered' };

/**
 * What is open, as text. Only the closer's word after the condition counts; a time that cannot be read closes nothing.
 * `disqualified` matters for the change manager, who may settle a comment that somebody tampered with.
 */
export function openConditions(facts: Facts, disqualified: ReadonlySet<string>): readonly string[] {
  const { roster } = facts.policy;
  return facts.statements.flatMap((statement) => {
    const person = personOfAccount(roster, statement.accountId);
    if (person === null) {
      return [];
    }
    if (statement.kind === 'condition' && !isClosed(statement, facts)) {
      return [
        `condition ${statement.condition} is open (${statement.reason}): ${nameOf(roster, statement.closer)} closes it with the comment /sluice close ${statement.condition}`,
      ];
    }
    return statement.kind === 'tampered' && !isSettled(statement, facts, disqualified)
      ? [
          `condition ${statement.comment} is open (a comment of ${person.name} was ${statement.what} by ${statement.byLogin}): ${person.name} says it again and closes it, or the change manager does: /sluice close ${statement.comment} <reason>`,
        ]
      : [];
  });
}

/** Statements of people of the roster that were not understood, so that nobody believes to have said something. */
export function misreadStatements(facts: Facts): readonly string[] {
  return facts.statements.flatMap((statement) =>
    statement.kind === 'misread' && personOfAccount(facts.policy.roster, statement.accountId) !== null
      ? [`not understood: a comment of ${statement.login}: ${statement.problem}`]
      : [],
  );
}

function isClosed(condition: Condition, facts: Facts): boolean {
  return closings(condition, condition.condition, facts).some(
    ({ accountId }) => personOfAccount(facts.policy.roster, accountId)?.id === condition.closer,
  );
}

function isSettled(tampered: Tampered, facts: Facts, disqualified: ReadonlySet<string>): boolean {
  const whose = personOfAccount(facts.policy.roster, tampered.accountId)?.id;
  return closings(tampered, tampered.comment, facts).some(
    ({ accountId, reason }) =>
      personOfAccount(facts.policy.roster, accountId)?.id === whose ||
      (isFreeChair(facts, accountId, disqualified) && reason.trim() !== ''),
  );
}

function closings(opened: Statement, name: string, facts: Facts): readonly Statement[] {
  const set = instantMs(opened.at);
  return facts.statements.filter((statement) => {
    const closed = instantMs(statement.at);
    return (
      statement.kind === 'condition-closed' &&
      statement.condition === name &&
      set !== null &&
      closed !== null &&
      closed >= set
    );
  });
}
