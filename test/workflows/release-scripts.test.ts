import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { git, newFolder, runStep } from './run-step.ts';
import { runOf, workflowAt } from './workflow-files.ts';

const merged = 'c'.repeat(40);
const tip = 'd'.repeat(40);

interface Answers {
  readonly event?: string;
  readonly input?: string;
  readonly number?: string;
  readonly commit?: string;
  readonly way?: string;
  readonly before?: string;
}

function entry(folder: string, id: string): void {
  writeFileSync(join(folder, id), id);
  git(folder, 'add', id);
  git(folder, 'commit', '--quiet', '--message', id);
}

/** A clone of a published ledger of one entry, standing on another branch as in the job. */
function clone(): { readonly remote: string; readonly folder: string } {
  const remote = newFolder();
  git(remote, 'init', '--quiet', '--bare');
  const folder = newFolder();
  git(folder, 'init', '--quiet', '--initial-branch=releases');
  entry(folder, 'R0001');
  git(folder, 'remote', 'add', 'origin', remote);
  git(folder, 'push', '--quiet', 'origin', 'releases');
  return { remote, folder };
}

const none = { CHANGE: '', WAVE: '1', TO: '', ONLY: '', INCLUDING: '', ABANDON: '', ACCEPT: '' };

const hostile = '"; touch pwned; $(touch pwned) `touch pwned` --to R0001';

describe('finding what was merged', () => {
  const script = runOf(workflowAt('release'), 'find', 'Which pull request, and which commit did it become');
  const find = ({
    event = 'push',
    input = '',
    number = 'echo 7',
    commit = `echo ${merged}`,
    way = 'echo ahead',
    before = merged,
  }: Answers): ReturnType<typeof runStep> =>
    runStep({
      script,
      env: { EVENT: event, INPUT_PR: input, GITHUB_SHA: tip, BEFORE: before },
      programs: {
        sleep: 'true',
        gh: `case "$*" in
  *"/commits/${tip}/pulls "*) ${number} ;;
  *"/pulls/7 "*) ${commit} ;;
  *"/compare/${merged}...${tip} "*) ${way} ;;
  *) exit 9 ;;
esac`,
      },
    });

  it('takes the pull request that the pushed commit is the merge of', () => {
    expect(find({})).toMatchObject({ exitCode: 0, outputs: { pr: '7', commit: merged } });
    expect(find({ way: 'echo identical' }).outputs).toEqual({ pr: '7', commit: merged });
  });

  it('takes the one that a person names', () => {
    expect(find({ event: 'workflow_dispatch', input: '7' }).outputs).toEqual({ pr: '7', commit: merged });
  });

  it('fails after a push that is not a merge, having asked again for two minutes', () => {
    const found = find({ number: 'true' });
    expect(found).toMatchObject({ exitCode: 1, outputs: {} });
    expect(found.stdout).toContain('is not the merge of a pull request: nobody approved it');
    expect(found.calls.filter(([argument]) => argument !== 'api')).toEqual(
      ['0', '5', '15', '30', '60'].map((seconds) => [seconds]),
    );
  });

  it('waits for GitHub to know what was merged', () => {
    const number = 'if [[ -e asked ]]; then echo 7; else touch asked; fi';
    expect(find({ number }).outputs).toEqual({ pr: '7', commit: merged });
  });

  it('releases nothing after the first push of all', () => {
    expect(find({ number: 'true', before: '0'.repeat(40) })).toMatchObject({
      exitCode: 0,
      outputs: {},
      calls: [],
    });
  });

  it.each([
    ['it is not merged', { commit: 'true' }],
    ['its commit is on another branch', { way: 'echo diverged' }],
    ['its commit is ahead of the default branch', { way: 'echo behind' }],
    ['GitHub does not answer which commit it is', { commit: 'exit 1' }],
    ['GitHub does not answer where the commit is', { way: 'exit 1' }],
    ['GitHub does not answer which pull request it is', { number: 'exit 1' }],
    ['the number is none', { event: 'workflow_dispatch', input: '7 $(touch pwned)' }],
  ])('refuses when %s', (_what, answers) => {
    const found = find(answers);
    expect(found.exitCode).not.toBe(0);
    expect(found.outputs).toEqual({});
    expect(existsSync(join(found.folder, 'pwned'))).toBe(false);
  });
});

