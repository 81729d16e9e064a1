/**
 * Which digest tuple the gate shows on a commit. It travels in the check run's `external_id`, which reviewers cannot
 * edit; `started_at` is set to the moment from which this tuple was shown. A review given before it is for something
 * else.
 *
 * Both fields are as trustworthy as who may write the run. With `appId` that is our App alone. Without it the runs are
 * those of the workflow token, and any workflow of any branch that has `checks: write` speaks as the same app: it can
 * rewrite our run and nobody can tell. So the guarantee needs the App; without it only what differs is noticed.
 */
import type { DigestTuple } from '../../../policies/model/facts.ts';

export interface VisibleVerdict {
  readonly tuple: DigestTuple;
  readonly since: string;
}

const digest = /^[0-9a-f]{64}$/;

/** `v1.<effect>.<record>.<policy>`; the head is the commit that the check run is on. */
export function writeVisible(tuple: DigestTuple): string {
  return ['v1', tuple.effectDigest, tuple.recordDigest, tuple.policyDigest]
    .map((part) => part.replace('sha256:', ''))
    .join('.');
}

/** Null when the text is not of this form: the tuple is then unknown and no review counts. */
export function readVisible(
  headSha: string,
  externalId: string | null,
  startedAt: string | null,
): VisibleVerdict | null {
  const [version, effect = '', record = '', policy = '', ...rest] = (externalId ?? '').split('.');
  if (
    version !== 'v1' ||
    rest.length > 0 ||
    ![effect, record, policy].every((part) => digest.test(part)) ||
    startedAt === null
  ) {
    return null;
  }
  return {
    since: startedAt,
    tuple: {
      headSha,
      effectDigest: `sha256:${effect}`,
      recordDigest: `sha256:${record}`,
      policyDigest: `sha256:${policy}`,
    },
  };
}

/** The fields of a check run that are read here. */
export interface CheckRun {
  readonly id: number;
  readonly name: string;
  readonly external_id: string | null;
  readonly started_at: string | null;
  readonly app: { readonly id: number; readonly slug?: string } | null;
  readonly status?: string;
  readonly conclusion?: string | null;
  readonly output?: { readonly title: string | null; readonly summary: string | null };
}

/** What the runs of one name on one commit say together. */
export interface RunsRead {
  /** Ours, to be updated. More than one when two gates published at once, or when somebody added one. */
  readonly own: readonly CheckRun[];
  /** Null when it cannot be told: no review counts then. */
  readonly visible: VisibleVerdict | null;
  /**
   * True when another app has a run of the gate's name on the commit, or when ours show different things: a reviewer may
   * have read either. The gate then decides nothing until it has published again, or, for another app's, on this commit.
   */
  readonly contested: boolean;
}

/**
 * Reads all runs of `name`. All that are ours must show the same tuple; it is shown since the latest `started_at` of them,
 * for the earliest could be one that somebody added with a moment of their choice. The API gives no server-side moment of
 * a run (`started_at` and `completed_at` are its author's), so the caller bounds it by the push of the head.
 */
export function readRuns(
  runs: readonly CheckRun[],
  {
    name,
    headSha,
    appId,
  }: { readonly name: string; readonly headSha: string; readonly appId: number | null },
): RunsRead {
  const named = runs.filter((run) => run.name === name);
  const own = named.filter((run) => isOwn(run, appId));
  const read = own.map((run) => readVisible(headSha, run.external_id, run.started_at));
  const [first = null] = read;
  const agreed = read.every(
    (each) => each !== null && first !== null && writeVisible(each.tuple) === writeVisible(first.tuple),
  );
  const latest = read
    .flatMap((each) => (each === null ? [] : [each.since]))
    .reduce((a, b) => laterOf(a, b), first?.since ?? '');
  const contested = named.length > own.length || (own.length > 1 && !agreed);
  return {
    own,
    contested,
    visible: first === null || contested ? null : { ...first, since: latest },
  };
}

/** Without an App's id a token is the workflow's, or of the local GitHub, which names no app. */
function isOwn(run: CheckRun, appId: number | null): boolean {
  return appId === null ? run.app === null || run.app.slug === 'github-actions' : run.app?.id === appId;
}

/** The later of two moments; one that cannot be read is the later, since nothing is then after it. */
export function laterOf(a: string, b: string): string {
  return Date.parse(a) >= Date.parse(b) || Number.isNaN(Date.parse(a)) ? a : b;
}

/** Whether something was said while it was on show; false for what was never submitted. */
export function isSince(submittedAt: string, since: string): boolean {
  return submittedAt !== '' && Date.parse(submittedAt) >= Date.parse(since);
}
