/** Facts of a change that very many people had something to say about, and of one that changes very much. */
import type { Facts, PolicySet } from '../../policies/model/facts.ts';
import type { Plan } from '../../scripts/plan/types.ts';
import { accounts, aPull, cleanPlan, facts, review, showing } from '../policies/world.ts';
import type { Who } from '../policies/world.ts';

const people = Object.keys(accounts) as Who[];
const states = ['APPROVED', 'CHANGES_REQUESTED', 'COMMENTED', 'APPROVED'] as const;

/** A fifth of the reviews are of people on the roster, who change their minds; the rest are of strangers. */
export function crowdedFacts(policy: PolicySet, reviews: number, commits: number): Facts {
  const pull = aPull({
    commits: Array.from({ length: commits }, (_, index) => ({
      sha: String(index).padStart(40, '0'),
      authorId: accounts.okafor,
      committerId: accounts.okafor,
      coAuthorIds: [],
    })),
  });
  const parts = { plan: cleanPlan(), policy, pull };
  const [one = review('iyer')] = showing(parts, [review('iyer')]);
  const crowd = Array.from({ length: reviews - people.length }, (_, index) => {
    const who = index % 5 === 0 ? people[index % people.length] : undefined;
    return {
      ...one,
      id: index,
      accountId: who === undefined ? 20_000 + index : accounts[who],
      login: who ?? `stranger-${String(index)}`,
      state: states[index % states.length] ?? 'APPROVED',
    };
  });
  const last = people.map((who, index) => ({
    ...one,
    id: reviews + index,
    accountId: accounts[who],
    login: who,
  }));
  return facts({ ...parts, reviews: [...crowd, ...last] });
}

/** The change of the world's record with another plan. */
export function factsOfPlan(policy: PolicySet, plan: Plan): Facts {
  return facts({ policy, plan });
}
