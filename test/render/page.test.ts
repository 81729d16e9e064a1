/** Pages: what stands in a text stays a text, and the content policy allows exactly the style of the page. */
import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  block,
  code,
  htmlPage,
  mark,
  pairs,
  paragraph,
  section,
  table,
} from '../../scripts/render/pages/page.ts';

const hostile = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' onmouseover='x",
  '</style><script>x</script>',
  '<!--',
  ']]>',
  '&lt;b&gt;',
];
const pageOf = (text: string): string =>
  htmlPage(text, [
    section(text, paragraph(text), block(text), pairs([[text, code(text)]])),
    table([text], [[text], [mark('bad', text)]]),
  ]);
const tagsOf = (page: string): readonly string[] =>
  [...page.replace(/<style>[\s\S]*?<\/style>/u, '').matchAll(/<\/?[a-z!][^>]*>/giu)].map(([tag]) => tag);
const frame = tagsOf(pageOf('text'));

describe('a page', () => {
  it.each(hostile)('has the same tags whatever it shows: %s', (text) => {
    expect(tagsOf(pageOf(text))).toEqual(frame);
  });

  it('does so for any text', () => {
    const pieces = fc.array(
      fc.oneof(fc.constantFrom(...hostile, '<', '>', '"', "'", '&', '/'), fc.string()),
      { maxLength: 6 },
    );
    fc.assert(
      fc.property(pieces, (parts) => {
        expect(tagsOf(pageOf(parts.join('')))).toEqual(frame);
      }),
      { numRuns: 300, seed: 20261130 },
    );
  });

  it('allows its own style and nothing else', () => {
    const page = pageOf('text');
    const style = /<style>([\s\S]*?)<\/style>/u.exec(page)?.[1] ?? '';
    const digest = createHash('sha256').update(style).digest('base64');
    expect(page).toContain(
      `content="default-src 'none'; style-src 'sha256-${digest}'; base-uri 'none'; form-action 'none'"`,
    );
    expect(page).not.toMatch(/url\(|@import|https?:/u);
  });
});
