/** What can be put on GitHub by somebody who may push: check runs of the gate's name, moments of their choice, dismissals. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createGitHub } from '../../scripts/adapters/github/github.ts';
import { checkName } from '../../scripts/contract/check-name.ts';
import { writeVisible } from '../../scripts/adapters/github/visible.ts';
import type { PullFacts } from '../../scripts/contract/ports.ts';
import type { DigestTuple } from '../../policies/model/facts.ts';
import { knownValues } from '../../scripts/secrets/known-values.ts';

const headSha = 'a'.repeat(40);
const digest = (digit: string): string => `sha256:${digit.repeat(64)}`;
const honest: DigestTuple = {
  headSha,
  effectDigest: digest('1'),
  recordDigest: digest('2'),
  policyDigest: digest('3'),
};
const evil: DigestTuple = { ...honest, effectDigest: digest('6') };
const ours = { id: 77, slug: 'sluice' };
const actions = { id: 15_368, slug: 'github-actions' };

/** The head was pushed at 06:00; the review was given at 08:00. */
const pushedAt = '2026-11-23T06:00:00Z';
const reviewedAt = '2026-11-23T08:00:00Z';

interface Written {
  readonly id: number;
  readonly tuple: DigestTuple;
  readonly since: string;
  readonly app: typeof ours | null;
  readonly conclusion?: string | null;
}
interface World {
  readonly runs: readonly Written[];
  readonly reviewState?: string;
  readonly events?: readonly object[];
  readonly pushes?: readonly string[];
  readonly comments?: readonly object[];
  /** When the review was last edited. */
  readonly edited?: string | null;
}
interface Sent {
  readonly method: string;
  readonly path: string;
  readonly body: { readonly started_at?: string };
}

let server: Server | null = null;
let sent: Sent[] = [];
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
  server = null;
  sent = [];
});

function answers(world: World, all: boolean): readonly (readonly [RegExp, unknown])[] {
  const repo = { full_name: 'o/r' };
  // Unless all are asked for, GitHub lists the newest of a name only.
  const newest = Math.max(...world.runs.map(({ id }) => id));
  const listed = all ? world.runs : world.runs.filter(({ id }) => id === newest);
  return [
    [
      /\/pulls\/7$/,
      {
        user: { id: 1001, type: 'User' },
        head: { sha: headSha, ref: 'f', repo },
        base: { ref: 'main', sha: 'b'.repeat(40), repo },
        draft: false,
        merged: false,
        commits: 1,
        state: 'open',
        merged_at: null,
      },
    ],
    [
      /\/pulls\/7\/reviews$/,
      [
        {
          id: 1,
          user: { id: 1004, login: 'j-novak', type: 'User' },
          state: world.reviewState ?? 'APPROVED',
          submitted_at: reviewedAt,
          commit_id: headSha,
          body: '',
        },
      ],
    ],
    [
      /\/pulls\/7\/commits$/,
      [{ sha: headSha, commit: { message: 'x' }, author: { id: 1001 }, committer: { id: 1001 } }],
    ],
    [
      /\/activity$/,
      (world.pushes ?? [pushedAt]).map((timestamp) => ({ actor: { id: 1001 }, after: headSha, timestamp })),
    ],
    [/\/issues\/7\/events$/, world.events ?? []],
    [/\/issues\/7\/comments$/, world.comments ?? []],
    [/\/user$/, { id: 1 }],
    [
      /\/commits\/[^/]+\/check-runs$/,
      {
        total_count: listed.length,
        check_runs: listed.map(({ id, tuple, since, app, conclusion = null }) => ({
          id,
          app,
          conclusion,
          name: checkName('main'),
          external_id: writeVisible(tuple),
          started_at: since,
        })),
      },
    ],
    [/\/commits\/[^/]+\/pulls$/, []],
    [/\/branches\/main$/, { commit: { sha: 'c'.repeat(40) } }],
    [/\/repos\/o\/r$/, { default_branch: 'main' }],
  ];
}

/** One page of whatever is asked for. */
function graphql({ edited = null }: World, text: string): object {
  const lists: Readonly<Record<string, readonly object[]>> = {
    ReviewEdits: [{ fullDatabaseId: '1', lastEditedAt: edited }],
    CommitAuthors: [{ commit: { oid: headSha, authors: { nodes: [{ user: { databaseId: 1001 } }] } } }],
    CommentEdits: [],
    DeletedComments: [],
  };
  const { query } = JSON.parse(text) as { readonly query: string };
  const nodes = lists[/^query (\w+)/.exec(query)?.[1] ?? ''];
  const list = { pageInfo: { hasNextPage: false, endCursor: null }, nodes };
  return { data: { repository: { pullRequest: { list } } } };
}

