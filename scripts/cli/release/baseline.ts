import type { Services, SluiceContext } from '../../contract/context.ts';
import { DeniedError, UsageError } from '../../contract/errors.ts';
import { selectStacks } from '../../facts/bundles.ts';
import { fromWorkingTree, loadPolicy, registerOf } from '../../facts/policy.ts';
import { execute } from '../../release/run/execute.ts';
import { planLive } from '../../release/run/plan-live.ts';
import { bundlesOfMerge } from '../../change/proposed-bundles.ts';
import { withTerraform, type WorkspaceReach, type Workshop } from '../../release/run/workspace.ts';
import { ledgerFor } from '../../release/evidence/write-ledger.ts';
import { formatPath } from '../../plan/path.ts';
import { withoutResources } from '../../plan/nothing.ts';
import { secretPaths } from '../../plan/secrets.ts';
import type { Bundle, StackPlan } from '../../plan/types.ts';
import { effectiveChanges } from '../../release/rehearsal.ts';
import { positionOf, stackState } from '../../release/state.ts';
import type { Ledger, ReleaseEntry, ReleaseTarget } from '../../release/types.ts';
import { renderReleased } from '../../render/release/release-text.ts';
import { showBaseline } from './show-baseline.ts';
import { bundleSource, refuseSynthesisBesideSecrets } from '../change/bundle-source.ts';
import { operator, refuseDirty, workshopOf } from '../change/surroundings.ts';

export interface BaselineFlags {
  readonly bundles?: string;
  readonly target: ReleaseTarget;
  readonly reason: string;
  readonly empty: boolean;
  readonly dryRun: boolean;
}

/**
 * `sluice baseline`: the first entry of a stack. In the sandbox it creates what the code says. Against Cloudflare it
 * records what is there already, so it refuses unless the live plan is empty: a baseline is no way round the gate. With
 * `--empty` it records that nothing of the stack is there yet: all that the code says is then a change.
 */
export async function baselineCommand(
  this: SluiceContext,
  flags: BaselineFlags,
  ...wanted: string[]
): Promise<void> {
  this.surroundings.holdSignals?.();
  const services = await this.services();
  const { git, files } = services;
  const source = bundleSource({ ...flags, ciBundles: false }, 'baseline');
  refuseSynthesisBesideSecrets(flags.target, source, 'baseline');
  await refuseDirty(services);
  const root = await git.root();
  const { bundles } = await bundlesOfMerge(services, source, flags.target);
  const stacks = selectStacks([...bundles.keys()], wanted);
  const { ledger } = await ledgerFor(services, flags.target);
  refuseExisting(ledger, stacks);
  const whole = stacks.flatMap((stack) => bundles.get(stack) ?? []);
  refuseSecrets(whole);
  const recorded = flags.empty ? whole.map(withoutResources) : whole;
  // Only a sandbox is filled by a baseline.
  const changesNothing = flags.target === 'cloudflare' || flags.empty;
  const { registers } = await loadPolicy(fromWorkingTree(files, root));
  const workshop = await workshopOf(services, flags.target);
  const commit = await git.headSha();
  if (flags.dryRun) {
    this.print(await showBaseline(services, workshop, { recorded, changesNothing }));
    return;
  }
  const by = await operator(services, this.surroundings.env);
  const entries = await withTerraform(services, workshop, async (reach) => {
    const done: ReleaseEntry[] = [];
    for (const bundle of recorded) {
      const { stack } = bundle;
      const allowed = changesNothing ? await emptyPlan(services, workshop, reach, bundle) : null;
      const { entry } = await execute(services, workshop, reach, {
        action: 'baseline',
        position: positionOf(ledger, stack),
        client: registerOf(registers, stack)?.client ?? 'unknown',
        changeId: null,
        record: null,
        bundle,
        allowed,
        acceptedDrift: [],
        flags: '',
        tuple: null,
        reason: flags.reason,
        undoes: [],
        by,
        commit,
        approvals: [],
        evidence: new Map(),
        probe: () => Promise.resolve([]),
        probeLate: () => Promise.resolve([]),
      });
      done.push(entry);
    }
    return done;
  });
  this.print(renderReleased(entries, this.style));
}

/**
 * The stack's live plan, refused unless nothing would change; what is applied afterwards may be no more than that, however
 * live has moved since.
 */
async function emptyPlan(
  services: Services,
  workshop: Workshop,
  reach: WorkspaceReach,
  bundle: Bundle,
): Promise<StackPlan> {
  const { live, planFile } = await planLive(services, workshop, reach, { bundle });
  await services.files.remove(planFile);
  refuseChanges(bundle, effectiveChanges(live));
  return { ...live, changes: [] };
}

function refuseExisting(ledger: Ledger, stacks: readonly string[]): void {
  // One that broke off is not a baseline yet: it is finished by running it again.
  const existing = stacks.filter((stack) => stackState(ledger, stack).live !== null);
  if (existing.length > 0) {
    const missing = stacks.filter((stack) => !existing.includes(stack));
    throw new DeniedError({
      what: `${existing.join(', ')} has a baseline already.`,
      why: 'After the first release every change goes through the gate.',
      next:
        existing.length === stacks.length
          ? `sluice ledger show --stack ${existing[0] ?? ''}`
          : `sluice baseline ${missing.join(' ')} --reason "..."`,
    });
  }
}

/** The ledger keeps the bundle for ever; for releases a rule of the gate says the same, and can be waived. */
function refuseSecrets(bundles: readonly Bundle[]): void {
  const found = bundles.flatMap(({ stack, configuration }) =>
    secretPaths(configuration).map((path) => ({
      message: `${stack}: ${formatPath(path)} looks like a secret in plain text`,
    })),
  );
  if (found.length > 0) {
    throw new DeniedError({
      what: 'The code has secrets in plain text.',
      diagnostics: found,
      why: 'The ledger keeps what was released for ever, readable for everybody who can read the repository.',
      fix: 'Replace the secret, and name a Terraform variable in its place.',
      next: 'sluice check',
    });
  }
}

function refuseChanges({ stack, configuration }: Bundle, changes: number): void {
  if (changes > 0 && configuration['resource'] === undefined) {
    throw new UsageError({
      what: `${stack} is not empty: its state has ${String(changes)} resource(s).`,
      why: 'A baseline without resources says that nothing of the stack is live yet.',
      fix: 'Record what is live: leave --empty away.',
      next: `sluice baseline ${stack} --dry-run --reason "first release"`,
    });
  }
  if (changes > 0) {
    throw new UsageError({
      what: `A baseline of ${stack} would change ${String(changes)} resource(s) at Cloudflare.`,
      why: 'A baseline records what is live; what changes something is a change and goes through the gate.',
      fix: 'Import what exists and correct the code until the plan is empty. Where nothing of the stack is live yet: --empty.',
      next: `sluice plan ${stack}`,
    });
  }
}
