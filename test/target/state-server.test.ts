/** What Terraform's S3 backend says of the server of the states, and what to do about it. */
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTerraform } from '../../scripts/adapters/terraform/terraform.ts';
import { ExternalError } from '../../scripts/contract/errors.ts';
import type { Terraform } from '../../scripts/contract/ports.ts';
import { rejection, tempFolder, writeFiles } from '../adapters/files/temp-folder.ts';
import { bucket, isMissing, startS3Server, type S3Server } from './s3-server.ts';

const lock = {
  ID: '8d6ed3d2-3c1f-4f0e-8a4b-2f1c6d7e9a10',
  Operation: 'OperationTypeApply',
  Info: '',
  Who: 'runner@release-7',
  Version: '1.11.4',
  Created: '2026-11-24T20:10:00Z',
  Path: `${bucket}/acme.tfstate`,
};

describe.skipIf(isMissing())('the server of the states', () => {
  let server: S3Server;
  beforeAll(async () => {
    server = await startS3Server();
  });
  afterAll(() => server.close());

  const terraformWith = (credentials: Readonly<Record<string, string>>): Terraform =>
    createTerraform({
      secrets: [],
      environment: { PATH: process.env['PATH'] },
      lockTimeoutSeconds: 1,
      credentials,
      places: { AWS_ENDPOINT_URL_S3: server.url },
    });
  const terraform = (): Terraform =>
    terraformWith({ AWS_ACCESS_KEY_ID: 'id-of-the-test', AWS_SECRET_ACCESS_KEY: 'key-of-the-test' });

  async function stackIn(name: string): Promise<string> {
    const folder = await tempFolder();
    const s3 = {
      bucket: name,
      key: 'acme.tfstate',
      region: 'auto',
      use_lockfile: true,
      use_path_style: true,
      skip_credentials_validation: true,
      skip_metadata_api_check: true,
      skip_region_validation: true,
      skip_requesting_account_id: true,
    };
    await writeFiles(folder, {
      'cdk.tf.json': JSON.stringify({
        resource: { terraform_data: { a: { input: 'one' } } },
        terraform: { backend: { s3 } },
      }),
    });
    return folder;
  }

  async function partsOf(work: Promise<unknown>): Promise<ExternalError['parts']> {
    const error = await rejection(work);
    expect(error).toBeInstanceOf(ExternalError);
    return (error as ExternalError).parts;
  }

  it('keeps one run out while another holds the lock, and says whose it is', async () => {
    const folder = await stackIn(bucket);
    await terraform().init(folder);
    await server.put('acme.tfstate.tflock', JSON.stringify(lock));
    const { what, why, fix } = await partsOf(terraform().plan(folder, join(folder, 'plan.tfplan')));
    expect(what).toContain('is locked: held by runner@release-7 for OperationTypeApply since 2026-11-24');
    expect(fix).toContain(`force-unlock ${lock.ID}`);
    expect(why).not.toContain('-lock=false');
    expect(await server.keys()).toEqual(['acme.tfstate.tflock']);
  });

  it('without key pair, says which names to set', async () => {
    const { fix } = await partsOf(terraformWith({}).init(await stackIn(bucket)));
    expect(fix).toContain('set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY');
  });

  it('without the bucket, says the command that makes it, at the first look and later', async () => {
    const folder = await stackIn(bucket);
    await terraform().init(folder);
    await server.removeBucket();
    const next = `aws --endpoint-url ${server.url} s3 mb s3://${bucket}`;
    const later = await partsOf(terraform().plan(folder, join(folder, 'plan.tfplan')));
    const first = await partsOf(terraform().init(await stackIn(bucket)));
    expect([later.next, first.next]).toEqual([next, next]);
    expect(first.fix).toContain('nothing was changed');
  });
});
