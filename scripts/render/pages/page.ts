/**
 * One self-contained page: no request leaves it (its content policy forbids any), no script, styles of its own, light and dark,
 * narrow screens and print. Everything goes through components that escape; nothing is glued from strings.
 */
import { h, type ComponentChild } from 'preact';
import { renderToString } from 'preact-render-to-string';
import { sha256Hex } from '../../json/json.ts';

export type PagePart = ComponentChild;

/** The page as HTML. `body` are its sections in order. */
export function htmlPage(title: string, body: readonly PagePart[]): string {
  const policy = `default-src 'none'; style-src 'sha256-${Buffer.from(sha256Hex(style), 'hex').toString('base64')}'; base-uri 'none'; form-action 'none'`;
  const page = h('html', { lang: 'en' }, [
    h('head', null, [
      h('meta', { charset: 'utf-8' }),
      h('meta', { 'http-equiv': 'Content-Security-Policy', content: policy }),
      h('meta', { name: 'viewport', content: 'width=device-width, initial-scale=1' }),
      h('meta', { name: 'referrer', content: 'no-referrer' }),
      h('title', null, title),
      // The digest in the policy is of exactly this text, so it is not escaped; nothing of it comes from outside.
      h('style', { dangerouslySetInnerHTML: { __html: style } }),
    ]),
    h('body', null, h('main', null, body)),
  ]);
  return `<!doctype html>\n${renderToString(page)}\n`;
}

export function section(title: string, ...parts: readonly PagePart[]): PagePart {
  return h('section', null, [h('h2', null, title), ...parts]);
}

/** A table with a heading row; a cell is a text or a part. */
export function table(head: readonly string[], rows: readonly (readonly PagePart[])[]): PagePart {
  return h('div', { class: 'wide' }, [
    h('table', null, [
      h(
        'thead',
        null,
        h(
          'tr',
          null,
          head.map((name) => h('th', { scope: 'col' }, name)),
        ),
      ),
      h(
        'tbody',
        null,
        rows.map((row) =>
          h(
            'tr',
            null,
            row.map((cell) => h('td', null, cell)),
          ),
        ),
      ),
    ]),
  ]);
}

/** Names with their values. */
export function pairs(rows: readonly (readonly [string, PagePart])[]): PagePart {
  return h(
    'dl',
    null,
    rows.flatMap(([name, value]) => [h('dt', null, name), h('dd', null, value)]),
  );
}

export function code(text: string): PagePart {
  return h('code', null, text);
}

export function block(text: string): PagePart {
  return h('pre', { tabindex: 0 }, text);
}

export function paragraph(text: string): PagePart {
  return h('p', null, text);
}

/** A word with a meaning that colour repeats and never carries alone. */
export function mark(kind: 'good' | 'bad' | 'open', text: string): PagePart {
  return h('span', { class: `mark ${kind}` }, text);
}

const style = `
:root{color-scheme:light dark;--ink:#1c2733;--dim:#566573;--line:#d5dbe1;--paper:#fff;--soft:#f4f6f8;--good:#17663a;--bad:#a3201d;--open:#7a4d00}
@media (prefers-color-scheme:dark){:root{--ink:#e6eaee;--dim:#a3afba;--line:#3a4550;--paper:#14191e;--soft:#1d242b;--good:#6fd39a;--bad:#ff8f86;--open:#f0c060}}
*{box-sizing:border-box}
body{margin:0;background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,sans-serif}
main{max-width:64rem;margin:0 auto;padding:2rem 1rem 4rem}
h1{font-size:1.75rem;line-height:1.2;margin:0 0 .5rem}
h2{font-size:1.25rem;margin:2.5rem 0 .75rem;border-bottom:1px solid var(--line);padding-bottom:.25rem}
h3{font-size:1rem;margin:1.5rem 0 .5rem}
p{margin:.5rem 0;max-width:44rem}
dl{display:grid;grid-template-columns:10rem 1fr;gap:.25rem 1rem;margin:0}
dt{color:var(--dim)}dd{margin:0;overflow-wrap:anywhere}
.wide{overflow-x:auto}
table{border-collapse:collapse;width:100%;font-size:.9375rem}
th,td{text-align:left;vertical-align:top;padding:.375rem .75rem .375rem 0;border-bottom:1px solid var(--line);overflow-wrap:break-word}
th{color:var(--dim);font-weight:600;white-space:nowrap}
dl+.wide,.wide+dl{margin-top:.75rem}
code,pre{font:.875rem/1.45 ui-monospace,monospace;overflow-wrap:anywhere}
pre{background:var(--soft);padding:1rem;overflow-x:auto;white-space:pre-wrap}
.mark{font-weight:600}.good{color:var(--good)}.bad{color:var(--bad)}.open{color:var(--open)}
@media (max-width:40rem){dl{grid-template-columns:1fr}dd{margin-bottom:.5rem}}
@media print{body{font-size:11pt}main{max-width:none;padding:0}section{break-inside:avoid-page}pre{white-space:pre-wrap}}
`;
