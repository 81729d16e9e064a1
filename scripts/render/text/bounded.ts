/**
 * Parts of a comment with a known greatest length. GitHub cuts a comment at a fixed length, so a part that may grow without
 * limit could push what matters out of sight; what is left out here is always counted.
 */

/**
 * The escaped text in at most `most` characters. Cut before escaping, so that no character reference is torn; the full
 * length is said. `escape` must not give less than one character for one.
 */
export function fitText(text: string, most: number, escape: (text: string) => string): string {
  const whole = text.length <= most ? escape(text) : null;
  if (whole !== null && whole.length <= most) {
    return whole;
  }
  const note = `… (${String(text.length)} characters)`;
  const points = Array.from(text.slice(0, most));
  let [fits, tooMany] = [0, points.length];
  while (tooMany - fits > 1) {
    const middle = Math.floor((fits + tooMany) / 2);
    if (escape(points.slice(0, middle).join('')).length + note.length <= most) {
      fits = middle;
    } else {
      tooMany = middle;
    }
  }
  return `${escape(points.slice(0, fits).join(''))}${note}`;
}

/** The first lines, as many as both limits allow, and how many are left. `characters` counts the line ends too. */
export function fitLines(
  lines: readonly string[],
  limits: { readonly lines: number; readonly characters: number },
): { readonly fitting: readonly string[]; readonly left: number } {
  let characters = 0;
  const end = lines.findIndex((line, index) => {
    characters += line.length + 1;
    return index >= limits.lines || characters > limits.characters;
  });
  const fitting = end === -1 ? lines : lines.slice(0, end);
  return { fitting, left: lines.length - fitting.length };
}