async function github(world: World, appId: number | null) {
  const listening = createServer((incoming, outgoing) => {
    const { pathname, searchParams } = new URL(incoming.url ?? '/', 'http://localhost');
    let text = '';
    incoming.on('data', (chunk: Buffer) => {
      text += chunk.toString();
    });
    incoming.on('end', () => {
      const method = incoming.method ?? '';
      if (method !== 'GET' && pathname !== '/graphql') {
        sent.push({ method, path: pathname, body: JSON.parse(text) as Sent['body'] });
      }
      const known = answers(world, searchParams.get('filter') === 'all');
      const found =
        pathname === '/graphql'
          ? graphql(world, text)
          : method === 'GET'
            ? known.find(([path]) => path.test(pathname))?.[1]
            : {};
      outgoing.writeHead(found === undefined ? 404 : 200, { 'content-type': 'application/json' });
      outgoing.end(JSON.stringify(found ?? {}));
    });
  });
  server = listening;
  await new Promise<void>((resolve) => {
    listening.listen(0, '127.0.0.1', resolve);
  });
  const { port } = listening.address() as AddressInfo;
  return createGitHub({
    token: 't',
    repository: 'o/r',
    baseUrl: `http://127.0.0.1:${String(port)}`,
    appId,
    secrets: knownValues([]),
    retryUnitMs: 1,
  });
}

async function factsOf(world: World, appId: number | null = ours.id): Promise<PullFacts> {
  return (await github(world, appId)).pullFacts(7);
}
const tupleOf = (facts: PullFacts): DigestTuple | null => facts.reviews[0]?.tuple ?? null;

const shown: Written = { id: 10, tuple: honest, since: '2026-11-23T07:00:00Z', app: ours };
const forged: Written = { id: 11, tuple: evil, since: '2026-11-23T07:00:00Z', app: actions };

describe('case 54: a check run under the name of the gate', () => {
  it('of the App counts', async () => {
    const facts = await factsOf({ runs: [shown] });
    expect([tupleOf(facts), facts.pull.complete.reviews]).toEqual([honest, true]);
  });

  it.each([
    ['beside ours', [shown, forged]],
    ['before ours', [{ ...forged, id: 9 }, shown]],
    ['alone', [forged]],
    ['with what ours shows', [shown, { ...forged, tuple: honest }]],
    ['by no app', [shown, { ...forged, app: null }]],
  ])('of a workflow, %s, shows nothing, and nothing is decided', async (_, runs) => {
    const facts = await factsOf({ runs });
    expect([tupleOf(facts), facts.pull.complete.reviews]).toEqual([null, false]);
  });

  it.each(['skipped', 'neutral', 'success', null])(
    'case 53: of the App tells what was on show, whatever its conclusion is: %s',
    async (conclusion) => {
      const facts = await factsOf({ runs: [{ ...shown, conclusion }] });
      expect(facts.reviews.map(({ state, tuple }) => [state, tuple])).toEqual([['APPROVED', honest]]);
      expect(JSON.stringify(facts)).not.toContain(conclusion ?? 'conclusion');
    },
  );

  it('of an App is not taken for the workflow token', async () => {
    const facts = await factsOf({ runs: [shown] }, null);
    expect([tupleOf(facts), facts.pull.complete.reviews]).toEqual([null, false]);
  });
});

describe('with the workflow token, whose app every workflow shares', () => {
  const own = { ...shown, app: actions };

  it.each([
    ['after', [own, forged]],
    ['before', [forged, own]],
  ])('a run that says something else, listed %s ours, makes both say nothing', async (_, runs) => {
    const facts = await factsOf({ runs }, null);
    expect([tupleOf(facts), facts.pull.complete.reviews]).toEqual([null, false]);
  });

  it.each([
    ['after', (late: Written, early: Written) => [late, early]],
    ['before', (late: Written, early: Written) => [early, late]],
  ])(
    'a second run that says the same, but earlier, listed %s ours, moves nothing forward',
    async (_, order) => {
      const late = { ...own, since: '2026-11-23T08:30:00Z' };
      expect(tupleOf(await factsOf({ runs: order(late, { ...own, id: 11 }) }, null))).toBeNull();
    },
  );

  it('publishing writes over every one of them and starts anew', async () => {
    const adapter = await github({ runs: [own, forged] }, null);
    await adapter.publish(7, {
      checkName: checkName('main'),
      headSha,
      conclusion: 'failure',
      lookedAt: '2026-11-24T20:30:00Z',
      title: 'deny',
      summary: 'no',
      annotations: [],
      tuple: honest,
    });
    const runs = sent.filter(({ path }) => path.includes('/check-runs'));
    expect(runs.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'PATCH /repos/o/r/check-runs/10',
      'PATCH /repos/o/r/check-runs/11',
    ]);
    for (const { body } of runs) {
      expect(Date.parse(body.started_at ?? '')).toBeGreaterThan(Date.parse(reviewedAt));
    }
  });
});

