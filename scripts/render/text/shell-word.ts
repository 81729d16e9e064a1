/** One word of a command that somebody pastes into a shell of the POSIX family: in single quotes where it needs any. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/u.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
