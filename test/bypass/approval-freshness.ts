/** B01 to B09: an approval that was given for something else, by somebody else, or before. */
import { dismissReview } from '../../scripts/github-local/acts.ts';
import {
  approved,
  at,
  commitChange,
  gate,
  mergePull,
  propose,
  push,
  redirected,
  release,
  review,
  reviewOf,
  writeChange,
} from './acts.ts';
import { behind } from './front.ts';
import type { Scenario } from './scenario.ts';
import type { World } from './world.ts';

/** Another commit on the branch of the everyday change, which sends visitors elsewhere. */
function commitTrick(world: World, how: { readonly date?: string; readonly amend?: boolean } = {}): void {
  writeChange(world, { edit: redirected.edit });
  world.git('add', '--all');
  const amend = how.amend === true ? ['--amend'] : [];
  const date = how.date === undefined ? {} : { date: how.date };
  world.gitAs({ login: 'r-okafor', ...date }, 'commit', '--quiet', ...amend, '--message', 'One more thing');
}

const unknownTuple = 'm-lind: approved, but it is not known what was on show when it was given';

export const approvalFreshness: readonly Scenario[] = [
  {
    id: 'B01',
    attack: 'approve, then push',
    run: async (world) => {
      const pull = await propose(world);
      const honest = await approved(world, pull);
      commitTrick(world);
      await push(world, pull.branch);
      const pushed = await gate(world, pull);
      await mergePull(world, pull);
      const released = await release(world, pull);
      return {
        honest: [honest],
        attempts: [
          { trick: 'merge it', outcome: pushed, exit: 'denied', checks: ['approvals'], says: unknownTuple },
          {
            trick: 'release it',
            outcome: released,
            exit: 'denied',
            checks: ['approvals'],
            says: 'unauthorised change: merged without valid approvals',
          },
        ],
      };
    },
  },
  {
    id: 'B02',
    attack: "a review's commit_id moves to a head that came after it",
    run: async (world) => {
      const pull = await propose(world);
      const moved = {
        changes: [
          {
            path: /\/pulls\/\d+\/reviews$/,
            edit: (answer: unknown) =>
              (answer as readonly object[]).map((each) => ({
                ...each,
                commit_id: world.git('rev-parse', pull.branch),
              })),
          },
        ],
      };
      return behind(world, moved, async (env) => {
        await approved(world, pull);
        const honest = await gate(world, pull, { env });
        commitTrick(world);
        await push(world, pull.branch);
        const other = await gate(world, pull, { env });
        world.git('reset', '--quiet', '--hard', 'HEAD~1');
        world.git('commit', '--quiet', '--amend', '--message', 'The same patch again');
        await push(world, pull.branch);
        const same = await gate(world, pull, { env });
        const refusal = { exit: 'denied', checks: ['approvals'], says: unknownTuple } as const;
        return {
          honest: [honest],
          attempts: [
            { trick: 'onto another patch', outcome: other, ...refusal },
            { trick: 'onto the same patch, force-pushed', outcome: same, ...refusal },
          ],
        };
      });
    },
  },
];
