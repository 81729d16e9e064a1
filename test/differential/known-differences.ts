/**
 * Where our evaluator and the engine of 2023 differ for a reason that is known. Each has a name, which the report
 * counts; what no entry explains is a bug until it is shown not to be one.
 */
import { allFunctions } from '../../scripts/waf/language/tables.ts';

export interface Difference {
  readonly text: string;
  readonly kind: 'we refuse' | 'the engine refuses' | 'another answer';
  /** The engine's message, or ours, or both answers. */
  readonly said: string;
}

interface Known {
  readonly name: string;
  readonly kind: Difference['kind'];
  readonly fits: (difference: Difference) => boolean;
}

/** Functions that the engine as firewalker builds it has. */
const ofEngine: ReadonlySet<string> = new Set(
  'all any ends_with len lower remove_bytes starts_with substring upper url_decode'.split(' '),
);

const newerFunctions = new RegExp(
  String.raw`\b(?:${allFunctions
    .map(({ name }) => name)
    .filter((name) => !ofEngine.has(name))
    .join('|')})\(`,
);

const known: readonly Known[] = [
  {
    // Lists are checked for being written well; their contents are not given to the engine.
    name: 'contents of lists',
    kind: 'another answer',
    fits: ({ text, said }) => text.includes('$') && said.includes('no list matcher'),
  },
  {
    // A part beyond the end is a missing value at Cloudflare; firewalker's own substring stops with a panic.
    name: "firewalker's substring beyond the end",
    kind: 'another answer',
    fits: ({ text, said }) => text.includes('substring(') && said.includes('panicked'),
  },
  {
    name: 'function that came after 2023',
    kind: 'the engine refuses',
    fits: ({ text, said }) =>
      /unknown identifier|expected argument of kind Field/.test(said) && newerFunctions.test(text),
  },
  {
    // A name that no table knows is a warning here and "cannot evaluate": the language moves.
    name: 'unknown name',
    kind: 'the engine refuses',
    fits: ({ text, said }) => said.includes('unknown identifier') && /\bnope\b/.test(text),
  },
  {
    name: 'raw string',
    kind: 'the engine refuses',
    fits: ({ text }) => /\br#*"/.test(text),
  },
  {
    name: 'wildcard operator',
    kind: 'the engine refuses',
    fits: ({ text, said }) =>
      /expected ComparisonOp|invalid type of argument/.test(said) && text.includes('wildcard'),
  },
  {
    // Since 2026-10-01; the engine reads the field's name as the start of bytes.
    name: 'field or function on the right',
    kind: 'the engine refuses',
    fits: ({ text, said }) =>
      /(?:invalid digit found|expected literal|expected 2 characters|expected digit)/.test(said) &&
      /(?:eq|ne|l[te]|g[te]|[=!<>]=|[<>])\s*[a-z][a-z_.]+[.([]/.test(text),
  },
  {
    // A warning here: other tools let it pass, and the finding says what to write.
    name: 'TAB inside an expression',
    kind: 'the engine refuses',
    fits: ({ text, said }) =>
      text.trim().includes('\t') && /expected (?:ComparisonOp|identifier character)/.test(said),
  },
  {
    // Said to be unknown here: the regular expression is not evaluated, and nothing is guessed.
    name: 'flag x in a regular expression',
    kind: 'another answer',
    fits: ({ text, said }) => text.includes('(?x)') && said.includes('the flags x'),
  },
  {
    name: 'length of an array',
    kind: 'the engine refuses',
    fits: ({ text, said }) => /\blen\(/.test(text) && said.includes('but got Array'),
  },
  {
    name: 'number of more than 32 bits',
    kind: 'the engine refuses',
    fits: ({ said }) => /number too (?:large|small)/.test(said),
  },
  {
    name: 'field that is not compared',
    kind: 'the engine refuses',
    fits: ({ text, said }) =>
      said.includes('unknown identifier') && /\b(?:raw\.http|http\.request\.accepted_languages)/.test(text),
  },
  {
    name: "firewalker's url_decode leaves + as it is",
    kind: 'another answer',
    fits: ({ text }) => text.includes('url_decode(http.request.uri.args'),
  },
  {
    name: 'options of url_decode',
    kind: 'the engine refuses',
    fits: ({ text, said }) => said.includes('invalid number of arguments') && text.includes('url_decode('),
  },
  {
    // Newer versions of the regex library allow an escaped punctuation mark anywhere.
    name: 'escaped punctuation in a regular expression',
    kind: 'the engine refuses',
    fits: ({ said }) => said.includes('unrecognized escape sequence'),
  },
];

/** The name of the difference; null when it is not known. */
export function knownDifference(difference: Difference): string | null {
  return known.find(({ kind, fits }) => kind === difference.kind && fits(difference))?.name ?? null;
}
