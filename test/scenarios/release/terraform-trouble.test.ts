/** Terraform missing, old, locked out, dying or out of room: what is said, how it ends, and what is left. */
import { existsSync, readdirSync, readFileSync, watch, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ledgerRows, live, merge, nextCommand, release, releasedEstate, type Change } from '../change.ts';
import type { Ended, SmallEstate } from '../small-estate.ts';
import { standIn, withoutTerraform } from '../stand-in.ts';

const records: Change = {
  id: 'CHG-2026-0101',
  category: 'dns',
  edits: [
    ["www: '203.0.113.1'", "www: '203.0.113.11'"],
    ["api: '203.0.113.2'", "api: '203.0.113.12'"],
    ["mail: '203.0.113.3'", "mail: '203.0.113.13'"],
  ],
};
const stateFile = '.sluice/state/acme-production/terraform.tfstate';

let merged: SmallEstate;
let estate: SmallEstate;
let before: readonly string[];

beforeAll(async () => {
  merged = await releasedEstate();
  before = await live(merged);
  merge(merged, records);
});
afterAll(() => merged.remove());
beforeEach(() => {
  estate = merged.copy();
});
afterEach(() => estate.remove());

/** Releases and holds that it was refused with nothing changed: no announcement, no state, no object. */
async function refusedRelease(env: Readonly<Record<string, string>>): Promise<Ended> {
  // How often a waiting fault was met is not the estate's.
  const state = (): string => estate.fingerprint().replace(/.*faults\.json\n/, '');
  const untouched = state();
  const ended = await release(estate, records, { env });
  expect(state()).toBe(untouched);
  expect(ended.stdout).toBe('');
  return ended;
}

describe('Terraform', () => {
  it('that is not installed is named with what to install', async () => {
    const ended = await refusedRelease(withoutTerraform());
    expect(ended.stderr).toMatch(/sluice: .*terraform/);
    expect(ended.stderr).toContain('install Terraform 1.10 or newer, or OpenTofu 1.10 or newer');
    expect(ended.exit).toBe('externalTool');
  });

  it('that is too old is refused with the version that is needed', async () => {
    const ended = await refusedRelease(
      standIn(
        `[ "$1" = version ] && { echo '{"terraform_version":"1.5.7","terraform_outdated":true}'; exit 0; }\nexec "$real" "$@"`,
      ),
    );
    expect(ended.stderr).toContain('Terraform 1.5.7 is too old');
    expect(ended.stderr).toContain('install 1.10 or newer');
    expect(ended.exit).toBe('externalTool');
  });

  it('that is another program is not believed', async () => {
    const ended = await refusedRelease(standIn('echo hello'));
    expect([ended.exit, ended.stderr]).toEqual([
      'externalTool',
      expect.stringContaining('does not answer to `version -json` as Terraform does'),
    ]);
  });

  it('that is killed while it plans changes nothing', async () => {
    const ended = await refusedRelease(standIn('[ "$1" = plan ] && kill -9 $$\nexec "$real" "$@"'));
    expect([ended.exit, ended.stderr]).toEqual([
      'externalTool',
      expect.stringContaining('terraform plan was ended by a signal (SIGKILL)'),
    ]);
  });

  it('that is killed before the apply touched anything leaves a failed release and nothing else', async () => {
    const ended = await release(estate, records, {
      env: standIn('[ "$1" = apply ] && kill -9 $$\nexec "$real" "$@"'),
    });
    expect([ended.exit, ended.stderr]).toEqual([
      'externalTool',
      expect.stringContaining('terraform apply was ended by a signal (SIGKILL)'),
    ]);
    expect(await live(estate)).toEqual(before);
    expect((await ledgerRows(estate)).map((row) => [row.result, row.completed])).toEqual([['failed', []]]);
    const again = await release(estate, records);
    expect([again.exit, again.stderr]).toEqual(['ok', expect.not.stringContaining('sluice:')]);
  });

  it('that is killed in the middle of an apply leaves a stack that the named rollback restores', async () => {
    for (const call of ['1', '2', '3']) {
      await estate.sluice(['sandbox', 'fault', '--kind', 'hang', '--on', 'update', '--call', call]);
    }
    // Dies with Terraform as soon as the first update is under way; none of them is ever answered.
    const killer = `[ "$1" = apply ] || exec "$real" "$@"
mkfifo "$0.events"; "$real" "$@" > "$0.events" & terraform=$!
while read -r line; do printf '%s\\n' "$line"; case "$line" in *apply_start*) kill -9 $terraform; kill -9 $$;; esac; done < "$0.events"`;
    const ended = await release(estate, records, { env: standIn(killer) });
    expect(ended.stderr).toContain('Terraform ended before it reported the result of this update');
    expect(ended.exit).toBe('partialApply');
    const undone = await estate.sluice(nextCommand(ended));
    expect([undone.exit, undone.stderr]).toEqual(['ok', expect.not.stringContaining('sluice:')]);
    expect(await live(estate)).toEqual(before);
    expect((await ledgerRows(estate)).map((row) => row.result)).toEqual(['failed', 'successful']);
  });

  it('that loses the connection to the API in the middle of an apply is the same', async () => {
    await estate.sluice([
      'sandbox',
      'fault',
      '--kind',
      'drop',
      '--on',
      'update',
      '--call',
      '3',
      '--type',
      'cloudflare_dns_record',
    ]);
    const ended = await release(estate, records);
    expect(ended.exit).toBe('partialApply');
    const undone = await estate.sluice(nextCommand(ended));
    expect([undone.exit, undone.stderr]).toEqual(['ok', expect.not.stringContaining('sluice:')]);
    expect(await live(estate)).toEqual(before);
  });
});

