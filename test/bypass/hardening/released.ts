/** What was undone stays undone, and an approval is used once. */
import {
  approved,
  everybody,
  everyday,
  mergePull,
  newId,
  outcomeOf,
  propose,
  release,
  releasedChange,
  type Proposal,
  type Pull,
} from '../acts.ts';
import { released, withRecord, type Estate } from '../estate.ts';
import type { Outcome, Scenario } from '../scenario.ts';
import type { World } from '../world.ts';

const denied = { exit: 'denied', checks: [] } as const;
const byLedger = { exit: 'denied', checks: ['ledger'] } as const;
const unsettled = { exit: 'partialApply', checks: [] } as const;

interface Merged {
  readonly pull: Pull;
  /** What main was after the merge. */
  readonly merge: string;
}

async function merged(world: World, proposal: Partial<Proposal> = {}): Promise<Merged> {
  const pull = await propose(world, proposal);
  const allowed = await approved(world, pull, everybody);
  if (allowed.exit !== 'ok') {
    throw new Error(`an honest change was not allowed: ${allowed.text}`);
  }
  return { pull, merge: await mergePull(world, pull) };
}

/** Releases from the commit of its own merge, as a job that is run again does. */
async function releaseFrom(
  world: World,
  { pull, merge }: Merged,
  ...stacks: readonly string[]
): Promise<Outcome> {
  world.git('checkout', '--quiet', merge);
  const ended = await release(world, pull, { stacks });
  world.git('checkout', '--quiet', 'main');
  return ended;
}

async function rollback(world: World, ...args: readonly string[]): Promise<Outcome> {
  return outcomeOf(await world.sluice(['rollback', 'acme-production', '--reason', 'outage', ...args]));
}

/** The next apply to the stack breaks off at this update of a DNS record. */
async function breakAt(world: World, call: number): Promise<void> {
  const on = ['--on', 'update', '--call', String(call), '--type', 'cloudflare_dns_record'];
  await world.sluice(['sandbox', 'fault', '--kind', 'error', ...on]);
}

const back = (): Estate => released;

const two = (estate: Estate): Estate =>
  withRecord(everyday.edit(estate), 'mail', { content: '203.0.113.31' });

const both: Partial<Proposal> = {
  stacks: ['acme-staging', 'acme-production'],
  edit: (estate) => withRecord(everyday.edit(estate), 'h17', { content: '198.51.100.9' }, 'acme-staging'),
};

