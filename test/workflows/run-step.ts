/** Runs the script of a step as GitHub does, in a temporary folder, with programs of our own in front of the real ones. */
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface StepRun {
  readonly exitCode: number | null;
  readonly stdout: string;
  /** What the step wrote to GITHUB_OUTPUT. */
  readonly outputs: Readonly<Record<string, string>>;
  /** Arguments of each call of a program of ours, in order. */
  readonly calls: readonly (readonly string[])[];
  readonly folder: string;
}

export interface StepOrder {
  readonly script: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Name of a program to its bash script. Its arguments are recorded. */
  readonly programs?: Readonly<Record<string, string>>;
  /** Where the step runs; a new folder by default. */
  readonly folder?: string;
}

export function newFolder(): string {
  return mkdtempSync(join(realpathSync(tmpdir()), 'sluice-step-'));
}

export function runStep({ script, env = {}, programs = {}, folder = newFolder() }: StepOrder): StepRun {
  const runner = newFolder();
  const file = (name: string): string => join(runner, name);
  mkdirSync(file('bin'));
  for (const [name, body] of Object.entries(programs)) {
    const record = `for argument in "$@"; do printf '%s\\0' "$argument" >>"$CALLS"; done; printf '\\n\\0' >>"$CALLS"`;
    writeFileSync(file(`bin/${name}`), `#!/usr/bin/env bash\n${record}\n${body}\n`);
    chmodSync(file(`bin/${name}`), 0o755);
  }
  writeFileSync(file('step.sh'), script);
  const done = spawnSync('bash', ['--noprofile', '--norc', '-eo', 'pipefail', file('step.sh')], {
    cwd: folder,
    encoding: 'utf8',
    env: {
      PATH: `${file('bin')}:${process.env['PATH'] ?? ''}`,
      HOME: runner,
      CALLS: file('calls'),
      GITHUB_OUTPUT: file('output'),
      GITHUB_STEP_SUMMARY: file('summary'),
      GITHUB_REPOSITORY: 'managed-services/estate',
      RUNNER_TEMP: runner,
      ...env,
    },
  });
  return {
    exitCode: done.status,
    stdout: `${done.stdout}${done.stderr}`,
    outputs: Object.fromEntries(
      lines(file('output')).map((line) => [
        line.slice(0, line.indexOf('=')),
        line.slice(line.indexOf('=') + 1),
      ]),
    ),
    calls: callsIn(file('calls')),
    folder,
  };
}

function lines(path: string): readonly string[] {
  return existsSync(path)
    ? readFileSync(path, 'utf8')
        .split('\n')
        .filter((line) => line !== '')
    : [];
}

/** Arguments end with a zero byte, calls with a line feed as an argument of its own. */
function callsIn(path: string): readonly (readonly string[])[] {
  const calls: string[][] = [[]];
  for (const argument of existsSync(path) ? readFileSync(path, 'utf8').split('\0').slice(0, -1) : []) {
    if (argument === '\n') {
      calls.push([]);
    } else {
      calls.at(-1)?.push(argument);
    }
  }
  return calls.slice(0, -1);
}

/** Real git with an identity of the tests. Throws what git says. */
export function git(folder: string, ...rest: readonly string[]): string {
  const done = spawnSync('git', ['-c', 'user.name=t', '-c', 'user.email=t@t.example', ...rest], {
    cwd: folder,
    encoding: 'utf8',
  });
  if (done.status !== 0) {
    throw new Error(done.stderr);
  }
  return done.stdout.trim();
}
