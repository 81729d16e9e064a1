/** The facts file that recorded answers are made from, as far as they use it. */
import type { Json } from '../../scripts/plan/types.ts';

export interface Rule {
  readonly kind: string;
  readonly values?: readonly (string | number)[];
  readonly caseInsensitive?: boolean;
  readonly min?: number;
  readonly max?: number;
  readonly value?: Json;
  readonly pattern?: string;
  readonly paths?: readonly string[];
  readonly path?: string;
  readonly of?: readonly Rule[];
  readonly rules?: readonly Rule[];
  readonly types?: readonly string[];
  readonly name?: string;
}

export interface TypeFacts {
  readonly delete: 'api' | 'keeps-value' | 'unsupported';
  readonly update: 'api' | 'unsupported';
  readonly updateNote?: string;
  readonly replaceIfConfigured: readonly string[];
  readonly defaults: Readonly<Record<string, Json>>;
  readonly validators: Readonly<Record<string, readonly Rule[]>>;
  readonly computedWithoutState: readonly string[];
  readonly optionalComputedWithoutState: readonly string[];
  readonly retainedByPlan?: readonly string[];
}

export interface Facts {
  readonly provider: string;
  readonly resources: Readonly<Record<string, TypeFacts>>;
}
