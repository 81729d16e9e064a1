/**
 * Which process is which. An id alone does not name one: ids are given again. With the moment of its start, as the kernel
 * counts it since boot, and the boot itself, it does.
 */
import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import type { ProcessMark, Processes } from '../../contract/ports.ts';

/** Processes of this machine. */
export function createProcesses(): Processes {
  return { self: () => markOf(process.pid), state: stateOf };
}

/** What tells the process with this id from every other one that had or will have it. */
export function markOf(pid: number): ProcessMark {
  return { pid, host: hostname(), started: startOf(pid)?.started ?? null };
}

function stateOf(mark: ProcessMark): 'running' | 'ended' | 'elsewhere' {
  if (mark.host !== hostname()) {
    return 'elsewhere';
  }
  if (!answers(mark.pid)) {
    return 'ended';
  }
  const now = startOf(mark.pid);
  // Without a start time on either side (no /proc, as on macOS) the id is all there is: taken for running, never for gone.
  if (now === null || mark.started === null) {
    return 'running';
  }
  return now.isGone || now.started !== mark.started ? 'ended' : 'running';
}

function answers(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** Field 22 of /proc/<pid>/stat (proc(5)), after the name in parentheses, which may hold anything; with the id of the boot. */
function startOf(pid: number): { readonly started: string; readonly isGone: boolean } | null {
  try {
    const stat = readFileSync(`/proc/${String(pid)}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const [state = '', ticks] = [fields[0], fields[19]];
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return ticks === undefined ? null : { started: `${boot} ${ticks}`, isGone: 'ZX'.includes(state) };
  } catch {
    return null;
  }
}
