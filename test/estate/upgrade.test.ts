/** An estate that people have edited, moved to a later version of the product. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import packageFile from '../../package.json' with { type: 'json' };
import { digestOf } from '../../scripts/estate/digest.ts';
import { upgradeStep } from '../../scripts/estate/upgrade.ts';
import { addShop, emptyFolder, type OwnEstate } from './own-estate.ts';

const settingsPath = '.github/sluice.json';
const setup = '.github/actions/setup/action.yml';
const template = '.github/PULL_REQUEST_TEMPLATE.md';

let estate: OwnEstate;

const git = (...args: readonly string[]): string =>
  execFileSync(
    'git',
    ['-C', estate.folder, '-c', 'user.name=Ruth', '-c', 'user.email=ruth@sluice.example', ...args],
    { encoding: 'utf8' },
  );

function commit(message: string): void {
  git('add', '--all');
  git('commit', '--quiet', '--message', message);
}

/** Makes the committed estate one of an earlier version, in which a file had another text. */
function asWrittenBefore(path: string, earlier: (text: string) => string): void {
  const text = earlier(estate.read(path));
  expect(text).not.toBe(estate.read(path));
  estate.write(path, text);
  const settings = JSON.parse(estate.read(settingsPath)) as { generated: Record<string, string> };
  settings.generated[path] = digestOf(text);
  estate.write(settingsPath, JSON.stringify({ ...settings, version: '0.0.9' }, null, 2));
}

beforeEach(async () => {
  estate = emptyFolder();
  await estate.sluice('init', '--organization', 'my-team', '--package', 'file:../sluice.tgz');
  await estate.sluice(...addShop);
});

afterEach(() => estate.remove());

