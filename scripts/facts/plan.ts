/** Builds the plan that a command asks for, from stack code, from bundles, from two files or from Terraform. */
import { InputError, UsageError } from '../contract/errors.ts';
import { assemblePlan, diffBundles } from '../plan/difference/diff.ts';
import { canonicalBundle } from '../plan/bundle.ts';
import { readTerraformPlan } from '../plan/terraform/plan.ts';
import type { JsonObject, Plan, UnchangedResource } from '../plan/types.ts';
import { unchangedInTerraformPlan } from '../plan/difference/unchanged.ts';
import { isBeside, typesBeside } from '../../policies/reading/beside.ts';
import type { Services } from '../contract/context.ts';
import {
  fromFolder,
  readConfigurationFile,
  readJsonFile,
  released,
  selectStacks,
  synthesizedProposal,
  synthesizedAt,
  type Bundles,
} from './bundles.ts';
import { loadLedger } from './ledger.ts';
import { withoutContent } from './not-json.ts';
import { unchangedBeside } from './unchanged.ts';

export interface PlanRequest {
  readonly stacks: readonly string[];
  /** A git ref, or `released`, which it is when left away. */
  readonly base?: string;
  /** Folder written by `sluice synth`; the working tree is synthesized when absent. */
  readonly bundles?: string;
  readonly terraformPlan?: string;
  readonly before?: string;
  readonly after?: string;
}

export interface GatheredPlan {
  readonly plan: Plan;
  /** Proposed bundles by stack; empty for plans from elsewhere. */
  readonly proposed: Bundles;
  readonly base: Bundles;
  /** What the rules want to see of what does not change. */
  readonly unchanged: readonly UnchangedResource[];
  /** True when the plan is of this repository's estate. */
  readonly own: boolean;
}

/** Throws UsageError for flags that exclude each other and for unknown stacks, InputError for files that do not read. */
export async function gatherPlan(services: Services, request: PlanRequest): Promise<GatheredPlan> {
  const foreign = request.before !== undefined || request.after !== undefined;
  if (request.terraformPlan !== undefined) {
    return terraformPlan(services, request.terraformPlan, request.stacks);
  }
  if (foreign) {
    return filesPlan(services, request);
  }
  return estatePlan(services, request);
}

function foreignPlan(plan: Plan, unchanged: readonly UnchangedResource[]): GatheredPlan {
  return { plan, proposed: new Map(), base: new Map(), unchanged, own: false };
}

function onlyStackName(stacks: readonly string[], path: string): string {
  if (stacks.length > 1) {
    throw new UsageError({
      what: 'A file is the plan of one stack.',
      fix: `Name one stack instead of ${stacks.join(', ')}.`,
      next: 'sluice plan --help',
    });
  }
  return stacks[0] ?? nameFromPath(path);
}

/** File names that say nothing about the stack; the folder they stand in does. */
const generic = new Set(['before', 'after', 'cdk', 'main', 'plan']);

function nameFromPath(path: string): string {
  const parts = path.split('/');
  const file = (parts.at(-1) ?? '').replace(/(\.tf)?\.json$/, '');
  const name = generic.has(file) ? (parts.at(-2) ?? file) : file;
  return (
    name
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, '-')
      .replaceAll(/^-|-$/g, '') || 'stack'
  );
}

async function terraformPlan(
  services: Services,
  path: string,
  stacks: readonly string[],
): Promise<GatheredPlan> {
  const stack = onlyStackName(stacks, path);
  const document = await planDocument(services, path);
  const reading = readTerraformPlan(document, stack);
  if (!reading.ok) {
    throw new InputError({
      what: `${path} is not a Terraform plan that can be read.`,
      diagnostics: reading.diagnostics,
      fix: 'Write it with `terraform show -json <plan file>`.',
      next: `terraform show -json plan.tfplan > ${path}`,
    });
  }
  const plan = reading.value;
  const unchanged = unchangedInTerraformPlan(document as JsonObject, stack, typesBeside(plan));
  return foreignPlan(plan, unchanged.filter(isBeside(plan)));
}

async function planDocument({ files }: Services, path: string): Promise<unknown> {
  try {
    return await readJsonFile(files, path);
  } catch (error) {
    throw error instanceof InputError && !/\.(?:json|tf|tofu|hcl)$/.test(path)
      ? withoutContent(path, error)
      : error;
  }
}

async function filesPlan(services: Services, request: PlanRequest): Promise<GatheredPlan> {
  if (request.after === undefined && request.before === undefined) {
    throw new UsageError({
      what: '--before and --after name two configurations.',
      next: 'sluice plan --help',
    });
  }
  const stack = onlyStackName(request.stacks, request.after ?? request.before ?? '');
  const side = async (path: string | undefined) =>
    path === undefined ? null : canonicalBundle(stack, await readConfigurationFile(services.files, path));
  const [before, after] = [await side(request.before), await side(request.after)];
  const plan = assemblePlan([diffBundles({ stack, before, after })], 'configuration');
  const [base, proposed] = [before, after].map((bundle) => new Map(bundle === null ? [] : [[stack, bundle]]));
  return foreignPlan(
    plan,
    unchangedBeside(plan, { base: base ?? new Map(), proposed: proposed ?? new Map() }),
  );
}

async function estatePlan(services: Services, request: PlanRequest): Promise<GatheredPlan> {
  const { proposed, base } = await bothSides(services, request);
  const known = [...new Set([...proposed.keys(), ...base.keys()])];
  const stacks = selectStacks(known, request.stacks);
  const plan = assemblePlan(
    stacks.map((stack) =>
      diffBundles({ stack, before: base.get(stack) ?? null, after: proposed.get(stack) ?? null }),
    ),
    'configuration',
  );
  return { plan, proposed, base, unchanged: unchangedBeside(plan, { base, proposed }), own: true };
}

/** Two runs of stack code go side by side; of two failures the one of the proposed side is told. */
async function bothSides(
  services: Services,
  { bundles, base = 'released' }: PlanRequest,
): Promise<{ readonly proposed: Bundles; readonly base: Bundles }> {
  const { git, reporter, localSynth, files } = services;
  const root = await git.root();
  const proposed =
    bundles === undefined
      ? reporter.step('synthesize the working tree', () => synthesizedProposal(localSynth, root))
      : fromFolder(files, bundles);
  // What was released is read, not built: after the other side, as everything that is said then.
  const [one, other] = await Promise.allSettled([
    proposed,
    base === 'released' ? proposed.then(() => baseBundles(services, base)) : baseBundles(services, base),
  ]);
  if (one.status === 'rejected') {
    throw one.reason;
  }
  if (other.status === 'rejected') {
    throw other.reason;
  }
  return { proposed: one.value, base: other.value };
}

async function baseBundles(services: Services, base: string): Promise<Bundles> {
  if (base !== 'released') {
    const sha = await services.git.resolve(base);
    return services.reporter.step(`synthesize ${base}`, () =>
      synthesizedAt(services.git, services.synth, sha),
    );
  }
  const { ledger, tip } = await loadLedger(services);
  if (tip === null) {
    services.reporter.warn(
      'Nothing was released yet: every resource shows as a creation. Compare with a branch by --base main.',
    );
  }
  return released(ledger, null);
}
