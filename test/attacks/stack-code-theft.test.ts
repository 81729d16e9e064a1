/**
 * Stack code plays the thief: it looks for secrets in every place that a process of the same user can read, writes where it
 * should not, and calls out. Played with the real launcher, with marked secrets in the environment that it is started with,
 * and with a process beside it that was started with others; where the machine makes namespaces, and where it does not.
 */
import { spawn, spawnSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, delimiter, dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { git } from '../workflows/run-step.ts';
import { allForms } from './marked-secret.ts';

const root = new URL('../..', import.meta.url).pathname;
const launcher = join(root, 'scripts/launch.mjs');
const folder = realpathSync(mkdtempSync(join(tmpdir(), 'sluice-theft-')));
const home = join(folder, 'home');
const estate = join(folder, 'estate');
/** Where only the system writes. */
const ofSystem = `/usr/${basename(folder)}.txt`;
const marker = 'K7mark-of-the-tokens-Zq4';

/** Takes whatever can be had and puts it into the configuration, into its output and into an error. */
const thief = `
import * as fs from 'node:fs';
import { mkdirSync, writeFileSync } from 'node:fs';
const loot: string[] = [];
const attempt = (what: string, work: () => unknown): void => {
  try { loot.push(what + '=' + String(work())); } catch (error) { loot.push(what + ' failed'); }
};
// Of processes of this test only: what is read is shown when the test fails.
attempt('processes', () => fs.readdirSync('/proc').length);
for (const pid of [String(process.ppid), 'BESIDE', 'self']) {
  attempt('environ', () => fs.readFileSync('/proc/' + pid + '/environ', 'latin1'));
  attempt('cmdline', () => fs.readFileSync('/proc/' + pid + '/cmdline', 'latin1'));
  attempt('cwd', () => fs.readdirSync('/proc/' + pid + '/root/').join());
}
for (const path of ['ESTATE/stacks/lead/kept.txt', 'ESTATE/stacks/../.env', 'HOME/.netrc', 'HOME/.terraform.d/credentials.tfrc.json', 'ESTATE/.env', 'ESTATE/.git/config', 'OUTSIDE/kept.txt']) {
  attempt(path, () => fs.readFileSync(path, 'utf8'));
}
for (const path of ['OUTSIDE/written.txt', 'ESTATE/written.txt', 'ESTATE/stacks/written.txt', 'ESTATE/stacks/lead/written.txt', 'SYSTEM', 'HOME/written.txt']) {
  attempt(path, () => fs.writeFileSync(path, 'was here'));
}
// Past the guard, which looks at what JavaScript calls: the bindings below it.
attempt('link', () => {
  fs.symlinkSync('/proc/' + process.ppid, process.env['CDKTF_OUTDIR'] + '/parent');
  return fs.readFileSync(process.env['CDKTF_OUTDIR'] + '/parent/environ', 'latin1');
});
attempt('spawn', () => {
  const { Process } = (process as any).binding('process_wrap');
  const child = new Process();
  return child.spawn({ file: '/bin/sh', args: ['sh', '-c', 'echo was here > OUTSIDE/spawned.txt; cat /proc/BESIDE/environ > OUTSIDE/loot.txt'], stdio: [] });
});
attempt('socket', () => {
  const { TCP, TCPConnectWrap } = (process as any).binding('tcp_wrap');
  return new TCP(0).connect(new TCPConnectWrap(), '127.0.0.1', PORT);
});
const text = loot.join('\\n');
const out = process.env['CDKTF_OUTDIR'] ?? '';
mkdirSync(out + '/stacks/acme', { recursive: true });
const encoded = { plain: text, base64: Buffer.from(text).toString('base64'), hex: Buffer.from(text).toString('hex') };
writeFileSync(out + '/stacks/acme/cdk.tf.json', JSON.stringify({ output: { loot: { value: encoded } } }));
writeFileSync(out + '/manifest.json', JSON.stringify({ version: '1', stacks: { acme: { name: 'acme', annotations: [] } } }));
console.log(encoded.base64);
if (process.env['THROWS'] !== undefined) throw new Error(text);
`;

const honest = `
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
const value = readFileSync('stacks/data.txt', 'utf8');
const out = process.env['CDKTF_OUTDIR'] ?? '';
mkdirSync(out + '/stacks/acme', { recursive: true });
writeFileSync(out + '/stacks/acme/cdk.tf.json', JSON.stringify({ output: { said: { value } } }));
writeFileSync(out + '/manifest.json', JSON.stringify({ version: '1', stacks: { acme: { name: 'acme', annotations: [] } } }));
`;

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

function findProgram(name: string): readonly string[] {
  return (process.env['PATH'] ?? '')
    .split(delimiter)
    .map((part) => join(part, name))
    .filter((candidate) => existsSync(candidate));
}

/** Everything below a folder as one text, names included. */
function everythingIn(path: string): string {
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => `${entry.name}\n${readFileSync(join(entry.parentPath, entry.name), 'latin1')}`)
    .join('\n');
}

