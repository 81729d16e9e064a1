/**
 * A server in front of the local GitHub that changes answers on their way, or lets something happen between two of them:
 * for what GitHub does in the field and the local one does not, and for what an attacker does at the worst moment.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

interface Asked {
  readonly path: string;
  /** Of a POST; empty otherwise. */
  readonly body: string;
}

interface Change {
  /** GET when left away. */
  readonly method?: 'GET' | 'POST';
  /** Of the path without the query. */
  readonly path: RegExp;
  /** The answer, parsed; gives what is answered instead. */
  readonly edit: (answer: unknown, asked: Asked) => unknown;
}

export interface Front {
  /** For GITHUB_API_URL. */
  readonly url: string;
  readonly close: () => Promise<void>;
}

export interface Behaviour {
  readonly changes?: readonly Change[];
  /** Awaited after each answer was read and before it is passed on. */
  readonly after?: (method: string, path: string) => Promise<void> | void;
  /** The server's clock; that of the server behind it when left away. */
  readonly now?: () => string;
}

/** Starts one. Reads and writes both go through it. */
export async function startFront(upstream: string, { changes = [], after, now }: Behaviour): Promise<Front> {
  const pass = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const method = incoming.method ?? 'GET';
    const { pathname: path } = new URL(incoming.url ?? '/', upstream);
    const body = method === 'GET' ? '' : await bodyOf(incoming);
    const answer = await fetch(`${upstream}${incoming.url ?? '/'}`, {
      method,
      headers: {
        authorization: incoming.headers.authorization ?? '',
        'content-type': incoming.headers['content-type'] ?? 'application/json',
      },
      ...(method === 'GET' ? {} : { body }),
    });
    const bytes = Buffer.from(await answer.arrayBuffer());
    await after?.(method, path);
    const wanted = changes.filter((change) => (change.method ?? 'GET') === method && change.path.test(path));
    // An artifact is not text.
    const changed =
      wanted.length === 0 || !answer.ok
        ? bytes
        : await changedText(bytes.toString('utf8'), { path, body }, wanted);
    outgoing.writeHead(answer.status, headersOf(answer, now)).end(changed);
  };
  const server = createServer((incoming, outgoing) => {
    pass(incoming, outgoing).catch(() => outgoing.writeHead(502).end());
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
    },
  };
}

function headersOf(answer: Response, now: Behaviour['now']): Record<string, string> {
  const link = answer.headers.get('link');
  return {
    'content-type': 'application/json',
    date: now === undefined ? (answer.headers.get('date') ?? '') : new Date(now()).toUTCString(),
    ...(link === null ? {} : { link }),
  };
}

async function changedText(text: string, asked: Asked, changes: readonly Change[]): Promise<string> {
  let value: unknown = JSON.parse(text);
  for (const { edit } of changes) {
    value = await edit(value, asked);
  }
  return JSON.stringify(value);
}

/** Runs `work` with a front of that behaviour before the world's GitHub. */
export async function behind<T>(
  world: { readonly github: { readonly url: string } },
  behaviour: Behaviour,
  work: (env: Readonly<Record<string, string>>) => Promise<T>,
): Promise<T> {
  const front = await startFront(world.github.url, behaviour);
  try {
    return await work({ GITHUB_API_URL: front.url });
  } finally {
    await front.close();
  }
}

async function bodyOf(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) {
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString('utf8');
}
