/**
 * Keeps within Cloudflare's limit on its API: 1,200 requests in five minutes for a user
 * (https://developers.cloudflare.com/fundamentals/api/reference/limits/, read 2026-11-30). A hundred of them are left for who
 * releases at the same time. Pure: times in, milliseconds to wait out.
 */

const window = 5 * 60_000;
const most = 1_100;

export class RequestPace {
  /** When the requests of the last five minutes were made, oldest first. */
  #recent: readonly number[] = [];
  #requests = 0;

  /** How many requests were counted. */
  get requests(): number {
    return this.#requests;
  }

  /** Counts a request that is made at `now`, or says how long to wait before it may be. In milliseconds of one clock. */
  next(now: number): number {
    this.#recent = this.#recent.filter((at) => at > now - window);
    const [oldest] = this.#recent;
    if (oldest !== undefined && this.#recent.length >= most) {
      return oldest + window - now;
    }
    this.#recent = [...this.#recent, now];
    this.#requests += 1;
    return 0;
  }
}
