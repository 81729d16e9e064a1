/** The app as a program: what `cdktf.json` runs. */
import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import settings from '../../cdktf.json' with { type: 'json' };
import { stackNames, synthesizeEstate } from './synthesized-estate.ts';

const run = promisify(execFile);
const folder = mkdtempSync(join(tmpdir(), 'sluice-program-'));
const root = new URL('../..', import.meta.url).pathname;
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function program(output: string, environment: Readonly<Record<string, string>> = {}) {
  const [command = '', ...args] = settings.app.split(' ');
  const outdir = join(folder, output);
  const env = { PATH: process.env['PATH'] ?? '', CDKTF_OUTDIR: outdir, ...environment };
  const result = await run(command, args, { cwd: root, env }).then(
    ({ stderr }) => ({ exitCode: 0, stderr }),
    (error: { code: number; stderr: string }) => ({ exitCode: error.code, stderr: error.stderr }),
  );
  return { ...result, outdir };
}

function bundles(outdir: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    readdirSync(join(outdir, 'stacks'))
      .toSorted()
      .map((name) => [name, readFileSync(join(outdir, 'stacks', name, 'cdk.tf.json'), 'utf8')]),
  );
}

describe('the app', () => {
  it('writes the same bytes for every stack wherever and whenever it runs', async () => {
    const [here, there] = await Promise.all([
      program('one', { TZ: 'UTC', LC_ALL: 'C' }),
      program('two', { TZ: 'Pacific/Auckland', LC_ALL: 'tr_TR.UTF-8', HOME: folder }),
    ]);
    expect(here).toMatchObject({ exitCode: 0, stderr: '' });
    expect(there).toMatchObject({ exitCode: 0 });
    expect(Object.keys(bundles(here.outdir))).toEqual([...stackNames].toSorted());
    expect(bundles(there.outdir)).toEqual(bundles(here.outdir));
    const expected = [...synthesizeEstate()].map(([name, { text }]) => [name, text] as const);
    expect(bundles(here.outdir)).toEqual(Object.fromEntries(expected));
  });

  it('takes the backend from the context of the stock CLI when there is one', async () => {
    const { outdir, exitCode } = await program('local', { CDKTF_CONTEXT_JSON: '{"backend":"local"}' });
    expect(exitCode).toBe(0);
    for (const text of Object.values(bundles(outdir))) {
      expect((JSON.parse(text) as { terraform: object }).terraform).toMatchObject({
        backend: { local: { path: 'terraform.tfstate' } },
      });
    }
  });

  it('refuses a backend that it does not know, in one line, and writes nothing', async () => {
    const { outdir, exitCode, stderr } = await program('unknown', { CDKTF_CONTEXT_JSON: '{"backend":"s3"}' });
    expect(exitCode).toBe(1);
    expect(stderr).toBe(
      'acme-production: context "backend" is "s3". Set context.backend in cdktf.json to "r2" or "local"\n',
    );
    expect(readdirSync(join(outdir, 'stacks'))).toEqual([]);
  });
});

describe('the sources of the stacks', () => {
  const folderOfStacks = join(root, 'stacks');
  const sources = readdirSync(folderOfStacks, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => ({ file, text: readFileSync(join(folderOfStacks, file), 'utf8') }));

  it('use no clock, environment, network or chance', () => {
    const outside =
      /\bDate\b|Math\.random|performance\.|\bfetch\(|process\.env|from 'node:|randomUUID|Intl\.|Symbol\.for/;
    expect(sources.length).toBeGreaterThan(40);
    expect(sources.filter(({ text }) => outside.test(text)).map(({ file }) => file)).toEqual([]);
  });

  it('import the provider by deep path only', () => {
    const barrel = /provider-cloudflare'|provider-cloudflare\/lib\/index/;
    expect(sources.filter(({ text }) => barrel.test(text)).map(({ file }) => file)).toEqual([]);
  });
});
