/**
 * Reviews as GitHub tells them, in the form the gate reads. What GitHub does not tell stays unknown:
 *
 * - `tuple` is set only for a review given while the gate showed that tuple;
 * - a dismissed review no longer says what it was; the events do. Without exactly one such event it is unknown, and
 *   the gate takes it for a veto;
 * - a review whose edits are not known counts as one that was edited, since somebody with the right to edit it could have
 *   added the typed fingerprint that its author left out.
 */
import type { Octokit } from '@octokit/rest';
import type { Review } from '../../../policies/model/facts.ts';
import type { Comment } from '../../contract/ports.ts';
import type { ReviewEdit } from './conversation.ts';
import { isSince, type VisibleVerdict } from './visible.ts';

type ApiReview = Awaited<ReturnType<Octokit['rest']['pulls']['listReviews']>>['data'][number];

/** What an issue's event says about the dismissal of a review. */
export interface Dismissal {
  readonly reviewId: number;
  /** In GitHub's words for events: `approved`, `changes_requested`, `commented`. */
  readonly state: string;
  /** Null for an account that was deleted. */
  readonly actorId: number | null;
  readonly at: string;
  readonly message: string;
}

/** What is known beside the reviews. */
export interface Around {
  readonly visible: VisibleVerdict | null;
  readonly base: string;
  /** When the base was last changed; null when never. What was said until then was said for another base. */
  readonly baseSince: string | null;
  readonly dismissals: readonly Dismissal[];
  /** When each review was last edited and by whom, null when never, by its number. */
  readonly edits: ReadonlyMap<number, ReviewEdit | null>;
}

/** The event as GitHub sends it, as far as it is read. */
interface ApiEvent {
  readonly event: string;
  readonly actor: { readonly id: number } | null;
  readonly created_at: string;
  readonly dismissed_review?: {
    readonly state: string;
    readonly review_id: number;
    readonly dismissal_message: string | null;
  };
}

/** Those of the events that dismiss a review. */
export function dismissalsOf(events: readonly ApiEvent[]): readonly Dismissal[] {
  return events.flatMap(({ event, actor, created_at: at, dismissed_review: review }) =>
    event !== 'review_dismissed' || review === undefined
      ? []
      : [
          {
            reviewId: review.review_id,
            state: review.state,
            actorId: actor?.id ?? null,
            at,
            message: review.dismissal_message ?? '',
          },
        ],
  );
}

/** One review with everything that is known about it. */
export function asReview(review: ApiReview, around: Around): Review {
  const submittedAt = review.submitted_at ?? '';
  const { visible } = around;
  return {
    id: review.id,
    ...reviewer(review.user),
    state: review.state as Review['state'],
    submittedAt,
    commitId: review.commit_id,
    ...editOf(review, around.edits),
    ...dismissalOf(review, around.dismissals),
    baseBranch:
      around.baseSince === null || Date.parse(submittedAt) > Date.parse(around.baseSince)
        ? around.base
        : null,
    fingerprint: /\b[0-9a-f]{12}\b/.exec(review.body)?.[0] ?? null,
    ...(visible !== null && isSince(submittedAt, visible.since) ? { tuple: visible.tuple } : {}),
  };
}

/** What the review says in words, or said before it was emptied. One that is not submitted is nobody's word yet. */
export function textOfReview(review: ApiReview, edits: Around['edits']): readonly Comment[] {
  const edited = edits.get(review.id)?.by ?? null;
  const { accountId, login, isBot } = reviewer(review.user);
  return typeof review.submitted_at !== 'string' || (review.body === '' && edited === null)
    ? []
    : [
        {
          source: 'review',
          id: review.id,
          accountId,
          login,
          isBot: isBot !== false,
          isOwn: false,
          at: review.submitted_at,
          text: review.body,
          edited,
          tuple: null,
        },
      ];
}

/** A review that nobody can tell the edits of is taken for one that was edited just after it was given. */
function editOf(review: ApiReview, edits: Around['edits']): Pick<Review, 'editedAt'> {
  const edited = edits.get(review.id);
  if (edited === null) {
    return {};
  }
  const unknown = new Date(Date.parse(review.submitted_at ?? '') + 1000);
  return { editedAt: edited?.at ?? (Number.isNaN(unknown.getTime()) ? '' : unknown.toISOString()) };
}

const statesBefore: ReadonlyMap<string, NonNullable<Review['stateBeforeDismissal']>> = new Map([
  ['approved', 'APPROVED'],
  ['changes_requested', 'CHANGES_REQUESTED'],
  ['commented', 'COMMENTED'],
]);

/** GitHub dismisses a review once; none or several events mean that something is not understood. */
function dismissalOf(
  review: ApiReview,
  dismissals: readonly Dismissal[],
): Pick<Review, 'stateBeforeDismissal' | 'dismissedBy'> {
  const [found, ...more] = dismissals.filter(({ reviewId }) => reviewId === review.id);
  if (review.state !== 'DISMISSED' || found === undefined || more.length > 0) {
    return { stateBeforeDismissal: null };
  }
  return {
    stateBeforeDismissal: statesBefore.get(found.state.toLowerCase()) ?? null,
    ...(found.actorId === null
      ? {}
      : { dismissedBy: { accountId: found.actorId, at: found.at, reason: found.message } }),
  };
}

/** GitHub sends no user for an account that was deleted. */
function reviewer(
  user: { readonly id: number; readonly login: string; readonly type: string } | null,
): Pick<Review, 'accountId' | 'login' | 'isBot'> {
  return user === null
    ? { accountId: null, login: 'ghost', isBot: null }
    : { accountId: user.id, login: user.login, isBot: user.type === 'Bot' };
}
