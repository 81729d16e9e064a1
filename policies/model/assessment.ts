/** What is worked out of a change once, for all who ask: its risk, and whether it is the standard change that it calls itself. */
import type { CatalogueEntry } from './facts.ts';
import type { RiskLevel } from './record.ts';

export interface RiskReason {
  /** `declared`, `matrix`, or the id of a floor such as `destroy-traffic`. */
  readonly id: string;
  readonly level: RiskLevel;
  readonly text: string;
  readonly subjects: readonly string[];
}

export interface Risk {
  readonly effective: RiskLevel;
  readonly declared: RiskLevel | null;
  readonly computed: RiskLevel;
  readonly reasons: readonly RiskReason[];
  /** Set when a floor asks for the security seat. */
  readonly needsSecurityReview: boolean;
}

/** The risk of a change, with what it was made of. */
export interface Assessment {
  readonly risk: Risk;
  /** The effective level before the raises of one level: what lead times are looked up with. */
  readonly beforeRaises: RiskLevel;
  /** The risk of a change of a configuration that no service register knows: see `assessRisk`. */
  readonly foreignRisk: Risk;
}

export type CatalogueMatch =
  | { readonly kind: 'not-standard' }
  | { readonly kind: 'matches'; readonly entry: CatalogueEntry; readonly uses: number }
  | {
      readonly kind: 'mismatch';
      /** Null when the catalogue has no such entry. */
      readonly entry: CatalogueEntry | null;
      /** Everything that keeps the change from being standard, never empty. */
      readonly reasons: readonly [string, ...(readonly string[])];
    };
