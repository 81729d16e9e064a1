/** Builds the real adapters. Loaded on first use only. */
import { basename, dirname, resolve as resolvePath } from 'node:path';
import { fileURLToPath } from 'node:url';
import packageFile from '../../package.json' with { type: 'json' };
import type { ReaderOptions, Services, Surroundings } from '../contract/context.ts';
import { createClock } from '../adapters/clock.ts';
import { createConfinement, type ProcessConfinement } from '../adapters/process/confine.ts';
import { repositoryAround } from '../adapters/files/around.ts';
import { createFiles } from '../adapters/files/files.ts';
import type { GitHubSettings } from '../adapters/github/connection.ts';
import { createGit } from '../adapters/git/git.ts';
import type { CloudflareOptions } from '../adapters/network/cloudflare.ts';
import { lazyCloudflare } from '../adapters/network/cloudflare-lazy.ts';
import { createKeyStore, ledgerKeyName } from '../adapters/files/key-store.ts';
import { createRuleRunner } from '../adapters/own-rules/runner.ts';
import { createProber } from '../adapters/network/probe/prober.ts';
import { createEditor } from '../adapters/process/editor.ts';
import { createProcesses } from '../adapters/process/processes.ts';
import { createReplayThreads } from '../adapters/replay-threads.ts';
import { createReporter } from '../adapters/process/reporter.ts';
import { createLocalSynthesizer } from '../adapters/synth/cached.ts';
import { createSynthesizer, type SynthOptions } from '../adapters/synth/synth.ts';
import {
  apiOf,
  realTarget,
  standInTexts,
  stateServerOf,
  type RealTarget,
} from '../adapters/network/real-target.ts';
import { createTerraform } from '../adapters/terraform/terraform.ts';
import { UsageError } from '../contract/errors.ts';
import type { Git, Reporter } from '../contract/ports.ts';
import { secretValues } from '../secrets/environment.ts';
import { knownValues, type KnownValues } from '../secrets/known-values.ts';

/** The services of one command line. `home` is the folder of Sluice itself. */
export function buildServices(surroundings: Surroundings, home: string): Services {
  const { env, cwd } = surroundings;
  const clock = createClock();
  const held = secretValues(env);
  const secrets = knownValues(held);
  const appToken = appTokenSource({ env, secrets });
  const git = createGit({
    folder: cwd,
    clock,
    ...(appToken === null ? {} : { token: appToken }),
    ident: { name: env['SLUICE_GIT_NAME'] ?? 'Sluice', email: env['SLUICE_GIT_EMAIL'] ?? 'sluice@localhost' },
    environment: env,
  });
  const reporter = createReporter({
    stream: surroundings.stderr,
    environment: env,
    monotonicMs: () => clock.monotonicMs(),
  });
  const confinement = createConfinement({
    environment: env,
    script: `${home}/scripts/adapters/process/confine.sh`,
    onMissing: (text) => reporter.warn(text),
  });
  return {
    home,
    secrets,
    clock,
    git,
    keys: createKeyStore(env[ledgerKeyName]),
    defaultBranch: firstSet(env['SLUICE_DEFAULT_BRANCH']) ?? null,
    reporter,
    // From a folder of the repository all of it is written, whatever git calls its root.
    files: createFiles({ root: cwd, writable: [repositoryAround(cwd) ?? cwd] }),
    filesAt: (folder) => createFiles({ root: resolvePath(cwd, folder) }),
    trafficFolder: firstSet(env['SLUICE_TRAFFIC']) ?? null,
    ...foreignCode(git, surroundings, { home, confinement, reporter }),
    replayThreads: createReplayThreads({ entry: new URL('./replay-thread.js', import.meta.url) }),
    prober: (reach) => createProber({ ...clock, ...reach }),
    terraform: ({ target, reattach, cell }) =>
      createTerraform({
        environment: env,
        signal: surroundings.signal,
        configFile: `${home}/scripts/adapters/terraform/terraform.tfrc`,
        ...(reattach === null ? {} : { reattach }),
        ...(cell === null ? {} : { confine: { confinement, writable: cell } }),
        secrets: held,
        ...(target === 'cloudflare' ? announced(realTarget(env), reporter) : {}),
      }),
    stateServer: () => stateServerOf(env),
    processes: createProcesses(),
    editor: surroundings.ask === null ? null : createEditor({ environment: env, cwd }),
    cloudflare: (options) => lazyCloudflare(() => cloudflareSettings(env, options)),
    ...githubServices({ env, secrets, appToken }),
    appId: () => appIdIn(env['SLUICE_GITHUB_APP_ID']),
  };
}

