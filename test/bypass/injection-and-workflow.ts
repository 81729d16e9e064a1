/** B34 to B41: text that becomes a command, and workflows that hand over more than they should. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { problemsOf } from '../workflows/workflow-problems.ts';
import { runOf, root, workflowAt } from '../workflows/workflow-files.ts';
import { runStep } from '../workflows/run-step.ts';
import {
  api,
  approved,
  at,
  commitChange,
  gate,
  mergePull,
  newId,
  outcomeOf,
  propose,
  push,
  release,
  type Pull,
} from './acts.ts';
import { openPull } from '../../scripts/sandbox/github/acts.ts';
import { program } from './estate.ts';
import type { Attempt, Outcome, Scenario } from './scenario.ts';
import { robot, type Login, type World } from './world.ts';

const usage = { exit: 'usage', checks: [] } as const;
const bad = { exit: 'invalidInput', checks: [] } as const;
const denied = { exit: 'denied', checks: [] } as const;

function workflowText(name: string): string {
  return readFileSync(join(root, '.github/workflows', `${name}.yml`), 'utf8');
}

/** What test/workflows says of a workflow file, as an outcome. */
function checked(name: string, edit: (text: string) => string = (text) => text): Outcome {
  const text = edit(workflowText(name));
  const problems = problemsOf(`.github/workflows/${name}.yml`, text);
  return { exit: problems.length === 0 ? 'ok' : 'denied', checks: [], text: problems.join('\n') };
}

/** The same file with one piece replaced; a piece that is not there would prove nothing. */
function tampered(name: string, from: string, to: string): Outcome {
  if (!workflowText(name).includes(from)) {
    throw new Error(`${name}.yml does not hold "${from}"`);
  }
  return checked(name, (text) => text.replace(from, () => to));
}

/** Whether a command that was hidden in a text left its mark. */
function tellIfRan(folder: string): string {
  return existsSync(join(folder, 'pwned')) ? 'it ran' : 'it did not run';
}

/** How a step ended that was given hostile text, and whether the text ran. */
function stepped(run: ReturnType<typeof runStep>): Outcome {
  return {
    exit: run.exitCode === 0 ? 'ok' : 'denied',
    checks: [],
    text: `${run.stdout}\n${JSON.stringify(run.outputs)}\n${tellIfRan(run.folder)}`,
  };
}

function findRelease(pr: string): Outcome {
  const sha = 'c'.repeat(40);
  return stepped(
    runStep({
      script: runOf(workflowAt('release'), 'find', 'Which pull request, and which commit did it become'),
      env: { EVENT: 'workflow_dispatch', INPUT_PR: pr, GITHUB_SHA: sha },
      programs: { gh: `case "$*" in *compare*) echo identical ;; *) echo ${sha} ;; esac` },
    }),
  );
}

/** The bundles of the estate with one more file beside them. */
async function bundlesWith(world: World, name: string): Promise<string> {
  await world.sluice(['synth', '--out', '.sluice/bundles']);
  world.write(`.sluice/bundles/${name}`, '{}');
  return '.sluice/bundles';
}

/** Asks for a stack of the released pull request by a name that is none. */
function named(world: World, pull: Pull, stack: string): Promise<Outcome> {
  return release(world, pull, { stacks: ['--', stack] });
}

/** A command that ran says so whatever else was refused. */
function withRan(world: World, outcome: Outcome): Outcome {
  return { ...outcome, text: `${outcome.text}\n${tellIfRan(world.folder)}` };
}

async function comment(world: World, login: string, { number }: Pull, body: string): Promise<number> {
  const path = `issues/${String(number)}/comments`;
  return (await api<{ readonly id: number }>(world, login, { method: 'POST', path, body: { body } })).id;
}