describe('the moment from which something was shown', () => {
  it('is not before the head was pushed, whatever the run says', async () => {
    const early = { ...shown, since: '2020-01-01T00:00:00Z' };
    expect(tupleOf(await factsOf({ runs: [early], pushes: ['2026-11-23T08:30:00Z'] }))).toBeNull();
  });

  it('is not before the head was pushed again', async () => {
    expect(tupleOf(await factsOf({ runs: [shown], pushes: [pushedAt, '2026-11-23T08:30:00Z'] }))).toBeNull();
  });

  it('is never when no push of the head is known', async () => {
    expect(tupleOf(await factsOf({ runs: [shown], pushes: [] }))).toBeNull();
  });
});

const event = (state: string, actor: object | null = { id: 1001 }) => ({
  id: 1,
  event: 'review_dismissed',
  actor,
  created_at: reviewedAt,
  dismissed_review: { state, review_id: 1, dismissal_message: 'why' },
});
const dismissed = async (...events: readonly object[]) => {
  const [review] = (await factsOf({ runs: [shown], reviewState: 'DISMISSED', events })).reviews;
  return [review?.stateBeforeDismissal, review?.dismissedBy];
};

describe('a dismissed review', () => {
  it('says what it was and who dismissed it', async () => {
    expect(await dismissed(event('approved'))).toEqual([
      'APPROVED',
      { accountId: 1001, at: reviewedAt, reason: 'why' },
    ]);
  });

  it('of which nothing is known stays unknown', async () => {
    expect(await dismissed()).toEqual([null, undefined]);
  });

  it.each([
    ['two events', [event('changes_requested'), event('approved')]],
    ['a state that is not known', [event('endorsed', null)]],
    [
      'another review',
      [
        {
          ...event('approved'),
          dismissed_review: { state: 'approved', review_id: 2, dismissal_message: '' },
        },
      ],
    ],
  ])('is unknown with %s', async (_, events) => {
    expect(await dismissed(...events)).toEqual([null, undefined]);
  });

  it('by a deleted account was dismissed by nobody', async () => {
    expect(await dismissed(event('changes_requested', null))).toEqual(['CHANGES_REQUESTED', undefined]);
  });
});

describe('case 19: a base branch that was changed', () => {
  const changed = (at: string) => ({ id: 1, event: 'base_ref_changed', actor: { id: 1001 }, created_at: at });
  const baseOf = async (...events: readonly object[]) =>
    (await factsOf({ runs: [shown], events })).reviews.map(({ baseBranch }) => baseBranch);

  it('leaves no review from before it, and takes one that was given since', async () => {
    expect(await baseOf()).toEqual(['main']);
    expect(await baseOf(changed('2026-11-23T07:59:59Z'))).toEqual(['main']);
    expect(await baseOf(changed(reviewedAt))).toEqual([null]);
    expect(await baseOf(changed('2026-11-23T07:00:00Z'), changed('2026-11-23T09:00:00Z'))).toEqual([null]);
  });
});

describe('a comment that looks like the gate’s', () => {
  const marked = { body: '<!-- sluice:change-control -->\nALLOW', created_at: reviewedAt };
  const byPerson = { ...marked, id: 5, user: { id: 1001, login: 'r-okafor', type: 'User' } };
  const byWorkflow = { ...marked, id: 6, user: { id: 2, login: 'github-actions[bot]', type: 'Bot' } };
  const byApp = {
    ...marked,
    id: 7,
    user: { id: 3, login: 'sluice[bot]', type: 'Bot' },
    performed_via_github_app: { id: ours.id },
  };
  const written = async (comments: readonly object[], appId: number | null) => {
    const adapter = await github({ runs: [], comments }, appId);
    await adapter.publish(7, {
      checkName: checkName('main'),
      headSha,
      conclusion: 'failure',
      lookedAt: '2026-11-24T20:30:00Z',
      title: 'deny',
      summary: 'no',
      annotations: [],
      tuple: honest,
    });
    return sent
      .filter(({ path }) => path.includes('comments'))
      .map(({ method, path }) => `${method} ${path}`);
  };
  const created = ['POST /repos/o/r/issues/7/comments'];

  it('is left alone when a person or a workflow has written it, and the App’s own is rewritten', async () => {
    expect(await written([byPerson, byWorkflow], ours.id)).toEqual(created);
    sent = [];
    expect(await written([byPerson, byWorkflow, byApp], ours.id)).toEqual([
      'PATCH /repos/o/r/issues/comments/7',
    ]);
  });

  it('of a person is left alone without an App, too', async () => {
    expect(await written([byPerson], null)).toEqual(created);
  });
});