describe.each(['scope', 'release'])('fetching the head that was approved (%s)', (job) => {
  const script = runOf(workflowAt('release'), job, 'Fetch the head that was approved');

  it('brings the objects that no branch has, and leaves the working tree alone', () => {
    const { remote, folder } = clone();
    git(folder, 'checkout', '--quiet', '-b', 'topic');
    entry(folder, 'approved');
    const approved = git(folder, 'rev-parse', 'HEAD');
    git(folder, 'push', '--quiet', 'origin', 'topic:refs/pull/7/head');
    const fresh = newFolder();
    git(fresh, 'clone', '--quiet', '--branch', 'releases', remote, '.');
    const before = git(fresh, 'rev-parse', 'HEAD');
    expect(
      runStep({ script, folder: fresh, env: { PR: '7', FETCH_TOKEN: 'not-a-real-token' } }).exitCode,
    ).toBe(0);
    expect(git(fresh, 'rev-parse', 'refs/sluice/approved', 'HEAD')).toBe(`${approved}\n${before}`);
    expect(existsSync(join(fresh, 'approved'))).toBe(false);
    expect(readFileSync(join(fresh, '.git/config'), 'utf8')).not.toContain('token');
  });

  it('fails when there is no such pull request', () => {
    expect(runStep({ script, folder: clone().folder, env: { PR: '8', FETCH_TOKEN: 'x' } }).exitCode).not.toBe(
      0,
    );
  });
});

describe('releasing', () => {
  it('releases one stack of one pull request', () => {
    const script = runOf(workflowAt('release'), 'release', 'Release');
    const { calls } = runStep({
      script,
      env: { PR: '7', WAVE: '2', ABANDON: '', STACK: '--facts=x' },
      programs: { node: 'true' },
    });
    expect(calls.map((call) => call.join(' '))).toEqual([
      'scripts/launch.mjs release --pr 7 --wave 2 --target cloudflare --ci-bundles -- --facts=x',
    ]);
  });

  it('finishes what a run that died left open, when a person names it', () => {
    const script = runOf(workflowAt('release'), 'release', 'Release');
    const run = runStep({
      script,
      env: { PR: '7', WAVE: '1', ABANDON: `R0042 R0043 ${hostile}`, STACK: 'platform' },
      programs: { node: 'true' },
    });
    expect(run.calls[0]?.slice(6, 10)).toEqual(['--target', 'cloudflare', '--ci-bundles', '--abandon=R0042']);
    expect(run.calls[0]?.slice(-2)).toEqual(['--', 'platform']);
    expect(existsSync(join(run.folder, 'pwned'))).toBe(false);
  });
});

