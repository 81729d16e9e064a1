/**
 * When the gate last looked at a pull request, as it stands below the verdict. GitHub runs a clock hours late at times: who
 * reads an old verdict must see that it is old, and how to have it looked at now.
 */
const line = /\n\n\*Last looked at (\d{4}-\d\d-\d\d \d\d:\d\d) UTC\.[^\n]*\*/;

/** `at`: RFC 3339 in UTC. */
export function lookedAtLine(at: string): string {
  return `\n\n*Last looked at ${at.slice(0, 16).replace('T', ' ')} UTC. A comment has it looked at again.*`;
}

/** The moment that the first such line of a text names, RFC 3339; null where there is none. */
export function lookedAtIn(text: string): string | null {
  const [, found = null] = line.exec(text) ?? [];
  return found === null ? null : `${found.replace(' ', 'T')}:00Z`;
}

/** The text without such lines: what it says of the pull request itself. */
export function withoutLookedAt(text: string): string {
  return text.replaceAll(new RegExp(line, 'g'), '');
}
