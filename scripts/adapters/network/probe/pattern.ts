/** Regular expressions of probes mean what those of the Rules language mean, and take linear time on any text. */
import { compileRegex } from '../../../waf/evaluate/regex.ts';
import { toByteString } from '../../../waf/language/literals.ts';

/** Null when the text has it, else why not. */
export function mismatch(pattern: string, text: string): string | null {
  const compiled = compileRegex(toByteString(pattern));
  if (typeof compiled === 'string') {
    return `the pattern ${JSON.stringify(pattern)} cannot be evaluated (${compiled})`;
  }
  return compiled.test(toByteString(text)) === true ? null : `does not match ${JSON.stringify(pattern)}`;
}
