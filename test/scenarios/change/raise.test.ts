/** `sluice raise` with real git and real HTTP: first time, again, after an edit, and everything that may be in its way. */
import { chmodSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { recordPath } from '../change.ts';
import { branch, change, changedEstate, raiseWorld, repository, type RaiseWorld } from './raised.ts';
import type { Ended, SmallEstate } from '../small-estate.ts';

let changed: SmallEstate;
let world: RaiseWorld;
beforeAll(async () => {
  changed = await changedEstate();
}, 300_000);
afterAll(() => changed.remove());
beforeEach(async () => {
  world = await raiseWorld(changed);
});
afterEach(() => world.close());

const editRecord = (from: string, to: string, amend = false): void => {
  const { estate } = world;
  const text = estate.read(recordPath(change));
  expect(text).toContain(from);
  estate.write(recordPath(change), text.replace(from, to));
  estate.git('commit', '--quiet', '--all', ...(amend ? ['--amend', '--no-edit'] : ['--message', 'edit']));
};

const onlyPull = async () => {
  const [pull, ...more] = await world.pulls();
  expect(more).toEqual([]);
  if (pull === undefined) {
    throw new Error('no pull request');
  }
  return pull;
};

/** What is not as it should be of a refusal: its exit, what it says, that it did nothing. */
function amiss(ended: Ended, exit: string, ...texts: readonly string[]): readonly string[] {
  return [
    ...(ended.exit === exit ? [] : [`exit ${ended.exit}, not ${exit}: ${ended.stderr}`]),
    ...[...texts, 'Fix:', 'Next:']
      .filter((text) => !ended.stderr.includes(text))
      .map((text) => `not said: ${text}`),
    ...world.writes().map((write) => `written: ${JSON.stringify(write)}`),
  ];
}

describe('raising a change', () => {
  it('pushes, opens the pull request with a text made from the record, and asks the seats', async () => {
    const ended = await world.raise();
    expect([ended.exit, ended.stderr]).toEqual(['ok', expect.not.stringContaining('sluice:')]);
    expect(world.onOrigin()).toBe(world.estate.git('rev-parse', 'HEAD'));
    const pull = await onlyPull();
    expect(pull).toMatchObject({ title: `${branch}: Edit for ${branch}`, draft: false, state: 'open' });
    for (const part of [
      'r.okafor',
      'acme',
      '2026',
      'revert',
      'Whom it asks',
      'Way back',
      'Implementation plan',
    ]) {
      expect(pull.body).toContain(part);
    }
    expect(pull.requested_reviewers.length).toBeGreaterThan(0);
    expect(pull.requested_reviewers.map(({ login }) => login)).not.toContain('r-okafor');
    expect(ended.stdout).toContain('asked now');
  });

  it('changes nothing the second time, and says so', async () => {
    await world.raise();
    world.writes();
    const before = await onlyPull();
    const ended = await world.raise();
    expect([ended.exit, ended.stdout]).toEqual(['ok', expect.stringContaining('Nothing new')]);
    expect(world.writes()).toEqual([]);
    expect(await onlyPull()).toEqual(before);
  });

  it('does nothing on a dry run, and says what it would do', async () => {
    const ended = await world.raise(['--dry-run']);
    expect([ended.exit, ended.stdout]).toEqual(['ok', expect.stringContaining('would be asked')]);
    expect(ended.stdout).toContain('would be pushed for the first time');
    expect([world.writes(), world.onOrigin(), await world.pulls()]).toEqual([[], '', []]);
  });

  it('never asks more than the quorum, also after one of them approved and one was asked by hand', async () => {
    await world.raise();
    const [first] = (await onlyPull()).requested_reviewers;
    const { number } = await onlyPull();
    await world.ask(first?.login ?? '', 'POST', `pulls/${String(number)}/reviews`, {
      event: 'APPROVE',
      body: '',
    });
    world.writes();
    const ended = await world.raise();
    expect(ended.exit).toBe('ok');
    expect(world.writes().filter((name) => name.includes('requested_reviewers'))).toEqual([]);
  });

  it('pushes an edit of the record and brings title and text up to date', async () => {
    await world.raise();
    const before = await onlyPull();
    editRecord(`title: Edit for ${branch}`, 'title: Another name for the same change');
    world.writes();
    const ended = await world.raise();
    expect([ended.exit, ended.stdout]).toEqual(['ok', expect.stringContaining('updated')]);
    expect(world.onOrigin()).toBe(world.estate.git('rev-parse', 'HEAD'));
    expect(await onlyPull()).toMatchObject({
      title: `${branch}: Another name for the same change`,
      requested_reviewers: before.requested_reviewers,
    });
    expect(world.writes()).toEqual([`PATCH /repos/${repository}/pulls/${String(before.number)}`]);
  });

  it('keeps what people wrote below the mark, and a text from before it was raised', async () => {
    await world.raise();
    const pull = await onlyPull();
    const path = `pulls/${String(pull.number)}`;
    await world.ask('r-okafor', 'PATCH', path, { body: `${pull.body}\r\n\r\nSeen with the client.\r\n` });
    world.writes();
    expect((await world.raise()).stdout).toContain('Nothing new');
    editRecord(`title: Edit for ${branch}`, 'title: Another name for the same change');
    await world.raise();
    expect((await onlyPull()).body).toMatch(/kept -->\n\nSeen with the client\.$/);
    await world.ask('r-okafor', 'PATCH', path, { body: 'All by hand' });
    await world.raise();
    expect((await onlyPull()).body).toMatch(/^<!-- sluice:raise[\s\S]*kept -->\n\nAll by hand$/);
  });

  it('opens a draft that asks nobody, although rules deny it; without --draft nothing is pushed', async () => {
    editRecord('stacks: [acme-production]', 'stacks: [acme-staging]');
    const denied = await world.raise();
    expect([denied.exit, denied.stdout]).toEqual(['denied', expect.stringContaining('nothing was pushed')]);
    expect([world.writes(), world.onOrigin()]).toEqual([[], '']);
    const ended = await world.raise(['--draft']);
    expect([ended.exit, ended.stdout]).toEqual(['ok', expect.stringContaining('a draft asks nobody')]);
    expect(await onlyPull()).toMatchObject({ draft: true, requested_reviewers: [] });
  });

  it('shows hostile text of a record as text', async () => {
    editRecord(`title: Edit for ${branch}`, 'title: "a <!-- sluice:yours --> @acme/cab #1"');
    editRecord('users: nobody', 'users: "<img src=x> | @everyone | [x](javascript:1)"');
    const ended = await world.raise(['--draft']);
    expect(ended.exit).toBe('ok');
    const { body } = await onlyPull();
    expect(body).not.toMatch(/<img|@everyone|@acme|\]\(javascript/);
    expect(body.match(/<!-- sluice:yours/g)).toHaveLength(1);
  });

  it('prints JSON with its outcome', async () => {
    const ended = await world.raise(['--format', 'json']);
    expect(JSON.parse(ended.stdout)).toMatchObject({
      kind: 'sluice.raise',
      outcome: 'ok',
      changeId: branch,
      text: 'opened',
      push: 'new',
    });
  });
});

describe('nothing is pushed or opened', () => {
  it('without a remote, a token, or in another repository', async () => {
    expect(
      amiss(await world.raise([], { SLUICE_GITHUB_TOKEN: '', GITHUB_REPOSITORY: '' }), 'usage', 'not set'),
    ).toEqual([]);
    world.estate.git('remote', 'set-url', 'origin', 'https://name:secret@github.com/somebody/estate.git');
    const fork = await world.raise();
    expect(amiss(fork, 'usage', `origin is somebody/estate, and GITHUB_REPOSITORY is ${repository}`)).toEqual(
      [],
    );
    expect(fork.stderr).not.toContain('secret');
    world.estate.git('remote', 'remove', 'origin');
    expect(amiss(await world.raise(), 'invalidInput', 'no remote called origin')).toEqual([]);
  });

  it('with uncommitted files, or from no branch', async () => {
    world.estate.write('note.txt', 'x\n');
    expect(amiss(await world.raise(), 'usage', 'uncommitted changes: note.txt')).toEqual([]);
    world.estate.git('stash', '--quiet', '--include-untracked');
    world.estate.git('checkout', '--quiet', '--detach');
    expect(amiss(await world.raise(), 'usage', 'No branch is checked out')).toEqual([]);
  });

  it('from the default branch, or to another base', async () => {
    expect(
      amiss(await world.raise(['--base', 'next']), 'denied', 'The base next is not the default branch'),
    ).toEqual([]);
    world.estate.git('checkout', '--quiet', 'main');
    expect(amiss(await world.raise(), 'denied', 'main is the branch that changes are merged into')).toEqual(
      [],
    );
  });

  it('with no record, two, or one of another client', async () => {
    const { estate } = world;
    const text = estate.read(recordPath(change));
    estate.write('changes/acme/CHG-2026-0102.yaml', text.replaceAll(branch, 'CHG-2026-0102'));
    estate.git('add', '--all');
    estate.git('commit', '--quiet', '--message', 'two');
    expect(amiss(await world.raise(), 'usage', 'has 2 change records')).toEqual([]);
    estate.git('rm', '--quiet', 'changes/acme/CHG-2026-0102.yaml', recordPath(change));
    estate.git('commit', '--quiet', '--message', 'none');
    expect(amiss(await world.raise(), 'usage', 'adds no change record to main')).toEqual([]);
    estate.write(recordPath(change), text.replace('client: acme', 'client: borough'));
    estate.git('add', '--all');
    estate.git('commit', '--quiet', '--message', 'other');
    expect(amiss(await world.raise(), 'invalidInput', 'client')).toEqual([]);
    expect([world.writes(), world.onOrigin()]).toEqual([[], '']);
  });

  it('when origin has commits that are not here; after an amend only with --replace', async () => {
    const { estate } = world;
    await world.raise();
    const raised = world.onOrigin();
    world.writes();
    estate.git('reset', '--quiet', '--hard', 'HEAD~1');
    expect(amiss(await world.raise(), 'stale', 'has commits that are not here')).toEqual([]);
    estate.git('reset', '--quiet', '--hard', raised);
    editRecord(`title: Edit for ${branch}`, 'title: Another name for the same change', true);
    expect(amiss(await world.raise(), 'stale', 'have different commits', '--replace')).toEqual([]);
    expect(world.onOrigin()).toBe(raised);
    const ended = await world.raise(['--replace']);
    expect([ended.exit, ended.stdout]).toEqual([
      'ok',
      expect.stringContaining('in place of what origin had'),
    ]);
    expect(world.onOrigin()).toBe(estate.git('rev-parse', 'HEAD'));
  });

  it('when the server refuses the push', async () => {
    const hook = join(world.estate.git('remote', 'get-url', 'origin'), 'hooks', 'pre-receive');
    writeFileSync(hook, '#!/bin/sh\necho "GH006: Protected branch update failed" >&2\nexit 1\n');
    chmodSync(hook, 0o755);
    expect(amiss(await world.raise(), 'denied', 'The server refuses the push', 'GH006')).toEqual([]);
    expect(world.onOrigin()).toBe('');
  });

  it('when the pull request was closed, merged, or retargeted', async () => {
    await world.raise();
    const { number } = await onlyPull();
    const path = `pulls/${String(number)}`;
    editRecord(`title: Edit for ${branch}`, 'title: Another name for the same change');
    const raised = world.onOrigin();
    world.writes();
    await world.ask('r-okafor', 'POST', 'git/refs', {
      ref: 'refs/heads/next',
      sha: world.estate.git('rev-parse', 'main'),
    });
    await world.ask('r-okafor', 'PATCH', path, { base: 'next' });
    expect(
      amiss(await world.raise(), 'usage', `Pull request ${String(number)} is to next, not to main`),
    ).toEqual([]);
    await world.ask('r-okafor', 'PATCH', path, { base: 'main', state: 'closed' });
    expect(amiss(await world.raise(), 'usage', 'was closed without a merge', 'gh pr reopen')).toEqual([]);
    await world.ask('r-okafor', 'PATCH', path, { state: 'open' });
    await world.ask('s-haddad', 'PUT', `${path}/merge`, { merge_method: 'merge' });
    expect(amiss(await world.raise(), 'usage', 'was merged')).toEqual([]);
    expect(world.onOrigin()).toBe(raised);
  });
});

/** What GitHub says about one person, or about an App's token, and is not a failure of GitHub. */
function isAnswer(name: string, status: number): boolean {
  return (
    (name.endsWith('/requested_reviewers') && status === 422) ||
    (/^GET \/user\/\d+$/.test(name) && status === 404)
  );
}

describe('GitHub that fails', () => {
  const faults = [
    { status: 401, text: 'It answered 401' },
    {
      status: 403,
      headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '9999999999' },
      text: 'rate limit',
    },
    { status: 404, text: 'It answered 404' },
    { status: 422, text: 'It answered 422' },
    { status: 429, headers: { 'retry-after': '100000' }, text: 'rate limit' },
    { status: 502, text: 'It answered 502' },
  ];

  const asked = async (from: RaiseWorld): Promise<readonly (readonly string[])[]> =>
    (await from.pulls()).map((pull) => pull.requested_reviewers.map(({ login }) => login));

  it('at any request: an error with its reason, and the next run goes on to the same end', async () => {
    expect((await world.raise()).exit).toBe('ok');
    const names = [...new Set(world.proxy.log)];
    const wanted = await asked(world);
    expect(names.length).toBeGreaterThan(8);
    // Each request once, each with another of the faults: github-faults.test.ts has all of them at every request.
    for (const [index, name] of names.entries()) {
      const fitting = faults.filter(({ status }) => !isAnswer(name, status));
      const fault = fitting[index % fitting.length];
      const fresh = await raiseWorld(changed);
      fresh.proxy.faultOf = (request) => (request === name ? (fault ?? null) : null);
      const ended = await fresh.raise();
      fresh.proxy.faultOf = () => null;
      const after = await fresh.raise();
      // Of incidents the gate decides, and no emergency is raised here.
      const isGone = !/^POST \/graphql (?:IssuesSince|OpenIssues)$/u.test(name);
      expect([name, ended.exit, ended.stderr, after.exit]).toEqual([
        name,
        isGone ? 'externalTool' : 'ok',
        expect.stringContaining(isGone ? (fault?.text ?? 'no fault') : 'read the incidents: failed'),
        'ok',
      ]);
      expect(ended.stderr.includes('Next:')).toBe(isGone);
      // Another peer will do as well; never one more.
      expect((await asked(fresh)).map((logins) => logins.length)).toEqual(
        wanted.map((logins) => logins.length),
      );
      await fresh.close();
    }
  }, 600_000);

  it('to request one reviewer: names them and asks the others', async () => {
    await world.raise(['--dry-run']);
    world.proxy.faultOf = (name, nth) =>
      name.endsWith('/requested_reviewers') && nth === 1 ? { status: 422 } : null;
    const ended = await world.raise();
    expect([ended.exit, ended.stdout]).toEqual(['ok', expect.stringContaining('Not asked:')]);
    expect(ended.stdout).toContain('Give them access or ask another of the seat');
  });
});
