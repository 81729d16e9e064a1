/** No text that is not exactly of the grammar permits anything, and no refusal in other clothes goes by unheard. */
import {
  array,
  assert,
  check,
  constantFrom,
  nat,
  oneof,
  property,
  string as stringText,
  tuple,
} from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readStatementLines } from '../../../scripts/read/statement/lines.ts';
import type { CommentStatement } from '../../../scripts/read/statement/statement.ts';

const runs = { numRuns: Number(process.env['SLUICE_FUZZ_RUNS'] ?? 3000), seed: 20_261_129 };

/** The grammar of what permits, written down a second time, as one expression for the whole comment. */
const reason = String.raw`(?=(?:[^\p{L}\p{N}]*[\p{L}\p{N}]){8})[^\s\p{Cc}\p{Cf}\p{Cs}\p{Default_Ignorable_Code_Point}]+(?: [^\s\p{Cc}\p{Cf}\p{Cs}\p{Default_Ignorable_Code_Point}]+)*`;
const slug = '[a-z0-9][a-z0-9-]{0,63}';
const statement = [
  `waive-commit [0-9a-f]{40} because ${reason}`,
  `exempt ${slug} because ${reason}`,
  `reclassify normal because ${reason}`,
  `condition ${slug} [a-z][a-z0-9.-]{0,62} ${reason}`,
  `close ${slug}(?: because ${reason})?`,
  String.raw`client-approval ${slug} changes/[a-z0-9-]+/evidence/[A-Za-z0-9][A-Za-z0-9._-]{0,100} sha256:[0-9a-f]{64}`,
  `break-glass because ${reason}`,
  'ratify',
  `refuse ${reason}`,
].join('|');
const whole = new RegExp(`^[ \\t]*$|^/sluice (?:${statement})[ \\t]*$`, 'u');
const isGrammar = (text: string): boolean =>
  text
    .replaceAll('\r\n', '\n')
    .split('\n')
    .every((line) => whole.test(line));

const permits = ({ kind }: CommentStatement): boolean =>
  !['misread', 'refuse', 'condition', 'reclassify'].includes(kind);

const valid = constantFrom(
  '/sluice ratify',
  '/sluice close c1',
  '/sluice close comment-7 because they were told',
  '/sluice exempt xmas because the client asked',
  `/sluice waive-commit ${'c'.repeat(40)} because I know who wrote it`,
  '/sluice break-glass because nobody answers',
  `/sluice client-approval acme changes/acme/evidence/m.eml sha256:${'4'.repeat(64)}`,
);
const insertion = constantFrom(
  ' ',
  '\t',
  '\n',
  '\r',
  '\r\n',
  '\u200b',
  '\u2060',
  '\u00ad',
  '\u202e',
  '\u3164',
  '\ufe0f',
  '\u0301',
  'not',
  ' not yet',
  'not ',
  '.',
  '!',
  '?',
  '`',
  '> ',
  '- ',
  '\\',
  '/',
  '#',
  '<!-- ',
  ' -->',
  '~~',
  '\n\nNo.',
);

describe('a text that is changed at a few places', () => {
  it('permits nothing unless it is still exactly of the grammar', () => {
    const changed = tuple(valid, array(tuple(nat(), insertion), { minLength: 1, maxLength: 3 })).map(
      ([text, edits]) =>
        edits.reduce<string>((current, [where, what]) => {
          const at = where % (current.length + 1);
          return current.slice(0, at) + what + current.slice(at);
        }, text),
    );
    let kept = 0;
    assert(
      property(changed, (text) => {
        const given = readStatementLines(text).some(({ statement: said }) => permits(said));
        kept += given ? 1 : 0;
        return !given || isGrammar(text);
      }),
      runs,
    );
    expect(kept).toBeGreaterThan(0);
  });

  it('permits nothing when it is any text at all', () => {
    const line = oneof(valid, stringText({ unit: 'grapheme', maxLength: 40 }), insertion);
    const isStrict = property(array(line, { maxLength: 4 }), (lines) => {
      const text = lines.join('\n');
      return !readStatementLines(text).some(({ statement: said }) => permits(said)) || isGrammar(text);
    });
    expect(check(isStrict, runs).counterexample).toBeNull();
  });
});

describe('a refusal in other clothes', () => {
  const before = constantFrom(
    '',
    ' ',
    '   ',
    '\t',
    '\u00a0',
    '\u200b',
    '- ',
    '* ',
    '1. ',
    '**',
    '# ',
    '- [ ] ',
  );
  const slash = constantFrom('/', '\\', '\uff0f', '\u2215', '\u2044', '\\/');
  const name = constantFrom(
    'sluice',
    'Sluice',
    'SLUICE',
    'ѕluice',
    'sluіce',
    'ｓluice',
    'slu\u200bice',
    'slúice',
  );
  const between = constantFrom(' ', '  ', '\t', '\u00a0', ': ', ' - ');
  const verb = constantFrom(
    'refuse',
    'Refuse',
    'REFUSE',
    'refusе',
    'reject',
    'veto',
    'no',
    'not yet',
    'refuse\u200b',
  );
  const after = constantFrom(
    '',
    ' it broke the shop',
    '\nit broke the shop',
    '!',
    '\r\n',
    ' ok',
    '\n\nThanks.',
  );

  it('stops, and is answered where it is not exactly a refusal', () => {
    const isHeard = property(before, slash, name, between, verb, after, (...parts) =>
      readStatementLines(parts.join('')).some(
        ({ statement: said }) =>
          said.kind === 'refuse' || (said.kind === 'misread' && said.stops === 'change and ratification'),
      ),
    );
    expect(check(isHeard, runs).counterexample).toBeNull();
  });
});
