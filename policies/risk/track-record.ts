/**
 * What earlier releases that did the same kind of thing say about this one. Which those are is told by the plans, the one
 * at hand and those in the ledger: the `model` that a record names is its author's word, and naming another gains nothing.
 */
import { compareText } from '../../scripts/json/json.ts';
import { effectKinds } from '../../scripts/plan/difference/effect-kind.ts';
import { hourMs, instantMs } from '../gate/instant.ts';
import type { ResourceChange } from '../../scripts/plan/types.ts';
import type { PastRelease } from '../model/facts.ts';
import type { RuleContext } from '../model/finding.ts';
import { nameLost } from '../reading/dns/state.ts';
import { isProduction, registerOfStack } from '../reading/estate-context.ts';
import type { Raise } from './floor.ts';

/** ServiceNow's published weights for the success score of a team or change model. */
const resultScores: Readonly<Record<PastRelease['result'], number>> = {
  successful: 3,
  'successful-with-issues': -2,
  'rolled-back': -5,
  failed: -5,
  // Stopped before it did harm; counts neither way.
  aborted: 0,
};
const incidentScores = { P1: -10, P2: -5, P3: -2, P4: 0 } as const;

/**
 * For so long no number of successes outvotes a failure: small ones are quickly made. The team's own figure (no standard
 * prescribes one): time for the review of the failure.
 */
const recentFailureDays = 30;

/** One kind of thing that the change does, and for whom. */
interface Doing {
  readonly kind: string;
  /** Null for a stack that no register knows: nothing succeeded for nobody. */
  readonly client: string | null;
  readonly inProduction: boolean;
}

/**
 * `first-time` when something that the change does was not done with success for this client within 12 months, in
 * production where it is production; `bad-history` when releases that did it score below zero over 12 months, or one of
 * them went wrong for this client lately, whatever succeeded beside it.
 */
export function trackRecord(context: RuleContext): readonly Raise[] {
  if (context.record === null) {
    return [];
  }
  const releases = context.history.filter(({ kind }) => kind === 'release');
  const doings = doingsOf(context);
  const first = doings.filter((doing) => !releases.some((release) => isSuccessOf(release, doing, context)));
  const bad = [...new Set(doings.map(({ kind }) => kind))]
    .map((kind) => ({
      kind,
      score: successScore(
        releases.filter((release) => mayHaveDone(release, kind) && isRecent(release, context.now) !== false),
      ),
    }))
    .filter(({ score }) => score < 0);
  const lately = doings.flatMap((doing) => lateFailures(releases, doing, context.now));
  return [
    ...(first.length === 0
      ? []
      : [
          {
            id: 'first-time',
            most: isOneKnownRecord(context) ? ('medium' as const) : ('high' as const),
            text: firstText(first),
          },
        ]),
    ...(bad.length + lately.length === 0
      ? []
      : [
          {
            id: 'bad-history',
            most: 'critical' as const,
            text: [...badTexts(bad), ...new Set(lately)].join('; '),
          },
        ]),
  ];
}

/**
 * One DNS record that is added or edited, with nothing unknown about it and no name lost: nobody needs to have done it
 * before to see what it does.
 */
function isOneKnownRecord({ index, estate, policy }: RuleContext): boolean {
  const [change, ...more] = index.changes;
  // Its zone is another resource, whose id no configuration says: which zone it is, the register has to know.
  const hasKnownZone = policy.registers.some(({ stacks }) =>
    stacks.some(({ name, zones }) => name === change?.stack && zones.some((zone) => zone === change.zone)),
  );
  const isOpen = ({ unknown, path: [key] }: ResourceChange['attributes'][number]): boolean =>
    unknown && !(key === 'zone_id' && hasKnownZone);
  return (
    change?.type === 'cloudflare_dns_record' &&
    more.length === 0 &&
    change.actions.every((action) => action === 'create' || action === 'update') &&
    !change.attributes.some(isOpen) &&
    nameLost(change, estate) === null
  );
}

function badTexts(bad: readonly { readonly kind: string; readonly score: number }[]): readonly string[] {
  return bad.map(({ kind, score }) => `changes of ${kind} score ${String(score)} over 12 months`);
}

/** One of a day that cannot be read is late: it is not known to be over. */
function lateFailures(
  releases: readonly PastRelease[],
  { kind, client }: Doing,
  now: string,
): readonly string[] {
  const end = instantMs(now);
  return releases
    .filter((release) => {
      const at = instantMs(release.at);
      const isLate = at === null || end === null || (at <= end && at > end - recentFailureDays * 24 * hourMs);
      return isLate && release.client === client && wentWrong(release) && mayHaveDone(release, kind);
    })
    .map(
      ({ id, changeId }) =>
        `${changeId} (${id}) did this for ${client ?? 'nobody'} within ${String(recentFailureDays)} days and went wrong`,
    );
}

function wentWrong({ result, causedIncidents }: PastRelease): boolean {
  const isGrave = causedIncidents.some(({ priority }) => priority === 'P1' || priority === 'P2');
  return result === 'failed' || result === 'rolled-back' || isGrave;
}

function firstText(first: readonly Doing[]): string {
  const clients = [...new Set(first.map(({ client }) => client ?? 'nobody'))].join(', ');
  const kinds = [...new Set(first.map(({ kind }) => kind))].join(', ');
  const where = first.every(({ inProduction }) => inProduction) ? ' in production' : '';
  return `no successful change of ${kinds} for ${clients}${where} in 12 months`;
}

function doingsOf({ index, policy }: RuleContext): readonly Doing[] {
  const found = new Map<string, Doing>();
  for (const change of index.changes) {
    const client = registerOfStack(policy, change.stack)?.client ?? null;
    const inProduction = isProduction(policy, change.stack);
    for (const kind of effectKinds(change)) {
      const doing: Doing = { kind, client, inProduction };
      found.set(JSON.stringify(doing), doing);
    }
  }
  return [...found.values()].toSorted((a, b) => compareText(a.kind, b.kind));
}

/** What a release changed that is not known proves no success. */
function isSuccessOf(release: PastRelease, doing: Doing, { policy, now }: RuleContext): boolean {
  return (
    release.changed?.includes(doing.kind) === true &&
    release.client === doing.client &&
    (!doing.inProduction || isProduction(policy, release.stack)) &&
    release.result.startsWith('successful') &&
    isRecent(release, now) === true
  );
}

/** What a release changed that is not known may have been this, if it went wrong: it forgives nothing. */
function mayHaveDone({ changed, result }: PastRelease, kind: string): boolean {
  return changed === null ? result !== 'successful' : changed.includes(kind);
}

/** 3 for each success, -2 with issues, -5 failed or rolled back, and -10, -5, -2 for each P1, P2, P3 incident caused. */
export function successScore(releases: readonly PastRelease[]): number {
  return releases.reduce(
    (sum, release) =>
      sum +
      resultScores[release.result] +
      release.causedIncidents.reduce((total, incident) => total + incidentScores[incident.priority], 0),
    0,
  );
}

/** Within the 12 months before `now`; null when a date cannot be read: that proves no success and forgives no failure. */
function isRecent(release: PastRelease, now: string): boolean | null {
  const at = instantMs(release.at);
  const end = instantMs(now);
  if (at === null || end === null) {
    return null;
  }
  return at >= trackedFrom(end) && at <= end;
}

/** The first instant whose releases count at `end`; both in milliseconds since the epoch. */
export function trackedFrom(end: number): number {
  const start = new Date(end);
  start.setUTCFullYear(start.getUTCFullYear() - 1);
  return start.getTime();
}
