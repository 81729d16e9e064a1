/**
 * Where state is kept. `r2`: Cloudflare R2 through its S3 interface, with a lock object beside the state. `local`: a
 * relative file next to the bundle, for work without a network. Chosen by `context.backend` in cdktf.json; there is no
 * third way and no default inside the code, and no credential or absolute path ever enters a bundle. For `r2` the context
 * names the account and the bucket as well: they are the estate's, not the product's.
 */
import { LocalBackend, S3Backend, type TerraformStack } from 'cdktf';
import { EstateError } from './checks/estate-error.ts';

export interface StateLocation {
  readonly client: string;
  readonly environment: 'production' | 'staging' | 'account';
}

const accountIdentifier = /^[0-9a-f]{32}$/;
/** As Cloudflare takes bucket names: https://developers.cloudflare.com/r2/buckets/create-buckets/ */
const bucketName = /^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/;

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
  const account = contextOf(
    stack,
    'stateAccount',
    accountIdentifier,
    'the id of the account that keeps the state',
  );
  const backend = new S3Backend(stack, {
    bucket: contextOf(stack, 'stateBucket', bucketName, 'the name of the bucket that keeps the state'),
    key: `${client}/${environment}.tfstate`,
    region: 'auto',
    endpoints: { s3: `https://${account}.r2.cloudflarestorage.com` },
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

function contextOf(stack: TerraformStack, name: string, form: RegExp, meaning: string): string {
  const value: unknown = stack.node.tryGetContext(name);
  if (typeof value === 'string' && form.test(value)) {
    return value;
  }
  throw new EstateError(
    stack.node.id,
    `context "${name}" is ${value === undefined ? 'not set' : JSON.stringify(value)}`,
    `Set context.${name} in cdktf.json to ${meaning}`,
  );
}
