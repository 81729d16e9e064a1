/**
 * The lock of a state in object storage outlives the run that took it: Terraform's own S3 backend, as the stacks use it,
 * against a local store that knows the few requests it makes.
 */
import { spawn } from 'node:child_process';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { createTerraform } from '../../../scripts/adapters/terraform/terraform.ts';
import { ExternalError } from '../../../scripts/contract/errors.ts';
import { rejection, tempFolder, writeFiles } from '../files/temp-folder.ts';

interface ObjectStore {
  readonly url: string;
  readonly objects: ReadonlyMap<string, Buffer>;
}

/** Gets, puts, deletes, and refuses to put where `If-None-Match: *` finds something. */
async function objectStore(): Promise<ObjectStore> {
  const objects = new Map<string, Buffer>();
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const [path = ''] = (request.url ?? '').split('?');
    const body = await bodyOf(request);
    const there = objects.get(path);
    if (request.method === 'PUT') {
      const isTaken = request.headers['if-none-match'] === '*' && there !== undefined;
      objects.set(path, isTaken ? there : body);
      response.writeHead(isTaken ? 412 : 200, { etag: '"1"' }).end();
    } else if (request.method === 'DELETE') {
      objects.delete(path);
      response.writeHead(204).end();
    } else if (path === '/state') {
      response.end('<ListBucketResult><Name>state</Name></ListBucketResult>');
    } else {
      response.writeHead(there === undefined ? 404 : 200, { etag: '"1"' });
      response.end(request.method === 'GET' ? there : undefined);
    }
  };
  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`, objects };
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) {
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks);
}

async function stackIn(url: string): Promise<string> {
  const folder = await tempFolder();
  const s3 = {
    bucket: 'state',
    key: 'acme.tfstate',
    region: 'auto',
    use_lockfile: true,
    use_path_style: true,
    endpoints: { s3: url },
    skip_credentials_validation: true,
    skip_metadata_api_check: true,
    skip_region_validation: true,
    skip_requesting_account_id: true,
    skip_s3_checksum: true,
  };
  await writeFiles(folder, {
    'cdk.tf.json': JSON.stringify({
      resource: { terraform_data: { a: { input: 'one' } } },
      terraform: { backend: { s3 } },
    }),
  });
  return folder;
}

const credentials = { AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'key' };
const environment = {
  PATH: process.env['PATH'],
  HOME: process.env['HOME'],
  CHECKPOINT_DISABLE: '1',
  ...credentials,
};

/** A real apply that holds the lock while it waits for an answer, and is killed there. */
async function killedApply(folder: string): Promise<void> {
  const child = spawn('terraform', ['apply'], {
    cwd: folder,
    env: environment,
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  await new Promise<void>((resolve) => {
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString('utf8');
      if (said.includes('Enter a value')) {
        resolve();
      }
    });
  });
  const ended = new Promise((resolve) => child.once('close', resolve));
  child.kill('SIGKILL');
  await ended;
}

/** As a person types it, and answers. */
async function unlock(folder: string, id: string): Promise<void> {
  const child = spawn('terraform', [`-chdir=${folder}`, 'force-unlock', id], {
    env: environment,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  child.stdin.end('yes\n');
  expect(await new Promise((resolve) => child.once('close', resolve))).toBe(0);
}

it('that a killed run left is named with who held it and since when, and the command that is said breaks it', async () => {
  const { url, objects } = await objectStore();
  const folder = await stackIn(url);
  const terraform = createTerraform({
    secrets: [],
    environment: process.env,
    lockTimeoutSeconds: 1,
    credentials,
  });
  await terraform.init(folder);
  await killedApply(folder);
  expect([...objects.keys()]).toEqual(['/state/acme.tfstate.tflock']);

  const error = await rejection(terraform.plan(folder, join(folder, 'plan.tfplan')));
  expect(error).toBeInstanceOf(ExternalError);
  const { what, why, fix } = (error as ExternalError).parts;
  expect(what).toMatch(/^the state of .+ is locked: held by \S+@\S+ for OperationTypeApply since 20\d\d-/);
  expect(why).not.toContain('-lock=false');
  expect(fix).toContain('if that run was killed and cannot come back');
  const [, id = ''] = /: terraform -chdir=\S+ force-unlock ([\da-f-]{36})$/.exec(fix ?? '') ?? [];
  await unlock(folder, id);
  await terraform.plan(folder, join(folder, 'plan.tfplan'));
  expect([...objects.keys()]).toEqual([]);
});
