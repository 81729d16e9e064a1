/** What a record names is there, to name something gains nothing, and what comes first is first. */
import {
  api,
  approved,
  everybody,
  everyday,
  landOnMain,
  mergePull,
  newId,
  closeIncident,
  openIncident,
  propose,
  release,
  releasedChange,
  type Decided,
  type Proposal,
  type Pull,
  whereMediumNeedsTwo,
} from '../acts.ts';
import { withRecord, yamlOf, type Estate } from '../estate.ts';
import { emergency } from '../release-and-window.ts';
import type { Attempt, Outcome, Scenario } from '../scenario.ts';
import type { Login, World } from '../world.ts';

/** Whom a change of staging asks that was never made before; the change manager is not among them. */
const stagingQuorum: readonly Login[] = ['m-lind', 'j-novak'];
const changeManager: Login = 's-haddad';

/** Points one host of staging elsewhere. */
function pointing(host: string, to: string, parts: Partial<Proposal> = {}): Partial<Proposal> {
  return {
    id: newId(),
    stacks: ['acme-staging'],
    edit: (estate) => withRecord(estate, host, { content: to }, 'acme-staging'),
    ...parts,
  };
}

const naming = (lines: string): Pick<Proposal, 'record'> => ({ record: (text) => `${text}${lines}\n` });

async function asked(
  world: World,
  proposal: Partial<Proposal>,
  by: readonly Login[] = stagingQuorum,
): Promise<Decided> {
  return approved(world, await propose(world, proposal), by);
}

/** An emergency of production that was released, and refused afterwards by one of the CAB who took no part. */
async function refusedEmergency(world: World): Promise<string> {
  const id = newId();
  const incident = await openIncident(world);
  const pull = await propose(world, { id, record: (text) => emergency(text, incident) });
  const allowed = await approved(world, pull, ['p-iyer']);
  await mergePull(world, pull);
  const done = await release(world, pull);
  if (allowed.exit !== 'ok' || done.exit !== 'ok') {
    throw new Error(`the emergency was not released: ${allowed.text}\n${done.text}`);
  }
  await refuse(world, pull);
  await closeIncident(world, incident);
  return id;
}

async function refuse(world: World, { number }: Pull): Promise<void> {
  const body = { body: '/sluice refuse The wrong host was pointed elsewhere' };
  await api(world, 'j-novak', { method: 'POST', path: `issues/${String(number)}/comments`, body });
}

/** The same in the estate as the emergency has left it. */
function after(proposal: Partial<Proposal>): Partial<Proposal> {
  return { ...proposal, edit: (estate) => (proposal.edit ?? same)(everyday.edit(estate)) };
}

const same = (estate: Estate): Estate => estate;

/** Refused by this check alone. */
function refusedBy(check: string, says: string, [trick, outcome]: readonly [string, Outcome]): Attempt {
  return { trick, outcome, exit: 'denied', checks: [check], says };
}

/** Mail goes elsewhere, in the estate as the everyday change has left it, after the change `before`. */
function waiting(id: string, before: string, to: string): Partial<Proposal> {
  const edit = (estate: Estate): Estate => withRecord(everyday.edit(estate), 'mail', { content: to });
  return { id, edit, ...naming(`dependsOn: [${before}]`) };
}

interface Tried {
  readonly allowed: Outcome;
  readonly release: Outcome;
}

/** Cancelled afterwards, so that it is in nobody's way. */
async function triedAfter(world: World, before: string, to: string): Promise<Tried> {
  const id = newId();
  const pull = await propose(world, waiting(id, before, to));
  const allowed = await approved(world, pull, everybody);
  await mergePull(world, pull);
  const tried = { allowed, release: await release(world, pull) };
  const path = `changes/acme/${id}.yaml`;
  const text = world.git('show', `main:${path}`);
  const outcome =
    '{ result: cancelled, closedBy: r.okafor, closedAt: 2026-11-30T12:00:00Z, registerUpdated: true }';
  await landOnMain(world, { [path]: `${text.trimEnd()}\noutcome: ${outcome}\n` });
  return tried;
}