export const releasedMeaning: readonly Scenario[] = [
  {
    id: 'H24',
    attack: 'a rollback that brings back what a rollback had undone',
    run: async (world) => {
      const first = await releasedChange(world);
      const undone = await rollback(world);
      const to = await rollback(world, '--to', 'R0003');
      const only = await rollback(world, '--only', 'R0003');
      const turned = await rollback(world, '--only', 'R0004');
      const again = await releasedChange(world, { id: newId() });
      const toRollback = await rollback(world, '--to', 'R0004');
      return {
        honest: [first, undone, again, toRollback],
        attempts: [
          { trick: '--to', outcome: to, ...denied, says: 'R0003 was undone by R0004' },
          { trick: '--only', outcome: only, ...denied, says: 'was rolled back already, by R0004' },
          { trick: 'of the rollback', outcome: turned, ...denied, says: 'was rolled back already, by R0004' },
        ],
      };
    },
  },
  {
    id: 'H25',
    attack: 'an approval that is used again after an approved revert',
    run: async (world) => {
      const change = await merged(world);
      const first = await releaseFrom(world, change);
      const revert = await releasedChange(world, { id: newId(), edit: back });
      const again = await releaseFrom(world, change);
      const fromMain = await release(world, change.pull);
      const anew = await releasedChange(world, { id: newId() });
      return {
        honest: [first, revert, anew],
        attempts: [
          {
            trick: 'from the old merge commit',
            outcome: again,
            ...byLedger,
            says: 'as R0003 and followed by R0004: its approvals are used up',
          },
          {
            trick: 'from what main is now',
            outcome: fromMain,
            exit: 'denied',
            checks: ['record', 'approvals'],
            says: 'is a change, and the plan is empty',
          },
        ],
      };
    },
  },
  {
    id: 'H26',
    attack: 'an approval that is used twice',
    run: async (world) => {
      const change = await merged(world);
      const first = await releaseFrom(world, change);
      const again = await releaseFrom(world, change);
      const named = await releaseFrom(world, change, 'acme-production');
      const undone = await rollback(world);
      const afterwards = await releaseFrom(world, change);
      return {
        honest: [first, undone],
        attempts: [
          { trick: 'at once', outcome: again, ...byLedger, says: 'was released already, to acme-production' },
          { trick: 'by name', outcome: named, ...byLedger, says: 'its approvals are used up' },
          {
            trick: 'after its rollback',
            outcome: afterwards,
            ...byLedger,
            says: 'as R0003 and rolled back by R0004: its approvals are used up',
          },
        ],
      };
    },
  },
  {
    id: 'H27',
    attack: 'a release that undoes its own half-done rollback',
    run: async (world) => {
      const change = await merged(world, { id: newId(), edit: two });
      const first = await releaseFrom(world, change);
      await breakAt(world, 2);
      const broken = await rollback(world);
      const again = await releaseFrom(world, change);
      const restored = await rollback(world, '--to', 'R0003');
      const honest = await rollback(world);
      return {
        honest: [first, honest],
        attempts: [
          { trick: 'breaks off', outcome: broken, ...unsettled, says: 'broke off after 1 change(s)' },
          {
            trick: 'by the approval of then',
            outcome: again,
            ...byLedger,
            says: 'as R0003 and rolled back by R0004: its approvals are used up',
          },
          {
            trick: 'by a rollback to itself',
            outcome: restored,
            ...denied,
            says: 'R0003 was undone by R0004',
          },
        ],
      };
    },
  },
  {
    id: 'H28',
    attack: 'one release out of the middle, which another change has made again',
    run: async (world) => {
      const first = await releasedChange(world);
      const revert = await releasedChange(world, { id: newId(), edit: back });
      const anew = await releasedChange(world, { id: newId() });
      const only = await rollback(world, '--only', 'R0003');
      const honest = await rollback(world);
      return {
        honest: [first, revert, anew, honest],
        attempts: [
          {
            trick: '--only',
            outcome: only,
            ...denied,
            says: 'R0003 cannot be undone alone: cloudflare_dns_record.www changed again later',
          },
        ],
      };
    },
  },
  {
    id: 'H29',
    attack: 'the rest of a change after its first part was reverted',
    run: async (world) => {
      const change = await merged(world, { ...both, id: newId() });
      const staging = await releaseFrom(world, change, 'acme-staging');
      const twice = await releaseFrom(world, change, 'acme-staging');
      const revert = await releasedChange(world, { id: newId(), edit: back, stacks: ['acme-staging'] });
      const rest = await releaseFrom(world, change, 'acme-production');
      const other = await merged(world, { ...both, id: newId() });
      const first = await releaseFrom(world, other, 'acme-staging');
      const second = await releaseFrom(world, other);
      return {
        honest: [staging, revert, first, second],
        attempts: [
          { trick: 'the same part again', outcome: twice, ...denied, says: 'its approvals are used up' },
          {
            trick: 'the rest',
            outcome: rest,
            ...byLedger,
            says: 'as R0003 and followed by R0004: its approvals are used up',
          },
        ],
      };
    },
  },
  {
    id: 'H30',
    attack: 'a half-applied stack that a failed rollback hides',
    run: async (world) => {
      const change = await merged(world, { id: newId(), edit: two });
      await breakAt(world, 2);
      const half = await releaseFrom(world, change);
      await breakAt(world, 1);
      const nothing = await rollback(world);
      const other = await merged(world, { id: newId(), edit: two });
      const onTop = await releaseFrom(world, other);
      const honest = await rollback(world);
      const then = await releaseFrom(world, other);
      return {
        honest: [honest, then],
        attempts: [
          { trick: 'one of two changes', outcome: half, ...unsettled, says: 'broke off after 1 change(s)' },
          { trick: 'nothing put back', outcome: nothing, ...unsettled, says: 'broke off after 0 change(s)' },
          {
            trick: 'another change on top',
            outcome: onTop,
            ...unsettled,
            says: 'is not in a known good state: R0003 ended as failed',
          },
        ],
      };
    },
  },
];