/** Code that others wrote: of stacks, and of rules. */
function foreignCode(
  git: Git,
  { env, signal }: Surroundings,
  {
    home,
    confinement,
    reporter,
  }: { readonly home: string; readonly confinement: ProcessConfinement; readonly reporter: Reporter },
): Pick<Services, 'localSynth' | 'rules' | 'synth'> {
  const common = {
    environment: env,
    guard: `${home}/scripts/adapters/synth/guard.mjs`,
    confinement,
    signal,
  };
  const stacks: SynthOptions = {
    ...common,
    nodeModules: packagesAround(home),
    onWarning: (text) => reporter.warn(text),
  };
  return {
    synth: createSynthesizer(stacks),
    localSynth: createLocalSynthesizer({
      ...stacks,
      version: packageFile.version,
      store: async () => ownFolder(git, 'synth'),
    }),
    rules: createRuleRunner({
      ...common,
      host: [
        fileURLToPath(new URL('./rule-host.js', import.meta.url)),
        `${home}/scripts/adapters/own-rules/host.ts`,
      ],
    }),
  };
}

/** A folder of the working data; null where a commit carries such data, or where there is none to ask. */
async function ownFolder(git: Git, name: string): Promise<string | null> {
  const planted = await git.pathsAt('HEAD', '.sluice').catch(() => null);
  return planted?.length === 0 ? `${await git.root()}/.sluice/${name}` : null;
}

/** Installed packages: a package lies among those that it needs. */
function packagesAround(home: string): string {
  const around = dirname(home);
  return basename(around) === 'node_modules' ? around : `${home}/node_modules`;
}

/** An environment, and the secrets in it. */
interface HeldServices {
  readonly env: Surroundings['env'];
  readonly secrets: KnownValues;
  /** Of the App, where its key is here; null: a token that somebody else minted. */
  readonly appToken: (() => Promise<string>) | null;
}

/** Mints for as long as the process runs: a job may outlive a token (see adapters/github/app-token.ts). */
function appTokenSource({ env, secrets }: Omit<HeldServices, 'appToken'>): HeldServices['appToken'] {
  const privateKey = firstSet(env['SLUICE_GITHUB_APP_PRIVATE_KEY']);
  const clientId = firstSet(env['SLUICE_GITHUB_APP_CLIENT_ID']);
  if (privateKey === undefined || clientId === undefined) {
    return null;
  }
  let tokens: Promise<() => Promise<string>> | null = null;
  return async () => {
    tokens ??= import('../adapters/github/app-token.ts').then(({ createAppTokens }) =>
      createAppTokens({ clientId, privateKey }, githubServer({ env, secrets }), () => Date.now()),
    );
    return (await tokens)();
  };
}

/** Connections to GitHub, each made when it is asked for. */
function githubServices(
  held: HeldServices,
): Pick<Services, 'github' | 'guardRails' | 'pullRequests' | 'synthRuns' | 'tracker'> {
  return {
    github: async () => {
      const { createGitHub } = await import('../adapters/github/github.ts');
      return createGitHub(githubSettings(held));
    },
    synthRuns: async () => {
      const { createSynthRuns } = await import('../adapters/github/synth-runs.ts');
      const settings = githubSettings(held);
      return createSynthRuns({
        ...settings,
        token: firstSet(held.env['SLUICE_ACTIONS_TOKEN']) ?? settings.token,
        run: firstSet(held.env['GITHUB_RUN_ID']) ?? null,
      });
    },
    pullRequests: async () => {
      const { createPullRequests } = await import('../adapters/github/pulls.ts');
      return createPullRequests(githubSettings(held, forRaising));
    },
    tracker: async () => {
      const { createTracker } = await import('../adapters/github/tracker.ts');
      return createTracker(githubSettings(held, forTracking));
    },
    guardRails: async () => {
      const { createGuardRails } = await import('../adapters/github/guard-rails.ts');
      const settings = githubSettings(held, forGuarding);
      // In a job the workflow's token may read environments; the token of the App need not.
      const token = firstSet(held.env['SLUICE_ACTIONS_TOKEN']) ?? settings.token;
      return createGuardRails({ ...settings, token });
    },
  };
}

