/**
 * What a careful human takes for the same word: other cases, full-width and styled letters, accents, letters of other
 * alphabets that look alike, invisible characters in between, slips of the keyboard. Only ever used to find what is to be
 * answered; nothing is permitted on the strength of it.
 */
import { invisible } from '../../plan/visible.ts';

/** Cyrillic, Greek and other letters that look like Latin ones (Unicode Technical Standard 39, confusables.txt). */
const lookAlikes: Readonly<Record<string, string>> = {
  а: 'a',
  α: 'a',
  ɑ: 'a',
  в: 'b',
  с: 'c',
  ϲ: 'c',
  ᴄ: 'c',
  ԁ: 'd',
  е: 'e',
  є: 'e',
  ҽ: 'e',
  ε: 'e',
  ғ: 'f',
  ɡ: 'g',
  һ: 'h',
  і: 'i',
  ι: 'i',
  ı: 'i',
  ɩ: 'i',
  ј: 'j',
  к: 'k',
  κ: 'k',
  ӏ: 'l',
  ǀ: 'l',
  м: 'm',
  п: 'n',
  ո: 'n',
  о: 'o',
  ο: 'o',
  օ: 'o',
  ᴏ: 'o',
  р: 'p',
  ρ: 'p',
  ԛ: 'q',
  г: 'r',
  ѕ: 's',
  ꜱ: 's',
  т: 't',
  τ: 't',
  υ: 'u',
  ս: 'u',
  ʋ: 'u',
  ᴜ: 'u',
  ѵ: 'v',
  ν: 'v',
  ԝ: 'w',
  х: 'x',
  χ: 'x',
  у: 'y',
  γ: 'y',
  '∕': '/',
  '⁄': '/',
  '⧸': '/',
  '╱': '/',
  '⟋': '/',
  〳: '/',
  '\\': '/',
  '⧵': '/',
  '∖': '/',
  '⧹': '/',
  '‐': '-',
  '‑': '-',
  '‒': '-',
  '–': '-',
  '—': '-',
  '−': '-',
  _: '-',
};

/** The text as it looks: plain lower-case letters, one kind of slash and of hyphen, nothing invisible. */
export function skeleton(text: string): string {
  const plain = text
    .replaceAll(invisible, (found) => (found === '\t' ? ' ' : ''))
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase();
  return Array.from(plain, (character) => lookAlikes[character] ?? character).join('');
}

/** The word of the list that this one is meant to be: itself, or with one slip in a long one. Null when none. */
export function nearest(word: string, words: readonly string[]): string | null {
  return (
    words.find((known) => known === word) ??
    words.find((known) => known.length > 4 && isSlip(word, known)) ??
    null
  );
}

/** Whether one letter was added, left out or exchanged, or two neighbours were swapped; the same word is none. */
export function isSlip(left: string, right: string): boolean {
  let start = 0;
  while (start < left.length && left[start] === right[start]) {
    start += 1;
  }
  let end = 0;
  while (end < Math.min(left.length, right.length) - start && left.at(-1 - end) === right.at(-1 - end)) {
    end += 1;
  }
  const [here, there] = [left.slice(start, left.length - end), right.slice(start, right.length - end)];
  const isSwap = here.length === 2 && there.length === 2 && here[0] === there[1] && here[1] === there[0];
  return isSwap || Math.max(here.length, there.length) === 1;
}
