import { execFileSync, spawn } from 'node:child_process';
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createTerraform } from '../../../scripts/adapters/terraform/terraform.ts';
import type { TerraformOptions } from '../../../scripts/adapters/terraform/terraform.ts';
import { ExternalError, InputError } from '../../../scripts/contract/errors.ts';
import type { Terraform } from '../../../scripts/contract/ports.ts';
import { fakeTerraform } from '../../fakes/terraform.ts';
import { describeTerraformPort, stackFolder } from './terraform-contract.ts';
import { binFolder, rejection, snapshot, tempFolder, writeFiles } from '../files/temp-folder.ts';

const realBinary = execFileSync('sh', ['-c', 'command -v "${TERRAFORM_BINARY_NAME:-terraform}"'], {
  encoding: 'utf8',
}).trim();

function real(more: Partial<TerraformOptions> = {}): Terraform {
  return createTerraform({ secrets: [], environment: process.env, lockTimeoutSeconds: 1, ...more });
}

/** A `terraform` that answers with `script`; the version is right unless the script says otherwise. */
async function standIn(script: string, more: Partial<TerraformOptions> = {}): Promise<Terraform> {
  const bin = await binFolder(
    'terraform',
    `#!/bin/sh\n${script}\nif [ "$1" = version ]; then echo '{"terraform_version":"1.11.4","terraform_outdated":false}'; exit 0; fi\n`,
  );
  const environment = {
    ...process.env,
    TERRAFORM_BINARY_NAME: undefined,
    PATH: `${bin}:${process.env['PATH'] ?? ''}`,
  };
  return createTerraform({ secrets: [], environment, ...more });
}

/** Shell lines that answer `$1` with these events. */
function answer(command: string, events: readonly object[], then: string): string {
  const lines = events.map((event) => `echo '${JSON.stringify(event)}'`);
  return `if [ "$1" = ${command} ]; then ${[...lines, then].join('; ')}; fi`;
}

function hook(type: string, address: string): object {
  return { type, hook: { resource: { addr: address }, action: 'create', elapsed_seconds: 2 } };
}

async function planned(terraform: Terraform, folder: string): Promise<string> {
  await terraform.init(folder);
  await terraform.plan(folder, join(folder, 'plan.tfplan'));
  return join(folder, 'plan.tfplan');
}

async function externalError(work: Promise<unknown>): Promise<ExternalError['parts']> {
  const error = await rejection(work);
  expect(error).toBeInstanceOf(ExternalError);
  expect((error as ExternalError).exit).toBe('externalTool');
  return (error as ExternalError).parts;
}

describeTerraformPort('terraform', () => real());
describeTerraformPort('fake', () => fakeTerraform());

describe('which Terraform', () => {
  it('says what to install when it is missing, before any work', async () => {
    const folder = await stackFolder({ a: { input: 'one' } });
    const before = await snapshot(folder);
    const terraform = createTerraform({ secrets: [], environment: { PATH: await tempFolder() } });
    const parts = await externalError(terraform.init(folder));
    expect(parts).toMatchObject({ what: 'terraform is not installed', next: 'terraform version' });
    expect(parts.fix).toContain('install Terraform 1.10 or newer');
    expect(await snapshot(folder)).toEqual(before);
  });

  it.each([
    ['{"terraform_version":"1.9.8","terraform_outdated":true}', 'Terraform 1.9.8 is too old'],
    ['{"terraform_version":"0.15.5","terraform_outdated":true}', 'Terraform 0.15.5 is too old'],
    ['{"terraform_version":"1.9.1","platform":"linux_amd64"}', 'OpenTofu 1.9.1 is too old'],
    ['{"terraform_version":"unknown"}', 'OpenTofu unknown is too old'],
  ])('refuses %s before any work', async (version, what) => {
    const mark = join(await tempFolder(), 'worked');
    const terraform = await standIn(
      `if [ "$1" = version ]; then echo '${version}'; exit 0; fi; touch ${mark}; exit 0`,
    );
    const folder = await stackFolder({});
    const errors = await Promise.all([
      externalError(terraform.version()),
      externalError(terraform.init(folder)),
      externalError(terraform.plan(folder, 'p')),
      externalError(terraform.apply(folder, 'p', () => undefined)),
      externalError(terraform.state(folder)),
    ]);
    expect(errors.map((parts) => parts.what)).toEqual([what, what, what, what, what]);
    expect(errors[0].fix).toContain('install 1.10 or newer');
    await expect(fs.stat(mark)).rejects.toThrow('ENOENT');
  });

  it.each(['echo hello; exit 0', 'exit 3', 'echo "[]"; exit 0', 'kill -9 $$'])(
    'refuses a program that answers the version with `%s`',
    async (script) => {
      const terraform = await standIn(`if [ "$1" = version ]; then ${script}; fi`);
      expect((await externalError(terraform.version())).what).toContain('does not answer to `version -json`');
    },
  );

  it('takes the program named by TERRAFORM_BINARY_NAME, and knows OpenTofu by its answer', async () => {
    const bin = await binFolder(
      'tofu',
      `#!/bin/sh\necho '{"terraform_version":"1.10.6","platform":"linux_amd64"}'\n`,
    );
    const terraform = createTerraform({
      secrets: [],
      environment: { PATH: bin, TERRAFORM_BINARY_NAME: 'tofu' },
    });
    expect(await terraform.version()).toEqual({ product: 'opentofu', version: '1.10.6' });
  });
});

