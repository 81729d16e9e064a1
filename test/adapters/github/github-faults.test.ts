/**
 * case 55: an API error is never a success. Every request that reading and publishing make is made to fail, with every
 * status that GitHub uses, once and for good.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createGitHub } from '../../../scripts/adapters/github/github.ts';
import { pauseAfter } from '../../../scripts/adapters/github/connection.ts';
import { readVisible } from '../../../scripts/adapters/github/visible.ts';
import { ExternalError } from '../../../scripts/contract/errors.ts';
import { approve } from '../../../scripts/sandbox/github/acts.ts';
import type { GitHub, PullFacts, PublishedVerdict } from '../../../scripts/contract/ports.ts';
import type { DigestTuple } from '../../../policies/model/facts.ts';
import { startFaultProxy, type Fault, type FaultProxy } from '../network/fault-proxy.ts';
import { pullOnLocalGitHub, type PullOnGitHub } from './pull-on-local-github.ts';
import { knownValues } from '../../../scripts/secrets/known-values.ts';

let pull: PullOnGitHub;
let proxy: FaultProxy;
let github: GitHub;
let undisturbed: PullFacts;
let reading: readonly string[];
let publishing: readonly string[];

const digest = (digit: string): string => `sha256:${digit.repeat(64)}`;
const tupleOf = (headSha: string, effect: string): DigestTuple => ({
  headSha,
  effectDigest: digest(effect),
  recordDigest: digest('2'),
  policyDigest: digest('3'),
});
const verdict = (effect: string): PublishedVerdict => ({
  checkName: 'change-control / main',
  headSha: pull.headSha,
  conclusion: 'failure',
  lookedAt: '2026-11-24T20:30:00Z',
  title: 'deny',
  summary: 'not yet',
  annotations: [
    {
      path: 'changes/acme/CHG-2026-0042.yaml',
      startLine: 1,
      endLine: 1,
      level: 'failure',
      title: 'x',
      message: 'x',
    },
  ],
  tuple: tupleOf(pull.headSha, effect),
});

/** Names of the requests that `work` makes. */
async function requestsOf(work: () => Promise<unknown>): Promise<readonly string[]> {
  const from = proxy.log.length;
  await work();
  return [...new Set(proxy.log.slice(from))];
}

beforeAll(async () => {
  pull = await pullOnLocalGitHub();
  proxy = await startFaultProxy(pull.github.url);
  github = createGitHub({
    token: pull.github.tokens.get('sluice-bot') ?? '',
    repository: pull.at.repository,
    baseUrl: proxy.url,
    appId: null,
    secrets: knownValues([]),
    retryUnitMs: 1,
  });
  await github.publish(pull.number, verdict('1'));
  await approve(pull.at, { login: 'm-lind', number: pull.number, body: 'fine' });
  publishing = await requestsOf(() => github.publish(pull.number, verdict('1')));
  reading = await requestsOf(() => github.pullFacts(pull.number));
  undisturbed = await github.pullFacts(pull.number);
});
afterAll(async () => {
  await proxy.close();
  await pull.close();
});

const statuses: readonly Fault[] = [
  { status: 401 },
  { status: 403 },
  { status: 403, headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '9999999999' } },
  { status: 404 },
  { status: 422 },
  { status: 429, headers: { 'retry-after': '1' } },
  { status: 500 },
  { status: 502, body: '<html>Bad gateway</html>' },
  { status: 200, body: '{"message":' },
  { status: 200, body: '{}' },
];

/** What GitHub answers to workflow and App tokens is not a failure: they may not ask who they are. */
const isAllowed = (name: string, fault: Fault): boolean =>
  name === 'GET /user' && fault.status === 403 && fault.headers === undefined;

async function withFault<T>(faultOf: FaultProxy['faultOf'], work: () => Promise<T>): Promise<T> {
  proxy.faultOf = faultOf;
  try {
    return await work();
  } finally {
    proxy.faultOf = () => null;
  }
}

/** How `work` ends while one of the requests keeps failing, for each of them in turn. */
async function outcomesOf(
  names: readonly string[],
  fault: Fault,
  work: () => Promise<unknown>,
  afterwards: () => Promise<void> = () => Promise.resolve(),
): Promise<readonly (readonly [string, string])[]> {
  const outcomes: (readonly [string, string])[] = [];
  for (const name of names) {
    const outcome = await withFault(
      (each) => (each === name ? fault : null),
      () =>
        work().then(
          () => 'no error',
          (error: unknown) => (error instanceof ExternalError ? error.message : String(error)),
        ),
    );
    outcomes.push([name, outcome]);
    await afterwards();
  }
  return outcomes;
}

