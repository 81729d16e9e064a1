/**
 * An S3 server that is not ours: moto's, from PyPI (`requirements.txt`), a process of its own on a free port of this machine. `npm run test:target`
 * and .ci/run install it; anywhere else the tests that need it say that they did not run.
 */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { StateServer } from '../release/run/cloudflare-world.ts';

/** Path of the program, named by the environment for tests only. */
const program = process.env['SLUICE_TEST_S3_SERVER'] ?? 'moto_server';

/** Whether the tests that need it have to be left out; said loudly, because what was not tested was not found right either. */
export function isMissing(): boolean {
  const { error, status } = spawnSync(program, ['--help'], { stdio: 'ignore' });
  const isThere = error === undefined && status === 0;
  if (!isThere) {
    process.stderr.write(
      'WARNING: moto is not installed, so --target cloudflare is NOT TESTED with an S3 server; run: npm run test:target\n',
    );
  }
  return !isThere;
}

export interface S3Server {
  readonly url: string;
  /** Keys of the objects in the bucket. */
  keys(): Promise<readonly string[]>;
  put(key: string, text: string): Promise<void>;
  text(key: string): Promise<string>;
  /** With all that is in it. */
  removeBucket(): Promise<void>;
  close(): Promise<void>;
}

export const bucket = 'estate-states';

/** Started, with one empty bucket. */
export async function startS3Server(): Promise<S3Server> {
  const child = spawn(program, ['-H', '127.0.0.1', '-p', '0'], { stdio: ['ignore', 'pipe', 'pipe'] });
  const url = await addressOf(child);
  const send = async (path: string, init: RequestInit = {}): Promise<string> => {
    const response = await fetch(`${url}/${bucket}${path}`, { ...init, headers: signed });
    const text = await response.text();
    if (!response.ok) {
      throw new Error(`${init.method ?? 'GET'} ${path}: ${String(response.status)} ${text}`);
    }
    return text;
  };
  const keys = async (): Promise<readonly string[]> =>
    [...(await send('')).matchAll(/<Key>([^<]+)<\/Key>/g)].map(([, key = '']) => key);
  await send('', { method: 'PUT' });
  return {
    url,
    keys,
    put: async (key, text) => void (await send(`/${key}`, { method: 'PUT', body: text })),
    text: async (key) => send(`/${key}`),
    removeBucket: async () => {
      for (const key of await keys()) {
        await send(`/${key}`, { method: 'DELETE' });
      }
      await send('', { method: 'DELETE' });
    },
    close: async () => {
      const ended = new Promise((resolve) => child.once('close', resolve));
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/** It asks for a signature and checks none; in any other region it wants a place for the bucket. */
const signed = { authorization: 'AWS4-HMAC-SHA256 Credential=id/20261124/us-east-1/s3/aws4_request' };

async function addressOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = '';
    const read = (chunk: Buffer): void => {
      said += chunk.toString('utf8');
      const [, url] = /Running on (http:\/\/127\.0\.0\.1:\d+)/.exec(said) ?? [];
      if (url !== undefined) {
        resolve(url);
      }
    };
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
    child.once('error', reject);
    child.once('close', () => reject(new Error(`the S3 server ended: ${said}`)));
  });
}

/** The backend of the estate in the example, on a server that does not exist. */
const backend = `bucket: '${bucket}', key: name + '.tfstate', region: 'auto',
    endpoints: { s3: 'https://nobody.r2.cloudflarestorage.invalid' },
    usePathStyle: true, skipCredentialsValidation: true, skipMetadataApiCheck: true,
    skipRegionValidation: true, skipRequestingAccountId: true, skipS3Checksum: true,`;

/** For a world whose states are here, and whose code names another server. */
export function stateServer(server: S3Server): StateServer {
  return {
    environment: {
      AWS_ENDPOINT_URL_S3: server.url,
      AWS_ACCESS_KEY_ID: 'id-of-the-test',
      AWS_SECRET_ACCESS_KEY: 'key-of-the-test',
      AWS_REQUEST_CHECKSUM_CALCULATION: 'when_required',
      AWS_RESPONSE_CHECKSUM_VALIDATION: 'when_required',
    },
    moveIn: async (clone) => {
      const main = clone.read('stacks/main.ts');
      const declared = /new S3Backend\(stack, \{[^}]*\}\);/;
      clone.write(
        'stacks/main.ts',
        main.replace(declared, `new S3Backend(stack, { ${backend} }).addOverride('use_lockfile', true);`),
      );
      for (const stack of ['acme-production', 'acme-staging']) {
        const path = join(clone.folder, '.sluice/state', stack, 'terraform.tfstate');
        await server.put(`${stack}.tfstate`, readFileSync(path, 'utf8'));
      }
    },
  };
}
