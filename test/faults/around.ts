/** What goes wrong around a release: files and git that cannot be written, a full disk, the clock, a second runner. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FaultScenario } from './scenario.ts';
import { faulted } from './inside.ts';
import { releaseLine, stacks, type At } from './world.ts';

const [first, , third] = stacks;

function refusedAt(name: string, at: At): FaultScenario {
  return {
    name,
    run: async (prepared) =>
      faulted(prepared, [], async (world) => {
        const { exit, stderr } = await world.shell(releaseLine, { at: [at] });
        return exit === 'internal' ? [`crashed: ${stderr}`] : exit === 'ok' ? ['the fault was not met'] : [];
      }),
  };
}

/** Refused as a full disk, a quota or a limit of processes refuses it. */
const refused: readonly FaultScenario[] = [
  ...[1, 3, 5, 7, 9, 12].map((nth) =>
    refusedAt(`git cannot be started: update-ref ${String(nth)}`, {
      step: 'before git update-ref',
      nth,
      do: 'fail',
      code: 'EAGAIN',
    }),
  ),
  ...[1, 4, 8].map((nth) =>
    refusedAt(`git cannot be started: unpack-objects ${String(nth)}`, {
      step: 'before git unpack-objects',
      nth,
      do: 'fail',
      code: 'EAGAIN',
    }),
  ),
  ...(
    [
      [`before open .sluice/runs/${first}/.run.json`, 1],
      [`before open .sluice/runs/${first}/.run.json`, 2],
      [`before rename .sluice/runs/${third}/run.json`, 2],
      [`before open .sluice/work/${third}/.cdk.tf.json`, 1],
      [`before rename .sluice/work/${first}/cdk.tf.json`, 2],
    ] as const
  ).map(([step, nth]) =>
    refusedAt(`a file cannot be written: ${step.replace('before ', '')}, ${String(nth)}`, {
      step,
      nth,
      do: 'fail',
      code: 'ENOSPC',
    }),
  ),
  ...[first, third].map((stack) =>
    refusedAt(`Terraform cannot be started: apply ${stack}`, {
      step: `before terraform apply ${stack}`,
      nth: 1,
      do: 'fail',
      code: 'ENOMEM',
    }),
  ),
];

/** Files of a folder on a disk of its own that has no room left; null where this machine mounts none. */
function fullDisk(folder: string): { readonly free: () => void } | null {
  const kept = `${folder}.kept`;
  try {
    mkdirSync(folder, { recursive: true });
    execFileSync('cp', ['-a', folder, kept]);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', folder], { stdio: 'ignore' });
  } catch {
    return null;
  }
  execFileSync('cp', ['-a', `${kept}/.`, folder]);
  try {
    writeFileSync(join(folder, 'filler'), Buffer.alloc(512 * 1024));
  } catch {
    // Full: that is what was wanted.
  }
  return {
    free: () => {
      execFileSync('rm', ['-f', join(folder, 'filler')]);
      execFileSync('sh', [
        '-c',
        `rm -rf "${kept}" && cp -a "${folder}" "${kept}" && umount "${folder}" && rm -rf "${folder}" && mv "${kept}" "${folder}"`,
      ]);
    },
  };
}

const full: readonly FaultScenario[] = [`state/${first}`, `state/${third}`, `runs/${first}`, 'runs'].map(
  (place) => ({
    name: `the disk is full: .sluice/${place}`,
    run: async (prepared) => {
      const disks: ReturnType<typeof fullDisk>[] = [];
      const outcome = await faulted(prepared, [], async (world) => {
        const disk = fullDisk(join(world.estate.folder, '.sluice', place));
        disks.push(disk);
        const { exit, stderr } = await world.shell(releaseLine);
        disk?.free();
        return exit === 'internal'
          ? [`crashed: ${stderr}`]
          : exit === 'ok' && disk !== null
            ? ['the full disk was not met']
            : [];
      });
      return disks.some((disk) => disk !== null)
        ? outcome
        : { ...outcome, seen: `NOT RUN, no tmpfs can be mounted here: ${outcome.seen}` };
    },
  }),
);

const clocks: readonly FaultScenario[] = (
  [
    ['the window ends after the first wave', `after terraform apply ${first}`, '2026-11-24T23:30:00Z'],
    [
      'the window ends during the apply of the second wave',
      `started terraform apply ${third}`,
      '2026-11-24T23:30:00Z',
    ],
    ['the clock goes back by an hour', `after terraform apply ${first}`, '2026-11-24T19:30:00Z'],
    ['the clock goes on by a day', `after terraform apply ${third}`, '2026-11-25T20:30:00Z'],
  ] as const
).map(([name, step, to]) => ({
  name,
  run: async (prepared) =>
    faulted(prepared, [], async (world) => {
      const { exit, stderr } = await world.shell(releaseLine, { at: [{ step, nth: 1, do: 'jump', to }] });
      return exit === 'internal' ? [`crashed: ${stderr}`] : [];
    }),
}));

/** The second begins while the first stands at this step, and has ended when the first goes on. */
function besideAt(step: string, nth: number): FaultScenario {
  return {
    name: `a second runner in the same clone: ${step}, ${String(nth)}`,
    run: async (prepared) =>
      faulted(prepared, [], async (world) => {
        const gate = join(world.estate.folder, '.sluice', 'go-on');
        const held = world.shell(releaseLine, { at: [{ step, nth, do: 'hold', until: gate }] });
        await standing(gate);
        const second = await world.shell(releaseLine);
        writeFileSync(gate, '');
        const one = await held;
        const both = [one, second];
        return [
          ...(both.some(({ exit }) => exit === 'internal')
            ? [`crashed: ${both.map(({ stderr }) => stderr).join('\n')}`]
            : []),
          ...(both.every(({ exit }) => exit === 'ok') ? ['both say that they released it'] : []),
        ];
      }),
  };
}

async function standing(gate: string): Promise<void> {
  while (!existsSync(`${gate}.held`)) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const together: FaultScenario = {
  name: 'two runners in the same clone at the same moment',
  run: async (prepared) =>
    faulted(prepared, [], async (world) => {
      const both = await Promise.all([world.shell(releaseLine), world.shell(releaseLine)]);
      return [
        ...(both.some(({ exit }) => exit === 'internal')
          ? [`crashed: ${both.map(({ stderr }) => stderr).join('\n')}`]
          : []),
        ...(both.every(({ exit }) => exit === 'ok') ? ['both say that they released it'] : []),
      ];
    }),
};

export const around: readonly FaultScenario[] = [
  ...refused,
  ...full,
  ...clocks,
  ...(
    [
      [`before open .sluice/runs/${first}/.run.json`, 1],
      [`before rename .sluice/runs/${first}/run.json`, 2],
      [`before rename .sluice/runs/${third}/run.json`, 1],
      [`before rename .sluice/work/${third}/cdk.tf.json`, 2],
    ] as const
  ).map(([step, nth]) => besideAt(step, nth)),
  together,
];
