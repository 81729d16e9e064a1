import { describe, expect, it } from 'vitest';
import {
  apiOf,
  realTarget,
  standInTexts,
  stateServerOf,
} from '../../../scripts/adapters/network/real-target.ts';
import { UsageError } from '../../../scripts/contract/errors.ts';

const token = { CLOUDFLARE_API_TOKEN: 'token-of-the-test' };

describe('what the environment says of the real target', () => {
  it('is credentials and places, by list; what is empty is not set', () => {
    const target = realTarget({
      ...token,
      AWS_ACCESS_KEY_ID: 'id',
      AWS_SESSION_TOKEN: '',
      AWS_PROFILE: 'someone',
      CLOUDFLARE_API_KEY: 'an older way in',
      CLOUDFLARE_BASE_URL: 'http://127.0.0.1:4010/client/v4',
      AWS_ENDPOINT_URL_S3: 'https://state.example',
      AWS_ENDPOINT_URL: 'https://everything.example',
      AWS_REQUEST_CHECKSUM_CALCULATION: 'WHEN_REQUIRED',
      AWS_RESPONSE_CHECKSUM_VALIDATION: 'when_supported',
    });
    expect(target).toEqual({
      credentials: { ...token, AWS_ACCESS_KEY_ID: 'id' },
      places: {
        CLOUDFLARE_BASE_URL: 'http://127.0.0.1:4010/client/v4',
        AWS_ENDPOINT_URL_S3: 'https://state.example',
        AWS_REQUEST_CHECKSUM_CALCULATION: 'WHEN_REQUIRED',
        AWS_RESPONSE_CHECKSUM_VALIDATION: 'when_supported',
      },
    });
  });

  it('needs a token', () => {
    expect(() => realTarget({ CLOUDFLARE_API_TOKEN: '' })).toThrow('CLOUDFLARE_API_TOKEN is not set.');
  });

  it.each([
    'http://state.example',
    'http://127.0.0.1.evil.example',
    'https://user:word@state.example',
    'https://state.example/?next=',
    'ftp://127.0.0.1',
    'state.example',
  ])('sends no credential to %s', (address) => {
    for (const name of ['CLOUDFLARE_BASE_URL', 'AWS_ENDPOINT_URL_S3']) {
      expect(() => realTarget({ ...token, [name]: address })).toThrow(UsageError);
      expect(() => realTarget({ ...token, [name]: address })).toThrow(`${name} is not an address`);
    }
  });

  it('takes loopback without TLS, and nothing for nothing', () => {
    expect(stateServerOf({ AWS_ENDPOINT_URL_S3: 'http://[::1]:9000' })).toBe('http://[::1]:9000');
    expect([apiOf({}), stateServerOf({ AWS_ENDPOINT_URL_S3: '' })]).toEqual([null, null]);
  });

  it.each(['AWS_REQUEST_CHECKSUM_CALCULATION', 'AWS_RESPONSE_CHECKSUM_VALIDATION'])(
    'refuses a word for %s that the backend would not start with',
    (name) => {
      expect(() => realTarget({ ...token, [name]: 'never' })).toThrow(
        `${name} is neither when_supported nor when_required.`,
      );
    },
  );
});

describe('what is said of it', () => {
  const said = (places: Readonly<Record<string, string>>) => standInTexts({ places });

  it('is nothing where requests go to Cloudflare and the state where the bundle says', () => {
    expect(said({ CLOUDFLARE_BASE_URL: 'https://api.cloudflare.com/client/v4', AWS_REGION: 'auto' })).toEqual(
      [],
    );
  });

  it('names the stand-in, and the server of the state', () => {
    expect(
      said({
        CLOUDFLARE_BASE_URL: 'https://api.cloudflare.com.example/client/v4',
        AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:9000',
      }),
    ).toEqual([
      'This is not Cloudflare: CLOUDFLARE_BASE_URL sends every request, and the token, to https://api.cloudflare.com.example/client/v4.',
      'AWS_ENDPOINT_URL_S3 keeps the state at http://127.0.0.1:9000, whatever server the bundle names.',
    ]);
  });
});
