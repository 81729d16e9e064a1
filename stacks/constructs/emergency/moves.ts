/** What an emergency switches on in a stack, as `stacks/clients/<client>/emergency/` has it. */

export interface MoveEnd {
  readonly zone: string;
  /** `INC-` and the number of the issue. */
  readonly incident: string;
  /** Last day, YYYY-MM-DD. It ends nothing by itself: `sluice check` and the gate name what is over. */
  readonly expires?: string;
  /** In its place: the normal change by which the move stays (`sluice keep`). */
  readonly keptBy?: string;
}

export interface EmergencyRule extends MoveEnd {
  readonly ref: string;
  readonly description: string;
  readonly action: 'block' | 'managed_challenge';
  readonly expression: string;
}

export interface EmergencyLimit extends MoveEnd {
  readonly ref: string;
  readonly description: string;
  readonly expression: string;
  readonly requestsPerMinute: number;
}

export interface UnderAttack extends MoveEnd {
  readonly ref: string;
  readonly description: string;
  /** Which visitors are challenged; those of the whole zone where nothing is said. */
  readonly host?: string;
}

export interface SwitchedOff extends MoveEnd {
  /** Ref of the rule that is switched off, of the custom rules or the rate limits of the zone. */
  readonly off: string;
}

/** Newest first, before what the zone always has: the first terminating match wins. */
export interface EmergencyMoves {
  readonly rules?: readonly EmergencyRule[];
  readonly limits?: readonly EmergencyLimit[];
  readonly underAttack?: readonly UnderAttack[];
  readonly off?: readonly SwitchedOff[];
}
