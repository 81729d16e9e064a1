/** Requests to Cloudflare's API at the pace that its limit allows. */
import type { Services } from '../../contract/context.ts';
import type { RequestPace } from '../../live/drift/pace.ts';

/** To be waited for before each request; says so when it waits. */
export function paced({ clock, reporter }: Services, pace: RequestPace): () => Promise<void> {
  return async () => {
    for (let ms = pace.next(clock.monotonicMs()); ms > 0; ms = pace.next(clock.monotonicMs())) {
      reporter.info(`Cloudflare's limit of requests: going on in ${String(Math.ceil(ms / 1000))} s`);
      await clock.wait(ms);
    }
  };
}
