/**
 * Rules of an estate's own, as the decision knows them: never their code. It was run apart, on the same input as the
 * product's rules, and what it answered came back as data (`policies/schemas/own-rule.schema.json`).
 */
import type { RuleHead, RuleResult } from './rule-result.ts';

/** A file of `policies/rules/` as the base branch has it: whoever alters one alters what is judged with. */
export interface RuleFile {
  readonly path: string;
  /** `sha256:` of its text. */
  readonly digest: string;
}

/** What became of one rule. One that failed has not looked, and denies. */
export type OwnRuleAnswer = { readonly path: string } & (
  | { readonly kind: 'answered'; readonly rule: RuleHead; readonly result: RuleResult }
  | { readonly kind: 'failed'; readonly reason: string }
);
