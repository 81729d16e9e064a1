/** The flags that say where proposed bundles come from, for every command that has them. */
import { UsageError } from '../../contract/errors.ts';
import type { BundleSource } from '../../change/proposed-bundles.ts';
import type { ReleaseTarget } from '../../release/types.ts';

export interface BundleFlags {
  readonly bundles?: string;
  readonly ciBundles: boolean;
}

/** The working tree where neither flag is given. */
export function bundleSource({ bundles, ciBundles }: BundleFlags, command: string): BundleSource {
  if (bundles !== undefined && ciBundles) {
    throw new UsageError({
      what: 'The proposed bundles come from one place: a folder or a job without secrets.',
      fix: 'Give either --bundles FOLDER or --ci-bundles.',
      next: `sluice ${command} --help`,
    });
  }
  return bundles === undefined ? { from: ciBundles ? 'ci' : 'tree' } : { from: 'folder', folder: bundles };
}

/** Building the bundles here would run code of the repository in the process that holds the credentials. */
export function refuseSynthesisBesideSecrets(
  target: ReleaseTarget,
  { from }: BundleSource,
  command: string,
): void {
  if (target === 'cloudflare' && from === 'tree') {
    throw new UsageError({
      what: `Against Cloudflare, \`${command}\` builds no bundles itself.`,
      why: 'Stack code would run beside the credentials for Cloudflare and for the state.',
      fix: 'Build them where there are no credentials, and hand them over.',
      next: `sluice synth --twice --out .sluice/bundles && sluice ${command} --target cloudflare --bundles .sluice/bundles`,
    });
  }
}