describe('what reaches Terraform', () => {
  it('is a short list of names, the sandbox and the credentials that were handed over', async () => {
    const seen = join(await tempFolder(), 'env');
    const terraform = await standIn(`if [ "$1" = init ]; then env > ${seen}; exit 0; fi`, {
      reattach: '{"x":1}',
      credentials: { CLOUDFLARE_API_TOKEN: 'the-token-value' },
      places: { CLOUDFLARE_BASE_URL: 'https://api.example' },
    });
    process.env['SLUICE_TEST_SECRET'] = 'must not be seen';
    process.env['TF_CLI_ARGS'] = '-lock=false';
    onTestFinished(() => {
      delete process.env['SLUICE_TEST_SECRET'];
      delete process.env['TF_CLI_ARGS'];
    });
    await terraform.init(await stackFolder({}));
    const names = (await fs.readFile(seen, 'utf8')).split('\n').map((line) => line.split('=')[0] ?? '');
    const allowed = [
      'PATH',
      'HOME',
      'TMPDIR',
      'TF_PLUGIN_CACHE_DIR',
      'HTTPS_PROXY',
      'HTTP_PROXY',
      'NO_PROXY',
      'SSL_CERT_FILE',
      'SSL_CERT_DIR',
    ];
    const made = [
      'TF_REATTACH_PROVIDERS',
      'CLOUDFLARE_API_TOKEN',
      'CLOUDFLARE_BASE_URL',
      'TF_IN_AUTOMATION',
      'CHECKPOINT_DISABLE',
      'GOGC',
    ];
    const ofTheShell = ['PWD', 'OLDPWD', 'SHLVL', '_', ''];
    expect(names.filter((name) => ![...allowed, ...made, ...ofTheShell].includes(name))).toEqual([]);
    expect(names).toEqual(expect.arrayContaining([...made, 'PATH']));
  });

  it('never includes a credential or a place that is not on the list', () => {
    expect(() => real({ credentials: { GITHUB_TOKEN: 'x' } })).toThrow(InputError);
    expect(() => real({ places: { AWS_ENDPOINT_URL: 'https://state.example' } })).toThrow(InputError);
  });

  it('does not come back in an error', async () => {
    const diagnostic = {
      severity: 'error',
      summary: 'token the-token-value refused',
      detail: 'sent the-token-value',
    };
    const terraform = await standIn(answer('plan', [{ type: 'diagnostic', diagnostic }], 'exit 1'), {
      credentials: { CLOUDFLARE_API_TOKEN: 'the-token-value' },
    });
    const parts = await externalError(terraform.plan(await stackFolder({}), 'p'));
    expect(JSON.stringify(parts)).not.toContain('the-token-value');
    expect(parts.why).toContain('token [redacted] refused');
  });

  it('is a plan file that only its owner can read', async () => {
    const folder = await stackFolder({ a: { input: 'one' } });
    const { mode } = await fs.stat(await planned(real(), folder));
    expect(mode & 0o777).toBe(0o600);
  });
});

