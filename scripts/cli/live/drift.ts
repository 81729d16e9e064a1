import type { SluiceContext } from '../../contract/context.ts';
import { UsageError } from '../../contract/errors.ts';
import { selectStacks } from '../../facts/bundles.ts';
import { RequestPace } from '../../live/drift/pace.ts';
import type { DriftReport } from '../../live/drift/types.ts';
import { ledgerFor } from '../../release/evidence/write-ledger.ts';
import { withTerraform } from '../../release/run/workspace.ts';
import { knownStacks, stackState } from '../../release/state.ts';
import type { Ledger, ReleaseTarget } from '../../release/types.ts';
import { driftIssues } from '../../render/live/drift-issue.ts';
import { renderDrift } from '../../render/live/drift-text.ts';
import { driftJson } from '../../render/live/drift-json.ts';
import { workshopOf } from '../change/surroundings.ts';
import { lookForDrift } from './look.ts';
import { paced } from './pacing.ts';
import { publishIssues } from './publish.ts';

export interface DriftFlags {
  readonly target: ReleaseTarget;
  readonly format: 'text' | 'json';
  readonly publish: boolean;
}

/** `sluice drift`: live against what was released last. Reads only; what it finds is for people to decide. */
export async function driftCommand(
  this: SluiceContext,
  { target, format, publish }: DriftFlags,
  ...wanted: string[]
): Promise<void> {
  const services = await this.services();
  const { ledger } = await ledgerFor(services, target);
  const released = releasedStacks(ledger, target);
  const stacks = selectStacks(released, wanted);
  const pace = new RequestPace();
  const report = await withTerraform(
    services,
    await workshopOf(services, target),
    async (reach) =>
      lookForDrift(services, reach, {
        target,
        ledger,
        stacks,
        isWhole: stacks.length === released.length,
        pace,
      }),
    paced(services, pace),
  );
  this.print(format === 'json' ? driftJson(report) : renderDrift(report, this.style));
  if (publish) {
    const tracker = await services.tracker();
    for (const { number, title, act } of await publishIssues(tracker, await tracker.openIssues(), {
      issues: driftIssues(report),
      label: 'drift',
      gone: `Nothing differs any more (looked at ${report.at}).`,
    })) {
      services.reporter.info(`Issue ${String(number)} (${title}): ${act}`);
    }
  }
  this.exit(outcomeOf(report));
}

/** Stacks of which something was released: there is nothing to compare the others with. */
function releasedStacks(ledger: Ledger, target: ReleaseTarget): readonly string[] {
  const released = knownStacks(ledger).filter((stack) => stackState(ledger, stack).live !== null);
  if (released.length === 0) {
    throw new UsageError({
      what: 'Nothing was released yet, so nothing can have drifted.',
      why: 'Drift is what is live otherwise than it was released last.',
      fix: 'Record what is live as the first release of its stack.',
      next: `sluice baseline --dry-run --target ${target} --reason "first release"`,
    });
  }
  return released;
}

/** Drift that was found outweighs what could not be told. */
function outcomeOf({ stacks, skipped, failed, unmanaged }: DriftReport): 'ok' | 'drift' | 'undetermined' {
  if (
    stacks.some(({ drifted, state }) => drifted.length + state.length > 0) ||
    (unmanaged ?? []).length > 0
  ) {
    return 'drift';
  }
  return skipped.length > 0 || failed.length > 0 || stacks.some(({ notCompared }) => notCompared.length > 0)
    ? 'undetermined'
    : 'ok';
}
