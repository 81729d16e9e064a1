/** What a rehearsal may see and say. Where stack code runs, and what a release is made from. */
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Outcome, Scenario } from '../scenario.ts';
import { zipOf } from '../../adapters/files/zip-builder.ts';
import { allForms } from '../../attacks/marked-secret.ts';
import {
  api,
  approved,
  everybody,
  gate,
  mergePull,
  outcomeOf,
  propose,
  push,
  redirected,
  release,
  type Pull,
} from '../acts.ts';
import {
  estateFile,
  estateText,
  recordOf,
  released,
  withRecord,
  withResource,
  type Estate,
} from '../estate.ts';
import { robot, type World } from '../world.ts';

const marker = 'K7mark-of-a-computed-value-Zq4';

/** What is on show on a pull request: the check runs of its head, and the comments. */
async function onShow(world: World, { number, branch }: Pull): Promise<string> {
  const sha = world.git('rev-parse', branch);
  const checks = await api(world, robot, { path: `commits/${sha}/check-runs` });
  const comments = await api(world, robot, { path: `issues/${String(number)}/comments` });
  return JSON.stringify([checks, comments]);
}

/** How it ended, or `ok` when what was to stay hidden is in what was published or said. */
function unless(leaked: boolean, outcome: Outcome): Outcome {
  return leaked ? { ...outcome, exit: 'ok', text: `it was published: ${outcome.text}` } : outcome;
}

function holds(text: string): boolean {
  return allForms(marker).some((form) => text.includes(form));
}

/**
 * A record for each key, beside one that comes with it. Its priority is an id, which is not a number: nobody knows that before
 * the other record is there, so Terraform fails in the middle of the apply and names the instance.
 */
const failing =
  (priority: string) =>
  (estate: Estate): Estate =>
    withResource(
      withRecord(estate, 'fresh', { ...recordOf(estate, 'www'), name: 'fresh.shop.example' }),
      'cloudflare_dns_record',
      {
        keyed: {
          for_each: { [marker]: 'mx.shop.example' },
          zone_id: '${cloudflare_zone.shop.id}',
          name: 'lists.shop.example',
          type: 'MX',
          content: '${each.value}',
          ttl: 300,
          priority,
        },
      },
    );

/** The stack program's data with a first line of the thief's. */
function withTheft(world: World, line: string): void {
  world.git('checkout', '--quiet', 'main');
  world.write(estateFile, `import * as fs from 'node:fs';\n${line}\n${estateText(released)}`);
}

async function built(world: World): Promise<Outcome> {
  return outcomeOf(await world.sluice(['synth', '--out', '.sluice/built'], { freshSynth: true }));
}

/** What the job `bundles` of release.yml leaves for a commit; gives the number of its run. */
export async function leftBy(
  world: World,
  commit: string,
  edit: (text: string) => string = (text) => text,
): Promise<{ readonly name: string; readonly zip: Buffer }> {
  const here = world.git('rev-parse', '--abbrev-ref', 'HEAD');
  world.git('checkout', '--quiet', '--detach', commit);
  const folder = `.sluice/bundles-${commit}`;
  await world.sluice(['synth', '--out', folder]);
  world.git('checkout', '--quiet', here);
  const files = readdirSync(join(world.folder, folder)).map((name) => ({
    name,
    text: edit(readFileSync(join(world.folder, folder, name), 'utf8')),
  }));
  return { name: `bundles-${commit}`, zip: zipOf(files) };
}

type Artifact = Awaited<ReturnType<typeof leftBy>>;

/** The release as the workflow does it: with what its own run left. */
async function releaseFrom(world: World, pull: Pull, artifacts: readonly Artifact[]): Promise<Outcome> {
  const run = world.github.putSynthRun({ headSha: world.git('rev-parse', 'main'), artifacts });
  return release(world, pull, { stacks: ['--ci-bundles'], env: { GITHUB_RUN_ID: String(run) } });
}

async function merged(
  world: World,
): Promise<{ readonly pull: Pull; readonly allowed: Outcome; readonly commit: string }> {
  const pull = await propose(world);
  const allowed = await approved(world, pull, everybody);
  return { pull, allowed, commit: await mergePull(world, pull) };
}

