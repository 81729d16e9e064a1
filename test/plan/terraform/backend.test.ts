import { describe, expect, it } from 'vitest';
import { objectionsToBackend, onServer, statePlaceOf } from '../../../scripts/plan/terraform/backend.ts';
import type { JsonObject } from '../../../scripts/plan/types.ts';

const hosts = ['r2.example'];
const s3 = (parts: JsonObject = {}): JsonObject => ({
  s3: { bucket: 'states', key: 'acme.tfstate', ...parts },
});

describe('the place of a state', () => {
  it.each([
    ['options', s3(), s3({ encrypt: true, region: 'auto' })],
    ['the server', s3(), s3({ endpoints: { s3: 'https://r2.example' } })],
    ['a path', { local: { path: 'a.tfstate' } }, { local: { path: './x/../a.tfstate' } }],
  ])('is the same whatever %s', (_, one, other) => {
    expect(statePlaceOf(one)).toBe(statePlaceOf(other));
  });

  it.each([
    ['key', s3(), s3({ key: 'other' })],
    ['bucket', s3(), s3({ bucket: 'other' })],
    ['file', { local: { path: 'a.tfstate' } }, { local: { path: 'b.tfstate' } }],
    ['kind', s3(), { local: { path: 'acme.tfstate' } }],
  ])('is another one with another %s', (_, one, other) => {
    expect(statePlaceOf(one)).not.toBe(statePlaceOf(other));
  });

  it('is none without a backend', () => {
    expect([statePlaceOf(null), statePlaceOf({})]).toEqual([null, null]);
  });
});

describe('the same state on another server', () => {
  const server = 'http://127.0.0.1:9000';

  it('keeps everything but the address, by either of its names', () => {
    const older = s3({
      use_lockfile: true,
      endpoint: 'https://r2.example',
      endpoints: { s3: 'https://r2.example' },
    });
    expect(onServer(older, server)).toEqual(s3({ use_lockfile: true, endpoints: { s3: server } }));
    expect(statePlaceOf(onServer(older, server))).toBe(statePlaceOf(older));
  });

  it('is none for a backend that is not S3', () => {
    expect([onServer({ local: {} }, server), onServer(null, server)]).toEqual([null, null]);
  });
});

describe('a backend that nobody has used before', () => {
  it.each<[string, JsonObject]>([
    ['AWS', s3({ region: 'eu-central-1', encrypt: true, use_lockfile: true })],
    ['a server of the list', s3({ endpoints: { s3: 'https://r2.example' }, use_path_style: true })],
    ['a server below one', s3({ endpoints: [{ s3: 'https://account.r2.example' }] })],
    ['a file beside the stack', { local: { path: 'terraform.acme.tfstate' } }],
    ['the file that Terraform chooses', { local: {} }],
  ])('is taken: %s', (_, backend) => {
    expect(objectionsToBackend(backend, hosts)).toEqual([]);
  });

  it.each<[string, JsonObject | null, string]>([
    ['none', null, 'there is no backend: the state would be gone with the runner'],
    ['another kind', { http: { address: 'https://r2.example' } }, 'a backend of a kind that is not known'],
    [
      'another server',
      s3({ endpoints: { s3: 'https://evil.example' } }),
      'the state would lie on a server that may hold none',
    ],
    [
      'a server that looks like one',
      s3({ endpoints: { s3: 'https://r2.example.evil.example' } }),
      'the state would lie on a server that may hold none',
    ],
    [
      'a name that ends like one',
      s3({ endpoints: { s3: 'https://evilr2.example' } }),
      'the state would lie on a server that may hold none',
    ],
    [
      'no encryption on the way',
      s3({ endpoints: { s3: 'http://r2.example' } }),
      'the state would lie on a server that may hold none',
    ],
    [
      'a user in the address',
      s3({ endpoints: { s3: 'https://a@r2.example' } }),
      'the state would lie on a server that may hold none',
    ],
    [
      'no address',
      s3({ endpoints: { s3: 'r2.example' } }),
      'the state would lie on a server that may hold none',
    ],
    [
      'endpoints of another shape',
      s3({ endpoints: 'https://r2.example' }),
      'the state would lie on a server that may hold none',
    ],
    [
      'another service',
      s3({ endpoints: { sts: 'https://r2.example' } }),
      'the state would lie on a server that may hold none',
    ],
    [
      'the old name of the address',
      s3({ endpoint: 'https://r2.example' }),
      'endpoint is not known to be harmless',
    ],
    ['credentials of the machine', s3({ profile: 'admin' }), 'profile is not known to be harmless'],
    ['a name that is none', s3({ 'a b': 1 }), 'an argument is not known to be harmless'],
    [
      'a file of the machine',
      { local: { path: '/tmp/x' } },
      'the state is a file outside of the folder of the stack',
    ],
    [
      'a file beside the folder',
      { local: { path: 'a/../../x' } },
      'the state is a file outside of the folder of the stack',
    ],
    [
      'a file that is not text',
      { local: { path: 1 } },
      'the state is a file outside of the folder of the stack',
    ],
  ])('is refused: %s', (_, backend, objection) => {
    expect(objectionsToBackend(backend, hosts)).toEqual([objection]);
  });
});
