import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { git, newFolder, runStep } from './run-step.ts';
import { runOf, workflowAt } from './workflow-files.ts';

const gate = workflowAt('gate');
const a = 'a'.repeat(40);
const b = 'b'.repeat(40);

const bundles = (): string => {
  const folder = newFolder();
  mkdirSync(join(folder, 'bundles'));
  writeFileSync(join(folder, 'bundles/acme-production.tf.json'), '{}');
  return folder;
};

const conclusion = (run: ReturnType<typeof runStep>): string | undefined =>
  run.calls.at(-1)?.find((argument) => argument.startsWith('conclusion='));

function commit(folder: string, text: string): string {
  writeFileSync(join(folder, 'file'), text);
  git(folder, 'add', 'file');
  git(folder, 'commit', '--quiet', '--allow-empty', '--message', text);
  return git(folder, 'rev-parse', 'HEAD');
}

interface Answers {
  readonly head?: string;
  readonly run?: string;
  readonly artifact?: string;
}

describe('finding the pull requests of an event', () => {
  const script = runOf(gate, 'find', 'Which pull requests does this event concern');
  const find = (
    env: Readonly<Record<string, string>>,
    gh = `printf '3 ${a}\\n7 ${b}\\n'`,
  ): ReturnType<typeof runStep> =>
    runStep({
      script,
      programs: { gh },
      env: { INPUT_PR: '', SOURCE_EVENT: '', SOURCE_SHA: '', SOURCE_BRANCH: '', ...env },
    });

  it('takes all open ones on schedule', () => {
    expect(find({ EVENT: 'schedule' }).outputs).toEqual({ pulls: '[3,7]', 'queue-sha': '' });
  });

  it('takes those whose head the other run was for', () => {
    expect(
      find({ EVENT: 'workflow_run', SOURCE_EVENT: 'pull_request_review', SOURCE_SHA: b }).outputs['pulls'],
    ).toBe('[7]');
    expect(
      find({ EVENT: 'workflow_run', SOURCE_EVENT: 'pull_request', SOURCE_SHA: 'c'.repeat(40) }).outputs[
        'pulls'
      ],
    ).toBe('[]');
  });

  it('takes none when none is open', () => {
    expect(find({ EVENT: 'schedule' }, 'true').outputs['pulls']).toBe('[]');
  });

  it('takes the one that a merge queue names, and the commit that the queue would merge', () => {
    const found = find({
      EVENT: 'workflow_run',
      SOURCE_EVENT: 'merge_group',
      SOURCE_SHA: a,
      SOURCE_BRANCH: `gh-readonly-queue/main/pr-12-${b}`,
    });
    expect(found.outputs).toEqual({ pulls: '[12]', 'queue-sha': a });
  });

  it.each([
    'gh-readonly-queue/main/pr-$(touch pwned)-1',
    `pr-12-${b}`,
    `gh-readonly-queue/main/pr-12-${b};touch pwned`,
  ])('takes none from a branch %s', (branch) => {
    const found = find({
      EVENT: 'workflow_run',
      SOURCE_EVENT: 'merge_group',
      SOURCE_SHA: a,
      SOURCE_BRANCH: branch,
    });
    expect(found.outputs).toEqual({ pulls: '[]', 'queue-sha': '' });
    expect(existsSync(join(found.folder, 'pwned'))).toBe(false);
  });

  it('takes the one that a person names, if it is a number', () => {
    expect(find({ EVENT: 'workflow_dispatch', INPUT_PR: '7' }).outputs['pulls']).toBe('[7]');
    for (const text of ['7;touch pwned', '[7,8]', '-1', '1e9', '7\n8']) {
      const found = find({ EVENT: 'workflow_dispatch', INPUT_PR: text });
      expect([found.exitCode, found.outputs]).toEqual([1, {}]);
      expect(existsSync(join(found.folder, 'pwned'))).toBe(false);
    }
  });

  it('fails when GitHub does not answer, and for an event that it has no rule for', () => {
    expect(find({ EVENT: 'schedule' }, 'exit 1')).toMatchObject({ exitCode: 1, outputs: {} });
    expect(find({ EVENT: 'push' })).toMatchObject({ exitCode: 1, outputs: {} });
  });
});

