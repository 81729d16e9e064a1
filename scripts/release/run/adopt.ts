/**
 * After anything that broke off: asks Cloudflare for each object that the run was to make, and takes into the state what is
 * there and in no state. From then on Terraform sees it again, and keeps or removes it as the next plan says. The bundle
 * is never changed; what cannot be taken over, or cannot be laid at the run's door, is named.
 */
import type { Services } from '../../contract/context.ts';
import { inquiryOf } from '../../live/inquiry.ts';
import { movedSettings, straysOf } from '../../live/strays.ts';
import type { LiveAnswers, LiveFindings, LiveObject } from '../../live/types.ts';
import { changeKind } from '../../provider/kind.ts';
import type { Bundle, StackPlan } from '../../plan/types.ts';
import { askCloudflare } from './ask-cloudflare.ts';
import { planLive } from './plan-live.ts';
import type { WorkspaceReach, Workshop } from './workspace.ts';

export interface BrokenRun {
  /** What it was to bring about. */
  readonly bundle: Bundle;
  /** What was there before it began; null when nobody asked. */
  readonly before: LiveAnswers | null;
}

export interface Adoption {
  readonly findings: LiveFindings;
  /** What the run would still have to do. */
  readonly remaining: StackPlan;
}

/** A zone shows its records only once it is known itself: as many rounds as objects can lie within each other. */
const mostRounds = 6;

/** Throws what Terraform throws; an answer of Cloudflare that does not come is named in the findings. */
export async function adoptStrays(
  services: Services,
  workshop: Workshop,
  reach: WorkspaceReach,
  { bundle, before }: BrokenRun,
): Promise<Adoption> {
  const adopted: LiveObject[] = [];
  for (let round = 1; ; round += 1) {
    const { folder, live, held, planFile } = await planLive(services, workshop, reach, { bundle });
    await services.files.remove(planFile);
    const answers = await askCloudflare(services, reach.cloudflare, inquiryOf(live), false);
    const { made, unclear } = straysOf(answers, held, before);
    const takeable = made.filter(({ address }) => isCreated(live, address));
    if (takeable.length === 0 || round === mostRounds) {
      const left = [...made, ...unclear];
      const moved = before === null ? [] : movedSettings(before.settings, answers.settings);
      return { findings: { ...answers, adopted, left, moved }, remaining: live };
    }
    for (const object of takeable) {
      await services.reporter.step(`${bundle.stack}: take over ${object.address}`, () =>
        reach.terraform.adopt(folder, object.address, object.importId ?? object.id),
      );
      adopted.push(object);
    }
  }
}

/** Nothing else has the address in the state. */
function isCreated({ changes }: StackPlan, address: string): boolean {
  return changes.some((change) => change.address === address && changeKind(change) === 'create');
}
