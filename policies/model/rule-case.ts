import type { JsonObject } from '../../scripts/plan/types.ts';
import type { ChangeRecord } from './record.ts';

/**
 * An example of a rule of an estate's own, which `sluice doctor` tries: a change, and exactly what the rule has to say of
 * it. A rule has at least one that it fires on and one, as like it as can be, that it leaves alone.
 */
export interface RuleCase {
  readonly name: string;
  /** Resources as Terraform's JSON syntax has them, by type and name; left away: there is no such stack. */
  readonly before?: Readonly<Record<string, Readonly<Record<string, JsonObject>>>>;
  readonly after?: Readonly<Record<string, Readonly<Record<string, JsonObject>>>>;
  /** Name of the stack; that of the first client's first stack when left away. */
  readonly stack?: string;
  /** The fields of the change record that the rule reads; left away: there is no record. */
  readonly record?: Partial<ChangeRecord>;
  /** Paths that the branch changes. */
  readonly changedFiles?: readonly string[];
  /** Subjects of the findings, in any order; empty for a change that it does not object to. */
  readonly finds: readonly string[];
  /** Subjects of what it cannot tell. */
  readonly doubts?: readonly string[];
}
