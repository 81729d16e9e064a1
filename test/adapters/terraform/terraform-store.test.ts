import { describe, expect, it } from 'vitest';
import { storeAdvice } from '../../../scripts/adapters/terraform/store.ts';

const s3 = (operation: string, rest: string) =>
  `Error acquiring the state lock: Error message: operation error S3: ${operation}, https response error StatusCode: 501, RequestID: , HostID: , ${rest}`;

describe('advice about the server of the states', () => {
  it.each([
    ['Header x-amz-sdk-checksum-algorithm with value SHA256 not implemented'],
    ['A header you provided implies functionality that is not implemented: x-amz-checksum-crc32'],
    ['Transfer encoding aws-chunked is not supported'],
  ])('says how to send no checksums where the server says: %s', (message) => {
    const advice = storeAdvice(s3('PutObject', `api error NotImplemented: ${message}`), null);
    expect(advice?.fix).toContain('skip_s3_checksum');
    expect(advice?.next).toBe(
      'export AWS_REQUEST_CHECKSUM_CALCULATION=when_required AWS_RESPONSE_CHECKSUM_VALIDATION=when_required',
    );
  });

  it('names the bucket of R2 where nobody named another server', () => {
    const advice = storeAdvice('Failed: S3 bucket "estate-states" does not exist.\n\nThe referenced', null);
    expect(advice?.next).toBe('npx wrangler r2 bucket create estate-states');
  });

  it.each(['AccessDenied', 'InvalidAccessKeyId', 'SignatureDoesNotMatch'])(
    'is about the key pair for %s',
    (code) => {
      expect(storeAdvice(s3('ListObjectsV2', `api error ${code}: no`), null)?.fix).toContain('key pair');
    },
  );

  it('names the server that does not answer, as far as the environment names it', () => {
    const said = s3('ListObjectsV2', 'request send failed, Get "http://127.0.0.1:9/": connection refused');
    expect(storeAdvice(said, 'http://127.0.0.1:9')?.fix).toContain(
      'http://127.0.0.1:9, named by AWS_ENDPOINT',
    );
    expect(storeAdvice(said, null)?.fix).toContain('the server that the backend block names does not answer');
  });

  it.each(['Invalid zone: the checksum of the file differs', 'bucket "a" of cloudflare_r2_bucket is taken'])(
    'is none for what the provider says: %s',
    (said) => {
      expect(storeAdvice(said, null)).toBeNull();
    },
  );
});
