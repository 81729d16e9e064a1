/** A program called terraform that goes before the real one on the PATH: missing, old, or dying at a certain moment. */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

const realTerraform = execFileSync('sh', ['-c', 'command -v terraform'], { encoding: 'utf8' }).trim();

/** Environment in which `terraform` is this shell script; `exec "$real" "$@"` in it goes on with the real one. */
export function standIn(script: string): Readonly<Record<string, string>> {
  const folder = programs();
  writeFileSync(join(folder, 'terraform'), `#!/bin/sh\nreal=${realTerraform}\n${script}\n`);
  chmodSync(join(folder, 'terraform'), 0o755);
  return { PATH: `${folder}:${process.env['PATH'] ?? ''}` };
}

/** A PATH with git and the shell on it and no Terraform. */
export function withoutTerraform(): Readonly<Record<string, string>> {
  const folder = programs();
  for (const name of ['git', 'sh', 'node']) {
    const real = execFileSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).trim();
    writeFileSync(join(folder, name), `#!/bin/sh\nexec ${real} "$@"\n`);
    chmodSync(join(folder, name), 0o755);
  }
  return { PATH: folder };
}

function programs(): string {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'sluice-programs-')));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
