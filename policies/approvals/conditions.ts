/**
 * What holds the change back until the named person has settled it: conditions that somebody of the roster put on it, their
 * refusals, what they said that may have been either and was not understood, and words of theirs that another account has
 * edited or deleted, for nobody knows what they held.
 */
import { isReason } from '../../scripts/plan/visible.ts';
import { instantMs } from '../gate/instant.ts';
import { notUnderstood } from '../model/decision.ts';
import type { Facts, Statement } from '../model/facts.ts';
import { isFreeChair, nameOf, personOfAccount } from './people.ts';

type ApprovalCondition = Statement & { readonly kind: 'condition' };
type Objection = Statement & { readonly kind: 'tampered' | 'refusal' | 'misread' };

/**
 * What is open, as text. Only the closer's word after the condition counts; a time that cannot be read closes nothing.
 * `disqualified` matters for the change manager, who may settle what somebody else said.
 */
export function openConditions(facts: Facts, disqualified: ReadonlySet<string>): readonly string[] {
  const { roster } = facts.policy;
  return facts.statements.flatMap((statement) => {
    const person = personOfAccount(roster, statement.accountId);
    if (person === null) {
      return [];
    }
    if (statement.kind === 'condition') {
      return isClosed(statement, facts)
        ? []
        : [
            `condition ${statement.condition} is open (${statement.reason}): ${nameOf(roster, statement.closer)} closes it with the comment /sluice close ${statement.condition}`,
          ];
    }
    return isObjection(statement) && !isSettled(statement, facts, disqualified)
      ? [
          `condition ${statement.comment} is open (${whatOf(statement, person.name)}): ${person.name} ${statement.kind === 'refusal' ? 'takes it back' : 'says it again and closes it'}, or the change manager does: /sluice close ${statement.comment} because <reason>`,
        ]
      : [];
  });
}

/** What a misread statement permits nothing by is only answered; what it may have stopped is stopped. */
function isObjection(statement: Statement): statement is Objection {
  return (
    statement.kind === 'tampered' ||
    statement.kind === 'refusal' ||
    (statement.kind === 'misread' && statement.stops !== 'nothing')
  );
}

function whatOf(objection: Objection, name: string): string {
  switch (objection.kind) {
    case 'tampered':
      return `a comment of ${name} was ${objection.what} by ${objection.byLogin}`;
    case 'refusal':
      return `${name} refuses: ${objection.reason}`;
    case 'misread':
      return `${name} may have objected, and was not understood`;
  }
}

/** Statements of people of the roster that were not understood, so that nobody believes to have said something. */
export function misreadStatements(facts: Facts): readonly string[] {
  return facts.statements.flatMap((statement) =>
    statement.kind === 'misread' && personOfAccount(facts.policy.roster, statement.accountId) !== null
      ? [`${notUnderstood}${statement.comment} of ${statement.login}, ${statement.problem}`]
      : [],
  );
}

function isClosed(condition: ApprovalCondition, facts: Facts): boolean {
  return closings(condition, condition.condition, facts).some(
    ({ accountId }) => personOfAccount(facts.policy.roster, accountId)?.id === condition.closer,
  );
}

function isSettled(objection: Objection, facts: Facts, disqualified: ReadonlySet<string>): boolean {
  const whose = personOfAccount(facts.policy.roster, objection.accountId)?.id;
  return closings(objection, objection.comment, facts).some(
    (closing) =>
      personOfAccount(facts.policy.roster, closing.accountId)?.id === whose ||
      (isFreeChair(facts, closing, disqualified) && isReason(closing.reason)),
  );
}

/** Of two statements of the same second the later one in the list came later; a deletion stands behind all of them. */
function closings(opened: Statement, name: string, facts: Facts): readonly Statement[] {
  const set = instantMs(opened.at);
  const place = facts.statements.indexOf(opened);
  return facts.statements.filter((statement, index) => {
    const closed = instantMs(statement.at);
    return (
      statement.kind === 'condition-closed' &&
      statement.condition === name &&
      set !== null &&
      closed !== null &&
      (closed > set || (closed === set && (index > place || opened.kind === 'tampered')))
    );
  });
}
