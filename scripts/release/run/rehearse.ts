/**
 * Rehearses a rollback in a sandbox of its own: apply what is released, apply what is proposed, go back, compare with
 * the start. Real Terraform does all of it; nothing of the real estate or of the developer's sandbox is touched.
 */
import type { Services } from '../../contract/context.ts';
import { DeniedError, SluiceError, TerraformError } from '../../contract/errors.ts';
import { bundleDigest, canonicalBundle } from '../../plan/bundle.ts';
import type { Bundle } from '../../plan/types.ts';
import type { AppliedResult, Terraform, TerraformVersion } from '../../contract/ports.ts';
import {
  compareStates,
  effectiveChanges,
  unprovenOf,
  type RehearsalEvidence,
  type StateDifference,
} from '../rehearsal.ts';
import { withoutKeys } from '../addresses.ts';
import { failureReason, type RehearsalFault } from '../rehearsal-failure.ts';
import { keepStarts, restoreStart, startIn, startName, type SavedStart } from './saved-start.ts';
import { planLive, type Prepared } from './plan-live.ts';
import { prepareFolder, withTerraform, type Workshop } from './workspace.ts';

export interface RehearsalOrder {
  readonly base: Bundle | null;
  readonly proposed: Bundle;
  /** Digest of the whole plan that the rehearsal is evidence for. */
  readonly effectDigest: string;
  /** `kept`: from what an earlier rehearsal had after it applied the same base, where it is kept. `nothing`: always built anew. */
  readonly from: 'kept' | 'nothing';
}

type RehearsalStep = RehearsalEvidence['steps'][number];

/** Told the whole error of a step that failed, Terraform's own words included: for the person who runs it, never published. */
export type OnFailure = (error: SluiceError) => void;

/** Always returns evidence: a step that fails is a rehearsal that failed, with its reason in words of ours. */
export async function rehearse(
  services: Services,
  order: RehearsalOrder,
  onFailure: OnFailure = () => undefined,
): Promise<RehearsalEvidence> {
  const root = await services.files.makeTempDir('rehearsal');
  const saved = `${await services.git.root()}/.sluice/rehearsed`;
  const workshop: Workshop = { root, target: 'sandbox', confined: true };
  try {
    return await withTerraform(services, workshop, async ({ terraform }) => {
      const version = await terraform.version();
      const starts = order.from === 'nothing' ? null : `${saved}/${order.proposed.stack}`;
      const stage: RehearsalStage = {
        services,
        workshop,
        terraform,
        version,
        steps: [],
        starts,
        ended: [],
        onFailure,
      };
      const outcome = await rehearseSteps(stage, order);
      if (starts !== null && stage.ended.length > 0) {
        await keepStarts(services, starts, stage.ended);
      }
      return evidence(services, order, stage.steps, { terraform: version.version, ...outcome });
    });
  } finally {
    await services.files.remove(root);
  }
}

interface RehearsalStage {
  readonly services: Services;
  readonly workshop: Workshop;
  readonly terraform: Terraform;
  /** Grows as steps end, so that a rehearsal that breaks off still says how far it came. */
  readonly steps: RehearsalStep[];
  readonly version: TerraformVersion;
  /** Folder of what is kept to begin from; null where nothing is. */
  readonly starts: string | null;
  /** What the applies so far left, for the rehearsals to come. */
  readonly ended: SavedStart[];
  readonly onFailure: OnFailure;
}

/** A step that failed, with the sentence about it. */
class StepFailed extends Error {
  readonly reason: string;

  constructor(reason: string) {
    super(reason);
    this.reason = reason;
  }
}

interface RehearsalOutcome {
  readonly differences: readonly StateDifference[];
  readonly unproven: readonly StateDifference[];
  readonly reason: string | null;
}

async function rehearseSteps(stage: RehearsalStage, order: RehearsalOrder): Promise<RehearsalOutcome> {
  const { terraform } = stage;
  const start = order.base ?? withoutResources(order.proposed);
  try {
    const { folder } = await startFrom(stage, start);
    const before = await inStep(stage, 'start', () => terraform.state(folder));
    const { live } = await applyBundle(stage, 'change', order.proposed);
    await remember(stage, order.proposed);
    await applyBundle(stage, 'roll-back', start);
    const after = await inStep(stage, 'roll-back', () => terraform.state(folder));
    const differences = compareStates(before, after).map(published);
    return {
      differences,
      unproven: unprovenOf(live).map(published),
      reason:
        differences.length === 0 ? null : `${String(differences.length)} difference(s) after the rollback`,
    };
  } catch (error) {
    if (!(error instanceof StepFailed)) {
      throw error;
    }
    return { differences: [], unproven: [], reason: error.reason };
  }
}