describe('case 55: reading a pull request', () => {
  it('takes the requests that are made to fail here', () => {
    expect(reading.map((name) => name.replace(/\d+|[0-9a-f]{40}/g, 'N'))).toContain(
      'POST /graphql ReviewEdits',
    );
    expect(reading.length).toBeGreaterThan(10);
  });

  it.each(statuses)('fails when any of its requests keeps failing: %j', async (fault) => {
    const names = reading.filter((name) => !isAllowed(name, fault));
    const outcomes = await outcomesOf(names, fault, () => github.pullFacts(pull.number));
    const refused = `GitHub did not let Sluice read pull request ${String(pull.number)}.`;
    expect(outcomes).toEqual(names.map((name) => [name, refused]));
  });

  it.each<Fault>([{ status: 500 }, { status: 502 }, { status: 429, headers: { 'retry-after': '1' } }])(
    'reads everything when each of its requests fails once: %j',
    async (fault) => {
      const seen = new Set<string>();
      const once = (name: string): Fault | null => {
        const isFirst = !seen.has(name);
        seen.add(name);
        return isFirst ? fault : null;
      };
      const read = await withFault(once, () => github.pullFacts(pull.number));
      expect({ ...read, serverTime: undisturbed.serverTime }).toEqual(undisturbed);
      expect(seen.size).toBe(reading.length);
    },
  );
});

describe('case 55: publishing a verdict', () => {
  const onShow = async (): Promise<string | null> => {
    const { check_runs: runs } = (await pull.ask(
      'sluice-bot',
      'GET',
      `commits/${pull.headSha}/check-runs`,
    )) as {
      readonly check_runs: readonly { readonly external_id: string; readonly started_at: string }[];
    };
    expect(runs).toHaveLength(1);
    return (
      readVisible(pull.headSha, runs[0]?.external_id ?? null, runs[0]?.started_at ?? null)?.tuple
        .effectDigest ?? null
    );
  };

  it.each(statuses)(
    'fails when any of its requests keeps failing, and shows an old or a new one: %j',
    async (fault) => {
      // What an answer to a change says is not read, so one without content is not a failure.
      const isRead = (name: string): boolean => fault.body !== '{}' || !name.startsWith('PATCH');
      const names = publishing.filter((name) => !isAllowed(name, fault) && isRead(name));
      const shown = new Set<string | null>();
      const outcomes = await outcomesOf(
        names,
        fault,
        () => github.publish(pull.number, verdict('8')),
        async () => {
          shown.add(await onShow());
          await github.publish(pull.number, verdict('1'));
        },
      );
      const refused = `GitHub did not let Sluice publish the verdict on pull request ${String(pull.number)}.`;
      expect(outcomes).toEqual(names.map((name) => [name, refused]));
      expect([digest('1'), digest('8')]).toEqual(expect.arrayContaining([...shown]));
    },
  );
});

describe('a limit', () => {
  const error = (status: number, headers: Readonly<Record<string, string>>, message = '') => ({
    status,
    message,
    response: { headers },
  });

  it.each<[string, object, number | null]>([
    ['of any kind that names its pause', error(403, { 'retry-after': '7' }), 7],
    ['429 that names none', error(429, {}), 60],
    ['secondary limit that names none', error(403, {}, 'You have exceeded a secondary rate limit.'), 60],
    [
      '403 that is about rights',
      error(403, { 'x-ratelimit-remaining': '4999' }, 'Resource not accessible'),
      null,
    ],
    ['404', error(404, { 'retry-after': '7' }), null],
  ])('is known: %s', (_, given, seconds) => {
    expect(pauseAfter(given)).toBe(seconds);
  });

  it('that is over in an hour is not waited for, and the message says when', async () => {
    const reset = String(Math.floor(Date.now() / 1000) + 3600);
    const fault = { status: 403, headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset } };
    const from = proxy.log.length;
    const refused = withFault(
      () => fault,
      () => github.pullFacts(pull.number),
    );
    const thrown: unknown = await refused.catch((reason: unknown) => reason);
    expect(thrown).toBeInstanceOf(ExternalError);
    expect(thrown instanceof ExternalError ? thrown.parts.fix : '').toMatch(/in 36\d\d s/);
    expect(proxy.log.length - from).toBe(1);
  });
});

describe('what creates something', () => {
  it('is not tried again after a failure that may have created it', async () => {
    const fresh = await pullOnLocalGitHub();
    const front = await startFaultProxy(fresh.github.url);
    const adapter = createGitHub({
      token: fresh.github.tokens.get('sluice-bot') ?? '',
      repository: fresh.at.repository,
      baseUrl: front.url,
      appId: null,
      secrets: knownValues([]),
      retryUnitMs: 1,
    });
    front.faultOf = (name) => (name.startsWith('POST /repos') ? { status: 502 } : null);
    const tuple = tupleOf(fresh.headSha, '1');
    await expect(
      adapter.publish(fresh.number, { ...verdict('1'), headSha: fresh.headSha, tuple }),
    ).rejects.toThrow(ExternalError);
    expect(front.log.filter((name) => name.startsWith('POST /repos'))).toHaveLength(1);
    await front.close();
    await fresh.close();
  });
});
