/** Stock Terraform on the estate: every stack is valid, can be applied, and then has nothing left to do. */
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { startSandbox } from '../../scripts/sandbox/provider/server.ts';
import { found, stackNames, synthesizeEstate } from './synthesized-estate.ts';

const run = promisify(execFile);
const folder = mkdtempSync(join(tmpdir(), 'sluice-estate-'));
const estate = synthesizeEstate({ backend: 'local' });
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('terraform', () => {
  it.each(stackNames)(
    'applies %s, and finds nothing to change afterwards',
    { timeout: 180_000 },
    async (name) => {
      const work = join(folder, name);
      mkdirSync(work);
      writeFileSync(join(work, 'cdk.tf.json'), found(estate.get(name), name).text);
      const sandbox = await startSandbox({
        folder: join(folder, `${name}-cloud`),
        now: () => '2026-11-23T12:00:00Z',
      });
      const terraform = async (...args: readonly string[]) => {
        const env = {
          PATH: process.env['PATH'] ?? '',
          HOME: folder,
          CHECKPOINT_DISABLE: '1',
          TF_IN_AUTOMATION: '1',
          TF_REATTACH_PROVIDERS: sandbox.reattach,
        };
        return (await run('terraform', [...args, '-no-color'], { cwd: work, env, maxBuffer: 64_000_000 }))
          .stdout;
      };
      try {
        await terraform('init', '-input=false');
        expect(await terraform('validate')).toContain('The configuration is valid');
        expect(await terraform('apply', '-auto-approve', '-input=false')).toMatch(
          /\d+ added, 0 changed, 0 destroyed/,
        );
        // Exit code 2, a difference, would reject.
        expect(await terraform('plan', '-detailed-exitcode', '-input=false')).toContain('No changes.');
      } finally {
        await sandbox.close();
      }
    },
  );
});
