/** B01 to B09: an approval that was given for something else, by somebody else, or before. */
import { approve, dismissReview, openPull } from '../../scripts/sandbox/github/acts.ts';
import {
  approved,
  at,
  commitChange,
  gate,
  mergePull,
  newId,
  outcomeOf,
  propose,
  push,
  redirected,
  release,
  releasedChange,
  review,
  reviewOf,
  writeChange,
  type Pull,
} from './acts.ts';
import { edited, withRecord } from './estate.ts';
import { behind, type Behaviour } from './front.ts';
import type { Attempt, Proof, Scenario } from './scenario.ts';
import type { World } from './world.ts';

/** Another commit on the branch of the everyday change, which sends visitors elsewhere. */
function commitTrick(world: World, date?: string): void {
  writeChange(world, { edit: redirected.edit });
  world.git('add', '--all');
  const who = { login: 'r-okafor', ...(date === undefined ? {} : { date }) };
  world.gitAs(who, 'commit', '--quiet', '--message', 'One more thing');
}

const unknownTuple = 'm-lind approved, but it is not known what was on show when it was given';
const byApprovals = { exit: 'denied', checks: ['approvals'] } as const;

/** A second change is merged and released while the first one waits with its approvals. */
async function overtake(world: World, branch: string): Promise<void> {
  await releasedChange(world, {
    id: newId(),
    edit: (estate) => withRecord(estate, 'mail', { content: '203.0.113.30' }),
  });
  world.git('checkout', '--quiet', branch);
}

/** An edit of the roster, merged to main by its own way. */
async function landRoster(world: World, edit: (people: readonly RosterPerson[]) => void): Promise<void> {
  const branch = world.git('rev-parse', '--abbrev-ref', 'HEAD');
  world.git('checkout', '--quiet', 'main');
  const path = 'policies/roster.yaml';
  world.write(
    path,
    edited(world.read(path), (roster) => edit(roster['people'] as readonly RosterPerson[])),
  );
  world.git('commit', '--quiet', '--all', '--message', 'Roster');
  await push(world, 'main', 'd-quist');
  world.git('checkout', '--quiet', branch);
}

interface RosterPerson {
  readonly id: string;
  readonly seats: { to?: string }[];
}

function endSeats(id: string): (people: readonly RosterPerson[]) => void {
  return (people) => {
    for (const seat of people.find((person) => person.id === id)?.seats ?? []) {
      seat.to = new Date(Date.now() - 24 * 3_600_000).toISOString().slice(0, 10);
    }
  };
}

type EditReview = (review: Readonly<Record<string, unknown>>) => object;

/** GitHub telling something else about the reviews of one person. */
function tellingOf(login: string, edit: EditReview): Behaviour {
  return {
    changes: [
      {
        path: /\/pulls\/\d+\/reviews$/,
        edit: (answer) =>
          (answer as readonly { readonly user: { readonly login: string } }[]).map((each) =>
            each.user.login === login ? edit({ ...each }) : each,
          ),
      },
    ],
  };
}

async function reviewerTricks(world: World, pull: Pull): Promise<readonly Attempt[]> {
  const user =
    (parts: object): EditReview =>
    (given) => ({ ...given, user: { ...(given['user'] as object), ...parts } });
  const told = (edit: EditReview) =>
    behind(world, tellingOf('m-lind', edit), (env) => gate(world, pull, { env }));
  const bot = await told(user({ type: 'Bot' }));
  const ghost = await told((given) => ({ ...given, user: null }));
  const reviewId = await reviewOf(world, 'm-lind', pull);
  await dismissReview(at(world), { login: 's-haddad', number: pull.number, reviewId, message: 'not yours' });
  const dismissed = await gate(world, pull);
  await review(world, 'm-lind', pull, { body: 'looks good, not sent' });
  const pending = await gate(world, pull);
  await approve(at(world), { login: 'o-stranger', number: pull.number, body: 'fine by me' });
  const stranger = await gate(world, pull);
  return [
    {
      trick: 'by a bot',
      outcome: bot,
      ...byApprovals,
      says: 'it is a bot: an automated check is not an approval',
    },
    { trick: 'of a deleted account', outcome: ghost, ...byApprovals, says: 'the account was deleted' },
    {
      trick: 'dismissed',
      outcome: dismissed,
      ...byApprovals,
      says: 'm-lind gave a review that was dismissed',
    },
    { trick: 'pending', outcome: pending, ...byApprovals, says: 'm-lind gave a review that was dismissed' },
    {
      trick: 'by somebody who may only read',
      outcome: stranger,
      ...byApprovals,
      says: 'o-stranger approved, but not entitled: the account is not on the roster',
    },
  ];
}

