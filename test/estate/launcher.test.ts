/** `./sluice`, of this repository and as an estate has it. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { home } from '../scenarios/small-estate.ts';
import { emptyFolder, type OwnEstate } from './own-estate.ts';

describe('of the repository', () => {
  it('starts the command line from any folder', () => {
    const version = execFileSync('../../sluice', ['--version'], {
      cwd: `${home}/stacks/clients`,
      encoding: 'utf8',
    });
    expect(version.trim()).toBe(
      (JSON.parse(readFileSync(`${home}/package.json`, 'utf8')) as { version: string }).version,
    );
  });
});

describe('of an estate', () => {
  let estate: OwnEstate;

  beforeAll(async () => {
    estate = emptyFolder();
    await estate.sluice('init', '--organization', 'my-team', '--package', 'file:../sluice.tgz');
  });
  afterAll(() => estate.remove());

  it('is a program, as is every script that a workflow starts', () => {
    for (const path of ['sluice', '.github/workflows/decide.sh', '.github/workflows/scope.sh']) {
      expect(statSync(join(estate.folder, path)).mode & 0o111).toBe(0o111);
    }
    expect(statSync(join(estate.folder, 'README.md')).mode & 0o111).toBe(0);
  });

  it('says what to do before the packages are installed', () => {
    const { status, stderr } = spawnSync(join(estate.folder, 'sluice'), ['doctor'], { encoding: 'utf8' });
    expect([status, stderr]).toEqual([7, 'sluice: its packages are not installed.\n  Fix: npm ci\n']);
  });

  it('starts what is installed, with what it was given and in the folder that it was called in', () => {
    const elsewhere = realpathSync(mkdtempSync(join(tmpdir(), 'sluice-elsewhere-')));
    const folder = join(estate.folder, 'node_modules/sluice/scripts');
    mkdirSync(folder, { recursive: true });
    writeFileSync(
      join(folder, 'launch.mjs'),
      'console.log(JSON.stringify([process.cwd(), ...process.argv.slice(2)])); process.exit(4);\n',
    );
    const { status, stdout } = spawnSync(join(estate.folder, 'sluice'), ['new', '--title', 'two words', ''], {
      cwd: elsewhere,
      encoding: 'utf8',
    });
    rmSync(elsewhere, { recursive: true });
    expect([status, JSON.parse(stdout)]).toEqual([4, [elsewhere, 'new', '--title', 'two words', '']]);
  });

  it('is used in what a new estate reads', () => {
    expect(estate.read('README.md')).toContain('./sluice doctor');
    expect(estate.read('README.md')).not.toContain('npx sluice');
  });
});

describe('editors', () => {
  it('find the schema of every file of policies, offline', async () => {
    const estate = emptyFolder();
    await estate.sluice('init', '--organization', 'my-team', '--package', 'file:../sluice.tgz');
    for (const name of ['calendar', 'catalogue', 'quorum', 'risk-matrix', 'roster', 'thresholds']) {
      const [, path = ''] =
        /^# yaml-language-server: \$schema=\.\.\/node_modules\/sluice\/(\S+)\n/.exec(
          estate.read(`policies/${name}.yaml`),
        ) ?? [];
      expect(JSON.parse(readFileSync(join(home, path), 'utf8'))).toHaveProperty('$id');
    }
    estate.remove();
  });
});
