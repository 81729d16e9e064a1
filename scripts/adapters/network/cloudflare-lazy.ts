import type { CloudflareReader } from '../../contract/ports.ts';
import type { CloudflareOptions } from './cloudflare.ts';

/** The client is large and most commands ask nothing: it is loaded, and the settings are looked at, for the first question. */
export function lazyCloudflare(settings: () => CloudflareOptions): CloudflareReader {
  let made: Promise<CloudflareReader> | null = null;
  const reader = (): Promise<CloudflareReader> => {
    made ??= import('./cloudflare.ts').then(({ createCloudflareReader }) =>
      createCloudflareReader(settings()),
    );
    return made;
  };
  return {
    list: async (listing) => (await reader()).list(listing),
    async *pages(listing) {
      yield* (await reader()).pages(listing);
    },
    read: async (path) => (await reader()).read(path),
  };
}