/** Whoever reads the output is told where it went, before anything is sent. */
function announced(target: RealTarget, reporter: Reporter): RealTarget {
  for (const text of standInTexts(target)) {
    reporter.warn(text);
  }
  return target;
}

function cloudflareSettings(env: Surroundings['env'], options: ReaderOptions): CloudflareOptions {
  const { beforeRequest } = options;
  const pace = beforeRequest === undefined ? {} : { beforeRequest };
  if (options.target === 'sandbox') {
    return { token: 'sandbox', baseUrl: options.api, ...pace };
  }
  const baseUrl = apiOf(env);
  return {
    token: realTarget(env).credentials['CLOUDFLARE_API_TOKEN'] ?? '',
    ...pace,
    ...(baseUrl === null ? {} : { baseUrl }),
  };
}

interface Advice {
  readonly why: string;
  readonly fix: string;
  readonly next: string;
}

const forDeciding: Advice = {
  why: 'Pull requests, reviews and checks are read from GitHub.',
  fix: 'Set SLUICE_GITHUB_TOKEN to a token of the App and GITHUB_REPOSITORY to owner/name; or decide from a saved document.',
  next: 'sluice gate --facts facts.json',
};

const forRaising: Advice = {
  why: 'The pull request is opened in your name, in that repository.',
  fix: 'Set SLUICE_GITHUB_TOKEN to your own token with write access to pull requests and GITHUB_REPOSITORY to owner/name.',
  next: 'sluice check',
};

const forTracking: Advice = {
  why: 'Incidents are issues of that repository.',
  fix: 'Set SLUICE_GITHUB_TOKEN to a token that may read issues and GITHUB_REPOSITORY to owner/name.',
  next: 'sluice check',
};

const forGuarding: Advice = {
  why: 'The settings of the repository are read from GitHub, and only an administrator sees all of them.',
  fix: 'Set SLUICE_GITHUB_TOKEN to a token with administration access and GITHUB_REPOSITORY to owner/name; or look at what is wanted.',
  next: 'sluice guard show',
};

function githubSettings(held: HeldServices, advice: Advice = forDeciding): GitHubSettings {
  const { env, appToken } = held;
  const token = appToken ?? firstSet(env['SLUICE_GITHUB_TOKEN'], env['GITHUB_TOKEN']);
  if (token === undefined) {
    throw new UsageError({ what: 'SLUICE_GITHUB_TOKEN is not set.', ...advice });
  }
  return { token, ...githubServer(held, advice) };
}

/** Where it is asked, and about which repository. */
function githubServer(
  { env, secrets }: Omit<HeldServices, 'appToken'>,
  advice: Advice = forDeciding,
): Omit<GitHubSettings, 'token'> {
  const repository = firstSet(env['GITHUB_REPOSITORY']);
  if (repository === undefined) {
    throw new UsageError({ what: 'GITHUB_REPOSITORY is not set.', ...advice });
  }
  return {
    repository,
    baseUrl: env['GITHUB_API_URL'] ?? 'https://api.github.com',
    secrets,
    appId: appIdIn(env['SLUICE_GITHUB_APP_ID']),
    retryUnitMs: 1000,
    runPage: runPage(env, repository),
  };
}

/** Of this run in GitHub's web pages; null elsewhere (docs.github.com, "Default environment variables"). */
function runPage(env: Surroundings['env'], repository: string): string | null {
  const run = firstSet(env['GITHUB_RUN_ID']);
  const server = firstSet(env['GITHUB_SERVER_URL']) ?? 'https://github.com';
  return run === undefined ? null : `${server}/${repository}/actions/runs/${run}`;
}

/** The first that is set: a workflow passes a secret or a variable that does not exist as empty text. */
function firstSet(...texts: readonly (string | undefined)[]): string | undefined {
  return texts.find((text) => text !== undefined && text !== '');
}

/** Null when it is not set or empty, as a workflow passes a variable that does not exist. */
function appIdIn(text: string | undefined): number | null {
  if (text === undefined || text === '') {
    return null;
  }
  if (!/^[1-9]\d{0,14}$/.test(text)) {
    throw new UsageError({
      what: 'SLUICE_GITHUB_APP_ID is not the number of a GitHub App.',
      why: "It says whose check runs are the gate's own.",
      fix: "Set it to the App ID on the App's settings page; it is not the client id.",
      next: 'sluice gate --help',
    });
  }
  return Number(text);
}