export const recordNames: readonly Scenario[] = whereMediumNeedsTwo([
  {
    id: 'H35',
    attack: 'an overdue emergency is named, and something else is changed',
    run: async (world) => {
      const overdue = await refusedEmergency(world);
      const retry = naming(`retryOf: ${overdue}`);
      const waits = naming(`dependsOn: [${overdue}]`);
      const back = {
        id: newId(),
        edit: (estate: Estate) => withRecord(estate, 'www', { content: '203.0.113.1' }),
      };
      const right = await asked(world, { ...back, ...retry }, everybody);
      const agreed = await asked(world, after(pointing('h4', '198.51.100.9', waits)), [
        ...stagingQuorum,
        changeManager,
      ]);
      const notShown = 'that this change puts it right is not shown';
      return {
        honest: [right, agreed],
        attempts: [
          refusedBy('emergency', 'was rejected retrospectively by j.novak', [
            'not named at all',
            await asked(world, after(pointing('h4', '198.51.100.9'))),
          ]),
          refusedBy('emergency', notShown, [
            'as what is tried again',
            await asked(world, after(pointing('h4', '198.51.100.9', retry))),
          ]),
          refusedBy('emergency', notShown, [
            'as what comes first',
            await asked(world, after(pointing('h4', '198.51.100.9', waits))),
          ]),
        ],
      };
    },
  },
  {
    id: 'H37',
    attack: 'a record names what is not there',
    run: async (world) => {
      const platform = 'changes/platform/CHG-2026-0002.yaml';
      const borough = 'changes/borough/CHG-2026-0007.yaml';
      await landOnMain(world, {
        'stacks/clients/borough/service.yaml': yamlOf('stacks/clients/borough/service.yaml', () => {}),
        [borough]: yamlOf(borough, () => {}),
        'changes/acme/CHG-2026-0004.yaml': yamlOf('changes/acme/CHG-2026-0004.yaml', () => {}),
        'stacks/clients/platform/service.yaml': yamlOf('stacks/clients/platform/service.yaml', () => {}),
        [platform]: yamlOf(platform, () => {}),
      });
      const incident = await openIncident(world, { impact: 'low' });
      const there = `retryOf: CHG-2026-0004\ndependsOn: [CHG-2026-0004]\nlinks: { incidents: [${incident}] }`;
      const brought = newId();
      const tricks: readonly (readonly [string, string, string])[] = [
        [
          'a change that does not exist comes first',
          'dependsOn: [CHG-2026-0999]',
          'not a change of the default branch',
        ],
        [
          'a change that does not exist is tried again',
          'retryOf: CHG-2026-0999',
          'not a change of the default branch',
        ],
        ['a change is in the way', 'conflictsWith: [CHG-2026-0999]', 'not a change of the default branch'],
        ["another client's change", 'dependsOn: [CHG-2026-0007]', 'a change of another client'],
        ['an incident', 'links: { incidents: [INC-999] }', 'is not an issue of the repository'],
      ];
      const attempts: Attempt[] = [];
      for (const [trick, lines, says] of tricks) {
        const outcome = await asked(world, pointing('h5', '198.51.100.9', naming(lines)));
        attempts.push(refusedBy('proposal', says, [trick, outcome]));
      }
      return {
        honest: [
          await asked(world, pointing('h5', '198.51.100.9')),
          await asked(world, pointing('h5', '198.51.100.9', { id: brought, ...naming(there) })),
          await asked(world, pointing('h5', '198.51.100.9', naming('dependsOn: [CHG-2026-0002]'))),
        ],
        attempts,
      };
    },
  },
  {
    id: 'H38',
    attack: 'a change is released before what it depends on',
    run: async (world) => {
      const merged = 'changes/acme/CHG-2026-0004.yaml';
      await landOnMain(world, { [merged]: yamlOf(merged, () => {}) });
      const [first, second] = [newId(), newId()];
      const one = await releasedChange(world, { id: first });
      const two = await releasedChange(world, waiting(second, first, '203.0.113.31'));
      await world.sluice(['rollback', 'acme-production', '--reason', 'outage']);
      const undone = await triedAfter(world, second, '203.0.113.32');
      const never = await triedAfter(world, 'CHG-2026-0004', '203.0.113.33');
      return {
        honest: [one, two, undone.allowed, never.allowed],
        attempts: [
          refusedBy('ledger', 'and it was rolled back on acme-production', [
            'after a change that was rolled back',
            undone.release,
          ]),
          refusedBy('ledger', 'and it is not released on acme-production', [
            'before a change that is merged only',
            never.release,
          ]),
        ],
      };
    },
  },
]);