/** A pull request with a commit of somebody without an account, which the change manager may take on. */
async function unattributed(world: World): Promise<{ readonly pull: Pull; readonly sha: string }> {
  const branch = commitChange(world, { id: newId() });
  world.gitAs(
    { login: 'r-okafor', author: 'nobody' },
    'commit',
    '--quiet',
    '--amend',
    '--no-edit',
    '--author',
    'nobody <nobody@elsewhere.example>',
  );
  await push(world, 'main');
  await push(world, branch);
  const number = await openPull(at(world), { login: 'r-okafor', head: branch, title: branch, body: '' });
  return { pull: { number, branch }, sha: world.git('rev-parse', branch) };
}

async function statements(
  world: World,
): Promise<{ readonly honest: Outcome; readonly attempts: readonly Attempt[] }> {
  const { pull, sha } = await unattributed(world);
  const early = `/sluice waive-commit ${sha} because I know who wrote it`;
  await comment(world, 's-haddad', pull, early);
  await approved(world, pull);
  const attempts: Attempt[] = [];
  const says = `commit ${sha.slice(0, 10)}`;
  const attempt = async (trick: string, work: () => Promise<unknown>): Promise<void> => {
    await work();
    const outcome = await gate(world, pull);
    attempts.push({ trick, outcome, exit: 'denied', checks: ['approvals'], says });
  };
  const say = (login: Login | typeof robot, body: string) => () => comment(world, login, pull, body);
  await attempt('said before anything was on show', () => Promise.resolve());
  await attempt('quoted', say('s-haddad', `> ${early}\n\nis this right?`));
  await attempt('in the middle of a comment', say('s-haddad', `Please see ${early}`));
  await attempt('by somebody without the seat', say('b-osei', early));
  await attempt('by a robot', say(robot, early));
  await attempt('put into the mouth of the change manager', async () => {
    const id = await comment(world, 's-haddad', pull, 'Thank you for the explanation.');
    await api(world, 'r-okafor', {
      method: 'PATCH',
      path: `issues/comments/${String(id)}`,
      body: { body: early },
    });
  });
  // What was put into their mouth stands in the way until the change manager has dealt with it.
  const edited = attempts.at(-1)?.outcome.text ?? '';
  await comment(
    world,
    's-haddad',
    pull,
    `/sluice close ${/condition (comment-\d+)/.exec(edited)?.[1] ?? ''}`,
  );
  await comment(world, 's-haddad', pull, early);
  return { honest: await gate(world, pull), attempts };
}

const checkoutLine = 'uses: actions/checkout@9c091bb21b7c1c1d1991bb908d89e4e9dddfe3e0 # v7.0.0';