describe('the state', () => {
  it('that is damaged stops the release before anything is announced, and names the backup', async () => {
    writeFileSync(join(estate.folder, stateFile), estate.read(stateFile).slice(0, 500));
    writeFileSync(join(estate.folder, `${stateFile}.backup`), '{"version":4,"serial":1,"lineage":"x"}');
    const ended = await refusedRelease({});
    expect(ended.stderr).toContain(`the Terraform state ${join(estate.folder, stateFile)} is damaged`);
    expect(ended.stderr).toContain(
      `Next: cp ${join(estate.folder, stateFile)}.backup ${join(estate.folder, stateFile)}`,
    );
    expect(ended.exit).toBe('invalidInput');
  });

  it('that was emptied by a kill is not taken for a stack with nothing in it', async () => {
    writeFileSync(join(estate.folder, `${stateFile}.backup`), estate.read(stateFile));
    writeFileSync(join(estate.folder, stateFile), '');
    const ended = await refusedRelease({});
    expect(ended.stderr).toContain('a run was killed while writing it');
    expect(ended.exit).toBe('invalidInput');
  });

  it('that another run has locked stops the release, and says since when', async () => {
    await estate.sluice(['sandbox', 'fault', '--kind', 'hang', '--on', 'read']);
    const holding = standIn('[ "$1" = plan ] && echo $$ > "$0.plans"\nexec "$real" "$@"');
    const holder = release(estate, records, { env: holding });
    const marker = `${(holding['PATH'] ?? '').split(':')[0] ?? ''}/terraform.plans`;
    await locked(join(estate.folder, stateFile, '..'), marker);
    const patient = standIn(
      'for word; do shift; case "$word" in -lock-timeout=*) word=-lock-timeout=1s;; esac; set -- "$@" "$word"; done\nexec "$real" "$@"',
    );
    const ended = await refusedRelease(patient);
    expect(ended.stderr).toMatch(/the state of .* is locked: held by .* for OperationTypePlan since 20/);
    expect(ended.exit).toBe('externalTool');
    process.kill(Number(readFileSync(marker, 'utf8')), 'SIGKILL');
    expect((await holder).exit).toBe('externalTool');
  });

  it('that cannot be written because the disk is full is told with what was done, and put right once there is room', async () => {
    const full = standIn('[ "$1" = apply ] && ulimit -f 4\nexec "$real" "$@"');
    const ended = await release(estate, records, { env: full });
    expect(ended.stderr).toContain('Terraform could not save the state');
    expect(ended.exit).toBe('partialApply');
    const undone = await estate.sluice(nextCommand(ended));
    expect([undone.exit, undone.stderr]).toEqual(['ok', expect.not.stringContaining('sluice:')]);
    expect(await live(estate)).toEqual(before);
    expect((await ledgerRows(estate)).map((row) => row.result)).toEqual(['failed', 'successful']);
  });
});

/** Waits until Terraform has written down that it holds the lock, for the plan that `marker` announces. */
async function locked(folder: string, marker: string): Promise<void> {
  const watcher = watch(folder);
  try {
    await new Promise<void>((resolve) => {
      const look = (): void => {
        if (existsSync(marker) && readdirSync(folder).some((name) => name.endsWith('.lock.info'))) {
          resolve();
        }
      };
      watcher.on('change', look);
      look();
    });
  } finally {
    watcher.close();
  }
}
