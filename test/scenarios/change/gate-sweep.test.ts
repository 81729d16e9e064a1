/** `sluice gate --sweep` and `--ci-bundles` end to end: a real repository, the local GitHub, octokit unmodified. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startFaultProxy, type FaultProxy } from '../../adapters/network/fault-proxy.ts';
import { pullOnLocalGitHub, type PullOnGitHub } from '../../adapters/github/pull-on-local-github.ts';
import { tempFolder } from '../../adapters/files/temp-folder.ts';
import { zipOf } from '../../adapters/files/zip-builder.ts';
import { openPull } from '../../../scripts/sandbox/github/acts.ts';
import type { Ended } from '../small-estate.ts';

const bundles = zipOf([{ name: 'acme-production.tf.json', text: '{"terraform":{}}' }]);
const writes = (proxy: FaultProxy): readonly string[] =>
  proxy.log.filter((name) => !name.startsWith('GET ') && !name.startsWith('POST /graphql'));

let pull: PullOnGitHub;
let proxy: FaultProxy;

interface Run {
  readonly name: string;
  readonly conclusion: string;
  readonly details_url: string;
  readonly output: { readonly title: string; readonly summary: string };
}

const sluice = (...args: readonly string[]): Promise<Ended> => sluiceAt({}, ...args);
const sluiceAt = (env: Readonly<Record<string, string>>, ...args: readonly string[]): Promise<Ended> =>
  pull.estate.sluice(['gate', ...args], {
    ...env,
    GITHUB_API_URL: proxy.url,
    GITHUB_REPOSITORY: pull.at.repository,
    SLUICE_GITHUB_TOKEN: pull.github.tokens.get('sluice-bot') ?? '',
  });
const runsOn = async (sha: string): Promise<readonly Run[]> =>
  (
    (await pull.ask('sluice-bot', 'GET', `commits/${sha}/check-runs`)) as {
      readonly check_runs: readonly Run[];
    }
  ).check_runs;
const leave = (headSha: string, zip: Uint8Array = bundles): number =>
  pull.github.putSynthRun({ headSha, artifacts: [{ zip }] });

/** Another pull request, of one commit with one file. */
async function another(branch: string, files: Readonly<Record<string, string>> = { [branch]: branch }) {
  const { estate, github, at } = pull;
  estate.git('checkout', '--quiet', '-b', branch, 'main');
  for (const [path, text] of Object.entries(files)) {
    estate.write(path, text);
  }
  estate.git('add', '--all');
  estate.git('commit', '--quiet', '--message', branch);
  const headSha = estate.git('rev-parse', 'HEAD');
  await github.push({ folder: estate.folder, branch, sha: headSha, login: 'r-okafor' });
  const number = await openPull(at, { login: 'r-okafor', head: branch, title: branch, body: '' });
  return { number, headSha };
}

beforeEach(async () => {
  pull = await pullOnLocalGitHub();
  proxy = await startFaultProxy(pull.github.url);
});
afterEach(async () => {
  await proxy.close();
  await pull.close();
});

