/**
 * The repository that the demo works on: a copy of the example estate as a real git repository. Three things are set so
 * that the whole way of a change fits into one minute, and the demo says so: no lead time, a release window that is open
 * now, and no freeze.
 */
import type { Services } from '../contract/context.ts';
import { pickEnv, runProcess } from '../adapters/process/run-process.ts';
import { ExternalError } from '../contract/errors.ts';

export interface DemoEstate {
  readonly folder: string;
  git(args: readonly string[]): Promise<string>;
}

const copied = ['stacks', 'policies', 'changes'] as const;

/** Makes the repository at `folder`, which is emptied first. `home` is the folder of Sluice. */
export async function makeEstate(
  services: Services,
  folder: string,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<DemoEstate> {
  const { files, home } = services;
  await files.remove(folder);
  for (const part of copied) {
    for (const path of (await files.list(`${home}/${part}`)).filter(isEstateFile)) {
      await files.writeText(`${folder}/${part}/${path}`, await files.readText(`${home}/${part}/${path}`));
    }
  }
  for (const name of ['cdktf.json', 'tsconfig.json']) {
    await files.writeText(`${folder}/${name}`, await files.readText(`${home}/${name}`));
  }
  await files.writeText(`${folder}/.gitignore`, 'node_modules\ncdktf.out\n.sluice\n/sluice\n');
  await files.writeText(
    `${folder}/package.json`,
    '{ "name": "estate", "private": true, "type": "module" }\n',
  );
  await files.writeText(`${folder}/sluice`, `#!/bin/sh\nexec node ${home}/scripts/launch.mjs "$@"\n`);
  await runProcess({
    command: 'chmod',
    args: ['+x', `${folder}/sluice`],
    cwd: folder,
    env: pickEnv(environment, ['PATH']),
    timeoutMs: 10_000,
    ifMissing: { fix: 'Install the core utilities.', next: 'npm start' },
  });
  const git = (args: readonly string[]): Promise<string> =>
    runGit({ folder, environment, args, identity: ruth });
  await git(['init', '--quiet', '--initial-branch', 'main']);
  // The repository is Ruth's, whoever runs the demo: by this address the local GitHub knows whose commits these are.
  await git(['config', 'user.name', ruth.GIT_AUTHOR_NAME]);
  await git(['config', 'user.email', ruth.GIT_AUTHOR_EMAIL]);
  return { folder, git };
}

/** Data of the estate and its stack code; the rules themselves are Sluice's. */
function isEstateFile(path: string): boolean {
  return /\.(ya?ml|ts|md|json)$/.test(path);
}

/** Replaces text in a file of the estate; a text that is not there is a bug of the demo. */
export async function edit(
  services: Services,
  path: string,
  replacements: readonly (readonly [string | RegExp, string])[],
): Promise<void> {
  let text = await services.files.readText(path);
  for (const [from, to] of replacements) {
    const next = text.replaceAll(typeof from === 'string' ? from : new RegExp(from.source, 'gm'), () => to);
    if (next === text) {
      throw new Error(`the demo cannot find ${String(from)} in ${path}`);
    }
    text = next;
  }
  await services.files.writeText(path, text);
}

const ruth = {
  GIT_AUTHOR_NAME: 'Ruth Okafor',
  GIT_AUTHOR_EMAIL: 'r-okafor@sluice.example',
  GIT_COMMITTER_NAME: 'Ruth Okafor',
  GIT_COMMITTER_EMAIL: 'r-okafor@sluice.example',
} as const;

interface GitRun {
  readonly folder: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly args: readonly string[];
  readonly identity: Readonly<Record<string, string>>;
}

async function runGit(run: GitRun): Promise<string> {
  const result = await runProcess({
    command: 'git',
    args: ['-C', run.folder, ...run.args],
    cwd: run.folder,
    env: {
      ...pickEnv(run.environment, ['PATH', 'HOME']),
      ...run.identity,
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_CONFIG_NOSYSTEM: '1',
      TZ: 'UTC',
    },
    timeoutMs: 60_000,
    ifMissing: { fix: 'Install git.', next: 'git --version' },
  });
  if (result.exitCode !== 0) {
    throw new ExternalError({
      what: `git ${run.args.join(' ')} failed.`,
      why: result.stderr,
      next: 'npm start',
    });
  }
  return result.stdout.trim();
}
