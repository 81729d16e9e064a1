/**
 * The folder in which Terraform runs for one stack: the canonical bundle as it was approved, and in the sandbox one
 * override file that replaces the backend by local state. The bundle itself is never edited, so that the digest on
 * disk is the digest that was approved.
 */
import type { Services } from '../../contract/context.ts';
import { DeniedError } from '../../contract/errors.ts';
import { onServer } from '../../plan/terraform/backend.ts';
import { bundleText } from '../../plan/bundle.ts';
import { dangersOf } from '../../plan/dangers/dangers.ts';
import { canonicalJson } from '../../json/json.ts';
import { backendOf } from '../../plan/settings.ts';
import type { Bundle, JsonObject } from '../../plan/types.ts';
import type { CloudflareReader, Terraform } from '../../contract/ports.ts';
import { clearDeadPlans } from './run-folder.ts';
import { servedSandbox } from './served-sandbox.ts';
import type { ReleaseTarget } from '../types.ts';

/** Where Sluice keeps its working data below a repository; a rehearsal has one of its own in a temporary folder. */
export interface Workshop {
  readonly root: string;
  readonly target: ReleaseTarget;
  /** For what nobody approved yet: Terraform runs in a cell, where the machine allows one. */
  readonly confined: boolean;
}

export function sandboxStore(workshop: Workshop): string {
  return `${workshop.root}/sandbox`;
}

/** Writes the configuration of the stack and initialises Terraform in it. Returns the folder. */
export async function prepareFolder(
  services: Services,
  workshop: Workshop,
  terraform: Terraform,
  bundle: Bundle,
): Promise<string> {
  refuseDangers(bundle);
  const folder = `${workshop.root}/work/${bundle.stack}`;
  await clearForeignFiles(services, folder);
  await services.files.writeText(`${folder}/cdk.tf.json`, bundleText(bundle));
  const override = `${folder}/sluice_override.tf.json`;
  const backend = otherBackend(services, workshop.target, bundle);
  if (workshop.target === 'sandbox') {
    await services.files.writeText(`${workshop.root}/state/${bundle.stack}/.keep`, '');
  }
  if (backend !== null) {
    await services.files.writeText(override, `${JSON.stringify({ terraform: { backend } }, null, 2)}\n`);
  } else if (await services.files.exists(override)) {
    await services.files.remove(override);
  }
  await initialise(services, terraform, { folder, bundle, target: workshop.target, backend });
  return folder;
}

/** Before Terraform may so much as plan: what it would run or read must be known to be harmless. Nothing waives this. */
function refuseDangers(bundle: Bundle): void {
  const dangers = dangersOf(bundle.configuration);
  if (dangers.length > 0) {
    throw new DeniedError({
      what: `${bundle.stack} holds what Terraform must not even plan: ${String(dangers.length)} place(s).`,
      diagnostics: dangers.map(({ place, what }) => ({ message: `${place}: ${what}` })),
      why: 'Terraform runs it while it plans, with the credentials of the release, or would publish a secret.',
      fix: 'Take the block or call out and write the value itself or a reference to another resource; hand a secret only to arguments that are kept secret.',
      next: `sluice check ${bundle.stack}`,
    });
  }
}

const ownFiles: ReadonlySet<string> = new Set([
  'cdk.tf.json',
  'sluice_override.tf.json',
  '.terraform.lock.hcl',
  'terraform.tfstate',
  // What Terraform could not save: a person needs it to finish the apply.
  'errored.tfstate',
]);

/** Terraform reads every file of its folder. One that was left there by somebody else would become part of the release. */
async function clearForeignFiles(services: Services, folder: string): Promise<void> {
  if (!(await services.files.exists(folder))) {
    return;
  }
  for (const path of await services.files.list(folder)) {
    if (!ownFiles.has(path) && !path.startsWith('.terraform/')) {
      await services.files.remove(`${folder}/${path}`);
    }
  }
}

/**
 * The working folder is Sluice's own. A commit that carries files into it could plant a provider, a state or a proof.
 * `ref` is the commit that is about to be used.
 */
export async function refuseTrackedWorkFolder(services: Services, ref: string): Promise<void> {
  const planted = await services.git.pathsAt(ref, '.sluice');
  if (planted.length > 0) {
    throw new DeniedError({
      what: `${ref.slice(0, 12)} carries files into the working folder of Sluice: ${planted.slice(0, 3).join(', ')}.`,
      why: 'Terraform and the gate would take them for their own.',
      fix: 'Remove .sluice from the repository and ignore it.',
      next: 'git rm -r --cached .sluice',
    });
  }
}

