/** B42 to B53: when, in which order and by whom it is released, and what is written down about it. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { JsonObject } from '../../scripts/plan/types.ts';
import type { Terraform } from '../../scripts/contract/ports.ts';
import type { Adjust, Ended } from '../scenarios/small-estate.ts';
import {
  approved,
  everybody,
  everyday,
  gate,
  landMerge,
  landOnMain,
  mergePull,
  newId,
  outcomeOf,
  propose,
  push,
  redirected,
  release,
  releasedChange,
  writeChange,
  type Proposal,
  type Pull,
} from './acts.ts';
import { edited, estateFile, estateText, released, withRecord, withResource, type Estate } from './estate.ts';
import type { NotApplicable, Outcome, Scenario } from './scenario.ts';
import type { World } from './world.ts';

const denied = { exit: 'denied', checks: [] } as const;
const usage = { exit: 'usage', checks: [] } as const;
const bad = { exit: 'invalidInput', checks: [] } as const;
const byApprovals = { exit: 'denied', checks: ['approvals'] } as const;
const unauthorised = 'unauthorised change: merged without valid approvals';

function instant(minutes: number): string {
  return new Date(Date.now() + minutes * 60_000).toISOString().replace(/\.\d+Z$/, '+00:00');
}

/** A window of the day from one minute to another, seen from now. */
function windowText(world: World, from: number, to: number): string {
  return edited(world.read('stacks/clients/acme/service.yaml'), (register) => {
    const days = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'];
    const clock = (minutes: number): string => instant(minutes).slice(11, 16);
    (register['spec'] as { windows: unknown }).windows = [
      { id: 'acme-short', days, start: clock(from), end: clock(to), timezone: 'UTC', noticeDays: 0 },
    ];
  });
}

function slot(from: number, to: number): (text: string) => string {
  return (text) =>
    text
      .replace(/plannedStart: .*/, `plannedStart: ${instant(from)}`)
      .replace(/plannedEnd: .*/, `plannedEnd: ${instant(to)}`)
      .replace(/window: .*/, 'window: acme-short');
}

async function ready(
  world: World,
  proposal: Partial<Proposal> = {},
): Promise<{ readonly pull: Pull; readonly allowed: Outcome }> {
  const pull = await propose(world, proposal);
  const allowed = await approved(world, pull, everybody);
  await mergePull(world, pull);
  return { pull, allowed };
}

function rollback(world: World, ...args: readonly string[]): Promise<Ended> {
  return world.sluice(['rollback', 'acme-production', '--reason', 'outage', ...args]);
}

/** Runs in this process, and tells itself apart from what runs here already as a process of its own would. */
const anotherProcess: Adjust = (services) => {
  const own = services.processes.self();
  return { ...services, processes: { ...services.processes, self: () => ({ ...own, pid: own.pid + 1 }) } };
};

function besides(world: World, ...args: readonly string[]): Promise<Ended> {
  return world.sluice(['rollback', 'acme-production', '--reason', 'outage', ...args], {
    adjust: anotherProcess,
  });
}

function applying(apply: (real: Terraform['apply']) => Terraform['apply']): Adjust {
  return (services) => ({
    ...services,
    terraform: (options) => {
      const real = services.terraform(options);
      return { ...real, apply: apply((...args) => real.apply(...args)) };
    },
  });
}

/** Of an incident that nobody has opened, unless one is named. */
export const emergency = (text: string, incident = 'INC-999'): string =>
  `${text.replace('type: normal', 'type: emergency').replace(/riskAnswers:\n(?: {2}.*\n)+/, '')}emergency:
  declaredBy: r.okafor
  declaredAt: ${instant(-30)}
  severity: P1
  incident: ${incident}
  relaxations: [lead-time, window, quorum]
`;

const standard = (text: string): string =>
  text
    .replace('type: normal', 'type: standard')
    .replace(
      /model: .*/,
      'model: dns-verification-txt\nstandardChange:\n  ref: dns-verification-txt\n  version: 1.0.0',
    )
    .replace(/riskAnswers:\n(?: {2}.*\n)+/, '');

const verification = (estate: Estate): Estate =>
  withResource(estate, 'cloudflare_dns_record', {
    proof: {
      zone_id: '${cloudflare_zone.shop.id}',
      name: 'shop.example',
      type: 'TXT',
      content: '"search-site-verification=abc"',
      ttl: 300,
    },
  });