describe('a sweep', () => {
  it('heals a missed event, and writes nothing when nothing differs', async () => {
    leave(pull.headSha);
    const first = await sluice('--sweep', '--publish');
    expect([first.exit, first.stdout]).toEqual(['ok', expect.stringContaining('1 published, 0 unchanged')]);
    expect(await runsOn(pull.headSha)).toMatchObject([
      { name: 'change-control / main', conclusion: 'failure' },
    ]);
    proxy.log.length = 0;
    const second = await sluice('--sweep', '--publish');
    expect([second.exit, second.stdout]).toEqual(['ok', expect.stringContaining('0 published, 1 unchanged')]);
    expect(writes(proxy)).toEqual([]);
    // Of the issues two lists are asked for, those that are open and those that were touched lately, and not all of them.
    expect(proxy.log.length).toBeLessThanOrEqual(31);
  });

  it('says when it was looked at, and after an hour says it again where nothing else differs', async () => {
    leave(pull.headSha);
    interface Comment {
      readonly id: number;
      readonly body: string;
    }
    const comment = async (): Promise<Comment> => {
      const path = `issues/${String(pull.number)}/comments`;
      const [own] = (await pull.ask('sluice-bot', 'GET', path)) as readonly [Comment];
      return own;
    };
    const line =
      /\n\n\*Last looked at (\d{4}-\d\d-\d\d \d\d:\d\d) UTC\. A comment has it looked at again\.\*$/;
    await sluice('--sweep', '--publish');
    const [run] = await runsOn(pull.headSha);
    const { id, body } = await comment();
    expect([line.test(body), line.test(run?.output.summary ?? '')]).toEqual([true, true]);
    const lookedAgo = async (minutes: number): Promise<string> => {
      const then = new Date(Date.now() - minutes * 60_000).toISOString().slice(0, 16).replace('T', ' ');
      const older = body.replace(line, (all, at: string) => all.replace(at, then));
      await pull.ask('sluice-bot', 'PATCH', `issues/comments/${String(id)}`, { body: older });
      const swept = await sluice('--sweep', '--publish');
      return /\d+ published/.exec(swept.stdout)?.[0] ?? swept.stderr;
    };
    expect([await lookedAgo(50), await lookedAgo(70)]).toEqual(['0 published', '1 published']);
    const now = (await comment()).body;
    expect(now.match(/Last looked at/g)).toHaveLength(1);
    expect(Date.now() - Date.parse(`${line.exec(now)?.[1]?.replace(' ', 'T') ?? ''}Z`)).toBeLessThan(600_000);
  });

  it('leaves a check whose details are the page of its run, else the pull request', async () => {
    leave(pull.headSha);
    const details = async (): Promise<string | undefined> => (await runsOn(pull.headSha))[0]?.details_url;
    await sluiceAt(
      { GITHUB_RUN_ID: '4711', GITHUB_SERVER_URL: 'https://github.example' },
      '--sweep',
      '--publish',
    );
    const { repository } = pull.at;
    expect(await details()).toBe(`https://github.example/${repository}/actions/runs/4711`);
    await sluice('--pr', String(pull.number), '--ci-bundles', '--publish');
    expect(await details()).toBe(`${proxy.url}/${repository}/pull/${String(pull.number)}`);
  });

  it('brings what was pushed after the clone was made; where it cannot, the verdict on show stays', async () => {
    const { estate, github, at } = pull;
    const origin = await tempFolder();
    estate.git('clone', '--quiet', '--bare', estate.folder, origin);
    estate.git('remote', 'add', 'origin', origin);
    const elsewhere = await tempFolder();
    const there = (...args: readonly string[]): string => estate.git('-C', elsewhere, ...args);
    estate.git('clone', '--quiet', '--branch', 'change', origin, elsewhere);
    there('switch', '--quiet', '--create', 'since');
    there('commit', '--quiet', '--allow-empty', '--message', 'pushed since');
    there('push', '--quiet', 'origin', 'since');
    const sha = there('rev-parse', 'HEAD');
    await github.push({ folder: elsewhere, branch: 'since', sha, login: 'r-okafor' });
    await openPull(at, { login: 'r-okafor', head: 'since', title: 'since', body: '' });
    leave(pull.headSha);
    leave(sha);
    estate.git('remote', 'set-url', 'origin', `${origin}-gone`);
    const blind = await sluice('--sweep', '--publish');
    expect([blind.exit, blind.stdout]).toEqual(['externalTool', expect.stringContaining('1 published')]);
    expect(blind.stdout).toContain('there is no commit called');
    expect(await runsOn(sha)).toEqual([]);
    estate.git('remote', 'set-url', 'origin', origin);
    expect((await sluice('--sweep', '--publish')).stdout).toContain('2 published');
    expect(await runsOn(sha)).toMatchObject([{ name: 'change-control / main', conclusion: 'failure' }]);
  });

  it('is what status shows of a pull request from then on', async () => {
    leave(pull.headSha);
    const shown = async (): Promise<unknown> => {
      const { stdout } = await pull.estate.sluice(['status', '--format', 'json'], {
        GITHUB_API_URL: proxy.url,
        GITHUB_REPOSITORY: pull.at.repository,
        SLUICE_GITHUB_TOKEN: pull.github.tokens.get('sluice-bot') ?? '',
      });
      return (JSON.parse(stdout) as { readonly otherPulls: unknown }).otherPulls;
    };
    const listed = { number: pull.number, title: 'change', changes: [] };
    expect(await shown()).toMatchObject([{ ...listed, verdict: null }]);
    await sluice('--sweep', '--publish');
    const [run] = await runsOn(pull.headSha);
    expect(await shown()).toMatchObject([{ ...listed, verdict: run?.output.title }]);
  });

  it('without --publish says what it would publish, and writes nothing', async () => {
    leave(pull.headSha);
    const ended = await sluice('--sweep');
    expect(ended.stdout).toContain(`#${String(pull.number)} change: deny, would publish (`);
    expect(writes(proxy)).toEqual([]);
  });

  it('goes on after one that is broken, and publishes on it that it could not decide', async () => {
    leave(pull.headSha);
    const broken = await another('broken');
    const last = await another('last');
    leave(broken.headSha, Buffer.from('not a zip'));
    leave(last.headSha);
    const ended = await sluice('--sweep', '--publish');
    expect([ended.exit, ended.stdout]).toEqual(['ok', expect.stringContaining('1 could not be decided')]);
    expect(await runsOn(broken.headSha)).toMatchObject([
      {
        conclusion: 'action_required',
        output: { title: expect.stringContaining('could not decide: ') as string },
      },
    ]);
    expect(await runsOn(last.headSha)).toMatchObject([{ conclusion: 'failure' }]);
  });

  it('fails at the end when one could not be read, and has decided on the others', async () => {
    leave(pull.headSha);
    const last = await another('last');
    leave(last.headSha);
    proxy.faultOf = (name) =>
      name.endsWith(`/pulls/${String(pull.number)}/reviews`) ? { status: 403 } : null;
    const ended = await sluice('--sweep', '--publish', '--format', 'json');
    expect(ended.exit).toBe('externalTool');
    expect(JSON.parse(ended.stdout)).toMatchObject({
      pulls: [
        { number: pull.number, verdict: 'undetermined', published: 'published', failure: 'externalTool' },
        { number: last.number, verdict: 'deny', published: 'published', failure: null },
      ],
    });
    expect(await runsOn(pull.headSha)).toMatchObject([{ conclusion: 'action_required' }]);
  });

  it('says of one that vanished that it could not be read', async () => {
    proxy.faultOf = (name) => (name.endsWith(`/pulls/${String(pull.number)}`) ? { status: 404 } : null);
    const ended = await sluice('--sweep', '--publish');
    expect([ended.exit, ended.stdout]).toEqual([
      'externalTool',
      expect.stringContaining('no verdict, failed ('),
    ]);
    expect(writes(proxy)).toEqual([]);
  });

  it('leaves one alone that was closed meanwhile', async () => {
    const body = JSON.stringify({
      number: pull.number,
      title: 'change',
      state: 'closed',
      head: { sha: pull.headSha },
      base: { ref: 'main', sha: pull.estate.git('rev-parse', 'main') },
    });
    proxy.faultOf = (name) => (name.endsWith(`/pulls/${String(pull.number)}`) ? { status: 200, body } : null);
    const ended = await sluice('--sweep', '--publish');
    expect([ended.exit, ended.stdout]).toEqual(['ok', expect.stringContaining('skipped (closed meanwhile)')]);
    expect(writes(proxy)).toEqual([]);
  });

  it('knows no flags that are about one pull request', async () => {
    expect((await sluice('--sweep', '--pr', '1')).exit).toBe('usage');
    expect((await sluice('--sweep', '--ci-bundles')).exit).toBe('usage');
  });
});

