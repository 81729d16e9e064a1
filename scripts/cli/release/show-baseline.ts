/** `sluice baseline --dry-run`: what would be recorded. Nothing is written, at Cloudflare or in the ledger. */
import type { Services } from '../../contract/context.ts';
import { planLive } from '../../release/run/plan-live.ts';
import { withTerraform, type Workshop } from '../../release/run/workspace.ts';
import { effectiveChanges } from '../../release/rehearsal.ts';
import type { Bundle } from '../../plan/types.ts';

/** One line for each stack. */
export async function showBaseline(
  services: Services,
  workshop: Workshop,
  { recorded, changesNothing }: { readonly recorded: readonly Bundle[]; readonly changesNothing: boolean },
): Promise<string> {
  return withTerraform(services, workshop, async (reach) => {
    const lines: string[] = [];
    for (const bundle of recorded) {
      const { live, planFile } = await planLive(services, workshop, reach, { bundle });
      await services.files.remove(planFile);
      lines.push(`${bundle.stack}: ${verdict(effectiveChanges(live), changesNothing)}\n`);
    }
    return lines.join('');
  });
}

function verdict(changes: number, changesNothing: boolean): string {
  if (changes === 0) {
    return 'would be recorded: live is as the code says';
  }
  return changesNothing
    ? `would be refused: ${String(changes)} resource(s) differ from what would be recorded`
    : `would be recorded, and ${String(changes)} resource(s) made in the sandbox`;
}
