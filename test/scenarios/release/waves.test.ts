/** Stacks that are released together: in parallel, watched before the next wave, taken back together. Real Terraform, real git. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Clock, Issue, Terraform, Tracker } from '../../../scripts/contract/ports.ts';
import { startEdge, type Edge } from '../../../scripts/sandbox/edge/edge.ts';
import { fakeProber, type FakeProber } from '../../fakes/prober.ts';
import { ledgerRows, live, merge, release, releasedEstate, type Change } from '../change.ts';
import type { Adjust, Ended, SmallEstate } from '../small-estate.ts';

const probe = 'name: the shop answers\n      url: https://www.shop.example/\n      expectStatus: 200';
const inWaves =
  (waves: string, more = ''): ((text: string) => string) =>
  (text) =>
    `${text}rollout:\n  waves: ${waves}\n${more}`;

const both: Change = {
  id: 'CHG-2026-0101',
  stacks: ['acme-production', 'acme-staging'],
  edits: [
    ["action: 'log'", "action: 'block'"],
    [
      "action: 'block', expression: '(http.host eq \"www.staging",
      "action: 'log', expression: '(http.host eq \"www.staging",
    ],
  ],
  probes: [probe],
};
const together: Change = { ...both, record: inWaves('[[acme-staging, acme-production]]') };
const watched: Change = {
  ...both,
  record: inWaves('[[acme-staging], [acme-production]]', '  observeMin: 2\n'),
};

let released: SmallEstate;
let estate: SmallEstate;
let edge: Edge;
let before: readonly string[];

beforeAll(async () => {
  released = await releasedEstate();
  before = await live(released);
});
afterAll(() => released.remove());
beforeEach(async () => {
  estate = released.copy();
  edge = await startEdge({ store: `${estate.folder}/.sluice/sandbox` });
});
afterEach(async () => {
  await edge.close();
  estate.remove();
});

async function releaseMerged(change: Change, adjust: Adjust): Promise<Ended> {
  merge(estate, change);
  return release(estate, change, { args: ['--edge', edge.url], adjust });
}

async function rows(): Promise<readonly string[]> {
  return (await ledgerRows(estate)).map(
    ({ stack, action, result }) => `${stack} ${action} ${String(result)}`,
  );
}

/** Does something to each apply of a release. */
function aroundApply(
  around: (folder: string, apply: () => ReturnType<Terraform['apply']>) => ReturnType<Terraform['apply']>,
): Adjust {
  return (services) => ({
    ...services,
    terraform: (options) => {
      const terraform = services.terraform(options);
      return {
        ...terraform,
        apply: async (...given: Parameters<Terraform['apply']>) =>
          around(given[0], async () => terraform.apply(...given)),
      };
    },
  });
}

/** The nth update of a ruleset at the sandbox's Cloudflare fails. */
async function breakUpdate(nth: number): Promise<void> {
  const at = ['--on', 'update', '--call', String(nth), '--type', 'cloudflare_ruleset'];
  await estate.sluice(['sandbox', 'fault', '--kind', 'error', ...at]);
}

const answering =
  (prober: FakeProber): Adjust =>
  (services) => ({ ...services, prober: () => prober });

describe('a wave of two stacks', () => {
  it('is applied at once, probed once after both, and leaves one chain', async () => {
    let begun = 0;
    let open = (): void => undefined;
    const all = new Promise<void>((resolve) => {
      open = resolve;
    });
    // Each apply waits for the other one to begin: one after the other they would wait for ever.
    const meeting = aroundApply(async (_folder, apply) => {
      begun += 1;
      if (begun === 2) {
        open();
      }
      await all;
      return apply();
    });
    const prober = fakeProber();
    const ended = await releaseMerged(together, (services) => answering(prober)(meeting(services)));
    expect([ended.exit, ended.stderr]).toEqual(['ok', expect.not.stringContaining('sluice:')]);
    expect((await rows()).toSorted()).toEqual([
      'acme-production release successful',
      'acme-staging release successful',
    ]);
    expect(prober.made).toHaveLength(2);
    const lines = ended.stderr.split('\n').filter((line) => line.includes('apply'));
    expect(lines.every((line) => /^acme-(?:staging|production): apply/.test(line))).toBe(true);
  });

  it('is taken back from both, the last one first, when its probe fails', async () => {
    const prober = fakeProber();
    const failing: Adjust = aroundApply(async (_folder, apply) => {
      prober.failing.set('the shop answers', 'answered 500, expected 200');
      return apply();
    });
    const ended = await releaseMerged(together, (services) => answering(prober)(failing(services)));
    expect([ended.exit, ended.stderr]).toEqual([
      'denied',
      expect.stringContaining('The release was rolled back: the probe "the shop answers" failed'),
    ]);
    const all = await ledgerRows(estate);
    expect(all.map(({ action, result }) => [action, result])).toEqual([
      ['release', 'failed-verification'],
      ['release', 'failed-verification'],
      ['rollback', 'successful'],
      ['rollback', 'successful'],
    ]);
    expect(all.slice(2).map(({ undoes }) => undoes)).toEqual([['R0004'], ['R0003']]);
    expect(await live(estate)).toEqual(before);
  });

  it('lets the other one end when an apply breaks off, and takes both back', async () => {
    await breakUpdate(1);
    const ended = await releaseMerged(together, answering(fakeProber()));
    expect([ended.exit, ended.stderr]).toEqual([
      'denied',
      expect.stringMatching(
        /The release was rolled back: acme-\w+: R000[34]: the apply to acme-\w+ broke off/,
      ),
    ]);
    const all = await ledgerRows(estate);
    expect(all.map(({ action, result }) => `${action} ${String(result)}`).toSorted()).toEqual([
      'release failed',
      'release successful',
      'rollback successful',
    ]);
    expect(await live(estate)).toEqual(before);
  });
});

