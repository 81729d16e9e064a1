import { describe, expect, it } from 'vitest';

import { formatPath } from '../../scripts/plan/path.ts';
import { looksLikeSecret, secretPaths } from '../../scripts/plan/secrets.ts';
import {
  attributeAt,
  changeAt,
  configuration,
  diff,
  fixture,
  fixtureNames,
  pathsOf,
  record,
  withRecords,
} from './configurations.ts';

/** Built from parts, so that no scanner takes this file for a leak. */
const built = (...parts: readonly string[]): string => parts.join('');
const base = 'Zm9vYmFyYmF6cXV4MTIzNDU2Nzg5MGFiY2RlZmdoaWprbG1ub3A';

describe('secrets by their form', () => {
  it.each([
    ['a private key', built('-----BEGIN RSA ', 'PRIVATE KEY-----\nMIIEow\n-----END RSA PRIVATE KEY-----')],
    ['a GitHub token', built('gh', 'p_', base.slice(0, 36))],
    ['a fine-grained GitHub token', built('github_', 'pat_', base.slice(0, 40))],
    ['a GitLab token', built('gl', 'pat-', base.slice(0, 20))],
    ['an AWS key id', built('AK', 'IA', 'IOSFODNN7EXAMPLE')],
    ['a Google key', built('AI', 'za', base.slice(0, 35))],
    ['a Slack token', built('xox', 'b-123456789012-abcdefghij')],
    ['a Stripe key', built('sk_', 'live_', base.slice(0, 24))],
    ['a Cloudflare origin CA key', built('v1', '.0-', 'a'.repeat(24), '-', 'b'.repeat(64))],
    [
      'a JSON Web Token',
      built('ey', 'JhbGciOiJIUzI1NiJ9.ey', 'JzdWIiOiIxMjM0NTY3ODkwIn0.', base.slice(0, 43)),
    ],
    ['a password in a URL', 'postgres://app:hunter22@db.internal:5432/app'],
    ['a bearer header', built('Bearer ', base.slice(0, 30))],
  ])('%s, whatever the attribute is called', (_name, value) => {
    expect(looksLikeSecret('content', value)).toBe(true);
  });
});

describe('secrets by the name of their attribute', () => {
  it.each([
    ['password', 'correct-horse-battery'],
    ['admin_password', 'hunter'],
    ['client_secret', 'N7c1v9Zp2mQ4'],
    ['X-Auth-Key', '0123456789abcdef0123456789abcdef01234'],
    ['tunnelSecret', 'AQIDBAUGBwgBAgMEBQYHCAECAwQFBgcIAQIDBAUGBwg='],
    ['Authorization', 'token-8f14e45fceea167a'],
    ['api_token', 'q9VnM2xTz7LpW4sKd8RfHb3YcJ6gEu1A0oiPmQwX'],
  ])('%s', (name, value) => {
    expect(looksLikeSecret(name, value)).toBe(true);
  });

  it.each([
    ['password', '${var.database_password}'],
    ['token', 'short'],
    ['client_secret_version', '12345678901'],
    ['token_id', 'f174e90a-fafe-4643-bbbc-4a0ed4fc8415'],
    ['key', 'http.request.full_uri'],
    ['secret_name', 'stripe-webhook'],
    ['description', 'Rotates the client secret every 90 days'],
  ])('but not %s = %s', (name, value) => {
    expect(looksLikeSecret(name, value)).toBe(false);
  });
});