describe('a change that comes before its slot', () => {
  const start = '2026-12-01T20:00:00.000Z';
  interface Story {
    readonly status?: number;
    readonly refusing?: readonly string[];
    readonly when?: string;
    readonly start?: string;
    readonly stacks?: readonly string[];
  }
  const scope = ({
    status = 4,
    refusing = ['window'],
    when = 'later',
    start: at = start,
    stacks = [],
  }: Story) => {
    const folder = newFolder();
    mkdirSync(join(folder, '.github/workflows'), { recursive: true });
    copyFileSync('.github/workflows/scope.sh', join(folder, '.github/workflows/scope.sh'));
    const checks = ['record', 'window', 'freeze'].map((id) => ({
      id,
      verdict: refusing.includes(id) ? 'deny' : 'allow',
    }));
    const releasable = { stacks, waiting: [{ stack: 'acme-production', why: 'closed' }] };
    const decision = JSON.stringify({ changeId: 'CHG-2026-0001', checks, releasable });
    const due = JSON.stringify({ changes: [{ id: 'CHG-2026-0001', when, start: at }] });
    return runStep({
      script: runOf(workflowAt('release'), 'scope', 'Decide for this moment'),
      folder,
      env: { ...none, PR: '7', SLUICE_GITHUB_TOKEN: 'x' },
      programs: {
        node: `case "$*" in
  *--pr*) exit ${String(status)} ;;
  *" due "*) printf '%s' '${due}' ;;
  *--facts*) printf '%s' '${decision}'; exit 4 ;;
esac`,
      },
    });
  };

  it('waits, and is no failure', () => {
    const run = scope({});
    expect([run.exitCode, run.outputs]).toEqual([0, { waits: 'true' }]);
    expect(run.stdout).toContain(`Waits until ${start}.`);
  });

  it('goes on with the stacks of those clients whose window is open', () => {
    const run = scope({ stacks: ['borough-production'], when: 'now' });
    expect([run.exitCode, run.outputs]).toEqual([0, {}]);
    expect(run.stdout).toContain("Not every client's window is open: acme-production later.");
  });

  it.each<[string, Story]>([
    ['something else refuses it as well', { refusing: ['window', 'freeze'] }],
    ['something else refuses it', { refusing: ['freeze'] }],
    ['its slot is open, and the window is not', { when: 'now' }],
    ['its slot is over', { when: 'missed' }],
    ['the time of its slot is no time', { start: '::error::x' }],
  ])('is refused where %s', (_what, story) => {
    expect(scope(story)).toMatchObject({ exitCode: 4, outputs: {} });
  });

  it.each([0, 1, 5, 6, 7])('is what the gate says of it otherwise (%i)', (status) => {
    const run = scope({ status });
    expect([run.exitCode, run.outputs, run.calls.length]).toEqual([status, {}, 1]);
  });
});

describe('starting what is due', () => {
  const script = runOf(workflowAt('due'), 'start', 'Start the releases');
  const start = (due: readonly object[], gh: string) => {
    const folder = newFolder();
    mkdirSync(join(folder, '.sluice'));
    writeFileSync(join(folder, '.sluice/due.json'), JSON.stringify({ changes: due }));
    const run = runStep({ script, folder, env: { BRANCH: 'main' }, programs: { gh } });
    return { ...run, started: run.calls.filter(([, verb]) => verb === 'run').map((call) => call.slice(2)) };
  };
  const gh = `case "$*" in
  "run list "*) echo 0 ;;
  *"/commits/${merged}/pulls "*) echo 7 ;;
  *"/commits/${tip}/pulls "*) true ;;
  "workflow run "*) true ;;
  *) exit 9 ;;
esac`;

  it('starts the release of each change whose slot is open, by its pull request', () => {
    const run = start(
      [
        { when: 'now', commit: merged },
        { when: 'later', commit: tip },
        { when: 'missed', commit: tip },
      ],
      gh,
    );
    expect([run.exitCode, run.started]).toEqual([0, [['release.yml', '--ref', 'main', '-f', 'pr=7']]]);
    expect(start([], gh)).toMatchObject({ exitCode: 0, started: [] });
  });

  it('fails where a commit is the merge of nothing, having started the others', () => {
    const run = start(
      [
        { when: 'now', commit: tip },
        { when: 'now', commit: null },
        { when: 'now', commit: merged },
      ],
      gh,
    );
    expect([run.exitCode, run.started.length]).toEqual([1, 1]);
  });

  it.each([`release of ${merged}`, 'release of pull request 7'])(
    'starts nothing twice: %s is under way',
    (title) => {
      const busy = gh.replace(
        '"run list "*) echo 0 ;;',
        `*in_progress*) echo '${title}' ;; "run list "*) true ;;`,
      );
      expect(start([{ when: 'now', commit: merged }], busy)).toMatchObject({ exitCode: 0, started: [] });
    },
  );

  it.each([`release of ${tip}`, 'release of pull request 70', 'release of pull request 7 and more'])(
    'does not wait for another: %s is under way',
    (title) => {
      const busy = gh.replace('"run list "*) echo 0 ;;', `"run list "*) echo '${title}' ;;`);
      expect(start([{ when: 'now', commit: merged }], busy).started.length).toBe(1);
    },
  );

  it('starts nothing when it cannot be told what is under way', () => {
    const down = gh.replace('"run list "*) echo 0 ;;', `"run list "*) exit 1 ;;`);
    expect(start([{ when: 'now', commit: merged }], down)).toMatchObject({ started: [] });
  });
});

