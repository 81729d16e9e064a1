/**
 * What people said in comments, as facts. A comment counts only as it was first posted: what one that was edited permitted
 * does not count any more, what it stopped does, and when somebody else edited or deleted it, that is a fact of its own. Who
 * was entitled to say what is decided by the policies.
 */
import { readSaid } from '../read/statement/lines.ts';
import type { Misread, Said } from '../read/statement/statement.ts';
import type { Comment, PullFacts } from '../contract/ports.ts';
import { dismissed } from '../../policies/approvals/opinions.ts';
import type { Facts, PastEmergency, Review, Statement } from '../../policies/model/facts.ts';

/** What a comment says, of an account that is there. */
interface Heard<Kind extends Said['kind']> {
  readonly comment: Comment & { readonly accountId: number };
  readonly said: Said & { readonly kind: Kind };
}

export interface SaidInComments {
  readonly statements: readonly Statement[];
  readonly breakGlass: readonly Heard<'break-glass'>[];
  readonly clientApprovals: readonly Heard<'client-approval'>[];
}

type Spoken = Pick<PullFacts, 'comments' | 'deletedComments' | 'reviewTexts'>;

/** Reads all that was said on a pull request. Bots and deleted accounts say nothing. */
export function readComments({ comments, deletedComments, reviewTexts }: Spoken): SaidInComments {
  const heard = [...comments.flatMap(hear), ...reviewTexts.flatMap(hearReview)];
  return {
    statements: [
      ...heard.flatMap(({ comment, said }) => statementOf(comment, said)),
      ...[...comments, ...reviewTexts].flatMap(editedByOther),
      ...deletedByOther(deletedComments),
    ],
    breakGlass: heard.filter(isKind('break-glass')),
    clientApprovals: heard.filter(isKind('client-approval')),
  };
}

const editedSince = 'it was edited after it was posted; say it again in a new comment';
const inReview = 'it stands in a review; a statement is a comment of its own';

function hear(comment: Comment): readonly Heard<Said['kind']>[] {
  return heardIn(comment, comment.edited === null ? null : editedSince);
}

/** A review says what its state says. What else stands in it permits nothing and is answered. */
function hearReview(review: Comment): readonly Heard<Said['kind']>[] {
  return heardIn(review, inReview);
}

/** `instead`: why nothing of it counts as it stands. What is misread keeps its own problem, with the line it is on. */
function heardIn(comment: Comment, instead: string | null): readonly Heard<Said['kind']>[] {
  const { accountId } = comment;
  if (accountId === null || comment.isBot || comment.isOwn) {
    return [];
  }
  return readSaid(comment.text).map(({ line, said }) => {
    const read = said.kind === 'misread' || instead === null ? said : voided(said, instead);
    return {
      comment: { ...comment, accountId },
      said: read.kind === 'misread' ? { ...read, problem: `line ${String(line)}: ${read.problem}` } : read,
    };
  });
}

function voided(said: Exclude<Said, Misread>, problem: string): Misread {
  const stops =
    said.kind === 'refuse'
      ? 'change and ratification'
      : said.kind === 'condition' || said.kind === 'reclassify'
        ? 'change'
        : 'nothing';
  return { kind: 'misread', problem, stops };
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
    case 'refuse':
      return [
        { accountId, login, at, tuple, kind: 'refusal', comment: nameOf(comment), reason: said.reason },
      ];
    case 'misread':
      return [{ accountId, login, at, tuple, reason: '', comment: nameOf(comment), ...said }];
    case 'break-glass':
    case 'client-approval':
    case 'ratify':
      return [];
    default:
      throw new Error(`a statement that is not known: ${JSON.stringify(said satisfies never)}`);
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
export interface Court {
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
  said: Spoken & Pick<PullFacts, 'reviews'>,
  { mergedAt, court }: { readonly mergedAt: string; readonly court: Court },
): Ratifications {
  const byReview = said.reviews.flatMap((review): Ratifications => {
    const decision = decisionOf(review, court);
    return decision === null || review.accountId === null || review.isBot !== false
      ? []
      : [{ accountId: review.accountId, at: review.submittedAt, decision }];
  });
  const inWords = [...said.comments.flatMap(hear), ...said.reviewTexts.flatMap(hearReview)].flatMap(
    inRetrospect,
  );
  const tampered = [
    ...[...said.comments, ...said.reviewTexts].flatMap(editedByOther),
    ...deletedByOther(said.deletedComments),
  ].map(({ accountId, at }): Ratifications[number] => ({ accountId, at, decision: 'unclear' }));
  return [...byReview, ...inWords, ...tampered]
    .filter(({ at }) => Date.parse(at) > Date.parse(mergedAt))
    .toSorted((left, right) => Date.parse(left.at) - Date.parse(right.at) || weight(left) - weight(right));
}

function inRetrospect({ comment: { accountId, at }, said }: Heard<Said['kind']>): Ratifications {
  if (said.kind === 'misread') {
    return said.stops === 'change and ratification' ? [{ accountId, at, decision: 'unclear' }] : [];
  }
  const decision = said.kind === 'ratify' ? 'ratified' : said.kind === 'refuse' ? 'refused' : null;
  return decision === null ? [] : [{ accountId, at, decision }];
}

function weight({ decision }: Ratifications[number]): number {
  return ['ratified', 'unclear', 'refused'].indexOf(decision);
}

/** Its state cannot be edited; what its words permitted or stopped can. */
function decisionOf(review: Review, { facts, involved }: Court): Ratifications[number]['decision'] | null {
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
