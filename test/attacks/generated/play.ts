/** Plays one hostile pull request on the local GitHub with the real gate, and judges what came of it. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Decision } from '../../../policies/model/decision.ts';
import { approve, openPull } from '../../../scripts/sandbox/github/acts.ts';
import {
  api,
  at,
  newId,
  push,
  redirected,
  review,
  writeChange,
  everyday,
  type Proposal,
  type Pull,
} from '../../bypass/acts.ts';
import { released } from '../../bypass/estate.ts';
import { robot, type Login, type World } from '../../bypass/world.ts';
import type { Ended } from '../../scenarios/small-estate.ts';
import type { Event } from './events.ts';
import { outFolder, publishedFor } from './published.ts';
import { judge, secrets, type Attack, type Judged } from './judge.ts';
import { emptyDraft, withProposal, type Draft } from './draft.ts';

/** The two effects that are rehearsed before any world is opened, see test/bypass/open.ts: an honest push costs no rehearsal. */
function effectOf({ version }: Played): Proposal {
  return version % 2 === 0 ? everyday : redirected;
}

export async function playAttack(world: World, attack: Attack): Promise<Judged> {
  const draft = attack.ingredients.reduce(
    (made, ingredient) => ingredient.add(made),
    withProposal(emptyDraft, (proposal) => ({ ...proposal, id: newId() })),
  );
  const pull = await openAttack(world, draft);
  let last: Ended | null = null;
  const seen: string[] = [];
  const state: Played = { draft, pull, version: 0, shown: null };
  for (const event of [...attack.events, { kind: 'show' } as const]) {
    const ended = await happen(world, state, event);
    if (ended !== null) {
      last = ended;
      seen.push(ended.stdout, ended.stderr, ...(await publishedFor(world, pull)));
    }
  }
  await api(world, 'r-okafor', {
    method: 'PATCH',
    path: `pulls/${String(pull.number)}`,
    body: { state: 'closed' },
  });
  return judge(attack, { last, seen, token: world.github.tokens.get(robot) ?? '' });
}

interface Played {
  readonly draft: Draft;
  readonly pull: Pull;
  version: number;
  shown: Decision | null;
}

async function openAttack(world: World, draft: Draft): Promise<Pull> {
  const branch = draft.proposal.id;
  world.git('checkout', '--quiet', '--force', 'main');
  world.git('clean', '-fdq', '-e', '.sluice');
  world.git('checkout', '--quiet', '-B', branch, 'main');
  commit(world, draft);
  await push(world, 'main');
  await push(world, branch);
  const number = await openPull(at(world), { login: 'r-okafor', head: branch, title: branch, body: '' });
  return { number, branch };
}

/** Also what git ignores is added: an attacker does as much. */
function commit(world: World, draft: Draft): void {
  writeChange(world, draft.proposal);
  world.git('add', '--all');
  const forced = Object.keys(draft.proposal.files);
  if (forced.length > 0) {
    world.git('add', '--force', '--', ...forced);
  }
  draft.plant.forEach((plant) => plant(world));
  world.git('add', '--all', '--', 'stacks', 'changes');
  world.git('commit', '--quiet', '--allow-empty', '--message', draft.proposal.id);
}

/** What the gate answered, when it was asked. */
async function happen(world: World, state: Played, event: Event): Promise<Ended | null> {
  const { pull } = state;
  switch (event.kind) {
    case 'show':
      return ask(world, state);
    case 'approve': {
      const fingerprint = state.shown?.tuple.effectDigest.replace('sha256:', '').slice(0, 12) ?? '';
      for (const login of event.by) {
        // GitHub takes no approval from the author; neither does the gate, which is tried elsewhere.
        await approve(at(world), { login, number: pull.number, body: `Read all of it. ${fingerprint}` });
      }
      return null;
    }
    case 'veto':
      await review(world, event.by, pull, { event: 'REQUEST_CHANGES', body: 'no' });
      return null;
    case 'dismiss':
      await dismiss(world, pull, event.by);
      return null;
    case 'say':
      await api(world, event.by, {
        method: 'POST',
        path: `issues/${String(pull.number)}/comments`,
        body: { body: event.text },
      });
      return null;
    case 'push':
      await pushOther(world, state, event.by);
      return null;
    case 'base':
      await moveBase(world, pull);
      return null;
  }
}

/** GitHub dismisses what approves or asks for changes; anything else it refuses with 422. */
const dismissible: ReadonlySet<string> = new Set(['APPROVED', 'CHANGES_REQUESTED']);

async function dismiss(world: World, { number }: Pull, login: Login): Promise<void> {
  const path = `pulls/${String(number)}/reviews`;
  const given = await api<
    readonly { readonly id: number; readonly state: string; readonly user: { readonly login: string } }[]
  >(world, robot, { path: `${path}?per_page=100` });
  const latest = given.findLast(({ user }) => user.login === login);
  if (latest !== undefined && dismissible.has(latest.state)) {
    await api(world, robot, {
      method: 'PUT',
      path: `${path}/${String(latest.id)}/dismissals`,
      body: { message: 'dismissed' },
    });
  }
}

async function pushOther(world: World, state: Played, login: Login): Promise<void> {
  state.version += 1;
  const other = effectOf(state);
  world.git('checkout', '--quiet', '--force', state.pull.branch);
  const { proposal } = state.draft;
  commit(world, {
    ...state.draft,
    proposal: { ...proposal, edit: (estate) => proposal.edit(other.edit(estate)) },
    plant: [],
  });
  await push(world, state.pull.branch, login);
}

async function moveBase(world: World, pull: Pull): Promise<void> {
  world.git('checkout', '--quiet', '--force', 'main');
  world.write(
    'stacks/clients/acme/README.md',
    `After ${String(pull.number)}, ${world.git('rev-parse', 'HEAD')}.\n`,
  );
  world.git('add', '--all', '--', 'stacks');
  world.git('commit', '--quiet', '--message', 'Something beside it');
  await push(world, 'main', 'd-quist');
  world.git('checkout', '--quiet', '--force', pull.branch);
}

/** As the job does: the bundles come as data, everything that can be written is written. */
async function ask(world: World, state: Played): Promise<Ended> {
  const { proposal } = state.draft;
  const { branch, number } = state.pull;
  rmSync(join(world.folder, outFolder), { recursive: true, force: true });
  const edited = proposal.edit(effectOf(state).edit(released));
  for (const [stack, configuration] of Object.entries(edited)) {
    world.write(`${outFolder}/bundles/${stack}.tf.json`, JSON.stringify(configuration));
  }
  world.git('checkout', '--quiet', '--force', branch);
  const ended = await world.sluice(
    [
      'gate',
      '--pr',
      String(number),
      '--publish',
      '--format',
      'json',
      '--bundles',
      `${outFolder}/bundles`,
      '--save-facts',
      `${outFolder}/facts.json`,
      '--save-plan',
      `${outFolder}/plan.json`,
    ],
    { env: secrets },
  );
  state.shown = ended.stdout.startsWith('{') ? (JSON.parse(ended.stdout) as Decision) : state.shown;
  return ended;
}
