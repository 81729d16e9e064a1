import { join } from 'node:path';
import * as fs from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { spawn } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { pickEnv, runProcess } from '../../../scripts/adapters/process/run-process.ts';
import type { ProcessRequest } from '../../../scripts/adapters/process/run-process.ts';
import { ExternalError } from '../../../scripts/contract/errors.ts';
import { rejection, tempFolder } from '../files/temp-folder.ts';

function nodeRequest(script: string, more: Partial<ProcessRequest> = {}): ProcessRequest {
  return {
    command: process.execPath,
    args: ['-e', script],
    cwd: '/',
    env: {},
    timeoutMs: 20_000,
    ifMissing: { fix: 'install it', next: 'it --version' },
    ...more,
  };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

async function untilGone(pid: number): Promise<boolean> {
  for (let attempt = 0; attempt < 100 && isAlive(pid); attempt += 1) {
    await sleep(20);
  }
  return !isAlive(pid);
}

describe('a program that the system does not start', () => {
  it('is told as such, and nothing of its output is followed any more', async () => {
    const folder = await tempFolder();
    const timers = (): number =>
      process.getActiveResourcesInfo().filter((resource) => resource === 'Timeout').length;
    const before = timers();
    const outputFiles = { stdout: join(folder, 'out'), stderr: join(folder, 'err') };
    // An argument with a zero byte is refused at once, as a system without memory refuses.
    const error = await rejection(runProcess({ ...nodeRequest(''), args: ['\0'], outputFiles }));
    expect(error).toBeInstanceOf(ExternalError);
    expect(timers()).toBe(before);
  });
});

/** Runs `child` from a process of its own, which does `interrupt` to itself as soon as the child is ready. */
async function runInterrupted(child: string, interrupt: string): Promise<unknown> {
  const runner = join(await tempFolder(), 'runner.ts');
  const adapter = new URL('../../../scripts/adapters/process/run-process.ts', import.meta.url).href;
  const script = `${child} setInterval(() => {}, 1000); console.log("ready");`;
  await fs.writeFile(
    runner,
    `import { runProcess } from ${JSON.stringify(adapter)};
     const controller = new AbortController();
     void runProcess({ command: process.execPath, args: ['-e', ${JSON.stringify(script)}], cwd: '/', env: {}, timeoutMs: 20000,
       stopSignal: 'SIGINT', signal: controller.signal, ifMissing: { fix: '', next: '' },
       onStdout: (line) => { if (line === 'ready') { ${interrupt} } } })
       .then((result) => console.log(JSON.stringify(result)));`,
  );
  const run = spawn(process.execPath, ['--import', 'tsx', runner], {
    cwd: new URL('../../..', import.meta.url).pathname,
  });
  let output = '';
  run.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString('utf8');
  });
  await new Promise((resolve) => run.once('close', resolve));
  return JSON.parse(output);
}