describe('the bundles of the synth job', () => {
  it('that are not there are published as undetermined, over an older verdict', async () => {
    const run = leave(pull.headSha);
    expect(run).toBe(1);
    expect((await sluice('--pr', String(pull.number), '--ci-bundles', '--publish')).exit).toBe('denied');
    pull.github.putSynthRun({ headSha: pull.headSha, status: 'in_progress', conclusion: null });
    const ended = await sluice('--pr', String(pull.number), '--ci-bundles', '--publish');
    expect([ended.exit, ended.stderr]).toEqual(['undetermined', expect.stringContaining('has not ended')]);
    expect(await runsOn(pull.headSha)).toMatchObject([
      {
        conclusion: 'action_required',
        output: { title: expect.stringContaining('has not ended') as string },
      },
    ]);
  });

  it('with content that is not configuration are undetermined', async () => {
    leave(pull.headSha, zipOf([{ name: 'acme-production.tf.json', text: '[1]' }]));
    expect((await sluice('--pr', String(pull.number), '--ci-bundles')).exit).toBe('undetermined');
    leave(pull.headSha, zipOf([]));
    expect((await sluice('--pr', String(pull.number), '--ci-bundles')).exit).toBe('undetermined');
  });

  it('come from one place', async () => {
    expect((await sluice('--pr', '1', '--ci-bundles', '--bundles', 'x')).exit).toBe('usage');
    expect((await sluice('--facts', 'x', '--ci-bundles')).exit).toBe('usage');
  });
});

describe('attack B04: a head that moves while the gate decides', () => {
  const headOf = (sha: string): string =>
    JSON.stringify({
      number: pull.number,
      title: 'change',
      state: 'open',
      head: { sha },
      base: { ref: 'main', sha: pull.estate.git('rev-parse', 'main') },
    });
  const isHead = (name: string): boolean =>
    name === `GET /repos/${pull.at.repository}/pulls/${String(pull.number)}`;

  it('once: everything is read again, for the new head', async () => {
    leave(pull.headSha);
    // The first try reads the head three times and looks again as the fourth: by then it has moved, for that look only.
    proxy.faultOf = (name, nth) =>
      isHead(name) && nth === 4 ? { status: 200, body: headOf('e'.repeat(40)) } : null;
    const ended = await sluice('--pr', String(pull.number), '--ci-bundles', '--publish');
    expect(ended.exit).toBe('denied');
    expect(proxy.log.filter(isHead)).toHaveLength(8);
    expect(await runsOn(pull.headSha)).toHaveLength(1);
  });

  it('again and again: nothing is published', async () => {
    leave(pull.headSha);
    proxy.faultOf = (name, nth) =>
      isHead(name) && nth % 4 === 0 ? { status: 200, body: headOf('e'.repeat(40)) } : null;
    const ended = await sluice('--pr', String(pull.number), '--ci-bundles', '--publish');
    expect(ended.exit).toBe('stale');
    expect(writes(proxy)).toEqual([]);
  });

  it('to another base: nothing is published for the old one', async () => {
    leave(pull.headSha);
    const moved = headOf(pull.headSha).replace('"main"', '"other"');
    proxy.faultOf = (name, nth) => (isHead(name) && nth % 4 === 0 ? { status: 200, body: moved } : null);
    expect((await sluice('--pr', String(pull.number), '--ci-bundles', '--publish')).exit).toBe('stale');
    expect(writes(proxy)).toEqual([]);
  });
});
