/**
 * Escaping, one function per place where text goes. Every renderer uses these and nothing of its own.
 *
 * Values come from configurations, records and reviews: they may hold markup, mentions, terminal sequences or characters
 * that reorder what follows. After escaping they are only text, and a character that cannot be seen is shown as `\u{…}`.
 */

import { invisible } from '../../plan/visible.ts';

/** Makes invisible characters visible, as `escapes` says for some of them and as `\u{…}` for the rest. */
function reveal(text: string, escapes: Readonly<Record<string, string>>): string {
  return text.replaceAll(
    invisible,
    (found) => escapes[found] ?? `\\u{${(found.codePointAt(0) ?? 0).toString(16)}}`,
  );
}

const keepLayout = { '\n': '\n', '\t': '\t' };
const spaceLayout = { '\n': ' ', '\r': ' ', '\t': ' ' };
const nameLayout = { '\n': String.raw`\n`, '\r': String.raw`\r`, '\t': String.raw`\t` };

/**
 * Text for a terminal: no escape sequence, control or bidirectional character survives. Newlines and tabs stay; use
 * `escapeTerminalLine` where one line must stay one line.
 */
export function escapeTerminal(text: string): string {
  return reveal(text, keepLayout);
}

/** As `escapeTerminal`, and newlines and tabs become visible too. */
export function escapeTerminalLine(text: string): string {
  return reveal(text, nameLayout);
}

/**
 * Text of several lines for a terminal: every line is escaped as one line, and every line after the first begins with
 * `margin`, so that none can pass for a line of our own.
 */
export function escapeTerminalBlock(text: string, margin: string): string {
  return text
    .split(/\r?\n/)
    .map((line, index) => (index === 0 ? '' : margin) + escapeTerminalLine(line))
    .join('\n');
}

/**
 * JSON that a person may see on a terminal: what cannot be seen or reorders becomes an escape of JSON's own, so that the
 * document still says the same. `json` is one document as `JSON.stringify` writes it, without line breaks.
 */
export function escapeJson(json: string): string {
  return json.replaceAll(invisible, (found) =>
    found
      .split('')
      .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
      .join(''),
  );
}

/** Text between HTML tags or in a quoted attribute. */
export function escapeHtml(text: string): string {
  return reveal(text, keepLayout)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
}

/**
 * Text inside GitHub Markdown, on one line: no markup, link, mention (`@team`) or issue reference (`#123`, `GH-1`) comes
 * out of it. Every character with a meaning becomes a character reference. GitHub links mentions and references after
 * that, in the finished page, so a zero-width space parts them.
 */
export function escapeMarkdown(text: string): string {
  return escapeMarkdownCode(text)
    .replaceAll('&#64;', '&#64;&#8203;')
    .replaceAll('&#58;', '&#58;&#8203;')
    .replaceAll('&#35;', '&#35;&#8203;')
    .replaceAll(/\b(www|gh)(?=\.|&#45;)/gi, '$1&#8203;');
}

/**
 * Text between `<code>` and `</code>` in GitHub Markdown, on one line. Markup inside the tags would be read, so it is
 * escaped; mentions and references are never linked there, so nothing is inserted and the text copies as it is.
 */
export function escapeMarkdownCode(text: string): string {
  return reveal(text, spaceLayout)
    .replaceAll('&', '&amp;')
    .replaceAll(/[\\`*_{}[\]()<>#+!|~$"'=^@:-]/g, (character) => `&#${character.codePointAt(0) ?? 0};`);
}

/** As `escapeMarkdown`, for a cell of a table. Pipes and newlines are already harmless; an empty cell becomes a dash. */
export function escapeMarkdownCell(text: string): string {
  const escaped = escapeMarkdown(text).trim();
  return escaped === '' ? '–' : escaped;
}

/**
 * Text between the quotes of a Mermaid label (`n1["TEXT"]`), on one line. Letters, digits and spaces stay; everything else
 * becomes a reference of Mermaid's own (`#46;`), because a label is read three times: by the fence, by Mermaid's grammar,
 * and as Markdown and HTML. So no quote, bracket, backtick, directive, tag, link or list comes out of it. `end` would close a
 * block. Mermaid writes its references as `ﬂ°46¶ß` in between and reads those twice: that ligature is shown by its number.
 */
export function escapeMermaidLabel(text: string): string {
  return reveal(text, spaceLayout)
    .replaceAll(/ +/g, ' ')
    .replaceAll('ﬂ', String.raw`\u{fb02}`)
    .replaceAll(/[^\p{L}\p{N} ]/gu, (character) => `#${character.codePointAt(0) ?? 0};`)
    .replaceAll(/(?<=\be)n(?=d\b)/gi, (character) => `#${character.codePointAt(0) ?? 0};`);
}

/** A text of a SARIF log: on one line, without links (`[text](address)`, SARIF 2.1.0 section 3.11.6). */
export function escapeSarif(text: string): string {
  return reveal(text, nameLayout).replaceAll(/[\\[\]]/g, String.raw`\$&`);
}

/** The message of a GitHub workflow command (`::error::MESSAGE`). */
export function escapeAnnotationMessage(text: string): string {
  return reveal(text, { ...keepLayout, '\r': '\r' })
    .replaceAll('%', '%25')
    .replaceAll('\r', '%0D')
    .replaceAll('\n', '%0A');
}

/** A property of a GitHub workflow command (`::error file=PROPERTY`): also `:` and `,` would end it. */
export function escapeAnnotationProperty(text: string): string {
  return escapeAnnotationMessage(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
