/** What happens while Cloudflare is asked: deaths, lost connections, refusals, a lock that is gone. */
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Fault, FaultEffect, FaultOperation } from '../../scripts/sandbox/provider/faults.ts';
import type { FaultScenario, Outcome } from './scenario.ts';
import { settle } from './settle.ts';
import { openWorld, releaseLine, stacks, type FaultWorld, type Prepared } from './world.ts';

type When = NonNullable<Fault['when']>;

/** Replacements are a delete and a create, so each stack has two of either. */
const calls: readonly (readonly [FaultOperation, number])[] = [
  ['update', 1],
  ['create', 3],
  ['delete', 6],
  ['update', 6],
  ['create', 12],
];

const record = 'cloudflare_dns_record';

/** Everything that the process started, at any depth. */
function descendants(pid: number): readonly number[] {
  const parents = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
        return [[Number(name), Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])] as const];
      } catch {
        return [];
      }
    });
  const below = (of: number): readonly number[] =>
    parents.filter(([, parent]) => parent === of).flatMap(([child]) => [child, ...below(child)]);
  return below(pid);
}

function deathAt(
  operation: FaultOperation,
  nth: number,
  { when, how }: { readonly when: When; readonly how: 'kill' | 'power' },
): FaultScenario {
  return {
    name: `${how}: ${when} ${operation} ${String(nth)} at Cloudflare`,
    run: async (prepared) => {
      let pid = 0;
      const call = (): void => {
        const ended = how === 'power' ? [...descendants(pid), pid] : [pid];
        ended.forEach((each) => process.kill(each, 'SIGKILL'));
      };
      const fault: Fault = { operation, nth, when, type: record, effect: { kind: 'call', call } };
      return faulted(prepared, [fault], async (world) => {
        const ran = await world.shell(releaseLine, { onStarted: (child) => (pid = child.pid ?? 0) });
        return ran.signal === 'SIGKILL' ? [] : [`was not killed: ${ran.exit} ${ran.stderr.slice(-500)}`];
      });
    },
  };
}

/** Opens a world with these faults, lets `work` do something in it, and goes on until it is settled. */
export async function faulted(
  prepared: Prepared,
  faults: readonly Fault[],
  work: (world: FaultWorld) => Promise<readonly string[]>,
): Promise<Outcome> {
  const world = await openWorld(prepared, faults);
  try {
    const before = await work(world);
    const { way, problems } = await settle(world, prepared);
    return { seen: way.join('; '), problems: [...before, ...problems] };
  } finally {
    await world.close();
  }
}

const refusals: readonly (readonly [name: string, effect: FaultEffect])[] = [
  ['the connection is dropped', { kind: 'drop' }],
  ['Cloudflare answers 500', { kind: 'error', status: 500 }],
  ['Cloudflare answers 429', { kind: 'error', status: 429 }],
];

const troubled: readonly FaultScenario[] = refusals.flatMap(([name, effect]) =>
  ([...calls, ['read', 1], ['read', 40]] as const).map(([operation, nth]) => ({
    name: `${name}: ${operation} ${String(nth)}`,
    run: async (prepared: Prepared) =>
      faulted(prepared, [{ operation, nth, type: record, effect }], async (world) => {
        const { exit, stderr } = await world.shell(releaseLine);
        return exit === 'internal' ? [`crashed: ${stderr}`] : [];
      }),
  })),
);

/** Terraform waits for ever and is interrupted as a person would, or as a runner that has had enough does. */
const hanging: readonly FaultScenario[] = (['SIGINT', 'SIGTERM'] as const).map((signal) => ({
  name: `Terraform hangs and the release gets ${signal}`,
  run: async (prepared) => {
    let pid = 0;
    const interrupt = (): boolean => process.kill(pid, signal);
    const faults: readonly Fault[] = [
      { operation: 'update', nth: 3, type: record, effect: { kind: 'call', call: interrupt } },
    ];
    return faulted(prepared, faults, async (world) => {
      const { exit, stderr } = await world.shell(releaseLine, {
        onStarted: (child) => (pid = child.pid ?? 0),
      });
      return exit === 'internal' ? [`crashed: ${stderr}`] : [];
    });
  },
}));

const lockless: FaultScenario = {
  name: 'Terraform loses its lock in the middle of an apply',
  run: async (prepared) => {
    const opened: FaultWorld[] = [];
    const call = (): void => {
      const [world] = opened;
      for (const stack of stacks) {
        rmSync(join(world?.estate.folder ?? '', '.sluice/state', stack, '.terraform.tfstate.lock.info'), {
          force: true,
        });
      }
    };
    const fault: Fault = { operation: 'update', nth: 2, type: record, effect: { kind: 'call', call } };
    return faulted(prepared, [fault], async (world) => {
      opened.push(world);
      const { exit, stderr } = await world.shell(releaseLine);
      return exit === 'internal' ? [`crashed: ${stderr}`] : [];
    });
  },
};

export const inside: readonly FaultScenario[] = [
  ...calls.flatMap(([operation, nth]) =>
    (['before', 'after'] as const).flatMap((when) =>
      (['kill', 'power'] as const).map((how) => deathAt(operation, nth, { when, how })),
    ),
  ),
  ...troubled,
  ...hanging,
  lockless,
];
