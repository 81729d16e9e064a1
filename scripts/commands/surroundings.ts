/** Small questions about where a command runs, answered in one place. */
import type { Services } from '../context.ts';
import { UsageError } from '../errors.ts';
import type { Workshop } from '../operations/workspace.ts';
import type { Target } from '../release/types.ts';
import type { Probe } from '../../policies/model/record.ts';

/** Working data of Sluice below the repository under control; git ignores it. */
export async function workshopOf(services: Services, target: Target): Promise<Workshop> {
  const root = `${await services.git.root()}/.sluice`;
  return { root, target, schemas: root };
}

/** Who runs this, for the ledger: the actor of the CI run, else the user of the machine. */
export function operator(env: Readonly<Record<string, string | undefined>>): string {
  const run = env['GITHUB_RUN_ID'];
  const actor = env['GITHUB_ACTOR'] ?? env['USER'] ?? env['LOGNAME'] ?? 'unknown';
  return run === undefined ? actor : `${actor} (run ${run})`;
}

/** With `--edge`, every host that a probe names is looked for at that address instead of in public DNS. */
export function edgeFor(edge: string | undefined, probes: readonly Probe[]): ReadonlyMap<string, string> {
  if (edge === undefined) {
    return new Map();
  }
  if (!URL.canParse(edge)) {
    throw new UsageError({
      what: `--edge ${edge} is not an address.`,
      fix: 'Give it as http://127.0.0.1:8080.',
      next: 'sluice release --help',
    });
  }
  return new Map(probes.map((probe) => [new URL(probe.url).host, edge]));
}
