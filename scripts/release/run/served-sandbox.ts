/**
 * A sandbox that another process serves (`sluice sandbox serve`) is used in place of one of our own: as at the real
 * Cloudflare, what a command changed outlives the command, however it ends.
 */
import { limits } from '../../json/limits.ts';
import { parseJson } from '../../json/parse.ts';
import type { Services } from '../../contract/context.ts';
import type { ProcessMark } from '../../contract/ports.ts';

export interface ServedSandbox {
  readonly process: ProcessMark;
  readonly reattach: string;
  readonly api: string;
  readonly socketFolder: string;
}

export function servingFile(store: string): string {
  return `${store}/serving.json`;
}

/** Null when nobody serves this store; the note of a server that has ended counts for nothing. */
export async function servedSandbox(services: Services, store: string): Promise<ServedSandbox | null> {
  const file = servingFile(store);
  if (!(await services.files.exists(file))) {
    return null;
  }
  const served = parseJson(await services.files.readText(file), limits.line) as ServedSandbox;
  return services.processes.state(served.process) === 'running' ? served : null;
}
