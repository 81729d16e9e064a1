import { describe, expect, it } from 'vitest';

import {
  escapeAnnotationMessage,
  escapeAnnotationProperty,
  escapeHtml,
  escapeMarkdown,
  escapeMarkdownCell,
  escapeMarkdownCode,
  escapeTerminal,
  escapeTerminalLine,
} from '../../../scripts/render/text/escape.ts';

const hostile = 'a\u001b[31mred\u0007\u202Eevil\u200b\u0000\u009b2J\u{e0041}\ud800';

describe('for a terminal', () => {
  it('no escape, control, bidirectional, zero-width or tag character is left', () => {
    for (const escape of [escapeTerminal, escapeTerminalLine]) {
      expect(escape(hostile)).toBe(
        String.raw`a\u{1b}[31mred\u{7}\u{202e}evil\u{200b}\u{0}\u{9b}2J\u{e0041}\u{d800}`,
      );
    }
  });

  it('newlines and tabs stay in a text and are shown in a line', () => {
    expect(escapeTerminal('a\n\tb\r')).toBe('a\n\tb\\u{d}');
    expect(escapeTerminalLine('a\n\tb\r')).toBe(String.raw`a\n\tb\r`);
  });

  it('ordinary text of any language stays as it is', () => {
    for (const text of ['Zürich – 東京 ok', 'שלום', '😀 👩‍🚀'.replace('\u200d', ''), 'C:\\path $HOME `x`']) {
      expect(escapeTerminal(text)).toBe(text);
    }
  });
});

/** What GitHub shows: character references decoded. */
const decoded = (text: string): string =>
  text
    .replaceAll(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)))
    .replaceAll('&amp;', '&');

it.each([
  '# heading',
  '**bold** _it_ ~~no~~',
  '[link](https://x.example)',
  '![img](x)',
  '<script>alert(1)</script>',
  '`code` ```fence```',
  '| cell |',
  '- item',
  '> quote',
  'a &amp; b &lt;',
  '$math$',
  '\\_escaped',
])('%s has no character left that means anything, and reads the same', (text) => {
  const escaped = escapeMarkdownCode(text);
  expect(escaped.replaceAll(/&(?:amp|#\d+);/g, '')).not.toMatch(/[\\`*_{}[\]()<>#+!|~$"'=^@:&-]/);
  expect(decoded(escaped)).toBe(text);
});

describe('for Markdown', () => {
  it.each([
    '@acme/security',
    '#123',
    'GH-12',
    'acme/repo#7',
    'www.evil.example',
    'https://evil.example',
    ':tada:',
  ])('%s is never linked, mentioned or drawn', (text) => {
    const shown = decoded(escapeMarkdown(text));
    expect(shown).not.toMatch(/@\w|#\d|GH-\d|www\.|:\/|:\w/i);
    expect(shown.replaceAll('\u200b', '')).toBe(text);
  });

  it('stays on one line, and an empty cell becomes a dash', () => {
    expect(escapeMarkdown('a\r\nb\tc')).toBe('a  b c');
    expect(escapeMarkdownCell(' \n ')).toBe('–');
    expect(escapeMarkdownCell('a|b')).toBe('a&#124;b');
  });

  it('invisible characters become visible', () => {
    expect(decoded(escapeMarkdown('a\u202eb'))).toBe(String.raw`a\u{202e}b`);
  });
});

describe('for HTML', () => {
  it('escapes what ends a tag or an attribute', () => {
    expect(escapeHtml(`<a href="x" title='y'>&</a>\u202e`)).toBe(
      String.raw`&lt;a href=&quot;x&quot; title=&#39;y&#39;&gt;&amp;&lt;/a&gt;\u{202e}`,
    );
  });
});

describe('for workflow commands', () => {
  it('a message cannot end its line and start another command', () => {
    expect(escapeAnnotationMessage('50%\r\n::set-env name=x::y')).toBe('50%25%0D%0A::set-env name=x::y');
  });

  it('a property cannot end itself', () => {
    expect(escapeAnnotationProperty('a,b:c\n%')).toBe('a%2Cb%3Ac%0A%25');
  });
});