describe('between two waves', () => {
  /** Time goes by only where something waits for it. */
  function clockOf(clock: Clock, waits: number[]): Clock {
    let passed = 0;
    return {
      now: () => new Date(Date.parse(clock.now()) + passed).toISOString(),
      monotonicMs: () => passed,
      wait: async (ms) => {
        waits.push(ms);
        passed += ms;
      },
    };
  }

  it('are shown to their author before anybody is asked', async () => {
    merge(estate, watched);
    const { stdout } = await estate.sluice(['check', '--base', 'HEAD~1']);
    expect(stdout).toContain(
      'Waves: acme-staging, then acme-production, each watched for 2 min before the next',
    );
  });

  it('the first is watched with its probes, which is kept beside the second', async () => {
    const waits: number[] = [];
    const prober = fakeProber();
    const ended = await releaseMerged(watched, (services) => ({
      ...answering(prober)(services),
      clock: clockOf(services.clock, waits),
    }));
    expect([ended.exit, ended.stderr]).toEqual([
      'ok',
      expect.stringContaining('acme-staging: watched for 2 min'),
    ]);
    expect(waits).toEqual([30_000, 30_000, 30_000, 30_000]);
    // Before the release, after the first wave, four times while it is watched, after the second.
    expect(prober.made).toHaveLength(7);
    expect(await rows()).toEqual(['acme-staging release successful', 'acme-production release successful']);
    const observed = JSON.parse(
      estate.git('show', 'releases:releases/0004-acme-production/observed.json'),
    ) as object;
    expect(observed).toMatchObject({ wave: ['acme-staging'], minutes: 2, rounds: 4, probes: [{ ok: true }] });
  });

  it('what fails while it is watched takes the change back, and the second is not begun', async () => {
    const prober = fakeProber();
    const waits: number[] = [];
    const ended = await releaseMerged(watched, (services) => {
      const clock = clockOf(services.clock, waits);
      return {
        ...answering(prober)(services),
        clock: {
          ...clock,
          wait: async (ms) => {
            prober.failing.set('the shop answers', 'answered 502, expected 200');
            return clock.wait(ms);
          },
        },
      };
    });
    expect([ended.exit, ended.stderr]).toEqual([
      'denied',
      expect.stringContaining(
        'The release was rolled back: the probe "the shop answers" failed (answered 502',
      ),
    ]);
    expect(waits).toHaveLength(1);
    expect(await rows()).toEqual(['acme-staging release successful', 'acme-staging rollback successful']);
    expect(await live(estate)).toEqual(before);
  });

  it("rules of the estate's own are asked again, and stop what they refuse by then", async () => {
    const rule = {
      id: 'own-hours',
      title: 'Not late',
      area: 'plan',
      severity: 'deny',
      why: 'a',
      fix: 'b',
      since: '2026-11-01',
      source: 'c',
      waivable: false,
    };
    const text = JSON.stringify({ rule, result: { kind: 'judged', observations: [], doubts: [] } });
    estate.write('policies/rules/own-hours.ts', '// What it says is played below.\n');
    estate.git('add', '--all');
    estate.git('commit', '--quiet', '--message', 'A rule of our own');
    const asked: string[] = [];
    const ended = await releaseMerged(watched, (services) => ({
      ...answering(fakeProber())(services),
      clock: clockOf(services.clock, []),
      rules: {
        run: async (order) => {
          asked.push(order.input.now);
          return asked.length === 1
            ? { ok: true, value: text }
            : { ok: false, reason: 'it is later than it was' };
        },
      },
    }));
    expect([ended.exit, ended.stderr]).toEqual([
      'partialApply',
      expect.stringContaining('The gate stopped the release between two waves: rules'),
    ]);
    const [first = '', second = ''] = asked;
    expect([asked.length, Date.parse(second) - Date.parse(first)]).toEqual([2, 120_000]);
    expect(await rows()).toEqual(['acme-staging release successful']);
  });

  it('a wave that could not be rolled back inside the window any more is not begun', async () => {
    const late: Change = {
      ...both,
      record: inWaves('[[acme-staging], [acme-production]]', '  observeMin: 2\n'),
    };
    const ended = await releaseMerged(late, (services) => {
      const clock = clockOf(services.clock, []);
      return {
        ...answering(fakeProber())(services),
        clock: { ...clock, wait: async (ms) => clock.wait(ms * 120) },
      };
    });
    expect([ended.exit, ended.stderr]).toEqual([
      'partialApply',
      expect.stringMatching(
        /The gate stopped the release between two waves: [^]*(?:no-go|runs longer|no window is open)/,
      ),
    ]);
    expect(ended.stderr).toContain('Not touched: acme-production');
    expect(await rows()).toEqual(['acme-staging release successful']);
  });
});

