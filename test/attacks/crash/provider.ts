/**
 * A sandbox in a process of its own, as Cloudflare is: it outlives the release that is killed. At one call of the API it
 * ends the processes that it was told to, before the call is carried out or after it.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createProcesses } from '../../../scripts/adapters/process/processes.ts';
import { Interrupted } from '../../../scripts/sandbox/provider/handlers.ts';
import { startSandbox } from '../../../scripts/sandbox/provider/server.ts';
import type { Order } from './crash.ts';

const order = JSON.parse(process.argv[2] ?? '') as Order;
const root = join(order.folder, '.sluice');
const run = join(root, 'runs', order.stack);

function pidIn(file: string): number {
  const note = JSON.parse(readFileSync(join(run, file), 'utf8')) as {
    readonly pid?: number;
    readonly process?: { readonly pid: number };
  };
  return note.pid ?? note.process?.pid ?? 0;
}

function strike(): void {
  if (order.victims.includes('sluice')) {
    process.kill(pidIn('run.json'), 'SIGKILL');
  }
  if (order.victims.includes('terraform')) {
    process.kill(pidIn('apply.tfplan.process'), 'SIGKILL');
  }
  if (order.victims.includes('provider')) {
    process.kill(process.pid, 'SIGKILL');
  }
  if (order.hangs === true) {
    throw new Interrupted('hang');
  }
}

const { operation, nth, when, type } = order.at;
const sandbox = await startSandbox({
  folder: join(root, 'sandbox'),
  now: () => '2026-11-24T20:30:00Z',
  faults: [
    { operation, nth, when, ...(type === undefined ? {} : { type }), effect: { kind: 'call', call: strike } },
  ],
});
writeFileSync(
  join(root, 'sandbox', 'serving.json'),
  JSON.stringify({ process: createProcesses().self(), ...sandbox }),
);
process.stdout.write('ready\n');
