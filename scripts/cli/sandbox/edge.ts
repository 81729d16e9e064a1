import type { SluiceContext } from '../../contract/context.ts';
import { UsageError } from '../../contract/errors.ts';
import { sandboxStore } from '../../release/run/workspace.ts';
import { startEdge, type Edge } from '../../sandbox/edge/edge.ts';
import { workshopOf } from '../change/surroundings.ts';

export interface SandboxEdgeFlags {
  readonly port?: number;
  readonly store?: string;
  readonly origin?: string;
}

/** Beside the ports of development servers, and not a port that needs rights. */
const defaultPort = 8787;

/** `sluice sandbox edge`: serves the sandbox's zones over HTTP until it is interrupted. */
export async function sandboxEdge(this: SluiceContext, flags: SandboxEdgeFlags): Promise<void> {
  const { signal } = this.surroundings;
  this.surroundings.holdSignals?.();
  const store = await storeFolder(this, flags.store);
  const origin = originOf(flags.origin);
  const edge = await startEdge({
    store,
    port: portOf(flags.port ?? defaultPort),
    ...(origin === null ? {} : { origin }),
  });
  this.print(greeting(edge, store));
  await new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
    if (signal.aborted) {
      resolve();
    }
  });
  await edge.close();
}

function greeting({ url, exampleHost }: Edge, store: string): string {
  const example =
    exampleHost === null
      ? 'No host is served yet: the sandbox has no zone with a proxied record. It is looked at again for every request.\n'
      : `Try:  curl -i -H 'Host: ${exampleHost}' ${url}/\n`;
  return `The sandbox in ${store} is served on ${url} until you press Ctrl-C.\n${example}`;
}

async function storeFolder(context: SluiceContext, given: string | undefined): Promise<string> {
  const services = await context.services();
  if (given === undefined) {
    return sandboxStore(await workshopOf(services, 'sandbox'));
  }
  const folder = given.startsWith('/') ? given : `${context.surroundings.cwd}/${given}`;
  if (!(await services.files.exists(folder))) {
    throw new UsageError({
      what: `There is no folder ${given}.`,
      why: '--store names the folder in which a sandbox keeps its objects.',
      fix: 'Give the folder .sluice/sandbox of a repository, or leave the flag out for that of this one.',
      next: 'sluice sandbox edge',
    });
  }
  return folder;
}

function portOf(port: number): number {
  if (port > 65_535) {
    throw new UsageError({
      what: `${String(port)} is not a port.`,
      fix: 'Ports go from 1 to 65535; 0 takes a free one.',
      next: `sluice sandbox edge --port ${String(defaultPort)}`,
    });
  }
  return port;
}

function originOf(given: string | undefined): URL | null {
  if (given === undefined) {
    return null;
  }
  const url = URL.canParse(given) ? new URL(given) : null;
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:')) {
    throw new UsageError({
      what: `--origin ${given} is not an address.`,
      fix: 'Give it as http://127.0.0.1:3000; without it a small origin shows what it is asked.',
      next: 'sluice sandbox edge --help',
    });
  }
  return url;
}