export const injectionAndWorkflow: readonly Scenario[] = [
  {
    id: 'B34',
    attack: 'text of people becomes part of a script',
    run: async (world) => {
      const pull = await propose(world);
      const honest = await approved(world, pull);
      const spoilt = await propose(world, {
        id: newId(),
        record: (text) => text.replace('service: storefront', 'service: "$(touch pwned)"'),
      });
      const hostile = '7; touch pwned; $(touch pwned)';
      return {
        honest: [honest, checked('release'), checked('rollback'), findRelease('7')],
        attempts: [
          {
            trick: 'a dispatch input in a script',
            outcome: tampered('release', 'pr="${INPUT_PR}"', 'pr="${{ inputs.pr }}"'),
            ...denied,
            says: 'an expression in a script',
          },
          {
            trick: 'a title in a script',
            outcome: tampered(
              'gate',
              'run: |',
              'run: |\n          echo "${{ github.event.pull_request.title }}"',
            ),
            ...denied,
            says: 'an expression in a script',
          },
          {
            trick: 'a number that is a command',
            outcome: findRelease(hostile),
            ...denied,
            says: 'it did not run',
          },
          {
            trick: 'a field of the record',
            outcome: withRan(world, await gate(world, spoilt)),
            exit: 'denied',
            checks: ['proposal', 'record', 'approvals', 'window', 'freeze'],
            says: 'service does not have the right form',
          },
        ],
      };
    },
  },
  {
    id: 'B35',
    attack: 'shell metacharacters in a name',
    run: async (world) => {
      const branch = 'x;touch-pwned&`id`';
      commitChange(world);
      world.git('branch', '--quiet', '--move', branch);
      await push(world, 'main');
      await push(world, branch);
      const number = await openPull(at(world), { login: 'r-okafor', head: branch, title: branch, body: '' });
      const pull = { number, branch };
      const folder = await bundlesWith(world, 'acme&touch pwned.tf.json');
      const bundle = await gate(world, pull, { flags: ['--bundles', folder] });
      const honest = await approved(world, pull);
      await mergePull(world, pull);
      const stack = await named(world, pull, 'acme-production;touch pwned');
      const back = outcomeOf(await world.sluice(['rollback', '--reason', 'x', '--', '$(touch pwned)']));
      const released = await release(world, pull);
      world.git('checkout', '--quiet', '-B', 'names', 'main');
      world.write('stacks/main.ts', program.replaceAll('stacks[name]', "stacks[name + '&touch pwned']"));
      const declared = outcomeOf(await world.sluice(['synth', '--out', '.sluice/x'], { freshSynth: true }));
      return {
        honest: [honest, released],
        attempts: [
          { trick: 'of a bundle', outcome: withRan(world, bundle), ...bad, says: 'is not a bundle' },
          {
            trick: 'of a stack to release',
            outcome: withRan(world, stack),
            ...usage,
            says: 'is not part of this change',
          },
          { trick: 'of a stack to roll back', outcome: withRan(world, back), ...usage, says: 'touch pwned' },
          {
            trick: 'of a stack in the code',
            outcome: withRan(world, declared),
            ...bad,
            says: 'is not a stack name',
          },
        ],
      };
    },
  },
  {
    id: 'B36',
    attack: 'arguments that become flags of another program',
    run: async (world) => {
      const pull = await propose(world);
      const allowed = await approved(world, pull);
      await mergePull(world, pull);
      const folder = await named(world, pull, '-chdir=/tmp');
      const plugins = await release(world, pull, { stacks: ['-plugin-dir=/tmp'] });
      const output = outcomeOf(await world.sluice(['plan', '--base=--output=pwned']));
      const honest = await named(world, pull, 'acme-production');
      return {
        honest: [allowed, honest],
        attempts: [
          {
            trick: 'another folder',
            outcome: folder,
            ...usage,
            says: '-chdir=/tmp is not part of this change',
          },
          { trick: 'other plugins', outcome: plugins, ...usage, says: 'plugin-dir' },
          {
            trick: 'a file to write, for git',
            outcome: withRan(world, output),
            ...bad,
            says: '"--output=pwned" is not a git revision',
          },
        ],
      };
    },
  },
  {
    id: 'B37',
    attack: 'code of the pull request where the rights are',
    run: () => {
      const head = '${{ github.event.workflow_run.head_sha }}';
      return Promise.resolve({
        honest: ['gate', 'change', 'release', 'rollback', 'gate-trigger'].map((name) => checked(name)),
        attempts: [
          {
            trick: 'the gate checks it out',
            outcome: tampered(
              'gate',
              `${checkoutLine}\n        with:\n`,
              `${checkoutLine}\n        with:\n          ref: ${head}\n`,
            ),
            ...denied,
            says: 'checks out',
          },
          {
            trick: 'by its trigger',
            outcome: tampered('gate', 'on:\n', 'on:\n  pull_request_target:\n'),
            ...denied,
            says: 'trigger pull_request_target',
          },
          {
            trick: 'against the protection of checkout',
            outcome: tampered(
              'gate',
              `${checkoutLine}\n        with:\n`,
              `${checkoutLine}\n        with:\n          allow-unsafe-pr-checkout: true\n`,
            ),
            ...denied,
            says: 'opts out of the protection of checkout',
          },
          {
            trick: 'by its artifact, into the working tree',
            outcome: tampered('gate', 'run: |', 'run: |\n          tar -xf bundles.tar'),
            ...denied,
            says: 'puts other files into the working tree',
          },
        ],
      });
    },
  },
  {
    id: 'B38',
    attack: 'an action by a tag that can move',
    run: () =>
      Promise.resolve({
        honest: [checked('release'), checked('change')],
        attempts: [
          {
            trick: 'by its tag',
            outcome: tampered('release', checkoutLine, 'uses: actions/checkout@v7'),
            ...denied,
            says: 'actions/checkout@v7: not pinned to the known commit',
          },
          {
            trick: 'another commit under the same comment',
            outcome: tampered('release', '@9c091bb21b7c1c1d1991bb908d89e4e9dddfe3e0', `@${'6'.repeat(40)}`),
            ...denied,
            says: 'not pinned to the known commit',
          },
          {
            trick: 'an action that nobody reviewed',
            outcome: tampered(
              'change',
              checkoutLine,
              `uses: tj-actions/changed-files@${'6'.repeat(40)} # v1`,
            ),
            ...denied,
            says: 'tj-actions/changed-files',
          },
        ],
      }),
  },
  {
    id: 'B39',
    attack: 'comments that were edited, quoted, early or of somebody else',
    run: async (world) => {
      const { honest, attempts } = await statements(world);
      return { honest: [honest], attempts };
    },
  },
  {
    id: 'B40',
    attack: 'a cache or a runner that brings something along',
    run: async (world) => {
      const pull = await propose(world);
      const honest = await approved(world, pull);
      const plant = '.sluice/work/acme-production/.terraform/providers/evil';
      const planted = await propose(world, { id: newId() });
      world.write(plant, 'evil');
      world.git('add', '--force', plant);
      world.git('commit', '--quiet', '--message', 'A provider that I brought along');
      await push(world, planted.branch);
      const outcome = await gate(world, planted);
      return {
        honest: [honest, checked('release')],
        attempts: [
          {
            trick: 'a cache',
            outcome: tampered('release', checkoutLine, `uses: actions/cache@${'6'.repeat(40)} # v4`),
            ...denied,
            says: 'a cache joins jobs that must stay apart',
          },
          {
            trick: 'a cache of the packages',
            outcome: tampered(
              'release',
              `${checkoutLine}\n        with:\n`,
              `${checkoutLine}\n        with:\n          cache: npm\n`,
            ),
            ...denied,
            says: 'a cache joins jobs that must stay apart',
          },
          {
            trick: 'a runner that is used again',
            outcome: tampered('release', 'runs-on: ubuntu-24.04', 'runs-on: self-hosted'),
            ...denied,
            says: 'a runner that is used again keeps what the last job left',
          },
          {
            trick: 'a provider in the branch',
            outcome,
            ...denied,
            says: `carries files into the working folder of Sluice: ${plant}`,
          },
        ],
      };
    },
  },
  {
    id: 'B41',
    attack: 'a token that any workflow could mint',
    run: () => {
      const guard = "if: github.ref == format('refs/heads/{0}', github.event.repository.default_branch)";
      return Promise.resolve({
        honest: [checked('release'), checked('change')],
        attempts: [
          {
            trick: 'OIDC beside code of a pull request',
            outcome: tampered(
              'change',
              'contents: read #',
              'id-token: write # to sign in somewhere\n      contents: read #',
            ),
            ...denied,
            says: 'a secret or a token near code of a pull request',
          },
          {
            trick: 'a release from any branch',
            outcome: tampered('release', `    ${guard}\n`, ''),
            ...denied,
            says: 'runs on every branch',
          },
          {
            trick: 'a secret outside of the environment of its stack',
            outcome: tampered('release', '    environment: ${{ matrix.stack }}\n', ''),
            ...denied,
            says: 'a secret outside of an environment',
          },
        ],
      });
    },
  },
];
