/** `JSON.parse` for what others wrote: nothing is built of a text that passes a limit. */
import { outlineJson } from './outline.ts';
import { excess, type Limits } from './limits.ts';

/** A text that is not read because there is too much of it; a kind of SyntaxError, for who refuses both alike. */
export class TooMuchError extends SyntaxError {}

/** Throws a SyntaxError when the text is not a JSON or passes a limit. */
export function parseJson(text: string, given: Limits): unknown {
  if (text.length > given.bytes) {
    throw new TooMuchError(excess('bytes', given));
  }
  const { tooMuch } = outlineJson(text, given);
  if (tooMuch !== null) {
    throw new TooMuchError(excess(tooMuch.what, given));
  }
  return JSON.parse(text);
}
