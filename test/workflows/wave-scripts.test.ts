/** How `release.yml` goes from wave to wave, and when it has a change taken back. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { newFolder, runStep } from './run-step.ts';
import { runOf, workflowAt } from './workflow-files.ts';

describe('the wave of a release', () => {
  const script = runOf(workflowAt('release'), 'scope', 'Which wave, and which stacks of it');
  const run = (decision: string) => {
    const folder = newFolder();
    mkdirSync(join(folder, '.sluice'));
    writeFileSync(join(folder, 'said'), decision);
    return runStep({ script, folder, programs: { node: 'cat said; exit 4' } });
  };
  const releasable = {
    wave: 1,
    waves: 3,
    total: 4,
    parallel: 4,
    stacks: ['borough-production', 'acme-production'],
    waiting: [],
  };
  const said = (given: object, changeId: string | null = 'CHG-2026-0001'): string =>
    JSON.stringify({ changeId, releasable: { ...releasable, ...given } });

  it('is what the gate says, in its order', () => {
    const found = run(said({}));
    expect([found.exitCode, found.outputs]).toEqual([
      0,
      {
        stacks: '["borough-production","acme-production"]',
        wave: '1',
        more: 'true',
        parallel: '4',
        several: 'true',
        change: 'CHG-2026-0001',
      },
    ]);
  });

  it.each([
    ['it is the last', { wave: 3 }],
    ['it is the only one', { waves: 1, total: 1, stacks: ['acme-production'] }],
    ['one of it waits for its window', { waiting: [{ stack: 'acme-staging', why: 'x' }] }],
    ['nothing is left', { wave: null, stacks: [] }],
  ])('has none after it where %s', (_what, given) => {
    expect(run(said(given)).outputs).toMatchObject({ more: 'false' });
  });

  it('is released 256 stacks at a time, which is what a matrix has room for', () => {
    const stacks = Array.from({ length: 300 }, (_, index) => `client${String(index)}-production`);
    const { outputs } = run(said({ wave: 3, stacks, total: 300 }));
    expect([(JSON.parse(outputs['stacks'] ?? '') as unknown[]).length, outputs['more']]).toEqual([
      256,
      'true',
    ]);
  });

  it.each([
    '',
    '{}',
    '{"releasable":{}}',
    said({ stacks: ['a\nfailed=true'] }),
    said({ stacks: [{}] }),
    said({ parallel: '4\nfailed=true' }),
    said({}, 'CHG-2026-0001\nfailed=true'),
  ])('is none where it says nothing, or something else (%s)', (decision) => {
    const found = run(decision);
    expect([found.exitCode === 0, found.outputs]).toEqual([false, {}]);
  });
});

describe('between two waves', () => {
  const script = runOf(workflowAt('release'), 'scope', 'Watch what is released of it');
  const watch = (status: number) => {
    const folder = newFolder();
    mkdirSync(join(folder, '.sluice'));
    const env = { CHANGE: 'CHG-2026-0001' };
    return runStep({ script, folder, env, programs: { node: `exit ${String(status)}` } });
  };

  it('what is released is probed for as long as its record says', () => {
    const run = watch(0);
    expect([run.exitCode, run.outputs]).toEqual([0, {}]);
    expect(run.calls).toEqual([
      ['scripts/launch.mjs', 'probe', '--watch', '--format', 'json', '--', 'CHG-2026-0001'],
    ]);
  });

  it('a probe that fails takes the change back, and anything else stops the run', () => {
    expect(watch(4)).toMatchObject({ exitCode: 0, outputs: { failed: 'true' } });
    expect(watch(7)).toMatchObject({ exitCode: 7, outputs: {} });
  });

  it('the next one is a run of its own', () => {
    const run = runStep({
      script: runOf(workflowAt('release'), 'next', 'Start this workflow for it'),
      env: { PR: '7', BRANCH: 'main' },
      programs: { gh: 'true' },
    });
    expect(run.calls.map((call) => call.join(' '))).toEqual([
      'workflow run release.yml --repo managed-services/estate --ref main -f pr=7',
    ]);
  });
});

describe('jobs', () => {
  it('releases the stacks of a wave together and cancels none, and undoes a change stack by stack', () => {
    const { jobs } = workflowAt('release');
    expect(jobs['release']?.strategy).toEqual({
      'max-parallel': '${{ fromJSON(needs.scope.outputs.parallel) }}',
      'fail-fast': false,
      matrix: { stack: '${{ fromJSON(needs.scope.outputs.stacks) }}' },
    });
    expect(workflowAt('rollback').jobs['roll-back']?.strategy).toMatchObject({
      'max-parallel': 1,
      'fail-fast': false,
    });
  });

  it('has no job more for a change of one stack than what releases it', () => {
    const { jobs } = workflowAt('release');
    expect(jobs['next']?.if).toContain("needs.scope.outputs.more == 'true'");
    expect(jobs['take-back']?.if).toContain("needs.scope.outputs.several == 'true'");
    expect(Object.keys(jobs)).toEqual(['find', 'bundles', 'scope', 'release', 'next', 'take-back']);
  });
});

describe('whether a change is taken back', () => {
  const script = runOf(workflowAt('release'), 'take-back', 'Whether it has to be');
  interface Left {
    readonly stacks?: readonly string[];
    readonly failed?: boolean;
    readonly byItself?: boolean;
    readonly watched?: string;
    readonly probe?: number;
  }
  const decideBack = ({
    stacks = ['acme-staging'],
    failed = false,
    byItself = true,
    watched = '',
    probe = 0,
  }: Left) => {
    const left = JSON.stringify({ stacks, failed, open: [], byItself });
    return runStep({
      script,
      env: { CHANGE: 'CHG-2026-0001', FAILED: watched },
      programs: {
        node: `case "$2" in rollback) printf '%s' '${left}' ;; probe) exit ${String(probe)} ;; esac`,
      },
    });
  };

  it.each<[string, Left]>([
    ['a release of it failed, as the ledger has it', { failed: true }],
    ['a probe failed while it was watched', { watched: 'true' }],
    ['a probe fails now', { probe: 4 }],
  ])('happens where %s', (_what, left) => {
    expect(decideBack(left)).toMatchObject({ exitCode: 0, outputs: { start: 'true' } });
  });

  it.each<[string, Left, number]>([
    ['nothing of it is left', { stacks: [], failed: true }, 0],
    ['a job failed and the change did not', {}, 0],
    ['it cannot be told how it is', { probe: 7 }, 7],
    ['its record says that nothing is undone by itself', { failed: true, byItself: false }, 1],
  ])('does not happen where %s', (_what, left, exitCode) => {
    expect(decideBack(left)).toMatchObject({ exitCode, outputs: {} });
  });

  it('is carried out by the workflow rollback', () => {
    const run = runStep({
      script: runOf(workflowAt('release'), 'take-back', 'Start the rollback'),
      env: { BRANCH: 'main', CHANGE: 'CHG-2026-0001', RUN: '99' },
      programs: { gh: 'true' },
    });
    const [call = []] = run.calls;
    expect([run.calls.length, call.slice(0, 7).join(' '), call.slice(7)]).toEqual([
      1,
      'workflow run rollback.yml --repo managed-services/estate --ref main',
      ['-f', 'change=CHG-2026-0001', '-f', 'reason=a release of it failed in run 99', '-f', 'dry-run=false'],
    ]);
  });
});
