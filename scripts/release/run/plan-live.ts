/** Plans a bundle against the real state, and reads the plan through the same reader as everything else. */
import type { Services } from '../../contract/context.ts';
import { InputError } from '../../contract/errors.ts';
import { heldObjects, type HeldObject } from '../../live/strays.ts';
import { readTerraformPlan } from '../../plan/terraform/plan.ts';
import type { Bundle, StackPlan } from '../../plan/types.ts';
import { prepareFolder, type WorkspaceReach, type Workshop } from './workspace.ts';

export interface Prepared extends HeldObject {
  readonly folder: string;
  readonly planFile: string;
  readonly live: StackPlan;
}

/** Writes the bundle, initialises Terraform and plans. The plan file goes into the working folder when no other is named. */
export async function planLive(
  services: Services,
  workshop: Workshop,
  { terraform }: Pick<WorkspaceReach, 'terraform'>,
  { bundle, planFile }: { readonly bundle: Bundle; readonly planFile?: string },
): Promise<Prepared> {
  const folder = await prepareFolder(services, workshop, terraform, bundle);
  const file = planFile ?? `${folder}/sluice.tfplan`;
  const document = await terraform.plan(folder, file);
  const reading = readTerraformPlan(document, bundle.stack);
  if (!reading.ok) {
    throw new InputError({
      what: `Terraform's plan for ${bundle.stack} does not read.`,
      diagnostics: reading.diagnostics,
      why: 'A plan that is not understood completely cannot be compared with what was approved.',
      next: `sluice plan ${bundle.stack}`,
    });
  }
  const [live] = reading.value.stacks;
  if (live === undefined) {
    throw new InputError({
      what: `Terraform's plan for ${bundle.stack} is empty of stacks.`,
      next: `sluice plan ${bundle.stack}`,
    });
  }
  return { folder, planFile: file, live, ...heldObjects(document) };
}
