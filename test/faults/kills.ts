/** The release is killed at each of its steps, alone or with everything that it started. */
import type { FaultScenario, Outcome } from './scenario.ts';
import { settle } from './settle.ts';
import { openWorld, releaseLine, stacks, type At, type Prepared } from './world.ts';

const [first, , third, , fifth, last] = stacks;

/** Steps by name with which of them: what is written before, between and after the applies of each wave. */
const steps: readonly (readonly [step: string, nths: readonly number[]])[] = [
  ['before git worktree', [1]],
  ['before rename .sluice/work/' + first + '/cdk.tf.json', [1]],
  ['after rename .sluice/runs/' + first + '/run.json', [1, 2, 3]],
  ['started terraform plan ' + first, [1, 2]],
  ['after terraform plan ' + third, [1]],
  ['after terraform show ' + fifth, [1, 2]],
  ['before git unpack-objects', [2, 5, 8, 11]],
  ['after git unpack-objects', [1, 3, 6, 7, 9, 12]],
  ['started git update-ref', [1, 4, 6, 8, 12]],
  ['before git update-ref', [1, 2, 3, 5, 7, 9, 10, 12]],
  ['after git update-ref', [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]],
  ...[first, third, fifth, last].flatMap((stack): readonly (readonly [string, readonly number[]])[] => [
    [`before terraform apply ${stack}`, [1]],
    [`started terraform apply ${stack}`, [1]],
    [`after terraform apply ${stack}`, [1]],
  ]),
  ['started terraform plan ' + third, [2]],
  ['after terraform plan ' + last, [2]],
  ['before rm .sluice/runs/' + first, [2]],
  ['after rm .sluice/runs/' + last, [2]],
];

export const kills: readonly FaultScenario[] = steps.flatMap(([step, nths]) =>
  nths.flatMap((nth) =>
    // What is not started has nothing that could go on: one kind of death is enough.
    (/^(?:started|before terraform)/.test(step) ? (['kill', 'power'] as const) : (['kill'] as const)).map(
      (how) => killAt({ step, nth, do: how }),
    ),
  ),
);

function killAt(at: At): FaultScenario {
  return { name: `${at.do}: ${at.step}, ${String(at.nth)}`, run: async (prepared) => killed(prepared, at) };
}

async function killed(prepared: Prepared, at: At): Promise<Outcome> {
  const world = await openWorld(prepared);
  try {
    const ran = await world.shell(releaseLine, { at: [at] });
    const { way, problems } = await settle(world, prepared);
    return {
      seen: way.join('; '),
      problems: [
        ...(ran.signal === 'SIGKILL'
          ? []
          : [`was not killed: it ended as ${ran.exit} ${ran.stderr.slice(-600)}`]),
        ...problems,
      ],
    };
  } finally {
    await world.close();
  }
}
