import { copyFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { git, newFolder, runStep } from './run-step.ts';
import { runOf, workflowAt } from './workflow-files.ts';

const gate = workflowAt('gate');
const a = 'a'.repeat(40);
const b = 'b'.repeat(40);

const conclusion = (run: ReturnType<typeof runStep>): string | undefined =>
  run.calls.at(-1)?.find((argument) => argument.startsWith('conclusion='));

function commit(folder: string, text: string): string {
  writeFileSync(join(folder, 'file'), text);
  git(folder, 'add', 'file');
  git(folder, 'commit', '--quiet', '--allow-empty', '--message', text);
  return git(folder, 'rev-parse', 'HEAD');
}

/** A folder with the script that the step makes room for. */
function withScripts(): string {
  const folder = newFolder();
  mkdirSync(join(folder, '.github/workflows'), { recursive: true });
  copyFileSync('.github/workflows/decide.sh', join(folder, '.github/workflows/decide.sh'));
  return folder;
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
      env: {
        INPUT_PR: '',
        SOURCE_EVENT: '',
        SOURCE_SHA: '',
        SOURCE_BRANCH: '',
        SOURCE_WORKFLOW: 'change',
        COMMENTED: '',
        RERUN_SHA: '',
        ...env,
      },
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
    const run = { EVENT: 'workflow_run', SOURCE_EVENT: 'pull_request', SOURCE_SHA: a };
    expect(find(run, 'true').outputs['pulls']).toBe('[]');
  });

  it('takes the one that a merge queue names, and the commit that the queue would merge', () => {
    const found = find({
      EVENT: 'workflow_run',
      SOURCE_EVENT: 'merge_group',
      SOURCE_SHA: a,
      SOURCE_BRANCH: `gh-readonly-queue/main/pr-12-${b}`,
    });
    expect(found.outputs).toEqual({ pulls: '[12]', 'queue-sha': a, sweep: 'false' });
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
    expect(found.outputs).toEqual({ pulls: '[]', 'queue-sha': '', sweep: 'false' });
    expect(existsSync(join(found.folder, 'pwned'))).toBe(false);
  });

  it('takes the one that somebody commented on', () => {
    expect(find({ EVENT: 'issue_comment', COMMENTED: '7' }).outputs['pulls']).toBe('[7]');
  });

  it('takes those of the commit whose verdict is asked for again', () => {
    expect(find({ EVENT: 'check_run', RERUN_SHA: a }).outputs).toMatchObject({
      pulls: '[3]',
      sweep: 'false',
    });
  });

  it.each([
    ['a push to the default branch', { EVENT: 'push' }],
    ['the schedule', { EVENT: 'schedule' }],
    ['a person who names none', { EVENT: 'workflow_dispatch' }],
    ['the end of a release', { EVENT: 'workflow_run', SOURCE_EVENT: 'push', SOURCE_WORKFLOW: 'release' }],
    [
      'the end of a rollback',
      { EVENT: 'workflow_run', SOURCE_EVENT: 'workflow_dispatch', SOURCE_WORKFLOW: 'rollback' },
    ],
  ])('looks at all after %s, unless none is open', (_what, env) => {
    expect(find(env).outputs).toMatchObject({ pulls: '[]', sweep: 'true' });
    expect(find(env, 'true').outputs).toMatchObject({ pulls: '[]', sweep: 'false' });
    expect(find(env, 'exit 1').exitCode).toBe(1);
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
    const run = { EVENT: 'workflow_run', SOURCE_EVENT: 'pull_request', SOURCE_SHA: a };
    expect(find(run, 'exit 1')).toMatchObject({ exitCode: 1, outputs: {} });
    expect(find({ EVENT: 'issues' })).toMatchObject({ exitCode: 1, outputs: {} });
  });
});

describe('deciding', () => {
  const script = runOf(gate, 'decide', 'Decide and publish');
  const decide = (status: number): ReturnType<typeof runStep> =>
    runStep({
      script,
      folder: withScripts(),
      env: { PR: '7' },
      programs: { node: `echo verdict; exit ${String(status)}` },
    });

  it.each([0, 4, 5])('ends well after a published verdict (%i)', (status) => {
    expect(decide(status)).toMatchObject({ exitCode: 0, outputs: { status: String(status) } });
  });

  it.each([1, 2, 3, 6, 7, 8, 9, 137])('fails when no verdict was published (%i)', (status) => {
    expect(decide(status).exitCode).toBe(status);
  });

  it('asks for exactly one pull request with the bundles of its synth job', () => {
    expect(decide(0).calls).toEqual([
      [
        'scripts/launch.mjs',
        'gate',
        '--pr',
        '7',
        '--ci-bundles',
        '--publish',
        '--save-facts',
        '.sluice/facts.json',
        '--save-plan',
        '.sluice/plan.json',
        '--format',
        'markdown',
      ],
    ]);
  });
});

describe('case 45: answering the merge queue', () => {
  const script = runOf(gate, 'decide', 'Answer the merge queue');

  function answer(group: (folder: string) => string, status = '0'): ReturnType<typeof runStep> {
    const folder = newFolder();
    git(folder, 'init', '--quiet');
    const head = commit(folder, 'approved');
    mkdirSync(join(folder, '.sluice'));
    writeFileSync(join(folder, '.sluice/facts.json'), JSON.stringify({ pull: { headSha: head } }));
    return runStep({
      script,
      folder,
      env: { PR: '7', GROUP: group(folder), STATUS: status },
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
