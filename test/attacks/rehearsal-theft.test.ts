/**
 * Terraform runs what nobody has approved yet, and what keeps an expression from it is another wall. Here that
 * wall is gone: the configurations read what they like, and the cell alone decides what there is to read.
 */
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createTerraform } from '../../scripts/adapters/terraform/terraform.ts';
import { TerraformError } from '../../scripts/contract/errors.ts';
import type { JsonObject } from '../../scripts/plan/types.ts';
import type { Terraform } from '../../scripts/contract/ports.ts';
import { realConfinement } from '../adapters/process/real-confinement.ts';
import { rejection, tempFolder } from '../adapters/files/temp-folder.ts';
import { allForms } from './marked-secret.ts';

const marker = 'K7mark-of-the-environment-Zq4';
const beside = spawn('sleep', ['600'], { env: { TOKEN: marker }, stdio: 'ignore' });
afterAll(() => {
  beside.kill();
});

interface Setting {
  readonly terraform: Terraform;
  readonly folder: string;
  /** Beside the folder that Terraform works in. */
  readonly outside: string;
}

async function setting(outputs: JsonObject): Promise<Setting> {
  const root = await tempFolder();
  const [folder, outside] = [join(root, 'work'), join(root, 'outside.txt')];
  mkdirSync(folder);
  writeFileSync(outside, marker);
  const output = Object.fromEntries(Object.entries(outputs).map(([name, value]) => [name, { value }]));
  writeFileSync(join(folder, 'cdk.tf.json'), JSON.stringify({ output }));
  const terraform = createTerraform({
    secrets: [],
    environment: { ...process.env, CLOUDFLARE_API_TOKEN: marker },
    confine: { confinement: realConfinement(), writable: [folder] },
  });
  return { terraform, folder, outside };
}

async function applied({ terraform, folder }: Setting): Promise<string> {
  const planFile = join(folder, 'plan.tfplan');
  await terraform.init(folder);
  await terraform.plan(folder, planFile);
  await terraform.apply(folder, planFile, () => undefined);
  return `${JSON.stringify(await terraform.state(folder))}${readFileSync(join(folder, 'terraform.tfstate'), 'utf8')}`;
}

describe('Terraform in a cell', () => {
  it('H05: finds no environment but its own, in which there is no secret', async () => {
    const found = await applied(
      await setting({
        all: '${join("", [for path in fileset("/proc", "[0-9]*/environ") : try(filebase64("/proc/${path}"), "")])}',
        own: '${file("/proc/self/environ")}',
        processes: '${length(fileset("/proc", "[0-9]*/environ"))}',
      }),
    );
    expect(found).toContain('HOME=/tmp');
    for (const form of allForms(marker)) {
      expect(found).not.toContain(form);
    }
  });

  it.each([
    ['a process beside it', () => `/proc/${String(beside.pid)}/environ`],
    ['the process that started it', () => `/proc/${String(process.pid)}/environ`],
    ['the home of the user', () => `${process.env['HOME'] ?? '/root'}/.bashrc`],
    ['the machine', () => '/etc/hostname'],
  ])('H06: has no file of %s', async (_what, path) => {
    const { terraform, folder } = await setting({ stolen: `\${file("${path()}")}` });
    await terraform.init(folder);
    const error = await rejection(terraform.plan(folder, join(folder, 'plan.tfplan')));
    expect(error).toBeInstanceOf(TerraformError);
    expect((error as TerraformError).parts.why).toContain('no file exists at');
  });

  it('H07: has no file beside its folder, and writes none', async () => {
    const { terraform, folder, outside } = await setting({ stolen: '${file("../outside.txt")}' });
    await terraform.init(folder);
    const error = await rejection(terraform.plan(folder, join(folder, 'plan.tfplan')));
    expect((error as TerraformError).parts.why).toContain('no file exists at');
    expect(readFileSync(outside, 'utf8')).toBe(marker);
  });

  it('works as always where it is honest', async () => {
    const found = await applied(await setting({ said: '${file("cdk.tf.json")}' }));
    expect(found).toContain('cdk.tf.json');
  });
});
