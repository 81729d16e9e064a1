/**
 * What people said in comments, as facts. A comment counts only as it was first posted: one that was edited says nothing
 * any more, and when somebody else edited or deleted it, that is a fact of its own. Who was entitled to say what is
 * decided by the policies.
 */
import { readSaid, type Said } from '../input/statement.ts';
import type { Comment, PullFacts } from '../ports.ts';
import type { PastEmergency, Statement } from '../../policies/model/facts.ts';

/** A comment of an account that is there, with what it says. */
interface Heard<Kind extends Said['kind']> {
  readonly comment: Comment & { readonly accountId: number };
  readonly said: Said & { readonly kind: Kind };
}

export interface SaidInComments {
  readonly statements: readonly Statement[];
  readonly breakGlass: readonly Heard<'break-glass'>[];
  readonly clientApprovals: readonly Heard<'client-approval'>[];
}

/** Reads all comments of a pull request. Bots and deleted accounts say nothing. */
export function readComments({
  comments,
  deletedComments,
}: Pick<PullFacts, 'comments' | 'deletedComments'>): SaidInComments {
  const heard = comments.flatMap(hear);
  return {
    statements: [
      ...heard.flatMap(({ comment, said }) => statementOf(comment, said)),
      ...comments.flatMap(editedByOther),
      ...deletedByOther(deletedComments),
    ],
    breakGlass: heard.filter(isKind('break-glass')),
    clientApprovals: heard.filter(isKind('client-approval')),
  };
}

function hear(comment: Comment): readonly Heard<Said['kind']>[] {
  const { accountId } = comment;
  if (accountId === null || comment.isBot || comment.isOwn) {
    return [];
  }
  const said = readSaid(comment.text);
  if (said === null) {
    return [];
  }
  const problem = 'it was edited after it was posted; say it again in a new comment';
  return [
    {
      comment: { ...comment, accountId },
      said: comment.edited === null ? said : { kind: 'misread', problem },
    },
  ];
}

function isKind<Kind extends Said['kind']>(kind: Kind) {
  return (heard: Heard<Said['kind']>): heard is Heard<Kind> => heard.said.kind === kind;
}

function statementOf(comment: Heard<'misread'>['comment'], said: Said): readonly Statement[] {
  const { accountId, login, at, tuple } = comment;
  switch (said.kind) {
    case 'waive-commit':
    case 'freeze-exemption':
    case 'reclassify':
    case 'condition':
    case 'condition-closed':
      return [{ accountId, login, at, tuple, ...said }];
    case 'misread':
      return [{ accountId, login, at, tuple, reason: '', ...said }];
    case 'break-glass':
    case 'client-approval':
    case 'ratify':
      return [];
    default:
      throw new Error(`a statement that is not known: ${JSON.stringify(said satisfies never)}`);
  }
}

function editedByOther(comment: Comment): readonly Statement[] {
  const { accountId, edited, login, at } = comment;
  return accountId === null || comment.isBot || edited === null || edited.accountId === accountId
    ? []
    : [
        {
          kind: 'tampered',
          what: 'edited',
          comment: `comment-${String(comment.id)}`,
          byLogin: edited.login,
          accountId,
          login,
          at,
          reason: '',
          tuple: null,
        },
      ];
}

function deletedByOther(deleted: PullFacts['deletedComments']): readonly Statement[] {
  return deleted.flatMap((comment): readonly Statement[] =>
    comment.ofAccountId === null || comment.byAccountId === comment.ofAccountId
      ? []
      : [
          {
            kind: 'tampered',
            what: 'deleted',
            comment: `deleted-${String(comment.id)}`,
            byLogin: comment.byLogin,
            accountId: comment.ofAccountId,
            login: comment.ofLogin,
            at: comment.at,
            reason: '',
            tuple: null,
          },
        ],
  );
}

/**
 * What was said in retrospect about a change that was merged at `mergedAt`: `/sluice ratify` and `/sluice refuse`, and
 * reviews given after the merge. A dismissed review says nothing.
 */
export function readRatifications(
  said: Pick<PullFacts, 'reviews' | 'comments'>,
  mergedAt: string,
): PastEmergency['ratifications'] {
  const byComment = said.comments
    .flatMap(hear)
    .flatMap(({ comment, said: words }) =>
      words.kind === 'ratify'
        ? [{ accountId: comment.accountId, at: comment.at, decision: words.decision }]
        : [],
    );
  const byReview = said.reviews.flatMap((review): PastEmergency['ratifications'] => {
    const decision = decisions.get(review.state);
    return decision === undefined ||
      review.accountId === null ||
      review.isBot !== false ||
      review.editedAt !== undefined
      ? []
      : [{ accountId: review.accountId, at: review.submittedAt, decision }];
  });
  return [...byComment, ...byReview].filter(({ at }) => Date.parse(at) > Date.parse(mergedAt));
}

const decisions: ReadonlyMap<string, 'ratified' | 'refused'> = new Map([
  ['APPROVED', 'ratified'],
  ['CHANGES_REQUESTED', 'refused'],
]);