/** Programs for a machine that makes no namespaces: without `unshare` nobody can ask for them. */
const fewPrograms = join(folder, 'few');

function run(
  program: string,
  env: Readonly<Record<string, string>> = {},
  path: string = process.env['PATH'] ?? '',
): { readonly status: number | null; readonly said: string } {
  write(join(estate, 'stacks/main.ts'), program);
  const done = spawnSync(process.execPath, [launcher, 'synth', '--out', '.sluice/bundles'], {
    cwd: estate,
    encoding: 'utf8',
    env: { PATH: path, HOME: home, ...env },
  });
  return { status: done.status, said: `${done.stdout}${done.stderr}` };
}

const secrets = {
  CLOUDFLARE_API_TOKEN: marker,
  SLUICE_GITHUB_TOKEN: `${marker}-2`,
  AWS_SECRET_ACCESS_KEY: `${marker}-3`,
};

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe.each([
  ['in namespaces of its own', process.env['PATH'] ?? ''],
  ['under the permission model of Node alone', fewPrograms],
])('stack code that looks for secrets %s', (_name, path) => {
  const beside = spawn('sleep', ['600'], {
    env: { PATH: process.env['PATH'], OTHER_TOKEN: marker },
    stdio: 'ignore',
  });
  const visitors: string[] = [];
  const server = createServer((socket) => {
    visitors.push('somebody');
    socket.end();
  });
  let stolen = '';

  beforeAll(async () => {
    write(join(home, '.netrc'), `machine example login x password ${marker}`);
    write(join(home, '.terraform.d/credentials.tfrc.json'), JSON.stringify({ token: marker }));
    write(join(folder, 'outside/kept.txt'), marker);
    write(join(estate, '.env'), `TOKEN=${marker}`);
    write(join(estate, 'package.json'), '{ "type": "module" }');
    write(join(estate, 'stacks/data.txt'), 'from a file of its own');
    mkdirSync(fewPrograms, { recursive: true });
    for (const program of ['node', 'git', 'sh']) {
      const [real = ''] = findProgram(program);
      rmSync(join(fewPrograms, program), { force: true });
      symlinkSync(real, join(fewPrograms, program));
    }
    symlinkSync(join(folder, 'outside'), join(estate, 'stacks/lead'));
    write(join(estate, '.gitignore'), '.sluice\nnode_modules\n.env\n');
    git(estate, 'init', '--quiet');
    git(estate, 'config', 'remote.origin.url', `https://x:${marker}@example.test/estate.git`);
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    stolen = thief
      .replaceAll('HOME/', `${home}/`)
      .replaceAll('ESTATE/', `${estate}/`)
      .replaceAll('OUTSIDE/', `${folder}/outside/`)
      .replaceAll('SYSTEM', ofSystem)
      .replaceAll('BESIDE', String(beside.pid))
      .replaceAll('PORT', String((server.address() as AddressInfo).port));
  });

  afterAll(() => {
    beside.kill();
    server.close();
    rmSync(ofSystem, { force: true });
    rmSync(estate, { recursive: true, force: true });
    rmSync(home, { recursive: true, force: true });
  });

  it('finds none: not in what it leaves, not in what is said', () => {
    const { status, said } = run(stolen, secrets, path);
    expect([status, said]).toEqual([0, expect.stringContaining('acme.tf.json')]);
    const left = `${said}\n${everythingIn(join(estate, '.sluice'))}`;
    expect(left).toContain('environ');
    for (const form of allForms(marker)) {
      expect(left).not.toContain(form);
    }
  });

  it('finds none for the error that it throws', () => {
    const { status, said } = run(
      stolen.replace("process.env['THROWS'] !== undefined", 'true'),
      secrets,
      path,
    );
    expect(status).toBe(3);
    for (const form of allForms(marker)) {
      expect(said).not.toContain(form);
    }
  });

  it('writes nowhere but into its own output, starts nothing outside of its cell, and calls nobody', () => {
    run(stolen, secrets, path);
    expect(readdirSync(join(folder, 'outside'))).toEqual(['kept.txt']);
    expect(existsSync(join(estate, 'written.txt'))).toBe(false);
    expect(existsSync(join(estate, 'stacks/written.txt'))).toBe(false);
    expect(existsSync(ofSystem)).toBe(false);
    expect(readdirSync(home).toSorted()).toEqual(['.netrc', '.terraform.d']);
    expect(visitors).toEqual([]);
  });

  it('is built when it is honest, from files of the checkout', () => {
    const { status, said } = run(honest, secrets, path);
    expect(status).toBe(0);
    expect(said.includes('are not kept from the network')).toBe(path === fewPrograms);
    expect(readFileSync(join(estate, '.sluice/bundles/acme.tf.json'), 'utf8')).toContain(
      'from a file of its own',
    );
  });
});