/** Main goes on with something that is in no bundle. */
async function mainGoesOn(world: World): Promise<void> {
  world.git('checkout', '--quiet', 'main');
  world.write('NOTES.md', 'Later.\n');
  world.git('add', '--all');
  world.git('commit', '--quiet', '--message', 'Later');
  await push(world, 'main', 's-haddad');
}

/** The commit that the ledger's newest entry names. */
function recordedCommit(world: World): string {
  const folders = world.git('ls-tree', '--name-only', 'releases', 'releases/').split('\n');
  const entry = world.git('show', `releases:${folders.toSorted().at(-1) ?? ''}/release.json`);
  return (JSON.parse(entry) as { readonly commit: string }).commit;
}

/** In the words of Node's permission model. */
const restricted = 'Access to this API has been restricted';
const readsNothing = { exit: 'invalidInput', checks: [] } as const;

export const isolation: readonly Scenario[] = [
  {
    id: 'H04',
    attack: 'a key of an instance carries a value out of a rehearsal that fails',
    run: async (world) => {
      const honest = await propose(world, { edit: failing('10') });
      const passed = await approved(world, honest, everybody);
      const pull = await propose(world, {
        id: 'CHG-2026-0102',
        edit: failing('${cloudflare_dns_record.fresh.id}'),
      });
      await gate(world, pull);
      const outcome = await approved(world, pull, everybody);
      const rehearsed = JSON.stringify(outcome.decision?.checks.find(({ id }) => id === 'rehearsal') ?? {});
      const published = /\*\*Rehearsal\*\*.*?\\n\\n.*?\\n/s.exec(await onShow(world, pull))?.[0] ?? '';
      return {
        honest: [passed],
        attempts: [
          {
            trick: 'a key in the words of Terraform',
            outcome: unless(holds(rehearsed) || holds(published) || published === '', outcome),
            exit: 'denied',
            checks: ['rehearsal'],
            says: 'step "change" failed, Terraform could not apply it: cloudflare_dns_record.keyed',
          },
        ],
      };
    },
  },
  {
    id: 'H08',
    attack: 'stack code reads what is around it',
    run: async (world) => {
      const beside = spawn('sleep', ['600'], { env: { TOKEN: marker }, stdio: 'ignore' });
      try {
        const honest = await built(world);
        const thefts = [
          ['the environment of a process beside it', `/proc/${String(beside.pid)}/environ`],
          ['the environment of the process above it', `/proc/${String(process.pid)}/environ`],
          ['the configuration of git', `${world.folder}/.git/config`],
          ['the state of the sandbox', `${world.folder}/.sluice/sandbox/../state`],
          ['a file of the machine', '/etc/hostname'],
        ] as const;
        const attempts = [];
        for (const [trick, path] of thefts) {
          withTheft(world, `fs.statSync(${JSON.stringify(path)});`);
          attempts.push({ trick, outcome: await built(world), ...readsNothing, says: 'ENOENT' });
        }
        return { honest: [honest], attempts };
      } finally {
        beside.kill();
      }
    },
  },
  {
    id: 'H09',
    attack: 'stack code writes, starts or calls something outside of its cell',
    run: async (world) => {
      const honest = await built(world);
      const outside = `${world.folder}/.sluice/written.txt`;
      const tries = [
        ['a file of the checkout', `fs.writeFileSync('${estateFile}', '');`, restricted],
        ['a file beside the checkout', `fs.writeFileSync(${JSON.stringify(outside)}, '');`, restricted],
        [
          'a program, past the guard',
          `const { Process } = (process as any).binding('process_wrap');
new Process().spawn({ file: '/bin/sh', args: ['sh', '-c', 'echo x > ${outside}'], stdio: [] });
fs.statSync(${JSON.stringify(outside)});`,
          'process.binding',
        ],
      ] as const;
      const attempts = [];
      for (const [trick, line, says] of tries) {
        withTheft(world, line);
        const outcome = await built(world);
        attempts.push({ trick, outcome: unless(existsSync(outside), outcome), ...readsNothing, says });
      }
      return { honest: [honest], attempts };
    },
  },
  {
    id: 'H10',
    attack: 'stack code runs beside the credentials for Cloudflare',
    run: async (world) => {
      const { pull, allowed, commit } = await merged(world);
      const token = { env: { CLOUDFLARE_API_TOKEN: marker } };
      const direct = await release(world, pull, { stacks: ['--target', 'cloudflare'], ...token });
      const baseline = await world.sluice(
        ['baseline', 'acme-staging', '--target', 'cloudflare', '--reason', 'again'],
        token,
      );
      const refused = { exit: 'usage', checks: [], says: 'builds no bundles itself' } as const;
      return {
        honest: [allowed, await releaseFrom(world, pull, [await leftBy(world, commit)])],
        attempts: [
          { trick: 'a release that builds its bundles', outcome: direct, ...refused },
          { trick: 'a baseline that does', outcome: outcomeOf(baseline), ...refused },
        ],
      };
    },
  },
  {
    id: 'H11',
    attack: 'bundles of something else than what was merged and approved',
    run: async (world) => {
      const { pull, allowed, commit } = await merged(world);
      const own = await leftBy(world, commit);
      const before = await leftBy(world, world.git('rev-parse', `${commit}~1`));
      const lying = await leftBy(world, commit, (text) => text.replaceAll('203.0.113.50', '203.0.113.66'));
      const ofOther = await releaseFrom(world, pull, [before]);
      const renamed = await releaseFrom(world, pull, [{ ...before, name: own.name }]);
      const lied = await releaseFrom(world, pull, [lying]);
      const both = await releaseFrom(world, pull, [own, before]);
      const none = await releaseFrom(world, pull, []);
      const honest = await releaseFrom(world, pull, [own]);
      return {
        honest: [allowed, honest],
        attempts: [
          {
            trick: 'of another commit',
            outcome: ofOther,
            exit: 'denied',
            checks: [],
            says: 'and the pull request became',
          },
          {
            trick: 'of another commit, under the name of this one',
            outcome: renamed,
            exit: 'denied',
            checks: ['record', 'approvals'],
            says: 'what would be done has changed since',
          },
          {
            trick: 'that lie',
            outcome: lied,
            exit: 'denied',
            checks: ['approvals'],
            says: 'what would be done has changed since',
          },
          {
            trick: 'of two commits',
            outcome: both,
            exit: 'undetermined',
            checks: [],
            says: 'more than one commit',
          },
          {
            trick: 'that are not there',
            outcome: none,
            exit: 'undetermined',
            checks: [],
            says: 'no bundles',
          },
        ],
      };
    },
  },
  {
    id: 'H12',
    attack: 'the code of the merge, or a merge that is not on the branch, in the release',
    run: async (world) => {
      const { pull, allowed, commit } = await merged(world);
      const own = await leftBy(world, commit);
      await mainGoesOn(world);
      world.git('checkout', '--quiet', '--detach', `${commit}~1`);
      const elsewhere = await releaseFrom(world, pull, [own]);
      world.git('checkout', '--quiet', 'main');
      const honest = await releaseFrom(world, pull, [own]);
      const recorded = recordedCommit(world);
      return {
        honest: [
          allowed,
          recorded === commit ? honest : { ...honest, exit: 'internal', text: `recorded ${recorded}` },
        ],
        attempts: [
          {
            trick: 'a branch without the merge',
            outcome: elsewhere,
            exit: 'denied',
            checks: [],
            says: 'is not part of the branch',
          },
        ],
      };
    },
  },
  {
    id: 'H13',
    attack: 'the scope of a release is decided on other bundles',
    run: async (world) => {
      const { pull, allowed, commit } = await merged(world);
      const other = await propose(world, redirected);
      const own = await leftBy(world, commit);
      const foreign = await leftBy(world, world.git('rev-parse', other.branch));
      world.git('checkout', '--quiet', 'main');
      const scope = async (artifacts: readonly Artifact[]): Promise<Outcome> => {
        const run = world.github.putSynthRun({ headSha: world.git('rev-parse', 'main'), artifacts });
        const flags = ['gate', '--pr', String(pull.number), '--moment', 'apply', '--ci-bundles'];
        return outcomeOf(await world.sluice(flags, { env: { GITHUB_RUN_ID: String(run) } }));
      };
      const honest = await scope([own]);
      return {
        honest: [allowed, honest],
        attempts: [
          {
            trick: 'of a pull request that nobody approved',
            outcome: await scope([foreign]),
            exit: 'denied',
            checks: [],
            says: 'and the pull request became',
          },
        ],
      };
    },
  },
];
