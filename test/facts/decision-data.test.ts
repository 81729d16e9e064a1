import { readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../scripts/contract/errors.ts';
import { baseData, readDecisionData } from '../../scripts/facts/decision-data.ts';
import { proposalFaults } from '../../scripts/facts/proposal.ts';
import type { PolicySource } from '../../scripts/facts/policy.ts';
import type { Git } from '../../scripts/contract/ports.ts';
import { unfillableSeats } from '../../policies/approvals/fillable.ts';

const root = new URL('../../', import.meta.url).pathname;
const now = '2026-11-29T12:00:00Z';

const own: ReadonlyMap<string, string> = new Map(
  ['policies', 'stacks/clients', 'changes'].flatMap((folder) =>
    readdirSync(`${root}${folder}`, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.ya?ml$/.test(entry.name))
      .map((entry) => posix.join(entry.parentPath.slice(root.length), entry.name))
      .map((path) => [path, readFileSync(`${root}${path}`, 'utf8')] as const),
  ),
);

/** The data of this repository with some files replaced. */
function withFiles(files: Readonly<Record<string, string>>): PolicySource {
  const all = new Map([...own, ...Object.entries(files)]);
  return async (folder, wanted) =>
    [...all]
      .filter(([path]) => path.startsWith(`${folder}/`) && wanted(path))
      .map(([path, text]) => ({ path, text }));
}

const broken = { 'policies/roster.yaml': 'people: [' };

/** A default branch whose commits, newest first, hold these sources. */
function gitOf(commits: Readonly<Record<string, PolicySource>>): Git {
  const [tip = ''] = Object.keys(commits);
  return {
    filesAt: (ref: string, folder: string, wanted: (path: string) => boolean) =>
      (commits[ref === 'main' ? tip : ref] ?? withFiles({}))(folder, wanted),
    firstParents: async () => Object.keys(commits),
  } as unknown as Git;
}

describe('the data that every decision reads', () => {
  it('reads in this repository, and leaves no seat that nobody could fill', async () => {
    const read = await readDecisionData(withFiles({}));
    expect(read).toMatchObject({ ok: true });
    expect(read.ok ? unfillableSeats(read.value.policy, now) : null).toEqual([]);
  });

  it('is that of the branch while it reads', async () => {
    const { fallback } = await baseData(gitOf({ b: withFiles({}), a: withFiles(broken) }), 'main');
    expect(fallback).toBeNull();
  });

  it('is the newest that read where the branch’s own does not, with the place of what is wrong', async () => {
    const commits = {
      d: withFiles(broken),
      c: withFiles({ 'policies/quorum.yaml': '{' }),
      b: withFiles({}),
      a: withFiles({}),
    };
    const { fallback, data } = await baseData(gitOf(commits), 'main');
    expect(fallback).toMatchObject({ sha: 'b', faults: [{ file: 'policies/roster.yaml', line: 1 }] });
    expect(data.policy.roster.people.length).toBeGreaterThan(5);
  });

  it('is nothing where no commit has any that reads', async () => {
    const git = gitOf({ b: withFiles(broken), a: withFiles(broken) });
    await expect(baseData(git, 'main')).rejects.toThrow(InputError);
  });

  it('shows nothing of a file that is refused', async () => {
    const read = await baseData(
      gitOf({ b: withFiles({ 'policies/roster.yaml': 'people: hunter2-not-a-list\n' }), a: withFiles({}) }),
      'main',
    );
    expect(JSON.stringify(read.fallback)).not.toContain('hunter2');
  });
});

describe('the data that a pull request proposes', () => {
  const faults = async (
    files: Readonly<Record<string, string>>,
    before = true,
  ): Promise<readonly string[]> => {
    const base = await readDecisionData(withFiles({}));
    const found = await proposalFaults({
      entries: Object.keys(files).map((path) => ({ path, mode: '100644' })),
      source: withFiles(files),
      changed: Object.keys(files),
      before: before && base.ok ? base.value.policy : null,
      now,
    });
    return found.map(({ file, line, column, text }) => `${file}:${String(line)}:${String(column)} ${text}`);
  };
  const roster = own.get('policies/roster.yaml') ?? '';

  it('is refused at its place when it does not read', async () => {
    expect(await faults(broken)).toEqual([expect.stringMatching(/^policies\/roster\.yaml:1:\d+ /)]);
  });

  it('is refused at its place when it leaves a seat that nobody holds', async () => {
    const text = roster.replaceAll('seat: process-owner', 'seat: engineer');
    expect(await faults({ 'policies/roster.yaml': text })).toContainEqual(
      expect.stringMatching(
        /^policies\/roster\.yaml:\d+:1 nobody on the roster could fill the high quorum: process-owner$/,
      ),
    );
  });

  it('is not read for a change that touches none of it', async () => {
    expect(await faults({ 'stacks/clients/acme/production.ts': 'x' })).toEqual([]);
  });
});