describe('before anything was changed', () => {
  it('reports what Terraform says, with address and reason', async () => {
    const never = { condition: '${length(terraform_data.b.input) > 9}', error_message: 'not on a Monday' };
    const folder = await stackFolder({
      a: { input: 'one', lifecycle: { precondition: never } },
      b: { input: 'x' },
    });
    await real().init(folder);
    const parts = await externalError(real().plan(folder, join(folder, 'plan.tfplan')));
    expect(parts.what).toBe(`terraform plan ended with status 1 in ${folder}`);
    expect(parts.why).toContain('terraform_data.a: Resource precondition failed\nnot on a Monday');
    expect(parts.fix).toContain('nothing was changed');
  });

  it('refuses a damaged state and changes nothing', async () => {
    const folder = await stackFolder({ a: { input: 'one' } });
    const planFile = await planned(real(), folder);
    await real().apply(folder, planFile, () => undefined);
    const state = await fs.readFile(join(folder, 'terraform.tfstate'), 'utf8');
    await writeFiles(folder, { 'terraform.tfstate': state.slice(0, 200), 'terraform.tfstate.backup': state });
    const before = await snapshot(folder);
    const attempts = [
      () => real().init(folder),
      () => real().plan(folder, planFile),
      () => real().apply(folder, planFile, () => undefined),
      () => real().state(folder),
    ];
    for (const attempt of attempts) {
      const error = await rejection(attempt());
      expect(error).toBeInstanceOf(InputError);
      expect((error as InputError).exit).toBe('invalidInput');
      expect((error as InputError).parts.what).toBe(
        `the Terraform state ${folder}/terraform.tfstate is damaged`,
      );
      expect((error as InputError).parts.next).toBe(
        `cp ${folder}/terraform.tfstate.backup ${folder}/terraform.tfstate`,
      );
    }
    expect(await snapshot(folder)).toEqual(before);
  });

  it.each(['[]', '{}', '{"version":4,"serial":1}', '{"version":"4","serial":1,"lineage":"x"}', 'null'])(
    'takes %s for a damaged state',
    async (text) => {
      const folder = await stackFolder({});
      await writeFiles(folder, { 'terraform.tfstate': text });
      expect(await rejection(real().init(folder))).toBeInstanceOf(InputError);
    },
  );

  it('says who holds the lock of the state, and changes nothing', async () => {
    const folder = await stackFolder({ a: { input: 'one' } });
    await real().init(folder);
    await holdLock(folder);
    const parts = await externalError(real().plan(folder, join(folder, 'plan.tfplan')));
    expect(parts.what).toMatch(
      new RegExp(`^the state of ${folder} is locked: held by .+ for OperationTypeApply since 20`),
    );
    expect(parts.fix).toContain('nothing was changed');
    expect(parts.next).toBe(`terraform -chdir=${folder} plan -lock-timeout=10m`);
    await expect(fs.stat(join(folder, 'plan.tfplan'))).rejects.toThrow('ENOENT');
  });

  it('fails when Terraform dies before the first resource', async () => {
    const terraform = await standIn('if [ "$1" = apply ]; then kill -9 $$; fi');
    const parts = await externalError(terraform.apply(await stackFolder({}), 'p', () => undefined));
    expect(parts.what).toContain('terraform apply was ended by a signal (SIGKILL)');
  });

  it('fails when Terraform says nothing at all and still ends well', async () => {
    const terraform = await standIn('if [ "$1" != version ]; then exit 0; fi');
    const folder = await stackFolder({});
    await externalError(terraform.apply(folder, 'p', () => undefined));
    expect((await externalError(terraform.state(folder))).what).toContain(
      'did not answer with a JSON document',
    );
  });
});

