/**
 * `npm run test:target`: `baseline`, `release` and `rollback` with --target cloudflare against the S3 server of moto, from PyPI,
 * in a virtual environment of its own that is thrown away afterwards. Exit code 7 when it cannot be had here.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exitCodes } from '../../scripts/contract/exit-codes.ts';

const requirements = 'test/target/requirements.txt';

function install(folder: string): boolean {
  try {
    execFileSync('python3', ['-m', 'venv', folder], { stdio: ['ignore', 'ignore', 'inherit'] });
    const pip = ['install', '--quiet', '--disable-pip-version-check', '--requirement', requirements];
    execFileSync(join(folder, 'bin/pip'), pip, { stdio: ['ignore', 'ignore', 'inherit'] });
    return true;
  } catch (error) {
    process.stderr.write(
      `python3 could not install ${requirements}\n${error instanceof Error ? error.message : ''}\n`,
    );
    return false;
  }
}

const folder = mkdtempSync(join(tmpdir(), 'sluice-s3-server-'));
try {
  if (install(folder)) {
    const run = spawnSync('npx', ['vitest', 'run', '--config', 'test/vitest.config.ts', 'test/target'], {
      stdio: 'inherit',
      env: { ...process.env, SLUICE_TEST_S3_SERVER: join(folder, 'bin/moto_server') },
    });
    process.exitCode = run.status ?? 1;
  } else {
    process.exitCode = exitCodes.externalTool;
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
