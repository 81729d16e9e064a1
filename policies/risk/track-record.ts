/** What earlier releases of the same kind of change say about this one. */
import { instantMs } from '../gate/instant.ts';
import type { PastRelease, RuleInput } from '../model/facts.ts';
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
 * `first-time` when no change of this model succeeded for this client within 12 months, also when the record names no
 * model; `bad-history` when the model's score over 12 months is below zero.
 */
export function trackRecord(input: RuleInput): readonly Raise[] {
  const record = input.record?.record;
  if (record === undefined) {
    return [];
  }
  const ofModel = input.history.filter(
    (release) => record.model !== undefined && release.model === record.model && release.kind === 'release',
  );
  const succeeded = ofModel.some(
    (release) =>
      release.client === record.client &&
      release.result.startsWith('successful') &&
      isRecent(release, input.now) === true,
  );
  const score = modelScore(ofModel.filter((release) => isRecent(release, input.now) !== false));
  return [
    ...(succeeded
      ? []
      : [
          {
            id: 'first-time',
            most: 'high' as const,
            text: `no successful change of model ${record.model ?? '(none named)'} for ${record.client} in 12 months`,
          },
        ]),
    ...(score < 0
      ? [
          {
            id: 'bad-history',
            most: 'critical' as const,
            text: `model ${record.model ?? ''} scores ${score} over 12 months`,
          },
        ]
      : []),
  ];
}

/** 3 for each success, -2 with issues, -5 failed or rolled back, and -10, -5, -2 for each P1, P2, P3 incident caused. */
export function modelScore(releases: readonly PastRelease[]): number {
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
  const start = new Date(end);
  start.setUTCFullYear(start.getUTCFullYear() - 1);
  return at >= start.getTime() && at <= end;
}
