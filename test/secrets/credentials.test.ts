import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { credentialIn, withoutCredentials } from '../../scripts/secrets/credentials.ts';

/** Built from parts, so that no scanner takes this file for a leak. */
const built = (...parts: readonly string[]): string => parts.join('');
const base = 'Zm9vYmFyYmF6cXV4MTIzNDU2Nzg5MGFiY2RlZmdoaWprbG1ub3A';
const hex = '0123456789abcdef'.repeat(5);

const credentials: readonly (readonly [vendor: string, text: string])[] = [
  ['GitHub', built('gh', 'p_', base.slice(0, 36))],
  ['GitHub', built('gh', 's_', base.slice(0, 36))],
  ['GitHub', built('github_', 'pat_11ABCDEFG0_', base.slice(0, 40))],
  ['GitLab', built('gl', 'pat-', base.slice(0, 20))],
  ['GitLab', built('gl', 'rt-', base.slice(0, 20))],
  ['Slack', built('xox', 'b-123456789012-abcdefghij')],
  ['Slack', built('xapp', '-1-A0123456789-', base.slice(0, 20))],
  ['Slack', built('https://hooks.', 'slack.com/services/T01234567/B01234567/', base.slice(0, 24))],
  ['AWS', built('AK', 'IA', 'IOSFODNN7EXAMPLE')],
  ['Google', built('AI', 'za', base.slice(0, 35))],
  ['Google', built('ya', '29.', base.slice(0, 30))],
  ['Google', built('GOC', 'SPX-', base.slice(0, 28))],
  ['Stripe', built('sk_', 'live_', base.slice(0, 24))],
  ['Stripe', built('rk_', 'test_', base.slice(0, 24))],
  ['Stripe', built('wh', 'sec_', base.slice(0, 32))],
  ['npm', built('np', 'm_', base.slice(0, 36))],
  ['SendGrid', built('S', 'G.', base.slice(0, 22), '.', base.slice(0, 43))],
  ['DigitalOcean', built('do', 'p_v1_', hex.slice(0, 64))],
  ['Vault', built('hv', 's.', base.slice(0, 24))],
  ['age', built('AGE-SECRET', '-KEY-1', 'QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L'.repeat(2))],
  ['Cloudflare', built('cf', 'ut_', base.slice(0, 40))],
  ['Cloudflare', built('cf', 'k_', base.slice(0, 37))],
  ['Cloudflare', built('v1', '.0-', 'a'.repeat(24), '-', 'b'.repeat(64))],
  ['JSON Web Token', built('ey', 'JhbGciOiJIUzI1NiJ9.ey', 'JzdWIiOiIxMjM0NTY3ODkwIn0.', base.slice(0, 43))],
  ['bearer token', built('bearer ', base.slice(0, 30))],
];

describe('credentials by their form', () => {
  it.each(credentials)('%s', (vendor, text) => {
    expect(credentialIn(text)).toBe(vendor);
    expect(credentialIn(`In a sentence: "${text}".`)).toBe(vendor);
    const left = withoutCredentials(`before ${text} after`, '*');
    expect(left).toMatch(/^before (?:bearer )?\* after$/);
  });

  it('a private key goes with everything behind it; a public key and a certificate stay', () => {
    const key = built('a -----BEGIN EC ', 'PRIVATE KEY-----\nMHcCAQEE\n-----END EC PRIVATE KEY-----');
    expect(credentialIn(key)).toBe('private key');
    expect(withoutCredentials(key, '*')).toBe('a *');
    expect(credentialIn('-----BEGIN PUBLIC KEY-----\nMIIB')).toBeNull();
    expect(credentialIn('-----BEGIN CERTIFICATE-----\nMIIB')).toBeNull();
  });

  it('the password of an address goes, the address stays', () => {
    const address = 'postgres://app:hunter22@db.internal:5432/app';
    expect(credentialIn(address)).toBe('password in an address');
    expect(withoutCredentials(address, '*')).toBe('postgres://app:*@db.internal:5432/app');
    expect(credentialIn('https://origin.example:8443/a@b')).toBeNull();
    expect(credentialIn('https://example.org/unsubscribe/user@example.org')).toBeNull();
  });

  it.each([
    'a token that is required',
    'the bearer of bad news',
    'http.request.headers["authorization"][*] contains "Bearer "',
    'v=DKIM1; k=rsa; p=MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAr1Yk0mF3sJ2Lx0vQ',
    'sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
    'ya29 is a school, SG is a state, xoxo',
  ])('%s is none', (text) => {
    expect(credentialIn(text)).toBeNull();
    expect(withoutCredentials(text, '*')).toBe(text);
  });

  it.each(['a://', 'eyJaaaaaaaa.', ':', 'bearer ', '-----BEGIN A ', 'xoxb-'])(
    'ends on a long text of %s, which nothing is taken back for',
    (part) => {
      const text = `a://${part.repeat(80_000)}`;
      expect(withoutCredentials(text, '*').length).toBeLessThanOrEqual(text.length);
    },
  );
});

describe('one vocabulary', () => {
  it('no other file of the product knows the form of a credential', () => {
    const folder = new URL('../../scripts/', import.meta.url).pathname;
    const others = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
      (path) => path.endsWith('.ts') && !path.startsWith('secrets/') && !path.startsWith('demo/'),
    );
    expect(others.length).toBeGreaterThan(200);
    const form = /gh\[pousr\]|github_pat_|glpat|xox\[|AKIA|AIza|k_live|\beyJ\[|BEGIN [^'"`\n]*PRIVATE/;
    expect(others.filter((path) => form.test(readFileSync(`${folder}${path}`, 'utf8')))).toEqual([]);
  });
});
