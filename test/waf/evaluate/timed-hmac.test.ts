import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { evaluate } from './request-builder.ts';

const issued = 1_700_000_000;

function signed(message: string, separator: string, key: string): string {
  const mac = createHmac('sha256', key).update(`${message}${issued}`).digest('base64');
  return `${message}${separator}${issued}-${encodeURIComponent(mac)}`;
}

/** Whether a URL, signed with `key`, is accepted `age` seconds after its issue by a rule with the key `secret`. */
function accepted(target: string, age: number, separatorLength: number): boolean | readonly string[] {
  return evaluate(
    `is_timed_hmac_valid_v0("secret", http.request.uri, 10800, http.request.timestamp.sec, ${separatorLength})`,
    { target, normalizesUrls: false, fields: { 'http.request.timestamp.sec': issued + age } },
  );
}

describe('is_timed_hmac_valid_v0', () => {
  const good = signed('/downloads/cat.jpg', '?verify=', 'secret');

  it.each([
    ['a fresh signature', good, 60, 8, true],
    ['the last valid second', good, 10_799, 8, true],
    ['an expired signature', good, 10_800, 8, false],
    ['another key', signed('/downloads/cat.jpg', '?verify=', 'other'), 60, 8, false],
    ['another path', good.replace('cat', 'dog'), 60, 8, false],
    ['another issue time', good.replace(String(issued), String(issued + 1)), 60, 8, false],
    ['the wrong separator length', good, 60, 7, false],
    ['no signature', '/downloads/cat.jpg', 60, 8, false],
  ])('%s', (_what, ...[target, age, separatorLength, expected]) => {
    expect(accepted(target, age, separatorLength)).toBe(expected);
  });

  it('takes the URL-safe form with its flag', () => {
    const mac = createHmac('sha256', 'secret').update(`/a${issued}`).digest('base64url');
    const text =
      'is_timed_hmac_valid_v0("secret", http.request.uri, 100, http.request.timestamp.sec, 3, "s")';
    const fields = { 'http.request.timestamp.sec': issued };
    expect(evaluate(text, { target: `/a?v=${issued}-${mac}`, normalizesUrls: false, fields })).toBe(true);
  });

  it('is unknown when the time was not recorded', () => {
    const text = 'is_timed_hmac_valid_v0("secret", http.request.uri, 100, http.request.timestamp.sec, 3)';
    expect(evaluate(text, { fields: {} })).toStrictEqual(['http.request.timestamp.sec']);
  });
});
