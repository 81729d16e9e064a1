/** Checks that every ruleset construct makes of its rules before anything is synthesized. */
import { EstateError } from './estate-error.ts';

export interface RuleIdentity {
  /** Stable name of the rule, kebab-case. Plans, logs and waivers refer to it; a changed ref is another rule. */
  readonly ref: string;
  /** What the rule is for, in a sentence. */
  readonly description: string;
  readonly expression: string;
}

const refPattern = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
const minDescription = 10;
const maxDescription = 500;
/** Cloudflare's limit for an expression. */
const maxExpression = 4096;

/** Refuses an empty list, repeated or malformed refs, missing descriptions, and expressions that cannot be valid. */
export function checkRules(place: string, rules: readonly RuleIdentity[]): void {
  if (rules.length === 0) {
    throw new EstateError(place, 'the ruleset has no rule', 'Leave the construct out instead');
  }
  const seen = new Set<string>();
  for (const rule of rules) {
    checkRule(place, rule);
    if (seen.has(rule.ref)) {
      throw new EstateError(
        place,
        `ref "${rule.ref}" is used twice`,
        'Every rule of a ruleset needs its own ref',
      );
    }
    seen.add(rule.ref);
  }
}

function checkRule(place: string, { ref, description, expression }: RuleIdentity): void {
  if (!refPattern.test(ref)) {
    throw new EstateError(
      place,
      `"${ref}" is not a rule ref`,
      'Use kebab-case, for example block-admin-paths',
    );
  }
  if (description.trim().length < minDescription || description.length > maxDescription) {
    throw new EstateError(
      `${place}#${ref}`,
      `the description has ${description.length} characters`,
      `Say what the rule is for in ${minDescription} to ${maxDescription} characters`,
    );
  }
  if (expression.trim() === '' || expression.length > maxExpression) {
    throw new EstateError(
      `${place}#${ref}`,
      `the expression has ${expression.length} characters`,
      `Write 1 to ${maxExpression} characters`,
    );
  }
  if (expression.includes('\t')) {
    throw new EstateError(
      `${place}#${ref}`,
      'the expression contains a tab',
      'The Rules language allows blanks only',
    );
  }
}
