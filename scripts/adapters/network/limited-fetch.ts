/**
 * The one way in which answers of GitHub's and Cloudflare's servers come in: whole, in time and of limited size, or as an
 * error. Both clients would read any number of bytes, and octokit takes an answer that breaks off for an empty one.
 */
import { ExternalError } from '../../contract/errors.ts';

export interface AnswerLimits {
  /** As it is named in the error. */
  readonly server: string;
  readonly bytes: number;
  readonly seconds: number;
}

/** A list with more pages than this is not read to its end: 100,000 entries at 100 a page. */
const mostPages = 1_000;

/** `fetch` that reads the whole answer first. What is too much is an ExternalError; anything else fails as `fetch` does. */
export function limitedFetch(limits: AnswerLimits, send: typeof fetch = fetch): typeof fetch {
  return async (input, init) => {
    const late = AbortSignal.timeout(limits.seconds * 1000);
    const signal = AbortSignal.any([late, init?.signal ?? late]);
    try {
      const answer = await send(input, { ...init, signal });
      const bytes = await bodyOf(answer, limits);
      const { status, statusText, headers } = answer;
      const whole = new Response(bytes, { status, statusText, headers });
      // Clients take it for the address that answered; a made response has none.
      return Object.defineProperty(whole, 'url', { value: answer.url });
    } catch (error) {
      throw late.aborted ? tooSlow(limits) : error;
    }
  };
}

/** Null where there is no body, as for 204 and 304. */
async function bodyOf(answer: Response, limits: AnswerLimits): Promise<Uint8Array<ArrayBuffer> | null> {
  if (answer.body === null) {
    return null;
  }
  const chunks: Uint8Array[] = [];
  let received = 0;
  for await (const chunk of answer.body as AsyncIterable<Uint8Array>) {
    received += chunk.length;
    if (received > limits.bytes) {
      throw tooLarge(limits);
    }
    chunks.push(chunk);
  }
  return isEmptyByStatus(answer.status) ? null : Buffer.concat(chunks);
}

function isEmptyByStatus(status: number): boolean {
  return status === 204 || status === 205 || status === 304;
}

function tooLarge({ server, bytes }: AnswerLimits): ExternalError {
  return new ExternalError({
    what: `An answer of ${server} is larger than the ${String(bytes)} bytes that are read.`,
    why: 'No answer that is asked for comes near that: something else answers, or a list is not cut into pages.',
    fix: `Look at what answers for ${server} (proxy, address in the environment), and run the command again.`,
  });
}

function tooSlow({ server, seconds }: AnswerLimits): ExternalError {
  return new ExternalError({
    what: `${server} did not answer within ${String(seconds)} s.`,
    why: 'It does not answer, or its answer does not end.',
    fix: `Look at the status page of ${server}, and run the command again.`,
  });
}

/** For every page of a list, by its number from 1. */
export function requirePage(server: string, what: string, page: number): void {
  if (page > mostPages) {
    throw new ExternalError({
      what: `${server}'s list ${what} has more than ${String(mostPages)} pages.`,
      why: 'A list that does not end is not believed, and part of a list is not a list.',
      fix: `Look at what answers for ${server}, and run the command again.`,
    });
  }
}
