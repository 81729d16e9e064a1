/**
 * The challenge page, and how it is passed here: its button sends the browser to `/cdn-cgi/sluice/challenge`, which sets
 * a `cf_clearance` cookie of our own making and goes back to where the visitor wanted to go.
 */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { answerOf, type Answer } from './answer.ts';
import { cookieOf, type EdgeRequest } from './request.ts';

export const challengePath = '/cdn-cgi/sluice/challenge';

/** Cloudflare's default for the setting `challenge_ttl`, in seconds. */
const defaultSeconds = 1800;

export class Challenges {
  readonly #secret = randomBytes(32);
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  /** True when the client holds a clearance for this host that has not run out. */
  isPassed(request: EdgeRequest): boolean {
    const cookie = cookieOf(request, 'cf_clearance');
    const [until = '', given = ''] = (cookie ?? '').split('-');
    if (!/^\d{1,16}$/.test(until) || Number(until) <= this.#now()) {
      return false;
    }
    const wanted = Buffer.from(this.#sign(request.host, until));
    const presented = Buffer.from(given);
    return wanted.length === presented.length && timingSafeEqual(wanted, presented);
  }

  /** The answer to a passed challenge. `ttl` is the zone's `challenge_ttl`. */
  clear(request: EdgeRequest, ttl: unknown): Answer {
    const seconds = typeof ttl === 'number' ? ttl : defaultSeconds;
    const until = String(this.#now() + seconds * 1000);
    const to = new URL(request.target, 'http://edge').searchParams.get('to') ?? '/';
    return answerOf({
      status: 303,
      body: '',
      headers: {
        location: /^\/(?![/\\])/.test(to) ? to : '/',
        'cache-control': 'no-store',
        'set-cookie': `cf_clearance=${until}-${this.#sign(request.host, until)}; Path=/; Max-Age=${String(seconds)}; HttpOnly; SameSite=Lax`,
      },
    });
  }

  #sign(host: string, until: string): string {
    return createHmac('sha256', this.#secret).update(`${host}\n${until}`).digest('hex');
  }
}

export function challengePage(request: EdgeRequest, rule: string): Answer {
  const action = `${challengePath}?to=${encodeURIComponent(request.target)}`;
  return answerOf({
    status: 403,
    type: 'text/html; charset=utf-8',
    headers: { 'cf-mitigated': 'challenge', 'cache-control': 'no-store' },
    errorType: 'managed_challenge',
    body: [
      '<!doctype html>',
      `<html lang="en"><head><meta charset="utf-8"><title>Just a moment...</title></head><body>`,
      `<p>challenged by ${escapeHtml(rule)}</p>`,
      `<form method="post" action="${escapeHtml(action)}"><button>I am human</button></form>`,
      '</body></html>',
      '',
    ].join('\n'),
  });
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"]/g, (character) => entities[character] ?? '');
}
