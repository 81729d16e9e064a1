/** An apply may take as long as a token lives: what is read and pushed after it must not be refused for that. */
import { execFileSync, spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createClock } from '../../../scripts/adapters/clock.ts';
import { createGit } from '../../../scripts/adapters/git/git.ts';
import { createAppTokens } from '../../../scripts/adapters/github/app-token.ts';
import { createGitHub } from '../../../scripts/adapters/github/github.ts';
import { ExternalError, InputError } from '../../../scripts/contract/errors.ts';
import { buildServices } from '../../../scripts/cli/services.ts';
import { startLocalGitHub, type LocalGitHub } from '../../../scripts/sandbox/github/server.ts';
import { knownValues } from '../../../scripts/secrets/known-values.ts';
import { home } from '../../scenarios/small-estate.ts';
import { rejection } from '../files/temp-folder.ts';

const repository = 'r-okafor/estate';
const clientId = 'Iv1.8a61f9b3a7aba766';
const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const pem = privateKey.export({ type: 'pkcs1', format: 'pem' }).toString();
const minute = 60_000;

let github: LocalGitHub;
let now: number;
const settings = () => ({
  repository,
  baseUrl: github.url,
  appId: null,
  secrets: knownValues([]),
  retryUnitMs: 1,
});
const tokensBy = (key: string) => createAppTokens({ clientId, privateKey: key }, settings(), () => now);

beforeAll(async () => {
  now = Date.now();
  github = await startLocalGitHub({
    users: ['r-okafor', 'sluice-bot'].map((login) => ({ login, name: login })),
    repository,
    now: () => new Date(now).toISOString(),
    environment: process.env,
    app: {
      clientId,
      publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
      login: 'sluice-bot',
    },
  });
});
afterAll(async () => github.close());

describe('a token of the App', () => {
  it('is used again while it lasts, and another is minted before it ends', async () => {
    const source = tokensBy(pem);
    const before = github.appTokens?.minted() ?? 0;
    const [first, same] = await Promise.all([source(), source()]);
    now += 54 * minute;
    const still = await source();
    now += 2 * minute;
    const next = await source();
    expect([same, still, next === first]).toEqual([first, first, false]);
    expect((github.appTokens?.minted() ?? 0) - before).toBe(2);
  });

  it('that has ended is refused, and whoever mints goes on after an hour', async () => {
    const source = tokensBy(pem);
    const held = createGitHub({ ...settings(), token: await source() });
    const fresh = createGitHub({ ...settings(), token: source });
    expect([await held.openPulls(), await fresh.openPulls()]).toEqual([[], []]);
    now += 61 * minute;
    const refused = await rejection(held.openPulls());
    expect((refused as ExternalError).parts.why).toContain('It answered 401: Bad credentials');
    expect(await fresh.openPulls()).toEqual([]);
  });

  it('is asked for anew after GitHub did not answer', async () => {
    const source = createAppTokens({ clientId: 'Iv1.another', privateKey: pem }, settings(), () => now);
    expect([await rejection(source()), await rejection(source())]).toEqual([
      expect.any(ExternalError),
      expect.any(ExternalError),
    ]);
  });

  it('needs a key that is one', () => {
    expect(() => tokensBy('-----BEGIN RSA PRIVATE')).toThrow(InputError);
  });

  it('is what a command asks with that has the key of the App and no token', async () => {
    now = Date.now();
    const stream = { write: () => undefined };
    const services = buildServices(
      {
        env: {
          PATH: process.env['PATH'],
          GITHUB_REPOSITORY: repository,
          GITHUB_API_URL: github.url,
          SLUICE_GITHUB_APP_CLIENT_ID: clientId,
          SLUICE_GITHUB_APP_PRIVATE_KEY: pem,
        },
        cwd: home,
        stdout: stream,
        stderr: stream,
        ask: null,
        signal: new AbortController().signal,
      },
      home,
    );
    expect(await (await services.github()).openPulls()).toEqual([]);
  });
});

