/**
 * Where state is kept. `r2`: Cloudflare R2 through its S3 interface, with a lock object beside the state. `local`: a
 * relative file next to the bundle, for work without a network. Chosen by `context.backend` in cdktf.json; there is no
 * third way and no default inside the code, and no credential or absolute path ever enters a bundle.
 */
import { LocalBackend, S3Backend, type TerraformStack } from 'cdktf';
import { accounts } from './accounts.ts';
import { EstateError } from './constructs/estate-error.ts';

export interface StateLocation {
  readonly client: string;
  readonly environment: 'production' | 'staging' | 'account';
}

const stateBucket = 'sluice-terraform-state';

/** Declares the backend that the app's context asks for; refuses an unknown or absent choice. */
export function declareBackend(stack: TerraformStack, location: StateLocation): void {
  const kind: unknown = stack.node.tryGetContext('backend');
  switch (kind) {
    case 'r2':
      declareR2(stack, location);
      return;
    case 'local':
      new LocalBackend(stack, { path: 'terraform.tfstate' });
      return;
    default:
      throw new EstateError(
        stack.node.id,
        `context "backend" is ${kind === undefined ? 'not set' : JSON.stringify(kind)}`,
        'Set context.backend in cdktf.json to "r2" or "local"',
      );
  }
}

function declareR2(stack: TerraformStack, { client, environment }: StateLocation): void {
  const backend = new S3Backend(stack, {
    bucket: stateBucket,
    key: `${client}/${environment}.tfstate`,
    region: 'auto',
    endpoints: { s3: `https://${accounts.platform}.r2.cloudflarestorage.com` },
    usePathStyle: true,
    // R2 answers none of the AWS-only calls that these settings leave out.
    skipCredentialsValidation: true,
    skipMetadataApiCheck: true,
    skipRegionValidation: true,
    skipRequestingAccountId: true,
    skipS3Checksum: true,
  });
  // Locking by an object beside the state (Terraform and OpenTofu 1.10). Older libraries have no property for it.
  backend.addOverride('use_lockfile', true);
}
