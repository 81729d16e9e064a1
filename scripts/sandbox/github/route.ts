/** A route that the front server answers itself, for what emulate does not know or knows differently from GitHub. */
import { createServer, request as forward } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Call {
  readonly method: string;
  readonly url: URL;
  /** The groups of the route's `path`. */
  readonly found: readonly string[];
  /** The body as it was sent; empty for a GET. */
  readonly text: string;
  readonly authorization: string;
  /** Asks emulate, in the name of the same account. */
  readonly upstream: (
    path: string,
    init?: { readonly method: string; readonly body?: string },
  ) => Promise<Response>;
}

export interface Answered {
  readonly status: number;
  readonly body: unknown;
  /** Where the other pages are, as GitHub says it in the header `link`. */
  readonly link?: string;
  /** Where the answer is, for a redirect. */
  readonly location?: string;
}

export interface Route {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Matches the whole path. */
  readonly path: RegExp;
  readonly answer: (call: Call) => Promise<Answered> | Answered;
}

/** `/repos/owner/name` as the first group of a route's path. */
export const repositoryPath = String.raw`(/repos/[^/]+/[^/]+)`;

export function ok(body: unknown): Answered {
  return { status: 200, body };
}

/** What emulate answered, as it is. */
export async function passed(response: Response): Promise<Answered> {
  const text = await response.text();
  const link = response.headers.get('link');
  return {
    status: response.status,
    body: text === '' ? null : (JSON.parse(text) as unknown),
    ...(link === null ? {} : { link }),
  };
}

/** The account behind the request. */
export async function actorOf({ upstream }: Call): Promise<{ readonly id: number; readonly login: string }> {
  const { id, login } = (await (await upstream('/user')).json()) as {
    readonly id: number;
    readonly login: string;
  };
  return { id, login };
}

/**
 * Starts a server on a free port of the loopback: the routes first, everything else goes to `upstream`. `admit` gives what
 * to ask with in the place of a header, null for one that counts for nothing.
 */
export async function startFront(
  upstream: string,
  routes: readonly Route[],
  now: () => string,
  admit: (authorization: string) => string | null = (authorization) => authorization,
): Promise<{ readonly server: Server; readonly url: string }> {
  const server = createServer((incoming, outgoing) => {
    outgoing.setHeader('date', new Date(now()).toUTCString());
    const { authorization } = incoming.headers;
    const admitted = authorization === undefined ? '' : admit(authorization);
    if (admitted === null) {
      outgoing
        .writeHead(401, { 'content-type': 'application/json' })
        .end(JSON.stringify({ message: 'Bad credentials' }));
      return;
    }
    if (authorization !== undefined) {
      incoming.headers.authorization = admitted;
    }
    serve(incoming, outgoing, { upstream, routes });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return { server, url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}` };
}

function serve(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  { upstream, routes }: { readonly upstream: string; readonly routes: readonly Route[] },
): void {
  const url = new URL(incoming.url ?? '/', upstream);
  for (const route of routes) {
    const found = route.method === incoming.method ? route.path.exec(url.pathname) : null;
    if (found !== null) {
      void send(incoming, outgoing, respond(incoming, { url, upstream, route, found: found.slice(1) }));
      return;
    }
  }
  passOn(incoming, outgoing, url);
}

/** A route that fails is a server that failed: 502, never an answer. */
async function send(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  answering: Promise<Answered>,
): Promise<void> {
  try {
    const { status, body, link, location } = await answering;
    if (body instanceof Uint8Array) {
      outgoing.writeHead(status, { 'content-type': 'application/zip' }).end(body);
      return;
    }
    outgoing.writeHead(status, {
      ...(body === null ? {} : { 'content-type': 'application/json' }),
      ...(location === undefined ? {} : { location }),
      ...(link === undefined ? {} : { link: ownPages(incoming, link) }),
    });
    outgoing.end(body === null ? undefined : JSON.stringify(body));
  } catch {
    outgoing.writeHead(502).end();
  }
}

async function respond(
  incoming: IncomingMessage,
  at: {
    readonly url: URL;
    readonly upstream: string;
    readonly route: Route;
    readonly found: readonly string[];
  },
): Promise<Answered> {
  const authorization = incoming.headers.authorization ?? '';
  const headers = { authorization, 'content-type': 'application/json' };
  return at.route.answer({
    method: at.route.method,
    url: at.url,
    found: at.found,
    text: await bodyOf(incoming),
    authorization,
    upstream: (path, init) => fetch(`${at.upstream}${path}`, { headers, ...init }),
  });
}

async function bodyOf(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) {
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** The other pages, too, are asked for here and not at emulate. */
function ownPages({ headers: { host = '' } }: IncomingMessage, link: string): string {
  return link.replaceAll(/<https?:\/\/[^/]+/g, `<http://${host}`);
}

/** Everything else is emulate's. */
function passOn(incoming: IncomingMessage, outgoing: ServerResponse, url: URL): void {
  const sent = forward(
    url,
    { method: incoming.method, headers: { ...incoming.headers, host: url.host } },
    (response) => {
      const { link } = response.headers;
      const pages = typeof link === 'string' ? { link: ownPages(incoming, link) } : {};
      outgoing.writeHead(response.statusCode ?? 502, {
        ...response.headers,
        ...pages,
        date: String(outgoing.getHeader('date')),
      });
      response.pipe(outgoing);
    },
  );
  sent.on('error', () => {
    outgoing.writeHead(502).end();
  });
  incoming.pipe(sent);
}

/** Ends the server with its open connections. */
export async function stopFront(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise<void>((resolve, reject) => {
    server.close((error) => {
      if (error === undefined) {
        resolve();
      } else {
        reject(error);
      }
    });
  });
}
