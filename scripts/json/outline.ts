/**
 * A fast look at JSON text before anything is built of it: how deep it nests, how many keys and values it has. No
 * validation. It ends where a limit is passed, so that what is too much costs no more than what is allowed.
 */
import { Meter, type Limits } from './limits.ts';

export interface JsonOutline {
  readonly depth: number;
  /** Colons outside of texts: the number of keys, if the text is JSON at all. */
  readonly keys: number;
  /** The limit that is passed, and where; null when none is. */
  readonly tooMuch: { readonly what: 'depth' | 'values' | 'seconds'; readonly offset: number } | null;
}

const quote = 0x22;
const comma = 0x2c;
const backslash = 0x5c;
const colon = 0x3a;

/** Values are counted by what begins or parts them: opening brackets and commas. */
export function outlineJson(source: string, limits: Limits): JsonOutline {
  const meter = new Meter(limits);
  let depth = 0;
  let deepest = 0;
  let keys = 0;
  for (let at = 0; at < source.length; at += 1) {
    const code = source.charCodeAt(at);
    const opens = code === 0x7b || code === 0x5b;
    if (code === quote) {
      at = endOfText(source, at);
    } else if (code === colon) {
      keys += 1;
    } else if (code === 0x7d || code === 0x5d) {
      depth -= 1;
    } else if (opens || code === comma) {
      depth += opens ? 1 : 0;
      deepest = Math.max(deepest, depth);
      const what = depth > limits.depth ? 'depth' : meter.more();
      if (what !== null) {
        return { depth: deepest, keys, tooMuch: { what, offset: at } };
      }
    }
  }
  return { depth: deepest, keys, tooMuch: null };
}

/** Offset of the quote that closes the text opened at `start`, or of the end of the source. */
export function endOfText(source: string, start: number): number {
  for (let at = source.indexOf('"', start + 1); at >= 0; at = source.indexOf('"', at + 1)) {
    let slashes = 0;
    while (source.charCodeAt(at - 1 - slashes) === backslash) {
      slashes += 1;
    }
    if (slashes % 2 === 0) {
      return at;
    }
  }
  return source.length;
}
