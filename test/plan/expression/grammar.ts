/**
 * Texts of Terraform's expression language, made from its grammar with blanks and comments wherever they may stand, and
 * the same texts with something of them changed: what nearly is an expression is where two readers part.
 */
import { type Arbitrary, array, constant, constantFrom, letrec, nat, oneof, tuple } from 'fast-check';

type Text = Arbitrary<string>;

/** What reads the machine. `MARK` becomes a name of the case's own, by which Terraform's answer tells that it read. */
const readers = [
  'file("MARK")',
  'filebase64("MARK")',
  'filemd5("MARK")',
  'templatefile("MARK", {})',
  'core::file("MARK")',
  'unknownMARK()',
  'path.MARK',
  'terraform.MARK',
  'data.external.MARK.result',
  'null_resource.MARK.id',
];

const harmlessLeaves = [
  '1',
  '0.5',
  '"a"',
  'true',
  'null',
  'local.plain',
  'local.map.a',
  'local.map["a"]',
  'local.list[0]',
  'local.list.0',
  'local.list[*]',
  'local.list.*',
  '{ path = 1 }.path',
  '{ file : 1, terraform = "x" }.file',
  '"$${file(1)}"',
  '"%%{ if path.cwd }"',
  '[for path in [1] : path][0]',
];

const plainBlank = constantFrom('', '', '', ' ', '  ', '\t');
/** Blanks of the inside of brackets and interpolations, where line breaks are blanks too. */
const anyBlank = oneof(
  { weight: 6, arbitrary: plainBlank },
  {
    weight: 1,
    arbitrary: constantFrom('\n', '\r\n', '/**/', '/* } */', '/* " */', '/* ${ */', '# }\n', '// "\n'),
  },
);

/** The words of a text with blanks between them. */
function spread(text: string): Text {
  const words = text.match(/"(?:[^"\\]|\\.)*"|[\p{ID_Start}_][\p{ID_Continue}-]*|::|\S/gu) ?? [];
  return array(anyBlank, { minLength: words.length, maxLength: words.length }).map((blanks) =>
    words
      .map((word, at) => `${needsBlank(words[at - 1], word) ? ' ' : ''}${blanks[at] ?? ''}${word}`)
      .join(''),
  );
}

/** Two words would run together without one. */
function needsBlank(before: string | undefined, word: string): boolean {
  return before !== undefined && /[\p{ID_Continue}-]$/u.test(before) && /^[\p{ID_Continue}-]/u.test(word);
}

/** Around a part that was made already. */
function around(open: string, part: Text, close: string): Text {
  return tuple(anyBlank, part, anyBlank).map(
    ([before, text, after]) => `${open}${before}${text}${after}${close}`,
  );
}

/** Expressions over leaves of a kind. */
function expressions(leaves: readonly string[]): Text {
  const leaf = constantFrom(...leaves).chain((text) =>
    /^["[{]/.test(text) || /^\d/.test(text) ? constant(text) : spread(text),
  );
  return letrec<{ readonly any: string }>((tie) => {
    const inner = tie('any');
    const two = tuple(inner, inner);
    return {
      any: oneof(
        { maxDepth: 4, depthSize: 'small', withCrossShrink: false },
        leaf,
        around('(', inner, ')'),
        around('[', inner, ']'),
        around(
          '[',
          two.map((parts) => parts.join(',')),
          ']',
        ),
        around('{ a =', inner, '}'),
        around('{ "b${1}" :', inner, '}'),
        around('{ (', inner, ') = 1 }'),
        two.map(([a, b]) => `{\na = ${a.replaceAll(/[\r\n]/g, ' ')}\nb = ${b.replaceAll(/[\r\n]/g, ' ')}\n}`),
        around('jsonencode(', inner, ')'),
        around('length /**/ (jsonencode(', inner, '))'),
        around('max([1]... ) == try(', inner, ', 1)'),
        around('"x${', inner, '}y"'),
        around('"x${~', inner, '~}y"'),
        around(
          '"%{ if true }',
          inner.map((text) => `\${${text}}`),
          '%{ else }n%{ endif }"',
        ),
        around(
          '"%{ for path, v in [1] }${path}',
          inner.map((text) => `\${${text}}`),
          '%{ endfor }"',
        ),
        around(
          '"\\"$${',
          inner.map((text) => `}\${${text}}`),
          '%%{ % $ "',
        ),
        inner.map((text) => `<<EOT\n"}\${${text}}\n  $\${x}\nEOT\n`),
        inner.map((text) => `<<-E\n  %{ if true }\${jsonencode(${text})}%{ endif }\n  E\n`),
        two.map(([a, b]) => `true ? jsonencode(${a}) : jsonencode(${b})`),
        two.map(([a, b]) => `[for k, v in [${a}] : jsonencode([k, v, ${b}]) if true]`),
        inner.map((text) => `{for k, v in {a = 1} : k => jsonencode(${text})...}`),
        two.map(([a, b]) => `jsonencode(${a}) == jsonencode(${b})`),
        inner.map((text) => `!(jsonencode(${text}) != "")`),
        inner.map((text) => `- length(jsonencode(${text}))`),
      ),
    };
  }).any;
}

const frames: readonly ((text: string) => string)[] = [
  (text) => `\${${text}}`,
  (text) => `a "\${ ${text} }" b`,
  (text) => `$\${ } \${${text}} %%{`,
  (text) => `%{ if jsonencode(${text}) == "" }a%{ else }b%{ endif }`,
  (text) => `%{ for x in [${text}] ~} \${jsonencode(x)} %{~ endfor }`,
  (text) => `$\${~ \${~ ${text} ~}`,
  (text) => `\\\${${text}}$`,
];

/** Templates as they stand in a string of a configuration. */
function templates(leaves: readonly string[]): Text {
  return tuple(constantFrom(...frames), expressions(leaves)).map(([frame, text]) => frame(text));
}

const pieces = [
  '$',
  '%',
  '{',
  '}',
  '"',
  '\\',
  '~',
  '\n',
  '\r',
  '/*',
  '*/',
  '#',
  '//',
  '${',
  '%{',
  '$${',
  '%%{',
  '(',
  ')',
  '[',
  ']',
  '.',
  ',',
  ':',
  '::',
  '=',
  '<<EOT\n',
  '\nEOT\n',
  '-',
  ' ',
  '\t',
  '\u00a0',
  '\ufeff',
  '\u2028',
  '\0',
  '\u0085',
  '\v',
  'é',
  '...',
  '?',
  '!',
  '=>',
  'for',
  'in',
  'if',
  '0',
  'e1',
  '\\u007b',
  "'",
  '`',
  '|',
  '&',
  ';',
];

/** With a few places cut out, doubled, or filled with something that means something. */
function mutated(texts: Text): Text {
  const change = tuple(nat(), nat({ max: 3 }), constantFrom('', ...pieces));
  return tuple(texts, array(change, { minLength: 1, maxLength: 3 })).map(([text, changes]) =>
    changes.reduce((given, [place, cut, piece]) => {
      const at = place % (given.length + 1);
      return `${given.slice(0, at)}${piece}${given.slice(at + cut)}`;
    }, text),
  );
}

/** Each reads the machine, or nearly does. */
export const hostile: Text = oneof(
  { weight: 1, arbitrary: templates([...readers, ...harmlessLeaves.slice(0, 8)]) },
  { weight: 2, arbitrary: mutated(templates([...readers, ...harmlessLeaves.slice(0, 4)])) },
);

/** Each depends on the configuration alone. */
export const honest: Text = templates(harmlessLeaves);
