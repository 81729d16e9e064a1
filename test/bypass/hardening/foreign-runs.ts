/** Bundles that another pull request of the same commit left, under the workflow of another base branch. */
import { openPull } from '../../../scripts/sandbox/github/acts.ts';
import { api, at, outcomeOf, propose, push, type Pull } from '../acts.ts';
import type { Outcome, Scenario } from '../scenario.ts';
import type { World } from '../world.ts';
import { leftBy } from './isolation.ts';

/** The gate as its job runs it: with what the job `synth` left. An approval is all that the honest one waits for. */
async function gateOfCi(world: World, { number }: Pull): Promise<Outcome> {
  const ended = outcomeOf(await world.sluice(['gate', '--pr', String(number), '--ci-bundles']));
  return ended.text.includes('0 of ') ? { ...ended, exit: 'ok' } : ended;
}

/** A run of change.yml for the head of the branch. */
async function ran(world: World, { branch }: Pull, edit?: (text: string) => string): Promise<void> {
  const commit = world.git('rev-parse', branch);
  const { zip } = await leftBy(world, commit, edit);
  world.github.putSynthRun({ headSha: commit, headBranch: branch, artifacts: [{ zip }] });
}

/** Points production where the attacker wants it, in the bundles only. */
const forged = (text: string): string => text.replace('203.0.113.50', '203.0.113.66');

export const foreignRuns: readonly Scenario[] = [
  {
    id: 'H74',
    attack: 'the workflow of another base branch makes the bundles',
    run: async (world) => {
      const pull = await propose(world);
      await ran(world, pull);
      const before = await gateOfCi(world, pull);
      world.git('branch', '--quiet', 'evil-base', 'main');
      await push(world, 'evil-base');
      const parts = { login: 'r-okafor', head: pull.branch, base: 'evil-base', title: 'evil', body: '' };
      const other = await openPull(at(world), parts);
      await ran(world, pull, forged);
      const closed = { method: 'PATCH', path: `pulls/${String(other)}`, body: { state: 'closed' } };
      await api(world, 'r-okafor', closed);
      const attacked = await gateOfCi(world, pull);
      world.git('checkout', '--quiet', pull.branch);
      world.git('commit', '--quiet', '--allow-empty', '--message', 'Synthesize again');
      await push(world, pull.branch);
      await ran(world, pull);
      return {
        honest: [before, await gateOfCi(world, pull)],
        attempts: [
          {
            trick: 'a pull request into a branch of the attacker, closed again',
            outcome: attacked,
            exit: 'undetermined',
            checks: [],
            says: 'may be of another base branch',
          },
        ],
      };
    },
  },
];
