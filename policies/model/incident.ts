/** Incidents as decisions have them, and what they say before they are believed: the answers of the form, and whose words they are. */

export type Priority = 'P1' | 'P2' | 'P3' | 'P4';

/** An incident that a record names, that names a change as its cause, or that is an open P1: an issue of the tracker, read for the decision. */
export type Incident = KnownIncident | UnknownIncident;

export interface KnownIncident {
  /** `INC-` and the number of the issue. */
  readonly id: string;
  /** Computed from impact and urgency. */
  readonly priority: Priority;
  readonly state: 'open' | 'resolved';
  /** Services, or the client where it is about all of a client. */
  readonly services: readonly string[];
  /** Id of the change that caused it, as the form says; it counts against that change's kind. */
  readonly causedBy?: string;
  /** Whose words these are, by login. */
  readonly openedBy: string;
  readonly editedBy: string | null;
}

/** One that nothing can be taken from. */
export interface UnknownIncident {
  readonly id: string;
  /** `doubtful`: it was read and is not believed. `unasked`: there is no tracker here to ask. */
  readonly state: 'doubtful' | 'unasked';
  /** A sentence without its full stop. */
  readonly reason: string;
}

export type IncidentLevel = 'high' | 'low' | 'medium';

export interface IncidentForm {
  /** Ids of services; of a client where it is about all of it. */
  readonly services: readonly string[];
  readonly impact: IncidentLevel;
  readonly urgency: IncidentLevel;
  readonly causedBy: string | null;
}

/** An account at an instant, RFC 3339 by the server's clock. The number of an account that is gone is null. */
export interface Hand {
  readonly accountId: number | null;
  readonly login: string;
  readonly at: string;
}

export interface IncidentReport {
  /** Of the issue. */
  readonly number: number;
  readonly isOpen: boolean;
  readonly opened: Hand;
  /** Who edited its text last; null when nobody did. */
  readonly edited: Hand | null;
  /** Who opened it again last; null when nobody did. */
  readonly reopened: Hand | null;
  readonly answers: { readonly form: IncidentForm } | { readonly problem: string };
}
