/**
 * What must hold for every workflow, as one function from text to problems: the same function judges the real files and
 * the broken ones of the tests, so that each requirement is known to be looked at.
 */
import { actionPath, parseWorkflow, parseYaml, scopeReasons, stepsOf } from './workflow-files.ts';
import type { CompositeAction, Job, Step, Workflow } from './workflow-files.ts';

/** Every action that may run, at the only commit it may run at, with the release that commit is. */
export const pins: ReadonlyMap<string, string> = new Map([
  ['actions/checkout', '9c091bb21b7c1c1d1991bb908d89e4e9dddfe3e0 # v7.0.0'],
  ['actions/setup-node', '48b55a011bda9f5d6aeb4c2d9c7362e8dae4041e # v6.4.0'],
  ['actions/upload-artifact', 'b7c566a772e6b6bfb58ed0dc250532a479d7789f # v6.0.0'],
  ['actions/create-github-app-token', 'bcd2ba49218906704ab6c1aa796996da409d3eb1 # v3.2.0'],
  ['hashicorp/setup-terraform', '5e8dbf3c6d9deaf4193ca7a8fb23f2ac83bb6c85 # v4.0.0'],
]);

/** Workflows that run code of a pull request, or that GitHub runs as the pull request has them. */
const untrusted: ReadonlySet<string> = new Set(['change', 'gate-trigger']);

/** Triggers that give a pull request's text or code a token with rights. */
const forbiddenTriggers = ['pull_request_target', 'issues', 'discussion', 'discussion_comment'] as const;

const currentCode = '"${{ github.event.repository.default_branch }}"';

/** What is checked out instead of the commit that GitHub started the run for, as JSON text, by workflow or by its job. */
const checkoutRefs: Readonly<Record<string, string>> = {
  change: '"${{ github.event.pull_request.head.sha }}"',
  release: currentCode,
  'release/bundles': '"${{ needs.find.outputs.commit }}"',
  rollback: currentCode,
};

/** Jobs of trusted workflows that run stack code, and so may hold nothing. */
const runsStackCode: ReadonlySet<string> = new Set(['baseline/bundles', 'release/bundles']);

const longestMinutes = 100;

/** Problems of one workflow or of the composite action, each naming its place. Empty: all requirements hold. */
export function problemsOf(path: string, text: string): readonly string[] {
  const found = [...pinProblems(text), ...matching(text, inSources)];
  if (path === actionPath) {
    const { runs } = parseYaml(text) as CompositeAction;
    return [...found, ...runs.steps.flatMap((step) => stepProblems('setup', step))];
  }
  const workflow = parseWorkflow(text);
  return [
    ...found,
    ...topProblems(workflow),
    ...Object.entries(workflow.jobs).flatMap(([id, job]) => jobProblems(workflow, id, job)),
    ...stepsOf(workflow).flatMap(({ jobId, step }) => [
      ...stepProblems(jobId, step),
      ...checkoutProblems(workflow, jobId, step),
    ]),
    ...[...scopeReasons(text)]
      .filter(([, reason]) => reason.length < 10)
      .map(([scope]) => `${scope}: no reason`),
    ...(untrusted.has(workflow.name) ? untrustedProblems(workflow, text) : trustedProblems(workflow)),
  ];
}

/** Read from the text, because the release is only in the comment. */
function pinProblems(text: string): readonly string[] {
  return [...text.matchAll(/^\s*(?:- )?uses:\s*(.*)$/gm)].flatMap(([, value = '']) => {
    if (value === './.github/actions/setup') {
      return [];
    }
    const [action = '', rest = ''] = value.split(/@(.*)/s);
    return pins.get(action) === rest.trim() ? [] : [`${value}: not pinned to the known commit`];
  });
}

type PatternTable = readonly (readonly [pattern: RegExp, problem: string])[];

/** The problems whose pattern the text has. */
function matching(text: string, table: PatternTable): readonly string[] {
  return table.filter(([pattern]) => pattern.test(text)).map(([, problem]) => problem);
}

