/** Calls `visit` with every line of a text and its number; the end of a line is not part of it. */
export function eachLine(text: string, firstLine: number, visit: (line: string, at: number) => void): void {
  let at = firstLine;
  for (let start = 0; start < text.length; at += 1) {
    const found = text.indexOf('\n', start);
    const end = found === -1 ? text.length : found;
    visit(text.slice(start, end), at);
    start = end + 1;
  }
}
