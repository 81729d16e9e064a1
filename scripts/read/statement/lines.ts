/**
 * Finds the statements in a comment: lines that begin with `/sluice`. A comment with statements holds nothing else but
 * empty lines; otherwise what it permits does not count, and what it stops does. Quoted lines and closed code blocks are
 * somebody else's words or an example. Every other line that looks like a statement is answered.
 */
import {
  isExactVerb,
  isVerb,
  readStatement,
  stopsOf,
  type Misread,
  type CommentStatement,
} from './statement.ts';
import { isSlip, skeleton } from './words.ts';

/** A statement, and the line of the comment that it is on, counted from 1. */
export interface StatementLine {
  readonly line: number;
  readonly statement: CommentStatement;
}

/** More than anybody means: what comes after is one more problem, not fifty. */
const mostStatements = 20;

/** Everything that a comment says to Sluice, in its order; empty when it is not meant for Sluice at all. */
export function readStatementLines(comment: string): readonly StatementLine[] {
  const lines = comment.replaceAll('\r\n', '\n').split('\n');
  const inCode = linesInCode(lines);
  const found = lines.flatMap((line, index): readonly StatementLine[] => {
    const statement = inCode.has(index) ? null : statementOn(line);
    return statement === null ? [] : [{ line: index + 1, statement }];
  });
  const rest = lines.findIndex((line) => !/^[ \t]*$/.test(line) && !isStatement(line));
  const checked = rest === -1 ? found : found.map((one) => alone(one, rest + 1));
  return checked.length <= mostStatements ? checked : [...checked.slice(0, mostStatements), tooMany(checked)];
}

function isStatement(line: string): boolean {
  return /^\/sluice(?: |$)/.test(line);
}

function statementOn(line: string): CommentStatement | null {
  if (isStatement(line)) {
    return readStatement(line);
  }
  return /^ {0,3}>/.test(line) ? null : lookAlike(line);
}

/** A grant that stands among other text may be an example, a question or its opposite. */
function alone({ line, statement }: StatementLine, rest: number): StatementLine {
  return statement.kind === 'misread' || statement.kind === 'refuse' || statement.kind === 'condition'
    ? { line, statement }
    : {
        line,
        statement: {
          kind: 'misread',
          problem: `line ${String(rest)} of the comment is not a statement; a statement stands in a comment of its own`,
          stops: statement.kind === 'reclassify' ? 'change' : 'nothing',
        },
      };
}

/** The first ones were read; the rest counts as the worst among it. */
function tooMany(all: readonly StatementLine[]): StatementLine {
  const rest = all.slice(mostStatements);
  const stops = rest.some(
    ({ statement }) => statement.kind === 'refuse' || stopping(statement) === 'change and ratification',
  )
    ? 'change and ratification'
    : rest.some(({ statement }) => statement.kind === 'condition' || stopping(statement) === 'change')
      ? 'change'
      : 'nothing';
  const problem = `more than ${String(mostStatements)} statements; say the rest in another comment`;
  return { line: rest[0]?.line ?? 1, statement: { kind: 'misread', problem, stops } };
}

function stopping(statement: CommentStatement): Misread['stops'] {
  return statement.kind === 'misread' ? statement.stops : 'nothing';
}

interface Fence {
  readonly mark: string;
  readonly length: number;
  /** A fence that opens may say more behind it, one that closes may not. */
  readonly isBare: boolean;
}

/** Lines in a code block that is closed. One that is not closed may have been meant as anything. */
function linesInCode(lines: readonly string[]): ReadonlySet<number> {
  const fences = lines.flatMap((line, index) => {
    const fence = fenceOn(line);
    return fence === null ? [] : [{ ...fence, index }];
  });
  const inside = new Set<number>();
  let nth = 0;
  while (nth < fences.length) {
    const end = closing(fences, nth);
    if (end !== -1) {
      addRange(inside, fences[nth]?.index ?? 0, fences[end]?.index ?? 0);
    }
    nth = Math.max(nth, end) + 1;
  }
  return inside;
}

function addRange(to: Set<number>, first: number, last: number): void {
  for (let index = first; index <= last; index += 1) {
    to.add(index);
  }
}

/** Fences farther on are not looked at: a block that long is taken for one that is not closed. */
const mostFences = 200;

function closing(fences: readonly Fence[], nth: number): number {
  const opened = fences[nth];
  const near = fences.slice(nth + 1, nth + 1 + mostFences);
  const found = near.findIndex(
    ({ mark, length, isBare }) => isBare && mark === opened?.mark && length >= opened.length,
  );
  return found === -1 ? -1 : nth + 1 + found;
}

/** CommonMark, section 4.5. */
function fenceOn(line: string): Fence | null {
  const [, run = '', info = ''] = /^ {0,3}(`{3,}|~{3,})(.*)$/.exec(line) ?? [];
  const mark = run.charAt(0);
  return run === '' || (mark === '`' && info.includes('`'))
    ? null
    : { mark, length: run.length, isBare: info.trim() === '' };
}

const wayOut =
  'write it as the whole line, beginning with /sluice, in small letters, without blanks before it';

/** As far into a line as anybody looks for how it begins. */
const looked = 400;

/** What a careful human would take for a statement. Stops what it would have stopped, when the line begins with it. */
function lookAlike(line: string): Misread | null {
  const skeletonText = skeleton(line).trimStart();
  const start = skeletonText.slice(0, looked);
  // A code span is an example, unless it is all that the line has.
  const whole = /^[^\p{L}`]*`([^`]*)`[^\p{L}`]*$/u.exec(start)?.[1] ?? start;
  const begun = beginning(whole.replaceAll(/`[^`]*`/g, ' '));
  if (begun !== null) {
    return { kind: 'misread', problem: `it looks like a statement and is none; ${wayOut}`, stops: begun };
  }
  const isNamed =
    /(?<!\.)\/\s*sluice(?![\p{L}./-])/u.test(skeletonText.replaceAll(/`[^`]*`/g, ' ')) ||
    (start.startsWith('`') && beginning(start.replaceAll('`', '')) !== null);
  return isNamed
    ? { kind: 'misread', problem: `it names a statement and is none; ${wayOut}`, stops: 'nothing' }
    : null;
}

/**
 * What the line would stop whose first words are meant as a statement; null when they are not. Paths and commands for a
 * terminal (`./sluice gate`) are not, unless one of our verbs follows.
 */
function beginning(text: string): Misread['stops'] | null {
  const { hasSlash, isPath, name, verb } = firstWords(text);
  if (!hasSlash) {
    return name === 'sluice' && isExactVerb(verb) ? 'nothing' : null;
  }
  const isOurs = name === 'sluice' && !isPath;
  const isMeant = name.startsWith('sluice') || isSlip(name, 'sluice');
  if (isOurs || (isMeant && isVerb(verb))) {
    return stopsOf(verb);
  }
  return isExactVerb(name) ? stopsOf(name) : null;
}

/** The first word, whether a slash is before it, and the word after it, which may hang on it (`/sluice-refuse`). */
function firstWords(text: string) {
  const [, before = '', name = '', rest = ''] = /^([^\p{L}]*)([\p{L}-]*)(.*)$/su.exec(text) ?? [];
  const next = /[\p{L}-]+/u.exec(rest)?.[0] ?? '';
  const hanging = name.startsWith('sluice') ? name.slice('sluice'.length).replace(/^-/, '') : '';
  return {
    hasSlash: before.includes('/'),
    isPath: before.endsWith('./') || /^[./]/.test(rest),
    name,
    verb: hanging === '' ? next : hanging,
  };
}
