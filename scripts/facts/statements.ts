/**
 * What people said in comments, as facts. A comment counts only as it was first posted: what one that was edited permitted
 * does not count any more, what it stopped does, and when somebody else edited or deleted it, that is a fact of its own. Who
 * was entitled to say what is decided by the policies.
 */
import { readStatementLines } from '../read/statement/lines.ts';
import type { Misread, CommentStatement } from '../read/statement/statement.ts';
import type { Comment, PullFacts } from '../contract/ports.ts';
import { dismissed } from '../../policies/approvals/opinions.ts';
import type { Facts, PastEmergency, Review, Statement } from '../../policies/model/facts.ts';

/** What a comment says, of an account that is there. */
interface PlacedStatement<Kind extends CommentStatement['kind']> {
  readonly comment: Comment & { readonly accountId: number };
  readonly statement: CommentStatement & { readonly kind: Kind };
}

export interface CommentStatements {
  readonly statements: readonly Statement[];
  readonly breakGlass: readonly PlacedStatement<'break-glass'>[];
  readonly clientApprovals: readonly PlacedStatement<'client-approval'>[];
}

type Spoken = Pick<PullFacts, 'comments' | 'deletedComments' | 'reviewTexts'>;

/** Reads all that was said on a pull request. Bots and deleted accounts say nothing. */
export function readComments({ comments, deletedComments, reviewTexts }: Spoken): CommentStatements {
  const placed = [...comments.flatMap(hear), ...reviewTexts.flatMap(hearReview)];
  return {
    statements: [
      ...placed.flatMap(({ comment, statement }) => statementOf(comment, statement)),
      ...[...comments, ...reviewTexts].flatMap(editedByOther),
      ...deletedByOther(deletedComments),
    ],
    breakGlass: placed.filter(isKind('break-glass')),
    clientApprovals: placed.filter(isKind('client-approval')),
  };
}

const editedSince = 'it was edited after it was posted; say it again in a new comment';
const inReview = 'it stands in a review; a statement is a comment of its own';

function hear(comment: Comment): readonly PlacedStatement<CommentStatement['kind']>[] {
  return statementsIn(comment, comment.edited === null ? null : editedSince);
}

/** A review says what its state says. What else stands in it permits nothing and is answered. */
function hearReview(review: Comment): readonly PlacedStatement<CommentStatement['kind']>[] {
  return statementsIn(review, inReview);
}

/** `instead`: why nothing of it counts as it stands. What is misread keeps its own problem, with the line it is on. */
function statementsIn(
  comment: Comment,
  instead: string | null,
): readonly PlacedStatement<CommentStatement['kind']>[] {
  const { accountId } = comment;
  if (accountId === null || comment.isBot || comment.isOwn) {
    return [];
  }
  return readStatementLines(comment.text).map(({ line, statement }) => {
    const read = statement.kind === 'misread' || instead === null ? statement : voided(statement, instead);
    return {
      comment: { ...comment, accountId },
      statement:
        read.kind === 'misread' ? { ...read, problem: `line ${String(line)}: ${read.problem}` } : read,
    };
  });
}

function voided(statement: Exclude<CommentStatement, Misread>, problem: string): Misread {
  const stops =
    statement.kind === 'refuse'
      ? 'change and ratification'
      : statement.kind === 'condition' || statement.kind === 'reclassify'
        ? 'change'
        : 'nothing';
  return { kind: 'misread', problem, stops };
}

function isKind<Kind extends CommentStatement['kind']>(kind: Kind) {
  return (placed: PlacedStatement<CommentStatement['kind']>): placed is PlacedStatement<Kind> =>
    placed.statement.kind === kind;
}

function statementOf(
  comment: PlacedStatement<'misread'>['comment'],
  statement: CommentStatement,
): readonly Statement[] {
  const { accountId, login, at, tuple } = comment;
  switch (statement.kind) {
    case 'waive-commit':
    case 'freeze-exemption':
    case 'reclassify':
    case 'condition':
    case 'condition-closed':
      return [{ accountId, login, at, tuple, ...statement }];
    case 'refuse':
      return [
        { accountId, login, at, tuple, kind: 'refusal', comment: nameOf(comment), reason: statement.reason },
      ];
    case 'misread':
      return [{ accountId, login, at, tuple, reason: '', comment: nameOf(comment), ...statement }];
    case 'break-glass':
    case 'client-approval':
    case 'ratify':
      return [];
    default:
      throw new Error(`a statement that is not known: ${JSON.stringify(statement satisfies never)}`);
  }
}

