/** Lines of a log that hold no request of a visitor. They are counted by themselves: neither replayed nor held against a log. */

export type ApartKind = 'worker' | 'cloudflare' | 'no-request';

export interface Apart {
  readonly apart: ApartKind;
}

export type ApartCount = Readonly<Record<ApartKind, number>>;

export const noneApart: ApartCount = { worker: 0, cloudflare: 0, 'no-request': 0 };

export function addApart(a: ApartCount, b: ApartCount): ApartCount {
  return {
    worker: a.worker + b.worker,
    cloudflare: a.cloudflare + b.cloudflare,
    'no-request': a['no-request'] + b['no-request'],
  };
}

/** What the kinds are, in words that follow a count of lines. */
export const apartWords: Readonly<Record<ApartKind, string>> = {
  worker: 'subrequests of Workers, which no visitor sent',
  cloudflare: "requests of Cloudflare's own systems, which no visitor sent",
  'no-request': 'connections without a request that a server could read',
};
