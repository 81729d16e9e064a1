/**
 * Temporary folders that say whose they are. A process that is killed cannot clear up; the next one that needs such a
 * folder removes those of processes of this machine that have ended.
 */
import { createHash } from 'node:crypto';
import * as fs from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createProcesses, markOf } from '../process/processes.ts';

/** `sluice-<what>-<machine and boot>-<process>-<start>-<six characters>`. */
const named = /^sluice-[a-z]+-([0-9a-f]{12})-(\d+)-(\d+)-\w{6}$/;

/** Makes one below `parent` (the system's temporary folder by default), readable by its owner only. */
export async function makeScratch(what: string, parent: string = tmpdir()): Promise<string> {
  const real = await fs.realpath(parent);
  const own = nameOf(process.pid);
  await sweep(real, own.machine);
  return fs.mkdtemp(join(real, `sluice-${what}-${own.machine}-${String(process.pid)}-${own.ticks}-`));
}

/** Where the system does not say when a process began, `ticks` is 0 and nothing is swept by it. */
function nameOf(pid: number): { readonly machine: string; readonly ticks: string } {
  const { host, started } = markOf(pid);
  const [boot = '', ticks = '0'] = (started ?? '').split(' ');
  return { machine: createHash('sha256').update(`${host} ${boot}`).digest('hex').slice(0, 12), ticks };
}

async function sweep(folder: string, machine: string): Promise<void> {
  const processes = createProcesses();
  for (const name of await fs.readdir(folder)) {
    const [, of, pid, ticks] = named.exec(name) ?? [];
    if (of !== machine || ticks === undefined || ticks === '0') {
      continue;
    }
    const { host, started } = markOf(process.pid);
    const boot = started?.split(' ')[0] ?? '';
    if (processes.state({ pid: Number(pid), host, started: `${boot} ${ticks}` }) === 'ended') {
      await fs.rm(join(folder, name), { recursive: true, force: true }).catch(() => undefined);
    }
  }
}
