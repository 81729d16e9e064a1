/** A released estate for each test, a local Cloudflare in a process of its own, and what must hold once all is over. */
import type { ChildProcess } from 'node:child_process';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { approve } from '../../scenarios/change/approved-facts.ts';
import { live, merge, recordPath, releasedEstate, type Change } from '../../scenarios/change.ts';
import type { Ended, SmallEstate } from '../../scenarios/small-estate.ts';
import {
  inOwnProcess,
  savedPlans,
  serve,
  stack,
  strays,
  terraformEnded,
  type Order,
  type Strike,
  type Victim,
} from './crash.ts';

export const record = 'cloudflare_dns_record';
export const powerCut: readonly Victim[] = ['sluice', 'terraform'];
/** The way out that is printed for the first release after the baselines. */
export const wayOut = ['rollback', stack, '--abandon', 'R0003', '--reason', 'release crashed'];

export interface World {
  estate: SmallEstate;
  /** What was live in the released estate. */
  before: readonly string[];
  /** Sandboxes that serve; they end with the test. */
  readonly children: ChildProcess[];
}

export function at(operation: Strike['operation'], nth: number, when: Strike['when'], type = record): Strike {
  return { operation, nth, when, type };
}

/** To be called once in a file of tests. */
export function useWorld(make: () => Promise<SmallEstate> = releasedEstate): World {
  let released: SmallEstate;
  const children: ChildProcess[] = [];
  const world = { children, before: [] } as unknown as World;
  beforeAll(async () => {
    released = await make();
    world.before = await live(released);
  });
  afterAll(() => released.remove());
  beforeEach(() => {
    world.estate = released.copy();
  });
  afterEach(() => {
    children.splice(0).forEach((child) => child.kill('SIGKILL'));
    world.estate.remove();
  });
  return world;
}

type Blow = Omit<Order, 'folder' | 'stack'>;

/** Runs the command; null when it was killed. */
async function struckCommand(
  { estate, children }: World,
  args: readonly string[],
  order: Blow,
): Promise<Ended | null> {
  children.push(await serve({ folder: estate.folder, stack, ...order }));
  const ended = await inOwnProcess(estate, args);
  if (order.hangs !== true || order.victims.includes('terraform')) {
    await terraformEnded(estate);
  }
  return ended;
}

/** Releases the change; null when the release was killed. */
export async function struck(world: World, change: Change, order: Blow): Promise<Ended | null> {
  merge(world.estate, change);
  const facts = await approve(world.estate, recordPath(change));
  return struckCommand(world, ['release', '--facts', facts], order);
}

/** All that must hold once a command has ended well. */
export async function expectClean({ estate }: Pick<World, 'estate'>, ends: readonly Ended[]): Promise<void> {
  const last = ends.at(-1);
  expect([last?.exit, last?.stderr]).toEqual(['ok', expect.not.stringContaining('sluice:')]);
  expect(await strays(estate)).toEqual([]);
  expect(savedPlans(estate)).toEqual([]);
}
