import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import {
  filesIn,
  parseWorkflow,
  parseYaml,
  readText,
  root,
  stepsOf,
  workflowAt,
  workflowPaths,
  actionPath,
} from './workflow-files.ts';
import type { CompositeAction, Workflow } from './workflow-files.ts';
import { pins, problemsOf } from './workflow-problems.ts';

const allPaths = [...workflowPaths, actionPath];

function byCodeUnit(a: string, b: string): number {
  return a < b ? -1 : 1;
}

function pathOf(name: string): string {
  return name === 'setup' ? actionPath : `.github/workflows/${name}.yml`;
}

describe('every workflow', () => {
  it('is one of the seven that the project has', () => {
    expect(workflowPaths.map((path) => parseWorkflow(readText(path)).name)).toEqual(
      ['baseline', 'change', 'due', 'gate-trigger', 'gate', 'release', 'rollback'].toSorted((a, b) =>
        `${a}.yml` < `${b}.yml` ? -1 : 1,
      ),
    );
  });

  it.each(allPaths)('%s fulfils all requirements', (path) => {
    expect(problemsOf(path, readText(path))).toEqual([]);
  });

  it('runs no action that is not used and pins none twice', () => {
    const used = new Set(
      allPaths.flatMap((path) =>
        [...readText(path).matchAll(/uses:\s*([\w-]+\/[\w-]+)@/g)].map(([, action = '']) => action),
      ),
    );
    expect([...used].toSorted(byCodeUnit)).toEqual([...pins.keys()].toSorted(byCodeUnit));
    for (const pin of pins.values()) {
      expect(pin).toMatch(/^[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
    }
  });

  it('uses only a composite action that exists', () => {
    expect((parseYaml(readText(actionPath)) as CompositeAction).runs.using).toBe('composite');
    expect(filesIn('.github/actions', /./)).toEqual(['.github/actions/setup']);
  });
});

/** What an attacker or a tired colleague would change, and what must then be said. */
const mutations: readonly (readonly [
  what: string,
  file: string,
  before: string,
  after: string,
  problem: string,
])[] = [
  [
    'a tag',
    'change',
    '@9c091bb21b7c1c1d1991bb908d89e4e9dddfe3e0 # v7.0.0',
    '@v7',
    'actions/checkout@v7: not pinned to the known commit',
  ],
  [
    'a branch',
    'gate',
    '@bcd2ba49218906704ab6c1aa796996da409d3eb1 # v3.2.0',
    '@main',
    'actions/create-github-app-token@main: not pinned to the known commit',
  ],
  [
    'a tag in the composite action',
    'setup',
    '@48b55a011bda9f5d6aeb4c2d9c7362e8dae4041e # v6.4.0',
    '@v6',
    'actions/setup-node@v6: not pinned to the known commit',
  ],
  ['another commit', 'release', '9c091bb21b7c', '0c091bb21b7c', 'not pinned to the known commit'],
  [
    'a pin without its release',
    'gate',
    'b7c566a772e6b6bfb58ed0dc250532a479d7789f # v6.0.0',
    'b7c566a772e6b6bfb58ed0dc250532a479d7789f',
    'not pinned to the known commit',
  ],
  [
    'a new action',
    'change',
    './.github/actions/setup',
    'someone/setup@9c091bb21b7c1c1d1991bb908d89e4e9dddfe3e0 # v1.0.0',
    'not pinned to the known commit',
  ],
  [
    'rights for all jobs',
    'gate',
    'permissions: {}',
    'permissions: write-all',
    'permissions at the top are not empty',
  ],
  ['no empty default', 'change', 'permissions: {}\n', '', 'permissions at the top are not empty'],
  [
    'a job without permissions',
    'change',
    '    permissions:\n      contents: read # check out the pull request\n',
    '',
    'synth: no permissions of its own',
  ],
  [
    'a scope without a reason',
    'release',
    'checks: read # read which tuple was on show when a review was given',
    'checks: read',
    'scope/checks: no reason',
  ],
  [
    'a kept token',
    'gate',
    'persist-credentials: false',
    'persist-credentials: true',
    'decide: the checkout keeps its token',
  ],
  [
    'no timeout',
    'rollback',
    '    timeout-minutes: 100 # an apply may take 60\n',
    '',
    'roll-back: no timeout, or a long one',
  ],
  [
    'an apply that can be cancelled',
    'release',
    '      cancel-in-progress: false\n      queue: max\n    steps',
    '      cancel-in-progress: true\n    steps',
    'release: may be cancelled while it writes',
  ],
  [
    'no concurrency',
    'gate-trigger',
    /concurrency:\n {2}group.*\n.*\n/.exec(readText(pathOf('gate-trigger')))?.[0] ?? '?',
    '',
    'no concurrency',
  ],
  [
    'a title in a script',
    'change',
    'run: node scripts/launch.mjs check\n',
    'run: echo "${{ github.event.pull_request.title }}"\n',
    'an expression in a script',
  ],
  [
    'an input in a script',
    'rollback',
    '--reason="${REASON}")\n          if',
    '--reason="${{ inputs.reason }}")\n          if',
    'an expression in a script',
  ],
  [
    'a privileged trigger',
    'change',
    '  pull_request:\n',
    '  pull_request_target:\n',
    'trigger pull_request_target',
  ],
  [
    'a comment as a trigger of what releases',
    'release',
    '  workflow_dispatch:\n',
    '  issue_comment:\n  workflow_dispatch:\n',
    'trigger issue_comment with the text of somebody',
  ],
  [
    'the text of a comment in the gate',
    'gate',
    'COMMENTED: ${{ github.event.issue.number }}',
    'COMMENTED: ${{ github.event.comment.body }}',
    'trigger issue_comment with the text of somebody',
  ],
  [
    'code of the pull request in the gate',
    'gate',
    '          fetch-depth: 0\n',
    '          ref: ${{ github.event.workflow_run.head_sha }}\n          fetch-depth: 0\n',
    'decide: checks out "${{ github.event.workflow_run.head_sha }}"',
  ],
  [
    'the same by hand',
    'gate',
    'secrets=(SLUICE_GITHUB_TOKEN SLUICE_ACTIONS_TOKEN SLUICE_GIT_TOKEN)\n',
    'git checkout "${HEAD}"\n          secrets=(SLUICE_GITHUB_TOKEN SLUICE_ACTIONS_TOKEN SLUICE_GIT_TOKEN)\n',
    'decide/Decide and publish: puts other files into the working tree',
  ],
  [
    'a fork in the gate',
    'gate',
    '          fetch-depth: 0\n',
    '          repository: someone/fork\n          fetch-depth: 0\n',
    'decide: checks out another repository',
  ],
  [
    'the trial merge instead of the head',
    'change',
    '          ref: ${{ github.event.pull_request.head.sha }}\n',
    '',
    'synth: checks out the commit of the event',
  ],
  [
    'a secret near the pull request',
    'change',
    '        run: node scripts/launch.mjs check\n',
    '        env:\n          T: ${{ secrets.CLOUDFLARE_API_TOKEN }}\n        run: node scripts/launch.mjs check\n',
    'a secret or a token near code of a pull request',
  ],
  [
    'a token near the pull request',
    'gate-trigger',
    "run: 'true'",
    "env:\n          T: ${{ github.token }}\n        run: 'true'",
    'a secret or a token near code of a pull request',
  ],
  [
    'a right near the pull request',
    'change',
    'contents: read # check out the pull request\n',
    'contents: write # check out the pull request\n',
    'synth: contents: write for code of a pull request',
  ],
  [
    'a secret outside of an environment',
    'gate',
    '    environment: gate\n',
    '',
    'decide: a secret outside of an environment',
  ],
  [
    'a release outside of an environment',
    'release',
    '    environment: ${{ matrix.stack }}\n',
    '',
    'release: a secret outside of an environment',
  ],
  [
    'credentials for the packages',
    'release',
    '      - name: Read the ledger\n        run: |\n          if git rev-parse --verify --quiet refs/remotes/origin/releases >/dev/null; then\n            git branch --no-track releases refs/remotes/origin/releases\n          fi\n\n      - name: Release\n        env:\n',
    '      - name: Release\n        env:\n          X: ${{ secrets.X }}\n        run: npm test\n\n      - name: Again\n        env:\n',
    'release/Release: a secret for something other than a release',
  ],
  [
    'a shell that stays beside the rehearsal',
    'gate',
    'exec env "${secrets[@]/#/--unset=}" SLUICE_SECRETS_FD=3 .github/workflows/decide.sh',
    '.github/workflows/decide.sh',
    'decide/Decide and publish: keeps tokens in the environment of its shell',
  ],
  [
    'a secret that is left in the environment',
    'release',
    'CLOUDFLARE_API_TOKEN SLUICE_GIT_TOKEN SLUICE_LEDGER_KEY SLUICE_GITHUB_APP_PRIVATE_KEY',
    'SLUICE_GIT_TOKEN SLUICE_LEDGER_KEY SLUICE_GITHUB_APP_PRIVATE_KEY',
    'release/Release: does not hand CLOUDFLARE_API_TOKEN over',
  ],
  [
    'stack code beside the credentials',
    'release',
    '          secrets=(SLUICE_GITHUB_TOKEN)\n',
    '          node scripts/launch.mjs synth\n',
    'scope: runs stack code',
  ],
  [
    'a right for the job that runs stack code',
    'release',
    'contents: read # check out the merged commit\n',
    'contents: read # check out the merged commit\n      actions: write # keep the bundles of this run\n',
    'bundles: runs stack code beside a secret or a right',
  ],
  [
    'the code of the merge in the release',
    'release',
    'ref: ${{ github.event.repository.default_branch }} # its current code, whatever was merged when',
    'ref: ${{ needs.find.outputs.commit }}',
    'scope: checks out "${{ needs.find.outputs.commit }}"',
  ],
  [
    'a release from any branch',
    'release',
    "    if: github.ref == format('refs/heads/{0}', github.event.repository.default_branch)\n",
    '',
    'find: runs on every branch',
  ],
  [
    'scripts of packages',
    'setup',
    'npm ci --ignore-scripts',
    'npm ci',
    "setup/Packages of the lock file: packages other than the lock file's, or their scripts",
  ],
  [
    'a cache',
    'setup',
    '        package-manager-cache: false\n',
    '        cache: npm\n',
    'a cache joins jobs that must stay apart',
  ],
  [
    'a failure that does not count',
    'change',
    '    timeout-minutes: 15\n',
    '    timeout-minutes: 15\n    continue-on-error: true\n',
    'a failure that does not count',
  ],
  [
    'a runner of its own',
    'release',
    'runs-on: ubuntu-24.04',
    'runs-on: self-hosted',
    'a runner that is used again keeps what the last job left',
  ],
  [
    'a shell without pipefail',
    'gate',
    '    shell: bash # with -e and pipefail\n',
    '    shell: sh\n',
    'the shell is not bash with pipefail',
  ],
];

describe('a workflow that was weakened is found out', () => {
  it.each(mutations)('%s (%s.yml)', (_what, file, ...[before, after, problem]) => {
    const text = readText(pathOf(file));
    expect(text).toContain(before);
    const weakened = text.replace(before, () => after);
    expect(problemsOf(pathOf(file), weakened).join('\n')).toContain(problem);
  });
});

describe('triggers', () => {
  it('start each workflow for its own reasons only', () => {
    expect(workflowAt('change').on).toEqual({
      pull_request: { types: ['opened', 'reopened', 'synchronize'] },
    });
    expect(Object.keys(workflowAt('gate-trigger').on).toSorted()).toEqual([
      'merge_group',
      'pull_request',
      'pull_request_review',
    ]);
    expect(Object.keys(workflowAt('gate').on).toSorted()).toEqual([
      'check_run',
      'issue_comment',
      'push',
      'schedule',
      'workflow_dispatch',
      'workflow_run',
    ]);
    expect(Object.keys(workflowAt('release').on).toSorted()).toEqual(['push', 'workflow_dispatch']);
    expect(Object.keys(workflowAt('rollback').on)).toEqual(['workflow_dispatch']);
  });

  it('start the gate after the bundles, and after everything that people do', () => {
    expect(workflowAt('gate').on['workflow_run']).toEqual({
      workflows: ['change', 'gate-trigger', 'release', 'rollback'],
      types: ['completed'],
    });
    expect(workflowAt('gate-trigger').on['pull_request_review']).toEqual({
      types: ['submitted', 'edited', 'dismissed'],
    });
    expect(workflowAt('gate').on['issue_comment']).toEqual({ types: ['created', 'edited', 'deleted'] });
    expect(workflowAt('gate').on['check_run']).toEqual({ types: ['rerequested'] });
    expect(workflowAt('gate-trigger').on['pull_request']).toEqual({
      types: ['edited', 'ready_for_review', 'converted_to_draft'],
    });
  });

  it('do nothing in the job that the pull request can rewrite', () => {
    expect(stepsOf(workflowAt('gate-trigger')).map(({ step }) => step.run ?? step.uses)).toEqual(['true']);
  });
});

/**
 * The rights that a workflow asks for its App tokens. Incidents are issues, which a token reads of a private repository only with
 * the right to: GitHub documentation, "Permissions required for GitHub Apps", Issues.
 */
const narrowed = (name: string): readonly unknown[] =>
  stepsOf(workflowAt(name))
    .filter(({ step }) => step.uses?.startsWith('actions/create-github-app-token@') === true)
    .map(({ step }) =>
      Object.fromEntries(Object.entries(step.with ?? {}).filter(([key]) => key.startsWith('permission-'))),
    );

describe('rights', () => {
  it('are these, and no others', () => {
    const granted = Object.fromEntries(
      workflowPaths.map((path) => {
        const workflow = parseWorkflow(readText(path));
        return [
          workflow.name,
          Object.fromEntries(Object.entries(workflow.jobs).map(([id, job]) => [id, job.permissions])),
        ];
      }),
    );
    const ofGateJob = {
      contents: 'read',
      actions: 'read',
      'pull-requests': 'write',
      checks: 'write',
      issues: 'read',
    };
    expect(granted).toEqual({
      baseline: { bundles: { contents: 'read' }, record: { contents: 'write', actions: 'read' } },
      change: { synth: { contents: 'read' }, check: { contents: 'read' }, test: { contents: 'read' } },
      due: { start: { contents: 'read', 'pull-requests': 'read', actions: 'write' } },
      'gate-trigger': { ring: {} },
      gate: {
        find: { 'pull-requests': 'read' },
        decide: ofGateJob,
        sweep: ofGateJob,
      },
      release: {
        find: { contents: 'read', 'pull-requests': 'read' },
        bundles: { contents: 'read' },
        scope: { contents: 'read', actions: 'read', 'pull-requests': 'read', checks: 'read', issues: 'read' },
        release: {
          contents: 'write',
          actions: 'read',
          'pull-requests': 'read',
          checks: 'read',
          issues: 'write',
        },
        next: { actions: 'write' },
        'take-back': { contents: 'read', actions: 'write' },
      },
      rollback: { show: { contents: 'read' }, 'roll-back': { contents: 'write', issues: 'write' } },
    });
  });

  it('of the App are narrowed for each job', () => {
    const ofGate = {
      'permission-contents': 'read',
      'permission-pull-requests': 'write',
      'permission-checks': 'write',
      'permission-issues': 'read',
    };
    expect(narrowed('gate')).toEqual([ofGate, ofGate]);
    // The second one pushes what the first is too old for.
    const ofPush = { 'permission-contents': 'write' };
    expect(narrowed('release')).toEqual([
      {
        'permission-contents': 'write',
        'permission-pull-requests': 'read',
        'permission-checks': 'read',
        'permission-issues': 'write',
      },
      ofPush,
    ]);
    expect(narrowed('baseline')).toEqual([ofPush, ofPush]);
    expect(narrowed('rollback')).toEqual([{ ...ofPush, 'permission-issues': 'write' }, ofPush]);
  });

  it('to Cloudflare exist in three steps only, each in the environment of its stack', () => {
    const holders = workflowPaths.flatMap((path) => {
      const workflow = parseWorkflow(readText(path));
      return stepsOf(workflow)
        .filter(({ step }) => JSON.stringify(step).includes('secrets.CLOUDFLARE_API_TOKEN'))
        .map(({ job, step }) => [workflow.name, step.name, job.environment]);
    });
    expect(holders).toEqual([
      ['baseline', 'Record', '${{ inputs.stack }}'],
      ['release', 'Release', '${{ matrix.stack }}'],
      ['rollback', 'Roll back', '${{ matrix.stack }}'],
    ]);
  });
});

describe('one at a time', () => {
  it.each([
    ['baseline', 'record', 'stack-${{ inputs.stack }}', 'baseline-${{ inputs.stack }}'],
    ['release', 'release', 'stack-${{ matrix.stack }}', 'release-${{ inputs.pr || github.sha }}'],
    ['rollback', 'roll-back', 'stack-${{ matrix.stack }}', 'rollback-${{ inputs.change || inputs.stack }}'],
  ])(
    '%s waits for its stack and for no other, and is neither cancelled nor pushed out of the queue',
    (name, job, group, run) => {
      const workflow = workflowAt(name);
      expect(workflow.concurrency).toEqual({ group: run, 'cancel-in-progress': false, queue: 'max' });
      expect(workflow.jobs[job]?.concurrency).toEqual({ group, 'cancel-in-progress': false, queue: 'max' });
    },
  );

  it('decides on one pull request once at a time', () => {
    expect(workflowAt('gate').jobs['decide']?.concurrency).toEqual({
      group: 'gate-${{ matrix.pr }}',
      'cancel-in-progress': false,
    });
  });
});

describe('the gate', () => {
  const steps = workflowAt('gate').jobs['decide']?.steps ?? [];

  it('leaves finding, downloading and checking the bundles to Sluice, and never synthesizes', () => {
    const text = `${readText(pathOf('gate'))}${readText(decideScript)}`;
    expect(text).toContain('launch.mjs gate --pr "${PR}" --ci-bundles --publish');
    expect(text).not.toContain('download-artifact');
    expect(text).not.toMatch(/launch\.mjs (?:synth|check|plan|rehearse)/);
  });

  it('sweeps in one job, where a pull request is open', () => {
    const { sweep } = workflowAt('gate').jobs;
    expect([sweep?.needs, sweep?.if]).toEqual(['find', "needs.find.outputs.sweep == 'true'"]);
    expect(sweep?.steps?.at(-1)?.run).toMatch(/ node scripts\/launch\.mjs gate --sweep --publish\n$/);
    expect(sweep?.concurrency).toEqual({ group: 'gate-sweep', 'cancel-in-progress': false });
  });

  it('listens to comments on pull requests by people of the repository, and not to its own', () => {
    const { find } = workflowAt('gate').jobs;
    expect(find?.if?.replaceAll(/\s+/g, ' ')).toContain(
      '(github.event_name != \'issue_comment\' || (github.event.issue.pull_request && github.event.comment.user.type != \'Bot\' && contains(fromJSON(\'["OWNER", "MEMBER", "COLLABORATOR"]\'), github.event.comment.author_association)))',
    );
  });

  it('says nothing to the merge queue when it came to no decision', () => {
    const queue = steps.find((step) => step.name === 'Answer the merge queue');
    expect(queue?.if).toBe("needs.find.outputs.queue-sha != '' && steps.gate.outputs.status != ''");
  });
});

describe('the release', () => {
  it('proves that the commit is part of the default branch before anything of it is run', () => {
    const { jobs } = workflowAt('release');
    expect(JSON.stringify(jobs['find'])).not.toMatch(/checkout|launch\.mjs/);
    expect([jobs['bundles']?.needs, jobs['scope']?.needs, jobs['release']?.needs]).toEqual([
      'find',
      ['find', 'bundles'],
      ['find', 'bundles', 'scope'],
    ]);
  });

  it.each([
    ['baseline', 'record'],
    ['release', 'release'],
    ['rollback', 'roll-back'],
  ])(
    '%s pushes the ledger whatever happened, without force and without leaving a token behind',
    (name, job) => {
      const push = workflowAt(name).jobs[job]?.steps?.at(-1);
      expect(push?.name).toBe('Push the ledger');
      expect(push?.if).toBe('always()');
      expect(push?.run).not.toMatch(/--force|-f |\+refs|git config/);
    },
  );
});

describe('commands', () => {
  const calls = workflowPaths.flatMap((path) => callsIn(parseWorkflow(readText(path))));
  const verbs = [...new Set(calls.map(({ verb }) => verb))].toSorted();

  it('are those that the workflows are about', () => {
    expect(verbs).toEqual(['baseline', 'check', 'due', 'gate', 'probe', 'release', 'rollback', 'synth']);
  });

  it.each(verbs)('sluice %s knows every flag that a workflow gives it', (verb) => {
    const help = execFileSync(process.execPath, ['scripts/launch.mjs', verb, '--help'], {
      cwd: root,
      encoding: 'utf8',
    });
    const flags = calls.filter((call) => call.verb === verb).flatMap((call) => call.flags);
    expect(flags.filter((flag) => !new RegExp(`${flag}\\b`).test(help))).toEqual([]);
  });
});

const decideScript = '.github/workflows/decide.sh';

interface Call {
  readonly verb: string;
  readonly flags: readonly string[];
}

/** Flags are taken from the whole script, because some are collected in an array before the call. */
function callsIn(workflow: Workflow): readonly Call[] {
  return stepsOf(workflow).flatMap(({ step }) => {
    const run = step.run ?? '';
    const script = run.includes(decideScript) ? readText(decideScript) : run;
    const verb = /launch\.mjs ([a-z]+)/.exec(script)?.[1];
    // Not `--unset=` of `env`, which stands in a substitution, nor what jq is given.
    const flags = [...script.replaceAll(/\bjq [^|\n]*/g, '').matchAll(/(?<![\w/-])--[a-z][a-z-]+/g)].map(
      ([flag]) => flag,
    );
    return verb === undefined ? [] : [{ verb, flags }];
  });
}

describe('stacks', () => {
  it('that can be rolled back are those of the registers', () => {
    const registered = ['acme', 'borough', 'platform'].flatMap((client) => {
      const register = parseYaml(readText(`stacks/clients/${client}/service.yaml`)) as Readonly<
        Record<string, { readonly stacks?: readonly { readonly name: string }[] }>
      >;
      return Object.values(register)
        .flatMap((part) => part.stacks ?? [])
        .map((stack) => stack.name);
    });
    const dispatch = workflowAt('rollback').on['workflow_dispatch'] as {
      readonly inputs: { readonly stack: { readonly options: readonly string[] } };
    };
    expect(dispatch.inputs.stack.options.toSorted()).toEqual(registered.toSorted());
  });
});
