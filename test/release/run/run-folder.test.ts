/** Saved plans hold configuration and state in clear text: those of a run that ended go before the next command works. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { createProcesses, markOf } from '../../../scripts/adapters/process/processes.ts';
import { workshopOf } from '../../../scripts/cli/change/surroundings.ts';
import { withTerraform } from '../../../scripts/release/run/workspace.ts';
import type { ProcessMark } from '../../../scripts/contract/ports.ts';
import { buildServices } from '../../../scripts/cli/services.ts';
import { home, makeSmallEstate, type SmallEstate } from '../../scenarios/small-estate.ts';

let estate: SmallEstate;

beforeEach(() => {
  estate = makeSmallEstate();
});
afterEach(() => estate.remove());

const processes = createProcesses();

/** A process that goes on until `end`. */
async function running(): Promise<{ readonly mark: ProcessMark; readonly end: () => Promise<void> }> {
  const child = spawn(process.execPath, ['-e', 'process.stdin.resume(); console.log(1)'], {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  await new Promise((resolve) => child.stdout.once('data', resolve));
  const mark = markOf(child.pid ?? 0);
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const end = async (): Promise<void> => {
    child.kill('SIGKILL');
    await ended;
  };
  return { mark, end };
}

/** What the run of a stack by this process has in its folder, with a plan that Terraform applies and one that verifies. */
function leave(stack: string, sluice: ProcessMark, terraform: ProcessMark): void {
  const folder = `.sluice/runs/${stack}`;
  estate.write(`${folder}/run.json`, JSON.stringify({ process: sluice, release: 'R0003' }));
  estate.write(`${folder}/apply.tfplan`, 'apply');
  estate.write(`${folder}/apply.tfplan.process`, JSON.stringify(terraform));
  estate.write(`${folder}/apply.tfplan.events`, '');
  estate.write(`${folder}/verify.tfplan`, 'verify');
}

/** The saved plans that are there when a command begins its work. */
async function plansAtWork(): Promise<readonly string[]> {
  const quiet = { write: () => undefined };
  const services = buildServices(
    {
      env: { PATH: process.env['PATH'], HOME: process.env['HOME'], CI: 'true' },
      cwd: estate.folder,
      stdout: quiet,
      stderr: quiet,
      ask: null,
      signal: new AbortController().signal,
    },
    home,
  );
  const workshop = await workshopOf(services, 'sandbox');
  const paths = ['acme-production', 'acme-staging'].flatMap((stack) =>
    ['apply', 'verify'].map((name) => `${stack}/${name}.tfplan`),
  );
  return withTerraform(services, workshop, async () =>
    paths.filter((path) => existsSync(join(estate.folder, '.sluice/runs', path))),
  );
}

const production = ['acme-production/apply.tfplan', 'acme-production/verify.tfplan'];

it('goes with the next command when the run was killed; that of a run that lives stays', async () => {
  const [dead, alive] = [await running(), await running()];
  leave('acme-production', alive.mark, dead.mark);
  leave('acme-staging', dead.mark, dead.mark);
  await dead.end();
  expect(await plansAtWork()).toEqual(production);
  await alive.end();
  expect(await plansAtWork()).toEqual([]);
});

it('stays while the Terraform of a run that was killed goes on', async () => {
  const [dead, alive] = [await running(), await running()];
  leave('acme-production', dead.mark, alive.mark);
  await dead.end();
  expect(processes.state(alive.mark)).toBe('running');
  expect(await plansAtWork()).toEqual(production);
  await alive.end();
  expect(await plansAtWork()).toEqual([]);
});
