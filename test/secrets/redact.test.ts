import { describe, expect, it } from 'vitest';
import { lineRedactor, redact } from '../../scripts/secrets/redact.ts';

describe('redact', () => {
  it.each([
    ['a GitHub token', 'using ghp_abcdefghijklmnopqrstuvwxyz0123456789 here', 'using [redacted] here'],
    ['a fine-grained GitHub token', 'github_pat_11ABCDEFG0abcdefghijklmn', '[redacted]'],
    ['an AWS key id', 'key AKIAIOSFODNN7EXAMPLE.', 'key [redacted].'],
    ['a Cloudflare API token', 'token is Zm9vYmFyYmF6cXV4MTIzNDU2Nzg5MEFCQ0RFRkdI', 'token is [redacted]'],
    ['a bearer header', 'Authorization: Bearer abcdef.0123456789', 'Authorization: Bearer [redacted]'],
    [
      'a password in an address',
      'https://user:hunter22@proxy.example/x',
      'https://user:[redacted]@proxy.example/x',
    ],
    ['an assignment', 'AWS_SECRET_ACCESS_KEY=wJalrXUtnFEMI/K7MDENG', 'AWS_SECRET_ACCESS_KEY=[redacted]'],
    ['a JSON field', '{"api_token": "abcdef123456"}', '{"api_token": "[redacted]"}'],
    ['a JSON web token', 'eyJhbGciOiJI.eyJzdWIiOiIx.SflKxwRJ', '[redacted]'],
  ])('takes out %s', (_name, text, expected) => {
    expect(redact(text)).toBe(expected);
  });

  it.each([
    'commit 106aac1c0ffee0c0ffee0c0ffee0c0ffee0c0ffe',
    'cloudflare_ruleset.shop_example_waf_custom: update done in 3 s',
    'sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
    'https://shop.example:8443/health',
  ])('leaves %s alone', (text) => {
    expect(redact(text)).toBe(text);
  });

  it('takes known values out whole, in the forms they are written in, the longest first', () => {
    const secrets = ['secret', 'secret-and-more', 'with "quotes"'];
    expect(redact('a secret-and-more b', secrets)).toBe('a [redacted] b');
    expect(redact(JSON.stringify({ v: 'with "quotes"' }), secrets)).toBe('{"v":"[redacted]"}');
    expect(redact('q=with%20%22quotes%22', secrets)).toBe('q=[redacted]');
  });

  it('does not take short values out of words', () => {
    expect(redact('region eu of neutral', ['eu'])).toBe('region eu of neutral');
  });

  it('takes out a private key over all its lines', () => {
    const key = [
      'before',
      '-----BEGIN PRIVATE KEY-----',
      'MIIE',
      'abc=',
      '-----END PRIVATE KEY-----',
      'after',
    ];
    expect(key.map(lineRedactor([]))).toEqual([
      'before',
      '[redacted]',
      '[redacted]',
      '[redacted]',
      '[redacted]',
      'after',
    ]);
  });
});
