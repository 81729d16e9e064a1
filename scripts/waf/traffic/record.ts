/**
 * The one form that recorded traffic has here, whatever it was read from. Readers scrub secrets before they make one: a
 * `TrafficRecord` may be written to a file, shown in a comment and kept as evidence.
 */
import type { RecordedRequest } from '../evaluate/request.ts';

/** What happened to a request when it was recorded, as Cloudflare's logs tell it. */
export interface RecordedOutcome {
  /** Actions in order, lower case as in the logs (`block`, `managed_challenge`, `log`, …); empty when nothing acted. */
  readonly actions: readonly string[];
  /** Ids of the rules that acted, in the order of the actions. */
  readonly ruleIds: readonly string[];
  /** Their `ref`s where the log has them (`firewall_events`), else empty. */
  readonly refs: readonly string[];
  /** Products that acted (`firewallCustom`, `ratelimit`, …), in the order of the actions. */
  readonly sources: readonly string[];
  /** Status sent to the client; null when it was not recorded. */
  readonly status: number | null;
}

export interface TrafficRecord {
  /** Ray id, name of the case, or place in the file: what a report names the request by. */
  readonly id: string;
  /** RFC 3339, UTC; null when it was not recorded. */
  readonly at: string | null;
  readonly request: RecordedRequest;
  /** Null when the source does not tell what happened. */
  readonly recorded: RecordedOutcome | null;
}
