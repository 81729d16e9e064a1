/**
 * Rehearses a rollback in a sandbox of its own: apply what is released, apply what is proposed, go back, compare with
 * the start. Real Terraform does all of it; nothing of the real estate or of the developer's sandbox is touched.
 */
import type { Services } from '../context.ts';
import { ExternalError, SluiceError } from '../errors.ts';
import { bundleDigest, canonicalBundle } from '../plan/bundle.ts';
import type { Bundle } from '../plan/types.ts';
import type { Terraform } from '../ports.ts';
import {
  compareStates,
  effectiveChanges,
  type RehearsalEvidence,
  type StateDifference,
} from '../release/rehearsal.ts';
import { planLive } from './plan-live.ts';
import { withTerraform, type Workshop } from './workspace.ts';

export interface RehearsalOrder {
  readonly base: Bundle | null;
  readonly proposed: Bundle;
  /** Digest of the whole plan that the rehearsal is evidence for. */
  readonly effectDigest: string;
}

type Step = RehearsalEvidence['steps'][number];

/** Always returns evidence: a step that fails is a rehearsal that failed, with its reason. */
export async function rehearse(services: Services, order: RehearsalOrder): Promise<RehearsalEvidence> {
  const root = await services.files.makeTempDir('sluice-rehearsal-');
  const workshop: Workshop = { root, target: 'sandbox', schemas: `${await services.git.root()}/.sluice` };
  try {
    return await withTerraform(services, workshop, async ({ terraform }) => {
      const { version } = await terraform.version();
      const stage: Stage = { services, workshop, terraform, steps: [] };
      const outcome = await rehearseSteps(stage, order);
      return evidence(services, order, stage.steps, { terraform: version, ...outcome });
    });
  } finally {
    await services.files.remove(root);
  }
}

interface Stage {
  readonly services: Services;
  readonly workshop: Workshop;
  readonly terraform: Terraform;
  /** Grows as steps end, so that a rehearsal that breaks off still says how far it came. */
  readonly steps: Step[];
}

interface Outcome {
  readonly differences: readonly StateDifference[];
  readonly reason: string | null;
}

async function rehearseSteps(stage: Stage, order: RehearsalOrder): Promise<Outcome> {
  const { terraform } = stage;
  const start = order.base ?? withoutResources(order.proposed);
  try {
    const folder = await applyBundle(stage, 'start', start);
    const before = await terraform.state(folder);
    await applyBundle(stage, 'change', order.proposed);
    await applyBundle(stage, 'roll-back', start);
    const differences = compareStates(before, await terraform.state(folder));
    return {
      differences,
      reason:
        differences.length === 0 ? null : `${String(differences.length)} difference(s) after the rollback`,
    };
  } catch (error) {
    if (!(error instanceof SluiceError)) {
      throw error;
    }
    const detail = (error.parts.diagnostics ?? []).map((diagnostic) => diagnostic.message).join('; ');
    return { differences: [], reason: detail === '' ? error.parts.what : `${error.parts.what} ${detail}` };
  }
}

/** Applies a bundle in the rehearsal's workshop and returns Terraform's folder. */
async function applyBundle(stage: Stage, step: Step['step'], bundle: Bundle): Promise<string> {
  const { services, workshop, terraform, steps } = stage;
  const { stack } = bundle;
  return services.reporter.step(`${stack}: rehearse, ${step}`, async (update) => {
    const began = services.clock.monotonicMs();
    const { folder, planFile, live } = await planLive(services, workshop, { terraform }, { bundle });
    const applied = await terraform.apply(folder, planFile, update);
    const seconds = Math.round((services.clock.monotonicMs() - began) / 100) / 10;
    steps.push({ step, seconds, changes: effectiveChanges(live) });
    if (!applied.ok) {
      const [first] = applied.errors;
      throw new ExternalError({
        what: `The step "${step}" of the rehearsal failed: ${first?.address ?? stack}: ${first?.summary ?? 'unknown'}`,
      });
    }
    return folder;
  });
}

/** The stack with its providers and nothing in it: where a stack without any release starts from. */
function withoutResources(bundle: Bundle): Bundle {
  const { resource: _resource, data: _data, output: _output, ...rest } = bundle.configuration;
  return canonicalBundle(bundle.stack, rest);
}

function evidence(
  services: Services,
  order: RehearsalOrder,
  steps: readonly Step[],
  outcome: Outcome & { readonly terraform: string },
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
  };
}