describe('finding the bundles', () => {
  const script = runOf(gate, 'decide', 'Find the bundles of the head');
  const find = ({
    head = a,
    run = '50 completed',
    artifact = `60 1000 false ${a}`,
  }: Answers): ReturnType<typeof runStep> =>
    runStep({
      script,
      env: { PR: '7' },
      programs: {
        gh: `case "$*" in
  *" repos/managed-services/estate/pulls/7 "*|*"api repos/managed-services/estate/pulls/7 "*) ${head === '' ? 'exit 1' : `echo '${head}'`} ;;
  *"/actions/workflows/change.yml/runs?event=pull_request&head_sha=${a}&per_page=1 "*) ${run === '' ? 'exit 1' : `echo '${run}'`} ;;
  *"/actions/runs/50/artifacts?name=bundles&per_page=1 "*) ${artifact === '' ? 'exit 1' : `echo '${artifact}'`} ;;
  *) echo "unexpected: $*" >&2; exit 9 ;;
esac`,
      },
    });

  it('takes those of the newest run for the head', () => {
    expect(find({})).toMatchObject({ exitCode: 0, outputs: { head: a, run: '50', artifact: '60' } });
  });

  it.each(['50 in_progress', '50 queued', 'null null'])('waits for a run that is %s', (run) => {
    expect(find({ run })).toMatchObject({ exitCode: 0, outputs: { head: a } });
    expect(find({ run }).outputs['artifact']).toBeUndefined();
  });

  it.each([
    ['there are none', 'null null null null'],
    ['they expired', `60 1000 true ${a}`],
    ['they are of another commit', `60 1000 false ${b}`],
    ['they are too large', `60 52428801 false ${a}`],
    ['their size is not a number', `60 x[$(touch pwned)] false ${a}`],
  ])('refuses when %s', (_what, artifact) => {
    const found = find({ artifact });
    expect(found.exitCode).toBe(1);
    expect(found.outputs['artifact']).toBeUndefined();
    expect(existsSync(join(found.folder, 'pwned'))).toBe(false);
  });

  it.each([{ head: '' }, { head: 'null' }, { run: '' }, { artifact: '' }])(
    'fails when GitHub does not answer: %o',
    (answers) => {
      const found = find(answers);
      expect(found.exitCode).not.toBe(0);
      expect(found.outputs['artifact']).toBeUndefined();
    },
  );
});

describe('deciding', () => {
  const script = runOf(gate, 'decide', 'Decide and publish');
  const decide = (status: number, temp = bundles()): ReturnType<typeof runStep> =>
    runStep({
      script,
      env: { PR: '7', RUNNER_TEMP: temp },
      programs: { node: `echo verdict; exit ${String(status)}` },
    });

  it.each([0, 4, 5])('ends well after a published verdict (%i)', (status) => {
    expect(decide(status)).toMatchObject({ exitCode: 0, outputs: { status: String(status) } });
  });

  it.each([1, 2, 3, 6, 7, 8, 9, 137])('fails when no verdict was published (%i)', (status) => {
    expect(decide(status).exitCode).toBe(status);
  });

  it('asks for exactly one pull request with the bundles beside the checkout', () => {
    const temp = bundles();
    expect(decide(0, temp).calls).toEqual([
      [
        'scripts/launch.mjs',
        'gate',
        '--pr',
        '7',
        '--bundles',
        `${temp}/bundles`,
        '--publish',
        '--save-facts',
        '.sluice/facts.json',
        '--format',
        'markdown',
      ],
    ]);
  });

  it('refuses a link among the bundles before anything reads it', () => {
    const temp = bundles();
    symlinkSync('/proc/self/environ', join(temp, 'bundles/acme-staging.tf.json'));
    expect(decide(0, temp)).toMatchObject({ exitCode: 1, calls: [], outputs: {} });
  });
});

describe('case 45: answering the merge queue', () => {
  const script = runOf(gate, 'decide', 'Answer the merge queue');

  function answer(group: (folder: string) => string, status = '0'): ReturnType<typeof runStep> {
    const folder = newFolder();
    git(folder, 'init', '--quiet');
    const head = commit(folder, 'approved');
    return runStep({
      script,
      folder,
      env: { PR: '7', HEAD: head, GROUP: group(folder), STATUS: status },
      programs: { gh: 'case "$*" in *"/pulls/7 "*) echo "main" ;; esac' },
    });
  }

  it('allows what is file by file what was approved', () => {
    const run = answer((folder) => commit(folder, 'approved'));
    expect(conclusion(run)).toBe('conclusion=success');
    expect(run.calls.at(-1)).toContain('name=change-control / main');
  });

  it('refuses what has anything else in it, and what is not allowed', () => {
    expect(conclusion(answer((folder) => commit(folder, 'approved and more')))).toBe('conclusion=failure');
    expect(conclusion(answer((folder) => commit(folder, 'approved'), '4'))).toBe('conclusion=failure');
    expect(conclusion(answer((folder) => commit(folder, 'approved'), '5'))).toBe('conclusion=failure');
  });

  it('says nothing about a commit that it does not have', () => {
    const run = answer(() => b);
    expect(run.exitCode).not.toBe(0);
    expect(conclusion(run)).toBeUndefined();
  });
});