const inSources: PatternTable = [
  [/actions\/cache|^\s*cache:/m, 'a cache joins jobs that must stay apart'],
  [/self-hosted/, 'a runner that is used again keeps what the last job left'],
  [/secrets:\s*inherit|toJSON\(\s*secrets/i, 'hands over every secret'],
  [/continue-on-error/, 'a failure that does not count'],
  [/allow-unsafe-pr-checkout/, 'opts out of the protection of checkout'],
];

/** Text that an expression puts into a script is run as a script; a variable is not. So no expression is put there. */
const inScripts: PatternTable = [
  [/\$\{\{/, 'an expression in a script'],
  [
    /\beval\b|\bbash -c\b|\bsh -c\b|GITHUB_ENV|GITHUB_PATH/,
    'a script that makes code or environment from text',
  ],
  [
    /npm (?:install|i)\b|npx\b|npm ci(?! --ignore-scripts)/,
    "packages other than the lock file's, or their scripts",
  ],
  [
    /git (?:checkout|switch|restore|worktree|merge|pull|reset|read-tree|archive)\b|gh pr checkout|\btar |\bunzip /,
    'puts other files into the working tree',
  ],
];

function topProblems(workflow: Workflow): readonly string[] {
  const problems: string[] = [];
  if (JSON.stringify(workflow.permissions) !== '{}') {
    problems.push('permissions at the top are not empty');
  }
  if (workflow.defaults?.run?.shell !== 'bash') {
    problems.push('the shell is not bash with pipefail');
  }
  if (workflow.concurrency === undefined) {
    problems.push('no concurrency');
  }
  if ('issue_comment' in workflow.on && !readsNumbersOnly(workflow)) {
    problems.push('trigger issue_comment with the text of somebody');
  }
  for (const trigger of forbiddenTriggers) {
    if (trigger in workflow.on) {
      problems.push(`trigger ${trigger}`);
    }
  }
  return problems;
}

/** Of a comment the gate may know which pull request it stands on, and whether its author is one to listen to. */
function readsNumbersOnly(workflow: Workflow): boolean {
  const read = [...JSON.stringify(workflow).matchAll(/github\.event\.(?:comment|issue)[.\w]*/g)];
  return (
    workflow.name === 'gate' &&
    read.every(([path]) =>
      [
        'github.event.issue.number',
        'github.event.issue.pull_request',
        'github.event.comment.user.type',
        'github.event.comment.author_association',
      ].includes(path),
    )
  );
}

function jobProblems(workflow: Workflow, id: string, job: Job): readonly string[] {
  const shared = JSON.stringify([job.env, workflow.env]);
  const requirements: readonly (readonly [holds: boolean, problem: string])[] = [
    [job.permissions !== undefined, 'no permissions of its own'],
    [(job['timeout-minutes'] ?? Infinity) <= longestMinutes, 'no timeout, or a long one'],
    [job['runs-on'] === 'ubuntu-24.04', 'another runner'],
    [
      untrusted.has(workflow.name) || job.concurrency?.['cancel-in-progress'] !== true,
      'may be cancelled while it writes',
    ],
    [!shared.includes('secrets.'), 'a secret for a whole job'],
    [
      job.environment !== undefined || !JSON.stringify(job).includes('secrets.'),
      'a secret outside of an environment',
    ],
  ];
  return requirements.filter(([holds]) => !holds).map(([, problem]) => `${id}: ${problem}`);
}

function stepProblems(jobId: string, step: Step): readonly string[] {
  const label = `${jobId}/${step.name ?? step.uses ?? 'step'}`;
  const script = step.run ?? '';
  const hasSecret = Object.values(step.env ?? {}).some((value) => value.includes('secrets.'));
  const releases = /^node scripts\/launch\.mjs (?:baseline|release|rollback) .*\n?$/m.test(
    script.slice(script.lastIndexOf('node ')),
  );
  return [
    ...matching(script, inScripts).map((problem) => `${label}: ${problem}`),
    ...(hasSecret && !releases ? [`${label}: a secret for something other than a release`] : []),
    ...handOverProblems(step).map((problem) => `${label}: ${problem}`),
  ];
}

const tokens = /secrets\.|github\.token|outputs\.token/;
const handOver = `exec 3< <(for name in "\${secrets[@]}"; do printf '%s=%s\\0' "\${name}" "\${!name}"; done)`;
const makesRoom =
  /^exec env "\$\{secrets\[@\]\/#\/--unset=\}" SLUICE_SECRETS_FD=3 (?:node scripts\/launch\.mjs |\.github\/workflows\/decide\.sh$)/m;

/** A shell that stays keeps what it was started with where every process of the job can read it. */
function handOverProblems({ run = '', env = {} }: Step): readonly string[] {
  const held = Object.entries(env).filter(([, value]) => tokens.test(value));
  if (held.length === 0 || !/launch\.mjs|decide\.sh/.test(run)) {
    return [];
  }
  const listed = /^secrets=\(([A-Z0-9_ ]+)\)$/m.exec(run)?.[1]?.split(' ') ?? [];
  return [
    ...(run.includes(handOver) && makesRoom.test(run)
      ? []
      : ['keeps tokens in the environment of its shell']),
    ...held.filter(([name]) => !listed.includes(name)).map(([name]) => `does not hand ${name} over`),
  ];
}

function checkoutProblems(workflow: Workflow, jobId: string, step: Step): readonly string[] {
  if (step.uses?.startsWith('actions/checkout@') !== true) {
    return [];
  }
  const settings = step.with ?? {};
  // Absent means the commit that GitHub started the run for.
  const ref = settings['ref'] === undefined ? 'the commit of the event' : JSON.stringify(settings['ref']);
  const allowed =
    checkoutRefs[`${workflow.name}/${jobId}`] ?? checkoutRefs[workflow.name] ?? 'the commit of the event';
  return [
    ...(settings['persist-credentials'] === false ? [] : [`${jobId}: the checkout keeps its token`]),
    ...(ref === allowed ? [] : [`${jobId}: checks out ${ref}`]),
    ...('repository' in settings ? [`${jobId}: checks out another repository`] : []),
  ];
}

function untrustedProblems(workflow: Workflow, text: string): readonly string[] {
  const problems: string[] = [];
  if (/secrets\.|github\.token|GITHUB_TOKEN|id-token|environment:/.test(text)) {
    problems.push('a secret or a token near code of a pull request');
  }
  for (const [id, job] of Object.entries(workflow.jobs)) {
    const granted = Object.entries(job.permissions ?? {}).map(([scope, access]) => `${scope}: ${access}`);
    problems.push(
      ...granted
        .filter((scope) => scope !== 'contents: read')
        .map((scope) => `${id}: ${scope} for code of a pull request`),
    );
  }
  return problems;
}

function stackCodeProblems(workflow: Workflow, id: string, job: Job): readonly string[] {
  if (!runsStackCode.has(`${workflow.name}/${id}`)) {
    return JSON.stringify(job).includes('launch.mjs synth') ? [`${id}: runs stack code`] : [];
  }
  const holdsNothing =
    JSON.stringify(job.permissions) === '{"contents":"read"}' &&
    job.environment === undefined &&
    !/secrets\.|\.token/.test(JSON.stringify(job));
  return holdsNothing ? [] : [`${id}: runs stack code beside a secret or a right`];
}

/** A run that was started from another branch runs that branch's file: only the default branch gets anywhere. */
function trustedProblems(workflow: Workflow): readonly string[] {
  return Object.entries(workflow.jobs).flatMap(([id, job]) => [
    ...startProblems(id, job),
    ...stackCodeProblems(workflow, id, job),
  ]);
}

function startProblems(id: string, job: Job): readonly string[] {
  return job.needs !== undefined ||
    job.if?.includes("github.ref == format('refs/heads/{0}', github.event.repository.default_branch") === true
    ? []
    : [`${id}: runs on every branch`];
}
