/** A fast look at JSON text before it is parsed: how deep it nests and how many keys it has. No validation. */

export interface JsonOutline {
  readonly depth: number;
  /** Colons outside of texts: the number of keys, if the text is JSON at all. */
  readonly keys: number;
}

const quote = 0x22;
const backslash = 0x5c;
const colon = 0x3a;

export function outlineJson(source: string): JsonOutline {
  let depth = 0;
  let deepest = 0;
  let keys = 0;
  for (let at = 0; at < source.length; at += 1) {
    const code = source.charCodeAt(at);
    if (code === quote) {
      at = endOfText(source, at);
    } else if (code === colon) {
      keys += 1;
    } else if (code === 0x7b || code === 0x5b) {
      depth += 1;
      deepest = Math.max(deepest, depth);
    } else if (code === 0x7d || code === 0x5d) {
      depth -= 1;
    }
  }
  return { depth: deepest, keys };
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