/** `terraform init` answers to providers, modules and backend only; with the same ones it need not run again. */
async function initialise(
  services: Services,
  terraform: Terraform,
  done: Readonly<{ folder: string; bundle: Bundle; target: ReleaseTarget; backend: JsonObject | null }>,
): Promise<void> {
  const { terraform: settings = {}, provider = {}, module = {} } = done.bundle.configuration;
  const version = await terraform.version();
  const { target, backend } = done;
  const needs = `${canonicalJson({ settings, provider, module, target, backend, ...version })}\n`;
  const marker = `${done.folder}/.terraform/sluice-initialised.json`;
  if ((await services.files.exists(marker)) && (await services.files.readText(marker)) === needs) {
    return;
  }
  await terraform.init(done.folder);
  await services.files.writeText(marker, needs);
}

/**
 * The backend that takes the place of the bundle's, null where the bundle's own is used: a local one in the sandbox, or another
 * server with the same bucket and key. Terraform merges `*_override.tf.json` over the configuration; a backend block in it
 * replaces the original whole.
 */
function otherBackend(services: Services, target: ReleaseTarget, bundle: Bundle): JsonObject | null {
  if (target === 'sandbox') {
    return { local: { path: `../../state/${bundle.stack}/terraform.tfstate` } };
  }
  const server = services.stateServer();
  return server === null ? null : onServer(backendOf(bundle.configuration), server);
}

/** One Cloudflare, from both sides: Terraform, which changes it, and its API, which tells what is there. */
export interface WorkspaceReach {
  readonly terraform: Terraform;
  readonly cloudflare: CloudflareReader;
}

/**
 * Runs `work` with a Terraform and a reader for the target: Cloudflare itself, a sandbox that is being served, or one that is
 * started beside the work.
 */
export async function withTerraform<T>(
  services: Services,
  workshop: Workshop,
  work: (reach: WorkspaceReach) => Promise<T>,
  beforeRequest?: () => Promise<void>,
): Promise<T> {
  const pace = beforeRequest === undefined ? {} : { beforeRequest };
  await refuseTrackedWorkFolder(services, await services.git.headSha());
  if (workshop.target === 'cloudflare') {
    const reach = {
      terraform: services.terraform({ target: 'cloudflare', reattach: null, cell: null }),
      cloudflare: services.cloudflare({ target: 'cloudflare', ...pace }),
    };
    return work(await tidied(services, workshop, reach));
  }
  const served = await servedSandbox(services, sandboxStore(workshop));
  if (served !== null) {
    return work(await tidied(services, workshop, reachOf(services, workshop, { ...served, ...pace })));
  }
  const { startSandbox } = await import('../../sandbox/provider/server.ts');
  const sandbox = await startSandbox({
    folder: sandboxStore(workshop),
    terraformFolders: [`${workshop.root}/work`, `${workshop.root}/state`],
    now: () => services.clock.now(),
  });
  try {
    return await work(await tidied(services, workshop, reachOf(services, workshop, { ...sandbox, ...pace })));
  } finally {
    await sandbox.close();
  }
}

/** The same for a command that may refuse before it needs a Terraform: only what Terraform once wrote is read. */
export async function tidy(services: Services, workshop: Workshop): Promise<void> {
  const reading = services.terraform({ target: 'sandbox', reattach: null, cell: null });
  await clearDeadPlans(services, workshop, reading);
}

/** What a command that was killed had no time to remove goes before the next one does anything. */
async function tidied(
  services: Services,
  workshop: Workshop,
  reach: WorkspaceReach,
): Promise<WorkspaceReach> {
  await clearDeadPlans(services, workshop, reach.terraform);
  return reach;
}

function reachOf(
  services: Services,
  workshop: Workshop,
  sandbox: {
    readonly reattach: string;
    readonly api: string;
    readonly socketFolder: string;
    readonly beforeRequest?: () => Promise<void>;
  },
): WorkspaceReach {
  const { reattach, api, socketFolder, ...pace } = sandbox;
  const cell = workshop.confined ? [workshop.root, socketFolder] : null;
  return {
    terraform: services.terraform({ target: 'sandbox', reattach, cell }),
    cloudflare: services.cloudflare({
      target: 'sandbox',
      api,
      ...(pace.beforeRequest === undefined ? {} : { beforeRequest: pace.beforeRequest }),
    }),
  };
}
