import { describe, expect, it } from 'vitest';
import {
  isPasswordName,
  isSecretName,
  isSecretOfRequest,
  mentionsCredential,
  provesIdentity,
} from '../../scripts/secrets/names.ts';

/** For each name: of an attribute, in a diagnostic, of a header, in a recorded request. */
const names: readonly {
  readonly name: string;
  readonly is: readonly [attribute: boolean, diagnostic: boolean, header: boolean, request: boolean];
}[] = [
  { name: 'client_secret', is: [true, true, true, true] },
  { name: 'apiToken', is: [true, true, true, true] },
  { name: 'X-Auth-Key', is: [true, false, true, true] },
  { name: 'Authorization', is: [true, true, true, true] },
  { name: 'api_key', is: [true, true, true, true] },
  { name: 'private-key', is: [true, true, true, true] },
  { name: 'admin_password', is: [true, true, true, true] },
  { name: 'token_id', is: [false, true, true, true] },
  { name: 'secret_name', is: [false, true, true, true] },
  { name: 'session_duration', is: [false, false, true, true] },
  { name: 'X-Hub-Signature', is: [false, false, true, true] },
  { name: 'sid', is: [false, false, false, true] },
  { name: 'otp', is: [false, false, false, true] },
  { name: 'samlResponse', is: [false, false, false, true] },
  { name: 'key', is: [false, false, false, true] },
  { name: 'keyboard', is: [false, false, false, false] },
  { name: 'zone_id', is: [false, false, false, false] },
  { name: 'expression', is: [false, false, false, false] },
  { name: '', is: [false, false, false, false] },
];

describe('names of secrets', () => {
  it.each(names)('$name', ({ name, is }) => {
    expect([
      isSecretName(name),
      mentionsCredential(name),
      provesIdentity(name),
      isSecretOfRequest(name),
    ]).toEqual(is);
  });

  it('a password is one by any name that ends in it', () => {
    expect(['password', 'dbPassword', 'smtp_passwd', 'passphrase'].map(isPasswordName)).toEqual([
      true,
      true,
      true,
      true,
    ]);
    expect(['password_policy', 'pass', 'compass'].map(isPasswordName)).toEqual([false, false, false]);
  });

  it('a name of any length takes no time', () => {
    expect(isSecretName(`${'aA'.repeat(1_000_000)}_token`)).toBe(false);
  });
});