describe.each([
  ['release', 'release', 'Release', ['SLUICE_GITHUB_TOKEN', 'CLOUDFLARE_API_TOKEN', 'AWS_SECRET_ACCESS_KEY']],
  ['release', 'scope', 'Decide for this moment', ['SLUICE_GITHUB_TOKEN']],
  ['rollback', 'roll-back', 'Roll back', ['CLOUDFLARE_API_TOKEN', 'SLUICE_GIT_TOKEN']],
  ['gate', 'decide', 'Decide and publish', ['SLUICE_GITHUB_TOKEN', 'SLUICE_ACTIONS_TOKEN']],
  ['gate', 'sweep', 'Sweep', ['SLUICE_GITHUB_TOKEN', 'SLUICE_ACTIONS_TOKEN']],
])('the secrets of %s/%s (%s)', (name, job, step, secrets) => {
  it('come on file descriptor 3, and stand in the environment of no process around', () => {
    const folder = newFolder();
    mkdirSync(join(folder, '.github/workflows'), { recursive: true });
    for (const script of ['decide.sh', 'scope.sh']) {
      copyFileSync(`.github/workflows/${script}`, join(folder, '.github/workflows', script));
    }
    const given = Object.fromEntries(secrets.map((secret) => [secret, `kept-from-${secret}`]));
    const run = runStep({
      script: runOf(workflowAt(name), job, step),
      folder,
      env: { ...none, PR: '7', STACK: 'platform', REASON: 'x', ...given },
      programs: {
        node: `cat <&3 >got; pid=$$; while [ "$pid" -gt ${String(process.pid)} ]; do cat "/proc/$pid/environ"; pid=$(cut -d' ' -f4 "/proc/$pid/stat"); done >around`,
      },
    });
    expect([run.exitCode, run.stdout]).toEqual([0, '']);
    for (const [secret, value] of Object.entries(given)) {
      expect(readFileSync(join(folder, 'got'), 'utf8')).toContain(`${secret}=${value}\0`);
    }
    expect(readFileSync(join(folder, 'around'), 'utf8')).not.toContain('kept-from-');
  });
});