describe('the push of the ledger over HTTPS', () => {
  let folder: string;
  let server: Server;
  /** What the server takes; a token that has ended is none of it. */
  let good: string;

  beforeAll(async () => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'sluice-app-token-')));
    execFileSync('git', ['init', '--quiet', '--bare', join(folder, 'origin.git')]);
    execFileSync('git', ['-C', join(folder, 'origin.git'), 'config', 'http.receivepack', 'true']);
    execFileSync('git', ['init', '--quiet', '--initial-branch', 'main', join(folder, 'one')]);
    server = serveGit(folder, () => good);
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    const { port } = server.address() as AddressInfo;
    const address = `http://127.0.0.1:${String(port)}/origin.git`;
    execFileSync('git', ['-C', join(folder, 'one'), 'remote', 'add', 'origin', address]);
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
    rmSync(folder, { recursive: true, force: true });
  });
  beforeEach(() => {
    good = 'ghs_first';
  });

  const open = (token?: () => Promise<string>) =>
    createGit({
      folder: join(folder, 'one'),
      clock: createClock(),
      ident: { name: 'ci', email: 'ci@sluice.example' },
      environment: { PATH: process.env['PATH'], SLUICE_GIT_TOKEN: 'ghs_first' },
      ...(token === undefined ? {} : { token }),
    });
  const entry = (name: string) => [{ path: name, text: `${name}\n` }];

  it('is refused with the token that the job began with, and taken with one of now', async () => {
    const begun = await open().publishCommit('releases', null, { message: 'begins', tag: null }, entry('a'));
    // An hour goes by: the apply.
    good = 'ghs_second';
    const late = open().publishCommit('releases', begun, { message: 'ends', tag: null }, entry('b'));
    expect(await rejection(late)).toBeInstanceOf(ExternalError);
    const ended = await open(async () => good).publishCommit(
      'releases',
      begun,
      { message: 'ends', tag: null },
      entry('b'),
    );
    const onOrigin = execFileSync('git', ['-C', join(folder, 'origin.git'), 'rev-parse', 'releases'], {
      encoding: 'utf8',
    });
    expect(onOrigin.trim()).toBe(ended);
  });
});

/** Git's own server (git-http-backend(1)) behind a token. */
function serveGit(root: string, good: () => string): Server {
  const backend = join(execFileSync('git', ['--exec-path'], { encoding: 'utf8' }).trim(), 'git-http-backend');
  return createServer((incoming, outgoing) => {
    const wanted = `Basic ${Buffer.from(`x-access-token:${good()}`).toString('base64')}`;
    if (incoming.headers.authorization !== wanted) {
      outgoing.writeHead(401, { 'www-authenticate': 'Basic realm="GitHub"' }).end();
      return;
    }
    const url = new URL(incoming.url ?? '/', 'http://localhost');
    const child = spawn(backend, [], {
      env: {
        PATH: process.env['PATH'],
        GIT_PROJECT_ROOT: root,
        GIT_HTTP_EXPORT_ALL: '1',
        REMOTE_USER: 'app',
        REQUEST_METHOD: incoming.method,
        PATH_INFO: url.pathname,
        QUERY_STRING: url.search.slice(1),
        CONTENT_TYPE: incoming.headers['content-type'] ?? '',
        HTTP_CONTENT_ENCODING: incoming.headers['content-encoding'] ?? '',
      },
    });
    incoming.pipe(child.stdin);
    const chunks: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.on('close', () => {
      const answer = Buffer.concat(chunks);
      const at = answer.indexOf('\r\n\r\n');
      const lines = answer.subarray(0, at).toString('utf8').split('\r\n');
      const headers = lines.map((line) => line.split(': ') as [string, string]);
      const status = Number(headers.find(([name]) => name === 'Status')?.[1].slice(0, 3) ?? 200);
      outgoing.writeHead(status, Object.fromEntries(headers)).end(answer.subarray(at + 4));
    });
  });
}