/** Where the rehearsal begins: as it was kept, or built from nothing. Returns Terraform's folder. */
async function startFrom(stage: RehearsalStage, bundle: Bundle): Promise<Pick<Prepared, 'folder'>> {
  const { services, workshop, terraform, steps, starts } = stage;
  const began = services.clock.monotonicMs();
  const name = startName(bundle, stage.version);
  const saved = starts === null ? null : await restoreStart(services, workshop, starts, name);
  if (saved === null) {
    const applied = await applyBundle(stage, 'start', bundle);
    await remember(stage, bundle);
    return applied;
  }
  const folder = await inStep(stage, 'start', () => prepareFolder(services, workshop, terraform, bundle));
  const seconds = Math.round((services.clock.monotonicMs() - began) / 100) / 10;
  steps.push({ step: 'start', seconds, changes: saved.changes });
  stage.ended.push(saved);
  return { folder };
}

/** Of the last step, which ended well. */
async function remember(
  { services, workshop, version, starts, steps, ended }: RehearsalStage,
  bundle: Bundle,
): Promise<void> {
  if (starts !== null) {
    const changes = steps.at(-1)?.changes ?? 0;
    ended.push(await startIn(services, workshop, startName(bundle, version), changes));
  }
}

/** Terraform wrote the address, keys included. */
function published({ address, what }: StateDifference): StateDifference {
  return { address: withoutKeys(address) ?? 'a resource', what };
}

/** Runs a part of a step. What goes wrong in it is told in full to the person who runs it, and in our words to everybody. */
async function inStep<T>(
  stage: RehearsalStage,
  step: RehearsalStep['step'],
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof SluiceError)) {
      throw error;
    }
    stage.onFailure(error);
    throw new StepFailed(failureReason(step, faultOf(error), addressesIn(error)));
  }
}

function faultOf(error: SluiceError): RehearsalFault {
  if (error instanceof DeniedError) {
    return 'refused';
  }
  return error instanceof TerraformError ? error.during : 'show';
}

function addressesIn(error: SluiceError): readonly string[] {
  return error instanceof TerraformError ? error.addresses : [];
}

/** Applies a bundle in the rehearsal's workshop and returns Terraform's folder and what was planned. */
async function applyBundle(
  stage: RehearsalStage,
  step: RehearsalStep['step'],
  bundle: Bundle,
): Promise<Pick<Prepared, 'folder' | 'live'>> {
  const { services, workshop, terraform, steps } = stage;
  const { stack } = bundle;
  return services.reporter.step(`${stack}: rehearse, ${step}`, async () => {
    const began = services.clock.monotonicMs();
    const { folder, planFile, live } = await inStep(stage, step, () =>
      planLive(services, workshop, { terraform }, { bundle }),
    );
    // Progress in Terraform's words would be in the log of the gate's run.
    const applied = await inStep(stage, step, () => terraform.apply(folder, planFile, () => undefined));
    const seconds = Math.round((services.clock.monotonicMs() - began) / 100) / 10;
    steps.push({ step, seconds, changes: effectiveChanges(live) });
    if (!applied.ok) {
      stage.onFailure(brokenOff(stack, applied));
      throw new StepFailed(
        failureReason(
          step,
          'apply',
          applied.errors.map(({ address }) => address),
        ),
      );
    }
    return { folder, live };
  });
}

function brokenOff(stack: string, { errors }: AppliedResult): TerraformError {
  return new TerraformError(
    {
      what: `The apply of ${stack} broke off.`,
      diagnostics: errors.map(({ address, summary, detail }) => ({
        message: `${address ?? 'terraform'}: ${summary}`,
        ...(detail === '' ? {} : { found: detail }),
      })),
    },
    { during: 'apply', addresses: errors.flatMap(({ address }) => address ?? []) },
  );
}

/** The stack with its providers and nothing in it: where a stack without any release starts from. */
function withoutResources(bundle: Bundle): Bundle {
  const { resource: _resource, data: _data, output: _output, ...rest } = bundle.configuration;
  return canonicalBundle(bundle.stack, rest);
}

function evidence(
  services: Services,
  order: RehearsalOrder,
  steps: readonly RehearsalStep[],
  outcome: RehearsalOutcome & { readonly terraform: string },
): RehearsalEvidence {
  return {
    kind: 'sluice.rehearsal',
    version: 1,
    stack: order.proposed.stack,
    effectDigest: order.effectDigest,
    bundles: {
      base: order.base === null ? null : bundleDigest(order.base),
      proposed: bundleDigest(order.proposed),
    },
    at: services.clock.now(),
    terraform: outcome.terraform,
    result: outcome.reason === null ? 'proven' : 'failed',
    reason: outcome.reason,
    steps,
    differences: outcome.differences,
    ...(outcome.unproven.length === 0 ? {} : { unproven: outcome.unproven }),
  };
}