describe('runProcess', () => {
  it('returns a failing exit status as data, with both streams', async () => {
    const result = await runProcess(
      nodeRequest('console.log("out"); console.error("err"); process.exitCode = 3'),
    );
    expect(result).toMatchObject({ ending: 'exited', exitCode: 3, stdout: 'out\n', stderr: 'err\n' });
  });

  it('hands over nothing of its own environment', async () => {
    const result = await runProcess(
      nodeRequest('console.log(JSON.stringify(process.env))', { env: { ONLY: 'this' }, stdout: 'data' }),
    );
    expect(JSON.parse(result.stdout)).toEqual({ ONLY: 'this' });
  });

  it('passes arguments as they are, without a shell', async () => {
    const hostile = '$(touch /tmp/x); `id` && "quoted" *';
    const result = await runProcess({
      ...nodeRequest(''),
      args: ['-e', 'process.stdout.write(process.argv[1])', hostile],
      stdout: 'data',
    });
    expect(result.stdout).toBe(hostile);
  });

  it('feeds standard input and ends it', async () => {
    const result = await runProcess(
      nodeRequest('process.stdin.pipe(process.stdout)', { input: 'ünïcode', stdout: 'data' }),
    );
    expect(result.stdout).toBe('ünïcode');
  });

  it('calls back for each line, also for characters that arrive in two pieces and a last line without an end', async () => {
    const lines: string[] = [];
    const script = `const b = Buffer.from('one\\r\\nzwölf\\nlast');
      process.stdout.write(b.subarray(0, 7), () => setTimeout(() => process.stdout.write(b.subarray(7)), 30));`;
    await runProcess(nodeRequest(script, { onStdout: (line) => lines.push(line) }));
    expect(lines).toEqual(['one', 'zwölf', 'last']);
  });

  it('keeps only the end of long text output', async () => {
    const result = await runProcess(
      nodeRequest('for (let i = 0; i < 50000; i += 1) console.log("line " + i)', { tailLength: 1000 }),
    );
    expect(result.stdout.length).toBeLessThan(1100);
    expect(result.stdout).toMatch(/^\[earlier output left out\]\n/);
    expect(result.stdout).toMatch(/line 49999\n$/);
  });

  it('stops a process that writes more data than is read', async () => {
    const result = await runProcess(
      nodeRequest('setInterval(() => process.stdout.write("x".repeat(65536)), 1)', {
        stdout: 'data',
        maxBytes: 200_000,
      }),
    );
    expect(result.ending).toBe('too-much-output');
    expect(result.stdout.length).toBeLessThanOrEqual(200_000);
  });

  it('ends the whole group at the timeout, what the child started included', async () => {
    const script = `const { spawn } = require('node:child_process');
      const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
      console.log(child.pid); setInterval(() => {}, 1000);`;
    const result = await runProcess(nodeRequest(script, { timeoutMs: 700, graceMs: 200 }));
    expect(result.ending).toBe('timed-out');
    expect(await untilGone(Number(result.stdout.trim()))).toBe(true);
  });

  it('kills a process that does not end when asked', async () => {
    const result = await runProcess(
      nodeRequest('process.on("SIGTERM", () => {}); setInterval(() => {}, 1000); console.log("ready")', {
        timeoutMs: 700,
        graceMs: 100,
      }),
    );
    expect(result).toMatchObject({ ending: 'timed-out', signal: 'SIGKILL' });
  });

  it('ends when the caller aborts, also when that was before the start', async () => {
    const before = await runProcess(
      nodeRequest('setInterval(() => {}, 1000)', { signal: AbortSignal.abort() }),
    );
    expect(before.ending).toBe('aborted');
    const controller = new AbortController();
    const during = runProcess(
      nodeRequest('console.log("up"); setInterval(() => {}, 1000)', {
        signal: controller.signal,
        onStdout: () => {
          controller.abort();
        },
      }),
    );
    expect((await during).ending).toBe('aborted');
  });

  it('does not wait for something left running that holds its output open', async () => {
    const script = `const { spawn } = require('node:child_process');
      spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'inherit' }).unref(); console.log('done');`;
    const result = await runProcess(nodeRequest(script));
    expect(result).toMatchObject({ ending: 'exited', exitCode: 0, stdout: 'done\n' });
  });

  it('passes an interrupt on to the child with the signal it was told to use', async () => {
    const result = await runInterrupted(
      'process.on("SIGINT", () => { console.log("asked"); process.exit(0); });',
      'process.kill(process.pid, "SIGTERM");',
    );
    expect(result).toMatchObject({ ending: 'interrupted', exitCode: 0, stdout: 'ready\nasked\n' });
  });

  it('asks once when one interrupt arrives as a signal and as an abort', async () => {
    const result = await runInterrupted(
      'process.on("SIGINT", () => { console.log("asked"); setTimeout(() => process.exit(0), 500); });',
      'controller.abort(); setTimeout(() => process.kill(process.pid, "SIGINT"), 150);',
    );
    expect(result).toMatchObject({ ending: 'aborted', exitCode: 0, stdout: 'ready\nasked\n' });
  });

  it('tells who lacks the program what to install', async () => {
    const error = await rejection(
      runProcess({ ...nodeRequest(''), command: 'no-such-program', env: { PATH: '/nowhere' } }),
    );
    expect(error).toBeInstanceOf(ExternalError);
    expect((error as ExternalError).parts).toMatchObject({
      what: 'no-such-program is not installed',
      why: 'no program of that name is on the PATH (/nowhere)',
      fix: 'install it',
      next: 'it --version',
    });
  });

  it('tells a missing working folder from a missing program', async () => {
    const error = await rejection(runProcess(nodeRequest('', { cwd: '/no/such/folder' })));
    expect((error as ExternalError).message).toContain('its working folder /no/such/folder does not exist');
  });

  it('tells a program that may not be executed', async () => {
    const folder = await tempFolder();
    await fs.writeFile(join(folder, 'tool'), 'x', { mode: 0o644 });
    const error = await rejection(runProcess({ ...nodeRequest(''), command: join(folder, 'tool') }));
    expect((error as ExternalError).parts.why).toBe('the operating system refused with EACCES');
  });

  it('takes secrets out of both streams and of each line, but not out of data', async () => {
    const script = 'console.log("out tok-en-value-1"); console.error("err tok-en-value-1")';
    const lines: string[] = [];
    const text = await runProcess(
      nodeRequest(script, { secrets: ['tok-en-value-1'], onStderr: (line) => lines.push(line) }),
    );
    expect([text.stdout, text.stderr, ...lines]).toEqual([
      'out [redacted]\n',
      'err [redacted]\n',
      'err [redacted]',
    ]);
    const data = await runProcess(nodeRequest(script, { secrets: ['tok-en-value-1'], stdout: 'data' }));
    expect([data.stdout, data.stderr]).toEqual(['out tok-en-value-1\n', 'err [redacted]\n']);
  });
});

describe('pickEnv', () => {
  it('takes only names that are set and not empty', () => {
    expect(pickEnv({ A: '1', B: '', C: undefined, D: '4' }, ['A', 'B', 'C', 'E'])).toEqual({ A: '1' });
  });
});
