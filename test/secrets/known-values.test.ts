import { assert, constantFrom, property, string } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { knownValues } from '../../scripts/secrets/known-values.ts';

const marker = 'MARKER/5f+c0ffee==~"<&>\'ü';

const encoders: Readonly<Record<string, (text: string) => string>> = {
  'as it is': (text) => text,
  base64: (text) => Buffer.from(text).toString('base64'),
  'base64 of a longer text': (text) => Buffer.from(`user:${text}:end`).toString('base64'),
  'base64 behind one byte': (text) => Buffer.from(`a${text}b`).toString('base64'),
  'base64url behind two bytes': (text) => Buffer.from(`ab${text}`).toString('base64url'),
  'base64 twice': (text) => Buffer.from(Buffer.from(`x${text}`).toString('base64')).toString('base64'),
  hexadecimal: (text) => Buffer.from(text).toString('hex'),
  'capital hexadecimal': (text) => Buffer.from(text).toString('hex').toUpperCase(),
  'percent, as a component': encodeURIComponent,
  'percent, small': (text) => encodeURIComponent(text).replaceAll(/%../g, (code) => code.toLowerCase()),
  'percent, every byte': (text) => Buffer.from(text).toString('hex').replaceAll(/../g, '%$&'),
  form: (text) => new URLSearchParams({ v: text }).toString().slice(2),
  JSON: (text) => JSON.stringify(text).slice(1, -1),
  'JSON in JSON': (text) => JSON.stringify(JSON.stringify(text)).slice(3, -3),
  'JSON as Go writes it': (text) =>
    JSON.stringify(text)
      .slice(1, -1)
      .replaceAll(/[<>&]/g, (character) => `\\u00${character.charCodeAt(0).toString(16)}`),
  HTML: (text) =>
    text
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replaceAll('"', '&quot;')
      .replaceAll("'", '&#39;'),
};

describe('values that the process holds', () => {
  it.each(Object.entries(encoders))('are found %s', (_name, encode) => {
    const known = knownValues([marker]);
    const text = `before ${encode(marker)} after`;
    expect(known.isIn(text)).toBe(true);
    const left = known.without(text, '*');
    expect(left).toContain('before ');
    expect(left).toContain('*');
    expect(known.isIn(left)).toBe(false);
  });

  it('are found whatever they are, wherever they stand', () => {
    assert(
      property(
        string({ minLength: 14, maxLength: 60, unit: 'grapheme' }).filter((text) => text.trim() === text),
        constantFrom(...Object.values(encoders)),
        string({ maxLength: 10 }),
        (secret, encode, around) => {
          expect(knownValues([secret]).isIn(`${around}${encode(secret)}${around}`)).toBe(true);
        },
      ),
      { seed: 9, numRuns: 2000 },
    );
  });

  it('go whole: the longest first, and a key line by line', () => {
    const known = knownValues(['secret', 'secret-and-more', 'line-one-of-it\nline-two-of-it']);
    expect(known.without('a secret-and-more b', '*')).toBe('a * b');
    expect(known.without('x line-two-of-it y', '*')).toBe('x * y');
  });

  it('leave everything else as it is: other texts, and short values in words', () => {
    const known = knownValues([marker, 'eu', '8080']);
    const text = 'region eu of neutral on port 8080, TUFSS0VS';
    expect(known.isIn(text)).toBe(false);
    expect(known.without(text, '*')).toBe(text);
    expect(knownValues([]).isIn(text)).toBe(false);
  });
});