describe('after something was changed', () => {
  it('returns what is done and what failed, from the real thing', async () => {
    const folder = await stackFolder({
      a: { input: 'one' },
      b: {
        input: '${terraform_data.a.output}',
        lifecycle: { postcondition: { condition: '${self.output == "two"}', error_message: 'b is not two' } },
      },
      c: { input: '${terraform_data.b.output}' },
    });
    const planFile = await planned(real(), folder);
    const applied = await real().apply(folder, planFile, () => undefined);
    expect(applied.ok).toBe(false);
    expect(applied.completed.map((one) => one.address)).toContain('terraform_data.a');
    expect(applied.completed.map((one) => one.address)).not.toContain('terraform_data.c');
    expect(applied.errors).toEqual([
      { address: 'terraform_data.b', summary: 'Resource postcondition failed', detail: 'b is not two' },
    ]);
  });

  it('names the resource that was under way when Terraform died', async () => {
    const events = [hook('apply_start', 'x.a'), hook('apply_complete', 'x.a'), hook('apply_start', 'x.b')];
    const terraform = await standIn(answer('apply', events, 'kill -9 $$'));
    const seen: string[] = [];
    const applied = await terraform.apply(await stackFolder({}), 'p', (text) => seen.push(text));
    expect(applied).toEqual({
      ok: false,
      completed: [{ address: 'x.a', action: 'create', seconds: 2 }],
      errors: [
        {
          address: 'x.b',
          summary: 'Terraform ended before it reported the result of this create',
          detail:
            'Whether it took effect is not known: the next plan will tell. Terraform was ended by a signal (SIGKILL).',
        },
      ],
    });
    expect(seen).toEqual(['x.a: create started', 'x.a: create done in 2 s', 'x.b: create started']);
  });

  it.each([
    ['ends with a failing status', 'exit 1', 'Terraform ended with status 1'],
    ['ends well without its summary', 'exit 0', 'Terraform ended without confirming the apply'],
  ])('is not a success when Terraform %s', async (_name, then, summary) => {
    const events = [hook('apply_start', 'x.a'), hook('apply_complete', 'x.a')];
    const terraform = await standIn(answer('apply', events, then));
    const applied = await terraform.apply(await stackFolder({}), 'p', () => undefined);
    expect(applied).toMatchObject({
      ok: false,
      completed: [{ address: 'x.a' }],
      errors: [{ address: null, summary }],
    });
  });

  it('is not a success when a resource failed without a reason, whatever the summary says', async () => {
    const summary = { type: 'change_summary', changes: { operation: 'apply', add: 1 } };
    const events = [hook('apply_start', 'x.a'), hook('apply_errored', 'x.a'), summary];
    const terraform = await standIn(answer('apply', events, 'exit 0'));
    const applied = await terraform.apply(await stackFolder({}), 'p', () => undefined);
    expect(applied).toMatchObject({ ok: false, errors: [{ address: 'x.a', summary: 'This create failed' }] });
  });

  it('stops at the time limit and says what was under way', async () => {
    const script = answer('apply', [hook('apply_start', 'x.a')], "trap 'exit 1' INT; sleep 30 & wait");
    const terraform = await standIn(script, { applyTimeoutMs: 500 });
    const applied = await terraform.apply(await stackFolder({}), 'p', () => undefined);
    expect(applied.errors[0]?.detail).toContain('took too long and was stopped');
  });

  it('says that the state could not be saved on a full disk, and refuses to go on from the damaged one', async () => {
    const folder = await stackFolder({
      a: { input: 'a'.repeat(3000) },
      b: { input: 'b'.repeat(3000), depends_on: ['terraform_data.a'] },
    });
    const planFile = await planned(real(), folder);
    // Four blocks of 512 bytes: what a full disk does to the state, for one process only.
    const full = await standIn(`if [ "$1" = apply ]; then ulimit -f 4; exec ${realBinary} "$@"; fi`);
    const applied = await full.apply(folder, planFile, () => undefined);
    expect(applied.ok).toBe(false);
    expect(applied.completed[0]?.address).toBe('terraform_data.a');
    expect(applied.errors.at(-1)?.summary).toBe(
      'Terraform could not save the state, and errored.tfstate beside it is incomplete',
    );
    expect(await rejection(real().plan(folder, planFile))).toBeInstanceOf(InputError);
  });

  it('tells a whole errored.tfstate from a damaged one', async () => {
    const folder = await stackFolder({});
    await writeFiles(folder, { 'errored.tfstate': '{"version":4,"serial":1,"lineage":"x"}' });
    const terraform = await standIn(answer('apply', [hook('apply_start', 'x.a')], 'exit 1'));
    const applied = await terraform.apply(folder, 'p', () => undefined);
    expect(applied.errors.at(-1)?.detail).toContain('terraform state push errored.tfstate');
  });
});

/** Real Terraform, waiting for the answer to its question and holding the lock meanwhile. */
async function holdLock(folder: string): Promise<void> {
  const holder = spawn(realBinary, ['apply', '-no-color'], {
    cwd: folder,
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], CHECKPOINT_DISABLE: '1' },
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const ended = new Promise((resolve) => holder.once('close', resolve));
  onTestFinished(async () => {
    holder.stdin.end('no\n');
    await ended;
  });
  const asks = new Promise<void>((resolve) => {
    let output = '';
    holder.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString('utf8');
      if (output.includes('Enter a value')) {
        resolve();
      }
    });
  });
  await Promise.race([asks, ended]);
  expect(holder.exitCode).toBeNull();
}