/** The state file with a resource of a provider that nobody allowed. */
function poisonState(world: World): void {
  const path = `${world.folder}/.sluice/state/acme-production/terraform.tfstate`;
  const state = JSON.parse(readFileSync(path, 'utf8')) as { resources: JsonObject[] };
  state.resources.push({
    mode: 'managed',
    type: 'evil_thing',
    name: 'x',
    provider: 'provider["registry.terraform.io/evil/evil"]',
    instances: [{ schema_version: 0, attributes: { id: '1' } }],
  });
  writeFileSync(path, JSON.stringify(state));
}

/** A line of the ledger's newest entry, rewritten in a commit that looks like tidying up. */
function rewriteEvidence(world: World): void {
  world.git('checkout', '--quiet', 'releases');
  const path = 'releases/0003-acme-production/release.json';
  world.write(path, world.read(path).replace(/"by":"[^"]*"/u, '"by":"somebody"'));
  world.git('commit', '--quiet', '--all', '--message', 'Tidy up');
  world.git('checkout', '--quiet', 'main');
}

export const releaseAndWindow: readonly Scenario[] = [
  {
    id: 'B42',
    attack: 'the edges of the window, and a freeze that comes later',
    run: async (world) => {
      await landOnMain(world, { 'stacks/clients/acme/service.yaml': windowText(world, -30, 50) });
      const { pull, allowed } = await ready(world, { record: slot(10, 35) });
      const at = async (minutes: number): Promise<Outcome> => {
        world.aheadMinutes = minutes;
        return release(world, pull);
      };
      const early = await at(0);
      const late = await at(28);
      const missed = await at(40);
      const closed = await at(52);
      world.aheadMinutes = 12;
      const before = world.git('rev-parse', 'main');
      const freeze = `freezes:
  - { id: surprise, reason: An incident elsewhere, kind: hard, clients: all, start: "${instant(-60)}", end: "${instant(600)}", exemptionBy: change-manager }
holidays: []
`;
      await landOnMain(world, { 'policies/calendar.yaml': freeze });
      const frozen = await release(world, pull);
      world.git('reset', '--quiet', '--hard', before);
      await push(world, 'main', 'd-quist');
      const honest = await release(world, pull);
      const byWindow = { exit: 'denied', checks: ['window'] } as const;
      return {
        honest: [allowed, honest],
        attempts: [
          { trick: 'before the slot', outcome: early, ...byWindow, says: 'the agreed slot starts at' },
          { trick: 'too late to finish in it', outcome: late, ...byWindow, says: 'too late to start' },
          {
            trick: 'after it',
            outcome: missed,
            exit: 'denied',
            checks: ['rules', 'window'],
            says: 'the window was missed',
          },
          {
            trick: 'with the window closed',
            outcome: closed,
            exit: 'denied',
            checks: ['rules', 'window'],
            says: 'no window is open now',
          },
          {
            trick: 'into a freeze that is newer than the approval',
            outcome: frozen,
            exit: 'denied',
            checks: ['approvals', 'freeze'],
            says: 'surprise',
          },
        ],
      };
    },
  },
  {
    id: 'B43',
    attack: 'the lane of another type of change',
    run: async (world) => {
      const fitting = await gate(
        world,
        await propose(world, { id: newId(), edit: verification, record: standard }),
      );
      const outside = await gate(world, await propose(world, { id: newId(), record: standard }));
      const resolved = await propose(world, { id: newId(), record: emergency });
      const noIncident = await approved(world, resolved, everybody);
      const id = newId();
      const pull = await propose(world, { id });
      const honest = await approved(world, pull);
      writeChange(world, { id, record: standard });
      world.git('commit', '--quiet', '--all', '--message', 'Standard after all');
      await push(world, pull.branch);
      const flipped = await gate(world, pull);
      const lane = {
        exit: 'denied',
        checks: ['rules/record-standard-match', 'approvals', 'catalogue'],
      } as const;
      return {
        honest: [fitting, honest],
        attempts: [
          {
            trick: 'standard, outside of its shape',
            outcome: outside,
            ...lane,
            says: '0 of 3 approvals (medium)',
          },
          {
            trick: 'standard, after the approval',
            outcome: flipped,
            ...lane,
            says: 'm-lind approved, but it is not known',
          },
          {
            trick: 'an emergency without one',
            outcome: noIncident,
            exit: 'denied',
            checks: ['rules/record-emergency-incident', 'emergency'],
            says: 'incident INC-999 is not known',
          },
        ],
      };
    },
  },
  {
    id: 'B44',
    attack: 'a second apply while the first one runs',
    run: async (world) => {
      const { pull, allowed } = await ready(world);
      const during: Outcome[] = [];
      const meanwhile = applying((apply) => async (...args) => {
        if (during.length === 0) {
          during.push(await release(world, pull, { adjust: anotherProcess }));
          during.push(outcomeOf(await besides(world)));
          during.push(outcomeOf(await besides(world, '--abandon', 'R0001')));
        }
        return apply(...args);
      });
      const honest = await release(world, pull, { adjust: meanwhile });
      const [second = honest, back = honest, other = honest] = during;
      const running = {
        exit: 'partialApply',
        checks: [],
        says: 'R0003 (release of acme-production) was begun at',
      } as const;
      return {
        honest: [allowed, honest],
        attempts: [
          { trick: 'the same release', outcome: second, ...running },
          { trick: 'a rollback', outcome: back, ...running },
          {
            trick: 'giving up another one',
            outcome: other,
            ...usage,
            says: 'R0001 is not an unfinished release',
          },
        ],
      };
    },
  },
  {
    id: 'B45',
    attack: 'force',
    run: async (world) => {
      const forced = await propose(world, redirected);
      await gate(world, forced);
      await mergePull(world, forced);
      const admin = await release(world, forced);
      const flag = await release(world, forced, { stacks: ['--force'] });
      const skip = await release(world, forced, { stacks: ['--skip-gate'] });
      world.git('reset', '--quiet', '--hard', 'HEAD~1');
      await push(world, 'main', 'd-quist');
      const honest = await releasedChange(world, { id: newId() });
      return {
        honest: [honest],
        attempts: [
          { trick: 'merged by an administrator', outcome: admin, ...byApprovals, says: unauthorised },
          { trick: '--force', outcome: flag, ...usage, says: '--force' },
          { trick: '--skip-gate', outcome: skip, ...usage, says: '--skip-gate' },
        ],
      };
    },
  },
  {
    id: 'B46',
    attack: 'the reviewers of an environment stand in for the CAB',
    run: async (world) => {
      const pull = await propose(world);
      const honest = await approved(world, pull);
      const other = await propose(world, redirected);
      await gate(world, other);
      await approved(world, other, ['o-stranger']);
      await mergePull(world, other);
      return {
        honest: [honest],
        attempts: [
          {
            trick: 'one who may read and approve a deployment',
            outcome: await release(world, other),
            ...byApprovals,
            says: 'o-stranger approved, but not entitled',
          },
        ],
      };
    },
  },
  {
    id: 'B47',
    attack: 'a merge that holds more than what was approved',
    run: async (world) => {
      const pull = await propose(world);
      const honest = await approved(world, pull);
      const queued = await propose(world, {
        id: newId(),
        stacks: ['acme-staging'],
        edit: (estate) => withRecord(estate, 'h17', { content: '198.51.100.9' }, 'acme-staging'),
      });
      const second = await approved(world, queued);
      world.git('checkout', '--quiet', 'main');
      world.git('merge', '--quiet', '--no-ff', '--no-commit', pull.branch);
      world.write(estateFile, estateText(redirected.edit(released)));
      world.gitAs({ login: 's-haddad' }, 'commit', '--quiet', '--all', '--message', 'Merge');
      await landMerge(world, pull.number);
      const evil = await release(world, pull);
      world.git('reset', '--quiet', '--hard', 'HEAD~1');
      await mergePull(world, pull);
      // The queue merges the second one on top of the first, which was not released yet.
      await mergePull(world, queued);
      const both = await release(world, queued);
      return {
        honest: [honest, second],
        attempts: [
          {
            trick: 'an edit while merging',
            outcome: evil,
            exit: 'denied',
            checks: ['pull', 'approvals'],
            says: 'is not a merge of the approved head: it holds something nobody approved',
          },
          {
            trick: 'on top of another change',
            outcome: both,
            exit: 'denied',
            checks: ['record', 'rules', 'approvals'],
            says: 'what would be done has changed since',
          },
        ],
      };
    },
  },
  {
    id: 'B50',
    attack: "a rollback that takes back somebody else's change",
    run: async (world) => {
      await releasedChange(world);
      const other = await ready(world, { ...redirected, edit: (estate) => redirected.edit(estate) });
      const done = await release(world, other.pull);
      const conflict = outcomeOf(await rollback(world, '--only', 'R0003'));
      const further = outcomeOf(await rollback(world, '--to', 'R0001'));
      await world.sluice([
        'sandbox',
        'drift',
        '--type',
        'cloudflare_dns_record',
        '--match',
        'name=mail.shop.example',
        '--set',
        'content=192.0.2.99',
      ]);
      const drift = outcomeOf(await rollback(world));
      await world.sluice([
        'sandbox',
        'drift',
        '--type',
        'cloudflare_dns_record',
        '--match',
        'name=mail.shop.example',
        '--set',
        'content=203.0.113.3',
      ]);
      const honest = outcomeOf(await rollback(world));
      return {
        honest: [done, honest],
        attempts: [
          {
            trick: 'of the same record',
            outcome: conflict,
            ...denied,
            says: 'R0003 cannot be undone alone: cloudflare_dns_record.www changed again later',
          },
          {
            trick: 'on the way further back',
            outcome: further,
            ...denied,
            says: 'would also undo CHG-2026-0101',
          },
          {
            trick: 'made by hand',
            outcome: drift,
            exit: 'drift',
            checks: [],
            says: 'cloudflare_dns_record.mail',
          },
        ],
      };
    },
  },
  {
    id: 'B51',
    attack: 'a partial apply that passes as done',
    run: async (world) => {
      const two = (estate: Estate): Estate =>
        withRecord(everyday.edit(estate), 'mail', { content: '203.0.113.31' });
      const first = await ready(world, { id: newId(), edit: two });
      await world.sluice([
        'sandbox',
        'fault',
        '--kind',
        'error',
        '--on',
        'update',
        '--call',
        '2',
        '--type',
        'cloudflare_dns_record',
      ]);
      const partial = await release(world, first.pull);
      const next = await ready(world, {
        id: newId(),
        edit: (estate) => withRecord(two(estate), 'www', { content: '203.0.113.77' }),
      });
      const onTop = await release(world, next.pull);
      const honest = outcomeOf(await rollback(world));
      const incomplete = { exit: 'partialApply', checks: [] } as const;
      return {
        honest: [first.allowed, honest],
        attempts: [
          {
            trick: 'one of two changes',
            outcome: partial,
            ...incomplete,
            says: 'R0003: the apply to acme-production broke off after 1 change(s)',
          },
          {
            trick: 'another change on top of it',
            outcome: onTop,
            ...incomplete,
            says: 'is not in a known good state: R0003 ended as failed',
          },
        ],
      };
    },
  },
  {
    id: 'B52',
    attack: 'a state that brings a provider along',
    run: async (world) => {
      const { pull, allowed } = await ready(world);
      const path = '.sluice/state/acme-production/terraform.tfstate';
      const clean = world.read(path);
      poisonState(world);
      // As on a new runner: Terraform looks at the state to find out which providers it needs.
      rmSync(`${world.folder}/.sluice/work`, { recursive: true });
      const outcome = await release(world, pull);
      world.write(path, clean);
      const honest = await release(world, pull);
      return {
        honest: [allowed, honest],
        attempts: [
          {
            trick: 'written by somebody else',
            outcome,
            exit: 'externalTool',
            checks: [],
            says: 'registry.terraform.io/evil/evil was not found in any of the search',
          },
        ],
      };
    },
  },
  {
    id: 'B53',
    attack: 'evidence that is rewritten',
    run: async (world) => {
      const honest = await releasedChange(world);
      const { pull, allowed } = await ready(world, redirected);
      const verified = outcomeOf(await world.sluice(['ledger', 'verify']));
      rewriteEvidence(world);
      const verify = outcomeOf(await world.sluice(['ledger', 'verify']));
      const next = await release(world, pull);
      const back = outcomeOf(await rollback(world));
      return {
        honest: [honest, allowed, verified],
        attempts: [
          {
            trick: 'and nobody looks',
            outcome: verify,
            ...bad,
            says: 'rewrites releases/0003-acme-production/release.json',
          },
          { trick: 'and the next release builds on it', outcome: next, ...bad, says: 'does not verify' },
          { trick: 'and a rollback builds on it', outcome: back, ...bad, says: 'does not verify' },
        ],
      };
    },
  },
];

/** What Sluice does not have, and so cannot be attacked there. */
export const withoutTarget: readonly NotApplicable[] = [
  {
    id: 'B48',
    attack: 'a drift monitor that failing runs switch off',
    reason:
      'there is no drift monitor that could be switched off: every release compares with live before it applies (B22)',
  },
  {
    id: 'B49',
    attack: 'a drift repair that reverts a change made in an incident',
    reason:
      'nothing repairs drift by itself: a release stops at it (B22, B28), a rollback overwrites it only for addresses named with --accept (B50)',
  },
];
