import type { SluiceContext } from '../../contract/context.ts';
import { UsageError } from '../../contract/errors.ts';
import { servedSandbox, servingFile } from '../../release/run/served-sandbox.ts';
import { sandboxStore } from '../../release/run/workspace.ts';
import { startSandbox } from '../../sandbox/provider/server.ts';
import { workshopOf } from '../change/surroundings.ts';

/**
 * `sluice sandbox serve`: the local Cloudflare as a process of its own, until it is interrupted. Commands in this repository
 * use it instead of one that lives and dies with them; CLOUDFLARE_BASE_URL of any other program may point at it.
 */
export async function sandboxServe(this: SluiceContext): Promise<void> {
  const services = await this.services();
  const { signal } = this.surroundings;
  const workshop = await workshopOf(services, 'sandbox');
  const store = sandboxStore(workshop);
  const served = await servedSandbox(services, store);
  if (served !== null) {
    throw new UsageError({
      what: `The sandbox is served already, by process ${String(served.process.pid)}; its API is at ${served.api}`,
      why: 'Commands of this repository use one sandbox.',
      fix: 'Use that one, or end it first.',
      next: `kill -INT ${String(served.process.pid)}`,
    });
  }
  const sandbox = await startSandbox({
    folder: store,
    now: () => services.clock.now(),
  });
  const { reattach, api, socketFolder } = sandbox;
  const note = { process: services.processes.self(), reattach, api, socketFolder };
  await services.files.writeText(servingFile(store), JSON.stringify(note));
  this.print(`The sandbox is served until you press Ctrl-C; its API is at ${api}\n`);
  await new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
    if (signal.aborted) {
      resolve();
    }
  });
  await services.files.remove(servingFile(store));
  await sandbox.close();
}
