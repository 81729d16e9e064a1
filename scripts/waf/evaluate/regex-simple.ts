/**
 * Patterns that JavaScript's own engine may run: it is several times faster than RE2 in JavaScript, but can take exponential
 * time and reads some things differently. Only a closed list of constructs is let through, in which both engines mean the
 * same for byte strings, and only with so few ways to choose that trying all of them at every position costs little.
 * Everything else stays with RE2.
 */

/** Ways through alternatives and optional parts that are tried at worst, per position of the value. */
const maxChoices = 64;

/** One token: a group's begin, an anchor, a bar, an escaped mark, a class of plain ranges, or a plain character. */
const token =
  /\((?:\?:)?|\)|\||\^|\$|\\[./\-_+*?()[\]{}|^$]|\[\^?(?:[A-Za-z0-9_](?:-[A-Za-z0-9])?)+\]|[A-Za-z0-9_/ =&,:;%@~"'<>!#-]/y;

const isAtom = /^(?:\\.|\[.*\]|[A-Za-z0-9_/ =&,:;%@~"'<>!#-]|\))$/u;

/** The pattern as a JavaScript regular expression; null when it is not surely the same and surely cheap. */
export function simpleRegex(pattern: string): RegExp | null {
  const ignoresCase = pattern.startsWith('(?i)');
  const body = ignoresCase ? pattern.slice(4) : pattern;
  return isSimple(body) ? compiled(body, ignoresCase) : null;
}

function isSimple(body: string): boolean {
  let choices = 1;
  let depth = 0;
  let at = 0;
  while (at < body.length) {
    token.lastIndex = at;
    const found = token.exec(body)?.[0];
    if (found === undefined) {
      return false;
    }
    at += found.length;
    depth += found.startsWith('(') ? 1 : found === ')' ? -1 : 0;
    choices += found === '|' ? choices : 0;
    if (body[at] === '?' && isAtom.test(found)) {
      choices *= 2;
      at += 1;
    }
    if (depth < 0 || choices > maxChoices) {
      return false;
    }
  }
  return depth === 0;
}

/** A class with a range that runs backwards, or a group with nothing in it that an engine minds, is not a simple pattern. */
function compiled(body: string, ignoresCase: boolean): RegExp | null {
  try {
    // oxlint-disable-next-line require-unicode-regexp -- one character is one byte here
    return new RegExp(body, ignoresCase ? 'i' : '');
  } catch {
    return null;
  }
}
