/** A server in front of another one that can fail: it keeps a log of the requests and answers some of them itself. */
import { createServer, request as forward, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Fault {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

export interface FaultProxy {
  readonly url: string;
  /** `GET /repos/o/r/pulls/1` and, for GraphQL, `POST /graphql ReviewEdits`, in the order of arrival. */
  readonly log: string[];
  /** Answers every request for which it gives a fault; `nth` counts from 1 within requests of one name. */
  faultOf: (name: string, nth: number) => Fault | null;
  close(): Promise<void>;
}

export async function startFaultProxy(upstream: string): Promise<FaultProxy> {
  const counts = new Map<string, number>();
  const server = createServer((incoming, outgoing) => {
    void handle(incoming, outgoing);
  });
  const proxy: FaultProxy = {
    url: '',
    log: [],
    faultOf: () => null,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
  async function handle(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const text = await bodyOf(incoming);
    const url = new URL(incoming.url ?? '/', upstream);
    const name = nameOf(incoming.method ?? 'GET', url.pathname, text);
    const nth = (counts.get(name) ?? 0) + 1;
    counts.set(name, nth);
    proxy.log.push(name);
    const fault = proxy.faultOf(name, nth);
    if (fault !== null) {
      outgoing.writeHead(fault.status, { 'content-type': 'application/json', ...fault.headers });
      outgoing.end(fault.body ?? JSON.stringify({ message: `made to fail with ${String(fault.status)}` }));
      return;
    }
    const sent = forward(
      url,
      { method: incoming.method, headers: { ...incoming.headers, host: url.host } },
      (response) => {
        outgoing.writeHead(response.statusCode ?? 502, response.headers);
        response.pipe(outgoing);
      },
    );
    sent.on('error', () => outgoing.writeHead(502).end());
    sent.end(text);
  }
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return Object.assign(proxy, { url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}` });
}

function nameOf(method: string, path: string, text: string): string {
  const operation = path === '/graphql' ? / (\w+)\(/.exec(text)?.[1] : undefined;
  return [method, path, ...(operation === undefined ? [] : [operation])].join(' ');
}

async function bodyOf(incoming: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) {
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString('utf8');
}
