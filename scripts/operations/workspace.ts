/**
 * The folder in which Terraform runs for one stack: the canonical bundle as it was approved, and in the sandbox one
 * override file that replaces the backend by local state. The bundle itself is never edited, so that the digest on
 * disk is the digest that was approved.
 */
import type { Services } from '../context.ts';
import { bundleText } from '../plan/bundle.ts';
import { canonicalJson } from '../plan/json.ts';
import type { Bundle } from '../plan/types.ts';
import type { Terraform } from '../ports.ts';
import type { Target } from '../release/types.ts';

/** Where Sluice keeps its working data below a repository; a rehearsal has one of its own in a temporary folder. */
export interface Workshop {
  readonly root: string;
  readonly target: Target;
  /** Where the sandbox keeps the provider's schemas, which are the same for every workshop. */
  readonly schemas: string;
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
  const folder = `${workshop.root}/work/${bundle.stack}`;
  await services.files.writeText(`${folder}/cdk.tf.json`, bundleText(bundle));
  const override = `${folder}/sluice_override.tf.json`;
  if (workshop.target === 'sandbox') {
    await services.files.writeText(`${workshop.root}/state/${bundle.stack}/.keep`, '');
    await services.files.writeText(override, localBackend(bundle.stack));
  } else if (await services.files.exists(override)) {
    await services.files.remove(override);
  }
  await initialise(services, terraform, { folder, bundle, target: workshop.target });
  return folder;
}

/** `terraform init` answers to providers, modules and backend only; with the same ones it need not run again. */
async function initialise(
  services: Services,
  terraform: Terraform,
  done: { readonly folder: string; readonly bundle: Bundle; readonly target: Target },
): Promise<void> {
  const { terraform: settings = {}, provider = {}, module = {} } = done.bundle.configuration;
  const version = await terraform.version();
  const needs = `${canonicalJson({ settings, provider, module, target: done.target, ...version })}\n`;
  const marker = `${done.folder}/.terraform/sluice-initialised.json`;
  if ((await services.files.exists(marker)) && (await services.files.readText(marker)) === needs) {
    return;
  }
  await terraform.init(done.folder);
  await services.files.writeText(marker, needs);
}

/** Terraform merges `*_override.tf.json` over the configuration; a backend block in it replaces the original whole. */
function localBackend(stack: string): string {
  const backend = { local: { path: `../../state/${stack}/terraform.tfstate` } };
  return `${JSON.stringify({ terraform: { backend } }, null, 2)}\n`;
}

/** Runs `work` with a Terraform for the target: with a sandbox server beside it, or against Cloudflare itself. */
export async function withTerraform<T>(
  services: Services,
  workshop: Workshop,
  work: (terraform: Terraform) => Promise<T>,
): Promise<T> {
  if (workshop.target === 'cloudflare') {
    return work(services.terraform({ target: 'cloudflare', reattach: null }));
  }
  const { startSandbox } = await import('../sandbox/server.ts');
  const sandbox = await startSandbox({
    folder: sandboxStore(workshop),
    schemaFolder: workshop.schemas,
    now: () => services.clock.now(),
  });
  try {
    return await work(services.terraform({ target: 'sandbox', reattach: sandbox.reattach }));
  } finally {
    await sandbox.close();
  }
}
