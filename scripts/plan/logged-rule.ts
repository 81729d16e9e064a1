/** How ledgers note that a rule was in log mode: with what it logged, for another expression was not watched. */
import { sha256Hex } from './json.ts';

/** `stack/address#ref sha256:…`; `subject` is `stack/address#ref`. */
export function loggedRule(subject: string, expression: string): string {
  return `${subject} sha256:${sha256Hex(expression)}`;
}
