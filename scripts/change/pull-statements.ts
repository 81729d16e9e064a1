/**
 * What people said on a pull request besides reviewing it, as facts: statements, written approvals of clients, and an
 * emergency that is to be applied alone, for which the change manager is called.
 */
import type { Services } from '../contract/context.ts';
import type { AnswerMisread } from '../facts/emergencies.ts';
import { readComments } from '../facts/statements.ts';
import { escapeMarkdown } from '../render/text/escape.ts';
import type { GitHub, PullFacts } from '../contract/ports.ts';
import type { BreakGlass, Evidence, Facts, Roster } from '../../policies/model/facts.ts';
import { voicesAt } from '../../policies/approvals/people.ts';
import type { LocatedRecord } from '../../policies/model/record.ts';

export interface PullStatements {
  readonly statements: Facts['statements'];
  readonly evidence: readonly Evidence[];
  readonly breakGlass: BreakGlass | null;
}

export interface PullConversation {
  readonly found: PullFacts;
  readonly records: readonly LocatedRecord[];
  readonly roster: Roster;
  /** Whether the change manager may be called; otherwise only a call that was made before is known. */
  readonly mayPage: boolean;
}

/** Reads the comments. Written approvals are compared with the files at the head of the pull request. */
export async function pullStatements(
  services: Services,
  github: GitHub,
  conversation: PullConversation,
): Promise<PullStatements> {
  const comments = readComments(conversation.found);
  const evidence: Evidence[] = [];
  for (const { comment, statement: approval } of comments.clientApprovals) {
    if (isOnRoster(conversation.roster, comment.accountId)) {
      evidence.push({
        kind: 'client-approval',
        client: approval.client,
        path: approval.path,
        recordedDigest: approval.digest,
        actualDigest: await services.git.digestAt(conversation.found.pull.headSha, approval.path),
        enteredById: comment.accountId,
        enteredAt: comment.at,
        tuple: comment.tuple,
      });
    }
  }
  return {
    statements: comments.statements,
    evidence,
    breakGlass: await breakGlass({ services, github }, conversation, comments),
  };
}

/** Once for each comment, to people of the roster: what others say counts for nothing anyway. */
export function answerMisread(github: GitHub, roster: Roster): AnswerMisread {
  return async (number, { accountId, comment, problem, stops }) => {
    if (!isOnRoster(roster, accountId)) {
      return;
    }
    const meaning =
      stops === 'change and ratification'
        ? 'It may have been a refusal, and counts as one until you say it again.'
        : 'It counts for nothing; say it again in a comment of its own.';
    await github.page(number, {
      occasion: `misread-${comment}`,
      accountIds: [accountId],
      text: `${comment} was not understood: ${escapeMarkdown(problem)}. ${meaning}`,
    });
  };
}

function isOnRoster(roster: Roster, accountId: number): boolean {
  return roster.people.some((person) => person.accounts.includes(accountId));
}

/** Only the implementer of an emergency is heard: nobody else may go alone, and nobody else may have people called. */
async function breakGlass(
  { services, github }: { readonly services: Services; readonly github: GitHub },
  { found, records, roster, mayPage }: PullConversation,
  comments: ReturnType<typeof readComments>,
): Promise<BreakGlass | null> {
  const [only, ...others] = records;
  if (only === undefined || others.length > 0 || only.record.type !== 'emergency') {
    return null;
  }
  const { implementer } = only.record;
  const accounts = roster.people.find(({ id }) => id === implementer)?.accounts ?? [];
  const requestedBreakGlass = comments.breakGlass.findLast(({ comment }) =>
    accounts.includes(comment.accountId),
  );
  if (requestedBreakGlass === undefined) {
    return null;
  }
  const { comment } = requestedBreakGlass;
  const occasion = `break-glass-${String(comment.id)}`;
  const { number } = found.pull;
  const pagedAt = mayPage
    ? await github.page(number, {
        occasion,
        accountIds: changeManagers(roster, services.clock.now()),
        text: `${only.record.id} is about to be applied by its implementer alone: nobody of the ECAB was reached. It has to be ratified within 24 hours. A review that requests changes stops it.`,
      })
    : await github.pagedAt(number, occasion);
  const { accountId, at, tuple } = comment;
  return { accountId, at, reason: requestedBreakGlass.statement.reason, pagedAt, tuple };
}

/** Whoever speaks for the seat now, deputies included; one account each. */
function changeManagers(roster: Roster, now: string): readonly number[] {
  return roster.people
    .filter((person) =>
      voicesAt(roster, person, Date.parse(now)).some(({ seat }) => seat === 'change-manager'),
    )
    .flatMap(({ accounts }) => accounts.slice(0, 1));
}
