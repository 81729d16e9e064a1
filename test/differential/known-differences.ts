/**
 * Where our evaluator and the engine of 2023 differ for a reason that is known. Each has a name, which the report
 * counts; what no entry explains is a bug until it is shown not to be one.
 */
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

const newerFunctions =
  /\b(?:concat|coalesce|has_key|has_value|join|split|wildcard_replace|regex_replace|to_string|cidr6?|sha256)\(/;

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
    fits: ({ text, said }) => said.includes('unknown identifier') && newerFunctions.test(text),
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
      /(?:invalid digit found|expected literal|expected 2 characters)/.test(said) &&
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
