/**
 * A small edge in front of the sandbox: answers HTTP as the sandbox's zones are configured, so that the probes of a
 * release test the real configuration. Which hosts are served, redirects, rewrites, access rules, custom rules, lists,
 * skips, rate limits, challenges, cache rules and header transforms are played. A rule that cannot be decided from a
 * local request is named in `x-sluice-undecided` and does not act; managed rules, whose contents are not public, are
 * named in `x-sluice-managed`. Nothing is guessed.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { InputError, UsageError } from '../../contract/errors.ts';
import { errorCode } from '../provider/disk.ts';
import { answerOf, type Answer } from './answer.ts';
import { EdgeCache } from './cache.ts';
import { Challenges } from './challenge.ts';
import { EdgeEstate } from './estate.ts';
import { answerRequest, type EdgeParts } from './flow.ts';
import { EdgeLimits } from './limits.ts';
import { echoOrigin, proxyOrigin } from './origin.ts';
import { readRequest } from './request.ts';

export interface Edge {
  readonly url: string;
  /** A host that is served now, for an example; null when there is none. */
  readonly exampleHost: string | null;
  close(): Promise<void>;
}

export interface EdgeOptions {
  /** Folder of the sandbox's store. It is looked at for every request: what is shown is what is live now. */
  readonly store: string;
  /** Default 0, a free one. */
  readonly port?: number;
  /** Base URL of the server behind the edge; the built-in origin shows what it was asked. */
  readonly origin?: URL;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

/** Serves on loopback. @throws UsageError when the port is taken. */
export async function startEdge({ store, port = 0, origin, now = Date.now }: EdgeOptions): Promise<Edge> {
  const parts: EdgeParts = {
    estate: new EdgeEstate(store),
    origin: origin === undefined ? echoOrigin : proxyOrigin(origin),
    cache: new EdgeCache(now),
    limits: new EdgeLimits(now),
    challenges: new Challenges(now),
  };
  const exampleHost = parts.estate.someHost();
  const server = createServer((message, response) => {
    void answer(message, parts).then((given) => send(response, given, message.method));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(portError(error, port)));
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`,
    exampleHost,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function portError(error: Error, port: number): Error {
  if (errorCode(error) !== 'EADDRINUSE') {
    return error;
  }
  return new UsageError({
    what: `Port ${String(port)} on 127.0.0.1 is taken.`,
    why: 'Another edge or another program listens there.',
    fix: 'End it, or give the edge another port.',
    next: `sluice sandbox edge --port ${String(port + 1)}`,
  });
}

/** An error of the store is an answer that names it; the edge goes on, and shows the store again when it is mended. */
async function answer(message: IncomingMessage, parts: EdgeParts): Promise<Answer> {
  try {
    const request = await readRequest(message);
    return 'problem' in request
      ? answerOf({ status: request.status, body: `${request.problem}\n` })
      : await answerRequest(request, parts);
  } catch (error) {
    const what = error instanceof InputError ? error.parts.what : 'the edge failed; this is a bug of Sluice';
    return answerOf({ status: 500, body: `${what}\n` });
  }
}

function send(response: ServerResponse, given: Answer, method: string | undefined): void {
  const body = method === 'HEAD' ? '' : given.body;
  const cookies = given.headers.getSetCookie();
  const headers = [...given.headers].filter(([name]) => name !== 'set-cookie');
  response
    .writeHead(given.status, {
      ...Object.fromEntries(headers),
      ...(cookies.length > 0 ? { 'set-cookie': cookies } : {}),
      'content-length': String(given.body.length),
    })
    .end(body);
}