/** Somebody who did this to the branch, approves. */
async function takingPart(
  world: World,
  id: string,
  commit: (branch: string) => Promise<void>,
): Promise<Pull> {
  const branch = commitChange(world, { id });
  await push(world, 'main');
  await commit(branch);
  const pull = { number: 0, branch };
  return { ...pull, number: await openAs(world, branch) };
}

function openAs(world: World, branch: string): Promise<number> {
  return openPull(at(world), { login: 'r-okafor', head: branch, title: branch, body: '' });
}

export const approvalFreshness: readonly Scenario[] = [
  {
    id: 'B01',
    attack: 'approve, then push',
    run: async (world) => {
      const pull = await propose(world);
      const honest = await approved(world, pull);
      commitTrick(world);
      await push(world, pull.branch);
      const pushed = await gate(world, pull);
      await mergePull(world, pull);
      const says = 'unauthorised change: merged without valid approvals';
      return {
        honest: [honest],
        attempts: [
          { trick: 'merge it', outcome: pushed, ...byApprovals, says: unknownTuple },
          { trick: 'release it', outcome: await release(world, pull), ...byApprovals, says },
        ],
      };
    },
  },
  {
    id: 'B02',
    attack: "a review's commit_id moves to a head that came after it",
    run: async (world) => {
      const pull = await propose(world);
      const moved: Behaviour = {
        changes: [
          {
            path: /\/pulls\/\d+\/reviews$/,
            edit: (answer) => {
              const commit_id = world.git('rev-parse', pull.branch);
              return (answer as readonly object[]).map((each) => ({ ...each, commit_id }));
            },
          },
        ],
      };
      return behind(world, moved, async (env) => {
        await approved(world, pull);
        const honest = await gate(world, pull, { env });
        commitTrick(world);
        await push(world, pull.branch);
        const other = await gate(world, pull, { env });
        world.git('reset', '--quiet', '--hard', 'HEAD~1');
        world.git('commit', '--quiet', '--amend', '--message', 'The same patch again');
        await push(world, pull.branch);
        const same = await gate(world, pull, { env });
        return {
          honest: [honest],
          attempts: [
            { trick: 'onto another patch', outcome: other, ...byApprovals, says: unknownTuple },
            { trick: 'onto the same patch, forced', outcome: same, ...byApprovals, says: unknownTuple },
          ],
        };
      });
    },
  },
  {
    id: 'B03',
    attack: 'a commit dated before the approvals',
    run: async (world) => {
      const long = '2026-01-05T08:00:00Z';
      const branch = commitChange(world);
      world.gitAs(
        { login: 'r-okafor', date: long },
        'commit',
        '--quiet',
        '--amend',
        '--no-edit',
        '--reset-author',
      );
      await push(world, 'main');
      await push(world, branch);
      const pull = { branch, number: await openAs(world, branch) };
      const honest = await approved(world, pull);
      commitTrick(world, long);
      await push(world, branch);
      const outcome = await gate(world, pull);
      return {
        honest: [honest],
        attempts: [{ trick: 'pushed after them', outcome, ...byApprovals, says: unknownTuple }],
      };
    },
  },
  {
    id: 'B04',
    attack: 'a push between reading the head and reading the approvals',
    run: async (world): Promise<Proof> => {
      const pull = await propose(world);
      const honest = await approved(world, pull);
      const reviewed = world.git('rev-parse', pull.branch);
      let isPushed = false;
      const racing: Behaviour = {
        after: async (method, path) => {
          if (method === 'GET' && path.endsWith(`/pulls/${String(pull.number)}`) && !isPushed) {
            isPushed = true;
            commitTrick(world);
            await push(world, pull.branch);
            world.git('checkout', '--quiet', reviewed);
          }
        },
      };
      await behind(world, racing, (env) => gate(world, pull, { env }));
      world.git('checkout', '--quiet', pull.branch);
      const asked = await gate(world, pull);
      await mergePull(world, pull);
      const says = 'unauthorised change: merged without valid approvals';
      return {
        honest: [honest],
        attempts: [
          { trick: 'merge what was pushed', outcome: asked, ...byApprovals, says: unknownTuple },
          { trick: 'release it', outcome: await release(world, pull), ...byApprovals, says },
        ],
      };
    },
  },
  {
    id: 'B05',
    attack: 'approve, then request changes, by the same reviewer',
    run: async (world) => {
      const pull = await propose(world);
      const honest = await approved(world, pull);
      await review(world, 's-haddad', pull, { event: 'REQUEST_CHANGES', body: 'wrong address' });
      const vetoed = await gate(world, pull);
      await review(world, 's-haddad', pull, { event: 'COMMENT', body: 'let us talk' });
      const commented = await gate(world, pull);
      return {
        honest: [honest],
        attempts: [
          { trick: 'the first row counts', outcome: vetoed, ...byApprovals, says: 'veto of s-haddad' },
          { trick: 'a comment hides it', outcome: commented, ...byApprovals, says: 'veto of s-haddad' },
        ],
      };
    },
  },
  {
    id: 'B06',
    attack: 'dismissed, pending, bot, read-only and former reviewers',
    run: async (world) => {
      const pull = await propose(world);
      const honest = await approved(world, pull);
      const tricks = await reviewerTricks(world, pull);
      await approve(at(world), { login: 'm-lind', number: pull.number, body: 'yes' });
      const again = await gate(world, pull);
      await landRoster(world, endSeats('j.novak'));
      const left = await gate(world, pull);
      await mergePull(world, pull);
      return {
        honest: [honest, again],
        attempts: [
          ...tricks,
          {
            trick: 'left the CAB, at the merge',
            outcome: left,
            ...byApprovals,
            says: 'j-novak approved, but',
          },
          {
            trick: 'left the CAB, at the release',
            outcome: await release(world, pull),
            ...byApprovals,
            says: 'unauthorised change: merged without valid approvals',
          },
        ],
      };
    },
  },
  {
    id: 'B07',
    attack: 'whoever wrote, committed or pushed it approves it',
    run: async (world) => {
      const honest = await approved(world, await propose(world));
      const committed = await takingPart(world, 'CHG-2026-0111', async (branch) => {
        world.gitAs({ login: 'm-lind', author: 'r-okafor' }, 'commit', '--quiet', '--amend', '--no-edit');
        await push(world, branch);
      });
      const byCommitter = await approved(world, committed);
      const written = await takingPart(world, 'CHG-2026-0112', async (branch) => {
        world.gitAs(
          { login: 'r-okafor', author: 'm-lind' },
          'commit',
          '--quiet',
          '--amend',
          '--no-edit',
          '--author',
          'm <m-lind@sluice.example>',
        );
        await push(world, branch);
      });
      const byAuthor = await approved(world, written);
      const pushed = await takingPart(world, 'CHG-2026-0113', (branch) => push(world, branch, 'm-lind'));
      const byPusher = await approved(world, pushed);
      const coauthored = await takingPart(world, 'CHG-2026-0114', async (branch) => {
        const trailer = 'Suggested\n\nCo-authored-by: m-lind <m-lind@sluice.example>';
        world.git('commit', '--quiet', '--amend', '--message', trailer);
        await push(world, branch);
      });
      const byCoAuthor = await approved(world, coauthored);
      return {
        honest: [honest],
        attempts: [
          {
            trick: 'committer',
            outcome: byCommitter,
            ...byApprovals,
            says: 'disqualified: Mats Lind committed',
          },
          {
            trick: 'author',
            outcome: byAuthor,
            ...byApprovals,
            says: 'disqualified: Mats Lind wrote commit',
          },
          {
            trick: 'pusher',
            outcome: byPusher,
            ...byApprovals,
            says: 'disqualified: Mats Lind pushed to the branch',
          },
          {
            trick: 'co-author',
            outcome: byCoAuthor,
            ...byApprovals,
            says: 'disqualified: Mats Lind is co-author',
          },
        ],
      };
    },
  },
  {
    id: 'B08',
    attack: 'the base changes after the review',
    run: async (world) => {
      const pull = await propose(world);
      const honest = await approved(world, pull);
      await overtake(world, pull.branch);
      const asked = await gate(world, pull);
      await mergePull(world, pull);
      return {
        honest: [honest],
        attempts: [
          {
            trick: 'another change was released meanwhile',
            outcome: asked,
            ...byApprovals,
            says: 'what would be done has changed since',
          },
          {
            trick: 'and it is released all the same',
            outcome: await release(world, pull),
            ...byApprovals,
            says: 'merged without',
          },
        ],
      };
    },
  },
  {
    id: 'B09',
    attack: 'approved for one stack, applied to another',
    run: async (world) => {
      const pull = await propose(world);
      const allowed = await approved(world, pull);
      await mergePull(world, pull);
      // As the release job asks before it starts: about the merge, which is what is checked out there.
      const due = outcomeOf(await world.sluice(['gate', '--pr', String(pull.number), '--moment', 'apply']));
      const outcome = await release(world, pull, { stacks: ['acme-staging'] });
      const honest = await release(world, pull, { stacks: ['acme-production'] });
      return {
        honest: [allowed, due, honest],
        attempts: [
          {
            trick: 'named on the command line',
            outcome,
            exit: 'usage',
            checks: [],
            says: 'acme-staging is not part of this change',
          },
        ],
      };
    },
  },
];
