/** Conditions that somebody of the roster put on the change: each blocks until its named closer has closed it. */
import { instantMs } from '../gate/instant.ts';
import type { Facts, Statement } from '../model/facts.ts';
import { nameOf, personOfAccount } from './people.ts';

type Condition = Statement & { readonly kind: 'condition' };

/** The open conditions, as text. Only the closer's word after the condition counts; a time that cannot be read closes nothing. */
export function openConditions(facts: Facts): readonly string[] {
  const { roster } = facts.policy;
  return facts.statements
    .filter((statement): statement is Condition => statement.kind === 'condition')
    .filter((condition) => personOfAccount(roster, condition.accountId) !== null)
    .filter((condition) => !isClosed(condition, facts))
    .map(
      (condition) =>
        `condition ${condition.condition} is open (${condition.reason}): ${nameOf(roster, condition.closer)} closes it`,
    );
}

function isClosed(condition: Condition, facts: Facts): boolean {
  const set = instantMs(condition.at);
  return facts.statements.some((statement) => {
    const closed = instantMs(statement.at);
    return (
      statement.kind === 'condition-closed' &&
      statement.condition === condition.condition &&
      personOfAccount(facts.policy.roster, statement.accountId)?.id === condition.closer &&
      set !== null &&
      closed !== null &&
      closed >= set
    );
  });
}
