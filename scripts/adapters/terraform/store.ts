/**
 * What to do when the server that keeps the states does not do its part: Terraform's S3 backend passes on what the server said.
 * Codes: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html; texts as Terraform 1.11 prints them.
 */

/** Instead of the general advice; `next` is left out where repeating the command is all. */
export interface StoreAdvice {
  readonly fix: string;
  readonly next?: string;
}

interface Trouble {
  readonly message: RegExp;
  readonly advice: (found: RegExpExecArray, server: string | null) => StoreAdvice;
}

const nothing = 'nothing was changed';

const troubles: readonly Trouble[] = [
  {
    message: /S3 bucket "([\w.-]{3,63})" does not exist|\bNoSuchBucket\b/,
    advice: ([, bucket = 'BUCKET'], server) => ({
      fix: `make the bucket on the server that is to keep the state, or correct its name in the backend block; ${nothing}`,
      next:
        server === null
          ? `npx wrangler r2 bucket create ${bucket}`
          : `aws --endpoint-url ${server} s3 mb s3://${bucket}`,
    }),
  },
  {
    message: /api error \w+: [^\n]*(?:checksum|trailer|aws-chunked)|XAmzContentSHA256Mismatch|\bBadDigest\b/i,
    advice: () => ({
      fix: `the server does not know the checksums that are sent: set AWS_REQUEST_CHECKSUM_CALCULATION and AWS_RESPONSE_CHECKSUM_VALIDATION to when_required, and skip_s3_checksum in the backend block, and repeat the command; ${nothing}`,
      next: 'export AWS_REQUEST_CHECKSUM_CALCULATION=when_required AWS_RESPONSE_CHECKSUM_VALIDATION=when_required',
    }),
  },
  {
    message: /No valid credential sources found/,
    advice: () => ({
      fix: `set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY to the key pair of the bucket of the state; ${nothing}`,
    }),
  },
  {
    message:
      /operation error S3: [^\n]*\b(?:AccessDenied|InvalidAccessKeyId|SignatureDoesNotMatch|Forbidden)\b/,
    advice: () => ({
      fix: `AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not a key pair that may read and write the bucket of the state: set the one that may; ${nothing}`,
    }),
  },
  {
    message: /operation error S3: [^\n]*(?:request send failed|no such host|connection refused)/,
    advice: (_, server) => ({
      fix: `${server === null ? 'the server that the backend block names' : `${server}, named by AWS_ENDPOINT_URL_S3,`} does not answer: start it or correct the address; ${nothing}`,
    }),
  },
];

/** Null when what was said is not about the server of the states. `server` is the one that the environment names. */
export function storeAdvice(message: string, server: string | null): StoreAdvice | null {
  for (const { message: pattern, advice } of troubles) {
    const found = pattern.exec(message);
    if (found !== null) {
      return advice(found, server);
    }
  }
  return null;
}