describe('sluice upgrade', () => {
  it('writes what nobody edited, with what is derived in it', async () => {
    const rollback = '.github/workflows/rollback.yml';
    const now = estate.read(rollback);
    asWrittenBefore(rollback, (text) => text.replace('timeout-minutes: 100', 'timeout-minutes: 90'));
    commit('an estate of 0.0.9');
    expect((await estate.sluice('doctor')).stdout).toContain('those of version 0.0.9');
    const { exit, stdout } = await estate.sluice('upgrade');
    expect([exit, stdout]).toEqual([
      'ok',
      `wrote   ${settingsPath}\nwrote   ${rollback}\nThe estate is at ${packageFile.version} (was 0.0.9): nothing to decide.\n`,
    ]);
    expect(estate.read(rollback)).toBe(now);
    expect(now).toContain('options: [shop-production]');
    expect((await estate.sluice('doctor')).exit).toBe('ok');
    expect(git('status', '--porcelain')).toBe(` M ${settingsPath}\n M ${rollback}\n`);
  });

  it("merges the product's change into an edited file", async () => {
    asWrittenBefore(setup, (text) => text.replace('terraform_version: 1.11.4', 'terraform_version: 1.10.0'));
    commit('an estate of 0.0.9');
    estate.write(
      setup,
      estate.read(setup).replace('name: Set up Sluice', 'name: Set up, with our own words'),
    );
    commit('our own words');
    const { exit, stdout } = await estate.sluice('upgrade');
    expect([exit, stdout]).toEqual(['ok', expect.stringContaining(`merged  ${setup}`)]);
    expect(estate.read(setup)).toContain('name: Set up, with our own words');
    expect(estate.read(setup)).toContain('terraform_version: 1.11.4');
  });

  it('leaves the same lines to a person, with the new text beside them, and says so again', async () => {
    asWrittenBefore(template, (text) => text.replace(/^.+$/m, 'What it was before'));
    commit('an estate of 0.0.9');
    const ours = estate.read(template).replace('What it was before', 'What we made of it');
    estate.write(template, ours);
    commit('ours');
    for (const said of [await estate.sluice('upgrade'), await estate.sluice('upgrade')]) {
      expect([said.exit, said.stdout]).toEqual([
        'undetermined',
        expect.stringContaining(`git diff --no-index ${template} .sluice/upgrade/${template}`),
      ]);
      expect(estate.read(template)).toBe(ours);
    }
    const proposed = readFileSync(join(estate.folder, '.sluice/upgrade', template), 'utf8');
    expect(proposed).not.toContain('before');
  });

  it('does not bring back what was deleted, and touches nothing that is the team’s own', async () => {
    rmSync(join(estate.folder, template));
    estate.write('README.md', '# Ours\n');
    estate.write('policies/quorum.yaml', `${estate.read('policies/quorum.yaml')}# reviewed in June\n`);
    const own = [
      'README.md',
      'policies/quorum.yaml',
      'stacks/clients/shop/service.yaml',
      'cdktf.json',
      'package.json',
    ];
    const before = own.map((path) => estate.read(path));
    commit('ours');
    const { exit, stdout } = await estate.sluice('upgrade');
    expect([exit, stdout]).toEqual(['undetermined', expect.stringContaining('it was deleted here')]);
    expect(existsSync(join(estate.folder, template))).toBe(false);
    expect(own.map((path) => estate.read(path))).toEqual(before);
  });

  it('moves what people wrote by a step for it alone, says why, and does it once', async () => {
    const path = 'policies/quorum.yaml';
    const now = estate.read(path);
    const before = `${now.slice(now.indexOf('\n') + 1)}# reviewed in June\n`;
    estate.write(path, before);
    commit('an estate of before');
    expect((await estate.sluice('upgrade', '--dry-run')).stdout).toBe(
      `move    ${path}: names its JSON Schema, so that an editor checks it while it is written\nThe estate would be at ${packageFile.version}: nothing to decide.\nNothing was written. Next: sluice upgrade\n`,
    );
    expect(estate.read(path)).toBe(before);
    expect((await estate.sluice('upgrade')).stdout).toContain(`moved   ${path}: `);
    expect(estate.read(path)).toBe(`${now}# reviewed in June\n`);
    expect((await estate.sluice('upgrade')).stdout).toBe(
      `The estate is at ${packageFile.version}: nothing to decide.\n`,
    );
  });

  it('says what it would do, and does none of it', async () => {
    asWrittenBefore(setup, (text) => text.replace('terraform_version: 1.11.4', 'terraform_version: 1.10.0'));
    rmSync(join(estate.folder, template));
    commit('an estate of 0.0.9');
    const { exit, stdout } = await estate.sluice('upgrade', '--dry-run');
    expect(exit).toBe('undetermined');
    expect(stdout).toContain(`write   ${setup}`);
    expect(stdout).toContain(`decide  ${template}: it was deleted here`);
    expect(stdout).toContain(`would be at ${packageFile.version} (was 0.0.9): 1 to decide`);
    expect(git('status', '--porcelain')).toBe('');
    expect(existsSync(join(estate.folder, '.sluice/upgrade'))).toBe(false);
  });

  it('names data that this version does not read', async () => {
    estate.write('policies/thresholds.yaml', `${estate.read('policies/thresholds.yaml')}oldLimit: 3\n`);
    commit('a limit of an older version');
    const { exit, stdout } = await estate.sluice('upgrade');
    expect([exit, stdout]).toEqual(['undetermined', expect.stringContaining('unknown field "oldLimit"')]);
  });
});

describe('one file', () => {
  const wanted = 'a\nnew\nc\n';
  const old = 'a\nold\nc\n';
  const ours = 'a\nours\nc\n';
  it.each([
    ['is written where there is none', { current: null, written: undefined, base: null }, 'write'],
    ['is kept when it is the same', { current: wanted, written: undefined, base: null }, 'keep'],
    ['is kept when only people changed it', { current: ours, written: digestOf(wanted), base: null }, 'keep'],
    ['is written when only the product did', { current: old, written: digestOf(old), base: null }, 'write'],
    [
      'is for a person when it is not the product’s',
      { current: ours, written: undefined, base: null },
      'decide',
    ],
    [
      'is for a person when the old text is gone',
      { current: ours, written: digestOf(old), base: null },
      'decide',
    ],
    [
      'is for a person when both changed a line',
      { current: ours, written: digestOf(old), base: old },
      'decide',
    ],
  ])('%s', (_, versions, kind) => {
    expect(upgradeStep({ ...versions, wanted }).kind).toBe(kind);
  });
});
