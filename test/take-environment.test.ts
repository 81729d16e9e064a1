/** The launcher's own: what is left of the environment that a process was started with. */
import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';

const module = new URL('../scripts/take-environment.mjs', import.meta.url).href;
const tell = `
import { readFileSync } from 'node:fs';
import { takeEnvironment } from ${JSON.stringify(module)};
const { A_TOKEN, FROM_PIPE, SLUICE_SECRETS_FD } = takeEnvironment();
const shown = readFileSync('/proc/self/environ', 'latin1');
console.log(JSON.stringify({ A_TOKEN, FROM_PIPE, SLUICE_SECRETS_FD, own: Object.keys(process.env), path: process.env.PATH, shown: shown.replaceAll('\\0', '') }));
`;

interface Told {
  readonly status: number | null;
  readonly stderr: string;
  readonly told: Readonly<Record<string, unknown>>;
}

function run(env: Readonly<Record<string, string>>, pipe?: string): Told {
  const done = spawnSync(process.execPath, ['--input-type=module', '--eval', tell], {
    encoding: 'utf8',
    env: { PATH: '/usr/bin:/bin', TZ: 'UTC', ...env },
    // A file descriptor that node opens for the child, as `3< <(…)` does in a workflow.
    ...(pipe === undefined ? {} : { input: pipe }),
  });
  const text = done.stdout.trim();
  return {
    status: done.status,
    stderr: done.stderr,
    told: text === '' ? {} : (JSON.parse(text) as Told['told']),
  };
}

describe('the environment of the launcher', () => {
  it('is handed on whole, and is nowhere afterwards where another process could read it', () => {
    const { told } = run({ A_TOKEN: 'kept' });
    expect(told).toEqual({ A_TOKEN: 'kept', own: ['PATH', 'TZ'], path: '/usr/bin:/bin', shown: '' });
  });

  it.each([
    ['is not the number of an open file', { SLUICE_SECRETS_FD: '0' }],
    ['is not the number of an open file', { SLUICE_SECRETS_FD: '3; true' }],
    ['EBADF', { SLUICE_SECRETS_FD: '97' }],
  ])('takes nothing from a descriptor that %s', (what, env) => {
    const { status, stderr } = run(env);
    expect(status).toBe(1);
    expect(stderr).toContain(what);
  });

  it.each([
    ['FROM_PIPE=over a pipe\\0', 0, { A_TOKEN: 'kept', FROM_PIPE: 'over a pipe' }],
    ['FROM_PIPE=without an end', 1, {}],
    ['no variable\\0', 1, {}],
  ])('with %j on a descriptor ends with %i', (text, status, taken) => {
    const done = spawnSync(
      'bash',
      [
        '-c',
        `exec 3< <(printf '${text}'); exec "$0" "$@"`,
        process.execPath,
        '--input-type=module',
        '--eval',
        tell,
      ],
      {
        encoding: 'utf8',
        env: { PATH: process.env['PATH'], SLUICE_SECRETS_FD: '3', A_TOKEN: 'kept' },
      },
    );
    expect(done.status).toBe(status);
    expect(done.stdout === '' ? {} : JSON.parse(done.stdout)).toMatchObject(taken);
    // What it refuses may be the secret itself.
    expect(done.stderr).not.toMatch(/Error: .*(?:without an end|no variable)/);
  });
});
