/** Text that tries to be more than text in a comment, on a terminal or in a workflow log. */
import { describe, expect, it } from 'vitest';
import {
  escapeAnnotationMessage,
  escapeAnnotationProperty,
  escapeHtml,
  escapeMarkdown,
  escapeMarkdownCell,
  escapeMarkdownCode,
  escapeTerminalLine,
} from '../../scripts/render/text/escape.ts';
import { renderDecisionMarkdown } from '../../scripts/render/decision/markdown.ts';
import { renderPlanMarkdown } from '../../scripts/render/plan/markdown.ts';
import { decide } from '../../policies/gate.ts';
import { cleanRecord, facts, review, showing } from '../policies/world.ts';
import { aRecordOf, bundleWith, planTo } from './estate.ts';

const hostile = [
  '</code></details><img src=x onerror=alert(1)>',
  '@security please merge #1 GH-7 https://evil.example www.evil.example [ok](https://evil.example) ![x](y)',
  '`````\n```diff\n+ all good\n`````',
  '~~~\n</pre>\n# APPROVED\n- [x] approved',
  '| a | b |\n|---|---|\n<!-- sluice:change-control -->',
  '\u001b[2K\u001b[1A\u001b[32mALLOW\u001b[0m\u0007\u009b31m',
  '\u202eelbissop ton\u202c\u2066x\u2069\u200bzero\u2028line\u2029par',
  '::error file=a::b%0A::set-output name=x::y\n::add-mask::z',
  '&lt;b&gt; &#60;script&#62; \\<b\\> \\`',
];

/** Characters that no escaped text may hold as they are. */
const unseen = new RegExp(
  String.raw`[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]`,
  'u',
);

describe('one value', () => {
  it('that is plain stays readable', () => {
    expect(escapeMarkdownCode('cloudflare dns')).toBe('cloudflare dns');
    expect(escapeTerminalLine('plain text')).toBe('plain text');
  });

  it.each(hostile)('stays one line of text in Markdown: %j', (text) => {
    for (const escape of [escapeMarkdown, escapeMarkdownCell, escapeMarkdownCode]) {
      const shown = escape(text);
      expect(shown).not.toMatch(/[\n\r<>`|[\]*_!\\]/u);
      expect(shown.replaceAll(/&#\d+;|&amp;/g, '')).not.toMatch(/[@#&]/u);
      expect(shown).not.toMatch(unseen);
    }
    expect(escapeMarkdown(text).replaceAll(/&#8203;/g, '\u200b')).not.toMatch(/https?&#58;\/\/|www\./);
  });

  it.each(hostile)('is dead on a terminal, in HTML and in a workflow command: %j', (text) => {
    expect(escapeTerminalLine(text)).not.toMatch(/[\n\t]/u);
    expect(escapeTerminalLine(text)).not.toMatch(unseen);
    expect(escapeHtml(text)).not.toMatch(/[<>"']/u);
    expect(escapeAnnotationMessage(text)).not.toMatch(/[\n\r]/u);
    expect(escapeAnnotationProperty(text)).not.toMatch(/[\n\r:,]/u);
  });
});

/** What GitHub would read as markup: everything outside of fences, without the tags that the renderers write themselves. */
function outsideFences(markdown: string): string {
  let fence: string | null = null;
  const kept: string[] = [];
  for (const line of markdown.split('\n')) {
    const run = /^`{3,}/.exec(line)?.[0] ?? null;
    if (fence === null && run !== null) {
      fence = run;
    } else if (fence !== null && line === fence) {
      fence = null;
    } else if (fence === null) {
      kept.push(line);
    }
  }
  expect(fence).toBeNull();
  return kept.join('\n').replaceAll(/<\/?(?:code|details|summary)>/g, '');
}

describe('a whole comment', () => {
  it.each(hostile)('holds no markup from a value, a name or a login: %j', (text) => {
    const plan = planTo(
      bundleWith(aRecordOf('www', text, { name: text, comment: text, [text]: text }), {
        [`cloudflare_${text}`]: { [text]: { name: text } },
      }),
    );
    const records = [cleanRecord({ title: text, reason: text })];
    const reviews = showing({ plan, records }, [
      review('novak', { login: text }),
      review(4711, { login: text }),
    ]);
    const given = facts({ plan, records, reviews, ledger: { head: null, state: 'broken', reason: text } });
    for (const markdown of [
      renderPlanMarkdown(plan),
      renderDecisionMarkdown(decide(given), given, { artifact: null, publisher: null }),
    ]) {
      const read = outsideFences(markdown);
      expect(read).not.toMatch(/[<>]|!\[|\]\(|@|https?:|onerror=/u);
      expect(markdown).not.toMatch(unseen);
    }
  });

  it('is balanced: what is folded ends where it should', () => {
    const markdown = renderPlanMarkdown(planTo(bundleWith(aRecordOf('www', '</details>'))));
    expect(markdown.match(/<details>/g)?.length).toBe(
      outsideFencesRaw(markdown).match(/<\/details>/g)?.length,
    );
  });
});

function outsideFencesRaw(markdown: string): string {
  return markdown.replaceAll(/^(`{3,})diff\n[\s\S]*?\n\1$/gm, '');
}