describe('public material stays readable', () => {
  it.each([
    [
      'DKIM',
      'content',
      'v=DKIM1; h=sha256; k=rsa; p=MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAr1Yk0mF3sJ2Lx0vQ9cTz7PqYb5uNwE8hKd4RgVtS6aXjO2iMfBlCeHnUyDpWqGzI3kAoJ5sT7vLmRxN4bEcQIDAQAB',
    ],
    [
      'SPF',
      'content',
      'v=spf1 include:_spf.google.com include:spf.protection.outlook.com ip4:192.0.2.0/24 -all',
    ],
    [
      'DMARC',
      'content',
      'v=DMARC1; p=reject; rua=mailto:dmarc@example.org; ruf=mailto:forensics@example.org; pct=100',
    ],
    [
      'CAA',
      'value',
      'letsencrypt.org; validationmethods=dns-01; accounturi=https://acme-v02.api.letsencrypt.org/acme/acct/1234567',
    ],
    [
      'Google verification',
      'content',
      'google-site-verification=8hTq3vXcKzW5yN1bR7mJdLpF0sGuEaYo2iVtQxHkBnM',
    ],
    ['ACME challenge', 'content', 'LPsIwTo7o8BoG0-vjCyGQGBWSVIPxI-i_X336eUOQZo'],
    [
      'Atlassian verification',
      'content',
      'atlassian-domain-verification=j5W7vXk8mQz2nRtL0pYcHs4uFbDg6aEoIiKqBvNxTwMlPjSrCyVhUzGfJe3dX1A9',
    ],
    ['TLSA', 'certificate', '8cb0fc6c527506a053f4f14c8464bebbd6dede2738d11468dd953d7d6a3021f1'],
    [
      'WAF expression',
      'expression',
      '(http.request.uri.path contains "/token" and any(http.request.headers["authorization"][*] contains "Bearer "))',
    ],
    ['WAF expression with URLs', 'expression', '(http.referer eq "https://user.example/login?next=a:b@c")'],
    [
      'hash in an expression',
      'expression',
      '(cf.bot_management.ja3_hash eq "e7d705a3286e19ea42f587b344ee6865")',
    ],
    ['zone id', 'zone_id', '9e107d9d372bb6826bd81d3542a419d6'],
    [
      'certificate',
      'certificate',
      '-----BEGIN CERTIFICATE-----\nMIIDdzCCAl+gAwIBAgIEAgAAuTANBgkqhkiG9w0BAQUFADBaMQswCQYDVQQGEwJJ\n-----END CERTIFICATE-----',
    ],
    [
      'public key',
      'public_key',
      '-----BEGIN PUBLIC KEY-----\nMIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA\n-----END PUBLIC KEY-----',
    ],
    ['e-mail in a URL path', 'url', 'https://example.org/unsubscribe/user@example.org'],
    ['URL with a port', 'url', 'https://origin.example:8443/a@b'],
  ])('%s', (_name, attribute, value) => {
    expect(looksLikeSecret(attribute, value)).toBe(false);
  });

  it('nothing in the configurations of the fixtures is taken for a secret, but for the one placeholder', () => {
    const found = fixtureNames.flatMap((name) =>
      secretPaths(fixture(name, 'after')).map((path) => `${name} ${formatPath(path)}`),
    );
    expect(found).toEqual([]);
  });
});

const database = (password: string): ReturnType<typeof configuration> =>
  configuration({
    cloudflare_hyperdrive_config: {
      db: { account_id: 'a', name: 'db', origin: { host: 'h', password, user: 'u' } },
    },
  });

const withTokens = (token: readonly string[]): ReturnType<typeof configuration> =>
  configuration({ cloudflare_dns_record: { x: { shared_tokens: [], token } } });

const keyedBy = (key: string): ReturnType<typeof configuration> =>
  configuration({ cloudflare_dns_record: { x: { items: [{ key, n: 1 }] } } });

describe('in a plan', () => {
  it('marks the attribute and the path inside the resource', () => {
    const plan = diff(null, withRecords({ www: record({ comment: built('gh', 'p_', base.slice(0, 36)) }) }));
    const change = changeAt(plan, 'cloudflare_dns_record.www');
    expect(attributeAt(change, 'comment').sensitive).toBe(true);
    expect(change.sensitive).toEqual([['comment']]);
  });

  it('marks what the provider declares sensitive, however harmless it looks', () => {
    const change = changeAt(diff(database('one'), database('two')), 'cloudflare_hyperdrive_config.db');
    expect(pathsOf(change)).toEqual(['changed origin.password']);
    expect(change.attributes[0]?.sensitive).toBe(true);
    expect(change.sensitive).toEqual([['origin', 'password']]);
  });

  it('takes a name that stands beside the value', () => {
    expect(secretPaths({ name: 'API_TOKEN', value: 'q9VnM2xTz7LpW4sK' })).toEqual([['value']]);
    expect(secretPaths({ name: 'REGION', value: 'eu-central-1-a-b-c' })).toEqual([]);
  });

  it('never puts a secret into the path of a list', () => {
    const plan = diff(withTokens(['q9VnM2xTz7LpW4sK1']), withTokens(['q9VnM2xTz7LpW4sK2']));
    expect(
      JSON.stringify(plan.changes.map((change) => change.attributes.map((item) => item.path))),
    ).not.toContain('q9Vn');
    const token = built('gh', 'p_', base.slice(0, 36));
    const change = changeAt(diff(keyedBy(token), keyedBy(`${token}x`)), 'cloudflare_dns_record.x');
    expect(pathsOf(change).join()).not.toContain('gh');
  });

  it('a huge value is searched in bounded time', () => {
    const start = performance.now();
    for (const value of [
      'a://'.repeat(300_000),
      'eyJ'.repeat(300_000),
      `${'x'.repeat(900_000)}:`,
      'bearer '.repeat(200_000),
    ]) {
      looksLikeSecret('content', value);
    }
    expect(performance.now() - start).toBeLessThan(5000);
  });
});
