/** A hostile pull request while it is put together: what the branch holds, and what is wrong with it. */
import { everyday, type Proposal } from '../../bypass/acts.ts';
import type { World } from '../../bypass/world.ts';

export interface Draft {
  readonly proposal: Proposal;
  /** What a proposal cannot say: links, modes, names in another case. Done in the working tree before the commit. */
  readonly plant: readonly ((world: World) => void)[];
}

/** One thing that an attacker adds to an everyday change. */
export interface Ingredient {
  /** For the report: what it is and where it stands. */
  readonly name: string;
  /** True when no quorum may let it through; false for what an honest engineer may write. */
  readonly hostile: boolean;
  readonly add: (draft: Draft) => Draft;
}

export const emptyDraft: Draft = { proposal: everyday, plant: [] };

export function withProposal(draft: Draft, edit: (proposal: Proposal) => Proposal): Draft {
  return { ...draft, proposal: edit(draft.proposal) };
}