describe('rolling back', () => {
  it('undoes the last release when nothing else is said', () => {
    const script = runOf(workflowAt('rollback'), 'roll-back', 'Roll back');
    const { calls } = runStep({
      script,
      env: { ...none, STACK: 'acme-production', REASON: 'errors after R0042' },
      programs: { node: 'true' },
    });
    expect(calls).toEqual([
      [
        'scripts/launch.mjs',
        'rollback',
        '--target',
        'cloudflare',
        '--reason=errors after R0042',
        '--',
        'acme-production',
      ],
    ]);
  });

  it.each([
    ['show', 'Show', ['--dry-run']],
    ['roll-back', 'Roll back', ['--target', 'cloudflare']],
  ])('%s hands text on as text', (job, name, first) => {
    const script = runOf(workflowAt('rollback'), job, name);
    const run = runStep({
      script,
      env: {
        STACK: 'acme-production',
        CHANGE: '',
        REASON: hostile,
        TO: '--reason=x',
        ONLY: '$(touch pwned)',
        INCLUDING: 'CHG-2026-0003 CHG-2026-0004',
        ABANDON: '',
        ACCEPT: '',
      },
      programs: { node: 'true' },
    });
    expect(run.calls).toEqual([
      [
        'scripts/launch.mjs',
        'rollback',
        ...first,
        `--reason=${hostile}`,
        '--to=--reason=x',
        '--only=$(touch pwned)',
        '--including=CHG-2026-0003',
        '--including=CHG-2026-0004',
        '--',
        'acme-production',
      ],
    ]);
    expect(existsSync(join(run.folder, 'pwned'))).toBe(false);
  });

  it('undoes a change on the stacks that the ledger says, in its order, and each of them in a job', () => {
    const show = (env: Readonly<Record<string, string>>) =>
      runStep({
        script: runOf(workflowAt('rollback'), 'show', 'Show'),
        env: { ...none, CHANGE: 'CHG-2026-0001', REASON: 'x', STACK: '', ...env },
        programs: { node: `printf '%s' '{"stacks":["acme-production","acme-staging"]}'` },
      });
    const shown = show({});
    expect(shown.outputs).toEqual({ stacks: '["acme-production","acme-staging"]' });
    expect(shown.calls[0]?.slice(1, 4)).toEqual(['rollback', '--change=CHG-2026-0001', '--reason=x']);
    expect(show({ ONLY: 'R0042' })).toMatchObject({ exitCode: 1, calls: [] });
    const doing = runStep({
      script: runOf(workflowAt('rollback'), 'roll-back', 'Roll back'),
      env: { ...none, CHANGE: 'CHG-2026-0001', ABANDON: 'R0042', REASON: 'x', STACK: 'acme-production' },
      programs: { node: 'true' },
    });
    expect(doing.calls[0]?.slice(1)).toEqual([
      'rollback',
      '--target',
      'cloudflare',
      '--reason=x',
      '--change=CHG-2026-0001',
      '--',
      'acme-production',
    ]);
  });

  it('gives a crashed release up and overwrites the addresses that were named, only when it does roll back', () => {
    const env = {
      ...none,
      STACK: 'platform',
      REASON: 'x',
      ABANDON: 'R0042',
      ACCEPT: 'cloudflare_list.office cloudflare_ruleset.waf["a*"]',
    };
    const doing = runStep({
      script: runOf(workflowAt('rollback'), 'roll-back', 'Roll back'),
      env,
      programs: { node: 'true' },
    });
    expect(doing.calls[0]).toEqual(
      expect.arrayContaining([
        '--abandon=R0042',
        '--accept=cloudflare_list.office',
        '--accept=cloudflare_ruleset.waf["a*"]',
      ]),
    );
    const showing = runStep({
      script: runOf(workflowAt('rollback'), 'show', 'Show'),
      env,
      programs: { node: 'true' },
    });
    expect(showing.calls[0]).toEqual([
      'scripts/launch.mjs',
      'rollback',
      '--dry-run',
      '--reason=x',
      '--',
      'platform',
    ]);
  });
});

describe.each([
  ['release', 'release'],
  ['rollback', 'roll-back'],
])('pushing the ledger (%s)', (name, job) => {
  const script = runOf(workflowAt(name), job, 'Push the ledger');

  it('continues the published one', () => {
    const { remote, folder } = clone();
    entry(folder, 'R0002');
    expect(runStep({ script, folder, env: { LEDGER_TOKEN: 'not-a-real-token' } }).exitCode).toBe(0);
    expect(git(remote, 'log', '--format=%s', 'releases')).toBe('R0002\nR0001');
    expect(readFileSync(join(folder, '.git/config'), 'utf8')).not.toContain('token');
  });

  it('never replaces the published one', () => {
    const { remote, folder } = clone();
    git(folder, 'commit', '--quiet', '--amend', '--message', 'rewritten');
    expect(runStep({ script, folder, env: { LEDGER_TOKEN: 'x' } }).exitCode).not.toBe(0);
    expect(git(remote, 'log', '--format=%s', 'releases')).toBe('R0001');
  });

  it('has nothing to do when everything was pushed and others wrote since', () => {
    const { remote, folder } = clone();
    const other = newFolder();
    git(other, 'clone', '--quiet', '--branch', 'releases', remote, '.');
    entry(other, 'R0002');
    git(other, 'push', '--quiet', 'origin', 'releases');
    expect(runStep({ script, folder, env: { LEDGER_TOKEN: 'x' } }).exitCode).toBe(0);
    expect(git(remote, 'log', '--format=%s', 'releases')).toBe('R0002\nR0001');
  });

  it('has nothing to do when nothing was begun', () => {
    const folder = newFolder();
    git(folder, 'init', '--quiet', '--initial-branch=main');
    expect(runStep({ script, folder, env: { LEDGER_TOKEN: 'x' } }).exitCode).toBe(0);
  });
});
