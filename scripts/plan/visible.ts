/**
 * What a reader can see of a text. One home, because what is refused on the way in, what is shown on the way out and
 * what counts as a reason must agree on it.
 */

/**
 * Characters that a reader cannot see or that change the order of others: control and format characters (bidirectional
 * controls, CVE-2021-42574, zero-width characters, soft hyphen, tags), whatever Unicode says a font may leave out
 * (fillers, variation selectors, U+034F, U+FFF0 to U+FFF8), line and paragraph separators, unpaired surrogates.
 */
export const invisible = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

/** Line ends and tabs lay a text out; nothing is hidden by them. */
const layout: ReadonlySet<string> = new Set(['\n', '\r', '\t']);

/** The first character that cannot be seen, as `U+202E`, and its offset; null when there is none. */
export function findInvisible(text: string): { readonly name: string; readonly offset: number } | null {
  for (const found of text.matchAll(invisible)) {
    if (!layout.has(found[0])) {
      return { name: codePointName(found[0].codePointAt(0) ?? 0), offset: found.index };
    }
  }
  return null;
}

/** `U+200B`: names a character without printing it. */
function codePointName(code: number): string {
  return `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
}

/** Letters and digits of a text: what is left of it when everything is taken away that says nothing. */
export function visibleLength(text: string): number {
  return text.match(/[\p{L}\p{N}]/gu)?.length ?? 0;
}

/** Least letters and digits of a reason: "ok then" says nothing that somebody could be asked about later. */
export const leastReason = 8;

/** Whether a text can be somebody's reason: enough of it can be read, and nothing in it is hidden. */
export function isReason(text: string): boolean {
  return visibleLength(text) >= leastReason && findInvisible(text) === null;
}
