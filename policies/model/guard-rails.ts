/** What the repository on GitHub must enforce by itself, as data: what is wanted, what was seen, what differs. */
import type { Json, JsonObject } from '../../scripts/plan/types.ts';

/** How a rail is read, compared and written. */
type RailKind =
  | 'ruleset'
  | 'environment'
  | 'environment-secrets'
  | 'workflow-rights'
  | 'secrets'
  | 'codeowners'
  | 'foreign-rulesets';

export interface GuardRail {
  readonly id: string;
  readonly kind: RailKind;
  readonly title: string;
  readonly why: string;
  /** What is not guaranteed although this rail stands, because there is no App to name; null when nothing is. */
  readonly lostWithout: string | null;
  /** For rulesets exactly what is sent. Of what GitHub answers, only what is named here is compared. */
  readonly wanted: JsonObject;
}

/** What was read of one rail. What could not be read is said, and is never what is wanted. */
export type Seen =
  | { readonly state: 'read'; readonly value: Json; readonly rulesetId: number | null }
  | { readonly state: 'missing' }
  | { readonly state: 'unknown'; readonly reason: string };

/** A ruleset as GitHub shows it. */
export interface SeenRuleset {
  readonly id: number;
  readonly name: string;
  /** False for one of the organization, which is not edited here. */
  readonly isOwn: boolean;
  readonly value: JsonObject;
}

export interface GuardRailDifference {
  readonly path: string;
  readonly seen: Json;
  readonly wanted: Json;
}

export interface RailFinding {
  readonly rail: GuardRail;
  readonly state: 'ok' | 'differs' | 'missing' | 'unknown';
  readonly differences: readonly GuardRailDifference[];
  /** Why it is unknown. */
  readonly reason: string | null;
  readonly rulesetId: number | null;
  /** It is wrong and no request would put it right: a person has to. */
  readonly isForPeople: boolean;
}

/** `path` is below `/repos/owner/name`. */
export interface GuardRequest {
  readonly rail: string;
  readonly method: 'POST' | 'PUT';
  readonly path: string;
  readonly body: JsonObject;
  /** Set where not every plan of GitHub's takes the request: what is not guaranteed where it is refused. */
  readonly lost?: string;
}
