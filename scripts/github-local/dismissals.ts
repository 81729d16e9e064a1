/** The events of dismissed reviews, which emulate does not keep: who dismissed which review, what it said, and why. */
import type { IncomingMessage, ServerResponse } from 'node:http';

/** As GitHub lists it among the events of an issue. */
export interface DismissalEvent {
  readonly id: number;
  readonly event: 'review_dismissed';
  readonly actor: { readonly id: number; readonly login: string };
  readonly created_at: string;
  readonly dismissed_review: {
    readonly state: string;
    readonly review_id: number;
    readonly dismissal_message: string;
  };
}

const route = /^(\/repos\/[^/]+\/[^/]+)\/pulls\/(\d+)\/reviews\/(\d+)\/dismissals$/;

/** Events by the path of their list. */
export type DismissalEvents = Map<string, DismissalEvent[]>;

interface Upstream {
  readonly upstream: string;
  readonly events: DismissalEvents;
  readonly now: () => string;
}

/** Whether this request dismisses a review. */
export function isDismissal(incoming: IncomingMessage, url: URL): boolean {
  return incoming.method === 'PUT' && route.test(url.pathname);
}

/** Passes the request on and, when it was granted, records the event. */
export async function dismiss(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  { upstream, events, now }: Upstream,
): Promise<void> {
  const url = new URL(incoming.url ?? '/', upstream);
  const [, repository = '', pull = '', review = ''] = route.exec(url.pathname) ?? [];
  const text = await bodyOf(incoming);
  const headers = { authorization: incoming.headers.authorization ?? '', 'content-type': 'application/json' };
  const ask = (path: string): Promise<Response> => fetch(`${upstream}${path}`, { headers });
  const before = await ask(`${repository}/pulls/${pull}/reviews/${review}`);
  const { state = '' } = (await before.json()) as { readonly state?: string };
  const answer = await fetch(url, { method: 'PUT', headers, body: text });
  if (answer.ok) {
    const actor = (await (await ask('/user')).json()) as { readonly id: number; readonly login: string };
    const { message = '' } = JSON.parse(text) as { readonly message?: string };
    const path = `${repository}/issues/${pull}/events`;
    const list = events.get(path) ?? [];
    list.push({
      id: list.length + 1,
      event: 'review_dismissed',
      actor: { id: actor.id, login: actor.login },
      created_at: now(),
      dismissed_review: {
        state: state.toLowerCase(),
        review_id: Number(review),
        dismissal_message: message,
      },
    });
    events.set(path, list);
  }
  outgoing.writeHead(answer.status, { 'content-type': 'application/json' }).end(await answer.text());
}

async function bodyOf(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) {
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString('utf8');
}