/** What `/sluice close …` settles it by. */
function nameOf({ id, source }: Comment): string {
  return `${source}-${String(id)}`;
}

function editedByOther(comment: Comment): readonly Statement[] {
  const { accountId, edited, login, at } = comment;
  return accountId === null || edited === null || !isByOther(comment)
    ? []
    : [
        {
          kind: 'tampered',
          what: 'edited',
          comment: nameOf(comment),
          byLogin: edited.login,
          accountId,
          login,
          at,
          reason: '',
          tuple: null,
        },
      ];
}

function isByOther({ accountId, isBot, edited }: Comment): boolean {
  return accountId !== null && !isBot && edited !== null && edited.accountId !== accountId;
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

type Ratifications = PastEmergency['ratifications'];

/** By whom a refusal may be dismissed. */
export interface RatificationContext {
  readonly facts: Pick<Facts, 'policy' | 'now'>;
  /** People who took part in the emergency. */
  readonly involved: ReadonlySet<string>;
}

/**
 * What was said in retrospect about a change that was merged at `mergedAt`: `/sluice ratify` and `/sluice refuse`, and
 * reviews given after the merge. A refusal in a review stands though it was edited, and unless whoever dismissed it was
 * entitled to, as before the merge. What may have been a refusal (misread, edited, or changed or deleted by somebody else) is
 * unclear. Where one person said two things at once, the one that stops comes last.
 */
export function readRatifications(
  conversation: Spoken & Pick<PullFacts, 'reviews'>,
  { mergedAt, court }: { readonly mergedAt: string; readonly court: RatificationContext },
): Ratifications {
  const byReview = conversation.reviews.flatMap((review): Ratifications => {
    const decision = decisionOf(review, court);
    return decision === null || review.accountId === null || review.isBot !== false
      ? []
      : [{ accountId: review.accountId, at: review.submittedAt, decision }];
  });
  const inWords = [
    ...conversation.comments.flatMap(hear),
    ...conversation.reviewTexts.flatMap(hearReview),
  ].flatMap(inRetrospect);
  const tampered = [
    ...[...conversation.comments, ...conversation.reviewTexts].flatMap(editedByOther),
    ...deletedByOther(conversation.deletedComments),
  ].map(({ accountId, at }): Ratifications[number] => ({ accountId, at, decision: 'unclear' }));
  return [...byReview, ...inWords, ...tampered]
    .filter(({ at }) => Date.parse(at) > Date.parse(mergedAt))
    .toSorted((left, right) => Date.parse(left.at) - Date.parse(right.at) || weight(left) - weight(right));
}

function inRetrospect({
  comment: { accountId, at },
  statement,
}: PlacedStatement<CommentStatement['kind']>): Ratifications {
  if (statement.kind === 'misread') {
    return statement.stops === 'change and ratification' ? [{ accountId, at, decision: 'unclear' }] : [];
  }
  const decision = statement.kind === 'ratify' ? 'ratified' : statement.kind === 'refuse' ? 'refused' : null;
  return decision === null ? [] : [{ accountId, at, decision }];
}

function weight({ decision }: Ratifications[number]): number {
  return ['ratified', 'unclear', 'refused'].indexOf(decision);
}

/** Its state cannot be edited; what its words permitted or stopped can. */
function decisionOf(
  review: Review,
  { facts, involved }: RatificationContext,
): Ratifications[number]['decision'] | null {
  switch (review.state) {
    case 'APPROVED':
      return review.editedAt === undefined ? 'ratified' : 'unclear';
    case 'CHANGES_REQUESTED':
      return 'refused';
    case 'DISMISSED':
      return dismissed(review, facts, involved).kind === 'veto' ? 'refused' : null;
    case 'COMMENTED':
    case 'PENDING':
      return null;
    default:
      throw new Error(`a review state that is not known: ${String(review.state satisfies never)}`);
  }
}