const heading = 'Incident: the rollback of CHG-2026-0101 failed';
const opened = { accountId: null, login: 'sluice', at: '2026-11-24T20:30:00Z' };
const incident = (number: number, isOpen: boolean, body = ''): Issue => ({
  number,
  isOpen,
  title: heading,
  body,
  opened,
  edited: null,
  reopened: null,
});

/** A tracker whose issues are these; what is opened is number 41. */
const trackerOf = (issues: Issue[]): Tracker => ({
  openIssues: async () => issues.filter(({ isOpen }) => isOpen),
  issuesSince: async () => issues,
  issuesNumbered: async () => [],
  open: async ({ title, body }) => {
    issues.push({ ...incident(41, true, body), title });
    return 41;
  },
  rewrite: async () => undefined,
  close: async () => undefined,
});

describe('a rollback that fails', () => {
  it.each([
    [
      'is told of the one that is open',
      [incident(39, false), incident(40, true)],
      'Incident 40 is open already.',
      2,
    ],
    ['opens another one when that is over', [incident(39, false)], 'Incident 41 is opened.', 2],
  ])('%s', async (_what, earlier, text, count) => {
    const issues: Issue[] = [...earlier];
    const tracker = trackerOf(issues);
    const prober = fakeProber();
    const breaking = aroundApply(async (_folder, apply) => {
      prober.failing.set('the shop answers', 'answered 500, expected 200');
      return apply();
    });
    await breakUpdate(3);
    const ended = await releaseMerged(together, (services) => ({
      ...answering(prober)(breaking(services)),
      tracker: async () => tracker,
    }));
    expect([ended.exit, ended.stderr]).toEqual(['partialApply', expect.stringContaining(text)]);
    expect(issues).toHaveLength(count);
  });

  it('leaves a command for each stack and one incident', async () => {
    const issues: Issue[] = [];
    const tracker = trackerOf(issues);
    const prober = fakeProber();
    const breaking = aroundApply(async (_folder, apply) => {
      prober.failing.set('the shop answers', 'answered 500, expected 200');
      return apply();
    });
    await breakUpdate(3);
    const ended = await releaseMerged(together, (services) => ({
      ...answering(prober)(breaking(services)),
      tracker: async () => tracker,
    }));
    expect([ended.exit, ended.stderr]).toEqual([
      'partialApply',
      expect.stringContaining('Incident 41 is opened.'),
    ]);
    const [issue, ...more] = issues;
    expect([issue?.title, more]).toEqual(['Incident: the rollback of CHG-2026-0101 failed', []]);
    expect(issue?.body).toMatch(
      /### Impact\n\nhigh[^]*sluice rollback acme-\w+ --reason[^]*### Caused by\n\nCHG-2026-0101/,
    );
    expect(ended.stderr).toMatch(/could not be undone: R000[56]: the apply to acme-\w+ broke off/);
    const undone = (await ledgerRows(estate))
      .slice(2)
      .map(({ action, result }) => `${action} ${String(result)}`);
    expect(undone.toSorted()).toEqual(['rollback failed', 'rollback successful']);
  });
});
