/** Which process is which, and what one that was killed leaves in the temporary folder. */
import { spawn } from 'node:child_process';
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { createProcesses, markOf } from '../../../scripts/adapters/process/processes.ts';
import { makeScratch } from '../../../scripts/adapters/files/scratch.ts';
import { tempFolder } from '../files/temp-folder.ts';

const processes = createProcesses();

/** The mark of a process that ran and was killed. */
async function killed(): Promise<ReturnType<typeof markOf>> {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1000); console.log(1)'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  await new Promise((resolve) => child.stdout.once('data', resolve));
  const mark = markOf(child.pid ?? 0);
  expect(processes.state(mark)).toBe('running');
  const ended = new Promise((resolve) => child.once('close', resolve));
  child.kill('SIGKILL');
  await ended;
  return mark;
}

it('tells a running process from one that ended, from one with its id, and from one elsewhere', async () => {
  const self = processes.self();
  expect(processes.state(self)).toBe('running');
  expect(processes.state(await killed())).toBe('ended');
  expect(processes.state({ ...self, started: 'another boot 1' })).toBe('ended');
  expect(processes.state({ ...self, host: 'elsewhere.example' })).toBe('elsewhere');
});

it('a temporary folder of a process that was killed goes with the next; that of a running one and a foreign one stay', async () => {
  const parent = await tempFolder();
  const own = await makeScratch('synth', parent);
  const mark = await killed();
  const [, ticks = ''] = (mark.started ?? '').split(' ');
  const dead = own.replace(/-\d+-\d+-\w{6}$/, `-${String(mark.pid)}-${ticks}-abcdef`);
  const foreign = join(parent, 'sluice-synth-000000000000-1-1-abcdef');
  await Promise.all([dead, foreign].map((folder) => fs.mkdir(folder)));
  const next = await makeScratch('plan', parent);
  expect((await fs.readdir(parent)).map((name) => join(parent, name)).toSorted()).toEqual(
    [own, foreign, next].toSorted(),
  );
});
