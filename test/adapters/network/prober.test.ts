import * as http from 'node:http';
import * as https from 'node:https';
import * as net from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createProber } from '../../../scripts/adapters/network/prober.ts';
import type { ProberOptions } from '../../../scripts/adapters/network/prober.ts';
import type { ProbeResult, Prober } from '../../../scripts/contract/ports.ts';
import { selfSigned } from './self-signed.ts';

type Probe = Parameters<Prober['probe']>[0];

async function listen(server: net.Server): Promise<number> {
  const sockets = new Set<net.Socket>();
  server.on('connection', (socket: net.Socket) => sockets.add(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    sockets.forEach((socket) => socket.destroy());
    await new Promise((resolve) => server.close(resolve));
  });
  return (server.address() as net.AddressInfo).port;
}

async function edge(answer: http.RequestListener): Promise<string> {
  return `http://127.0.0.1:${await listen(http.createServer(answer))}`;
}

async function probe(
  url: string,
  more: Partial<Probe> = {},
  options: Partial<ProberOptions> = {},
): Promise<ProbeResult> {
  return createProber({ monotonicMs: () => performance.now(), ...options }).probe({
    name: 'p',
    url,
    expectStatus: 200,
    ...more,
  });
}

describe('a probe', () => {
  it('sends method, headers and path, and reads status and body', async () => {
    const base = await edge((request, response) => {
      const ok =
        request.method === 'POST' && request.headers['x-from'] === 'sluice' && request.url === '/a?b=c';
      response.writeHead(ok ? 201 : 400).end('all is well');
    });
    const more = {
      method: 'POST' as const,
      headers: { 'x-from': 'sluice' },
      expectStatus: 201,
      expectBodyContains: 'is well',
    };
    expect(await probe(`${base}/a?b=c`, more)).toMatchObject({
      name: 'p',
      ok: true,
      detail: 'answered 201 with the expected text',
    });
  });

  it('fails when the body lacks the expected text', async () => {
    const base = await edge((_request, response) => response.end('something else'));
    expect(await probe(base, { expectBodyContains: 'is well' })).toMatchObject({
      ok: false,
      detail: 'answered 200, but the body does not contain "is well"',
    });
  });

  it('does not follow redirects', async () => {
    const base = await edge((request, response) =>
      request.url === '/' ? response.writeHead(302, { location: '/ok' }).end() : response.end('ok'),
    );
    expect(await probe(base)).toMatchObject({ ok: false, detail: 'answered 302, expected 200' });
    expect(await probe(base, { expectStatus: 302 })).toMatchObject({ ok: true });
  });

  it('reads at most a mebibyte of an endless body', async () => {
    const base = await edge((_request, response) => {
      const more = (): void => {
        let room = true;
        while (room && !response.destroyed) {
          room = response.write('x'.repeat(65_536));
        }
      };
      response.on('drain', more);
      more();
    });
    expect(await probe(base)).toMatchObject({ ok: true });
  });
});

describe('a probe that cannot be made', () => {
  it('fails when the connection is refused', async () => {
    const server = net.createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as net.AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    expect(await probe(`http://127.0.0.1:${port}`)).toMatchObject({
      ok: false,
      detail: 'the connection was refused',
    });
  });

  it('fails when there is no answer in time, and when the answer does not end', async () => {
    const silent = await edge(() => undefined);
    expect(await probe(silent, {}, { timeoutMs: 100 })).toMatchObject({
      ok: false,
      detail: 'no complete answer in time',
    });
    const endless = await edge((_request, response) => response.write('begin'));
    expect(await probe(endless, {}, { timeoutMs: 200 })).toMatchObject({
      ok: false,
      detail: 'no complete answer in time',
    });
  });

  it('fails when the other side hangs up or talks nonsense', async () => {
    const rude = await listen(net.createServer((socket) => socket.destroy()));
    expect(await probe(`http://127.0.0.1:${rude}`)).toMatchObject({
      ok: false,
      detail: 'the connection was closed by the other side',
    });
    const nonsense = await listen(net.createServer((socket) => socket.end('nonsense\r\n\r\n')));
    expect((await probe(`http://127.0.0.1:${nonsense}`)).ok).toBe(false);
  });

  it('fails with the reason when the certificate is not a good', async () => {
    const port = await listen(
      https.createServer(selfSigned('shop.example'), (_request, response) => response.end('ok')),
    );
    expect(await probe(`https://127.0.0.1:${port}`)).toMatchObject({
      ok: false,
      detail: 'TLS: the certificate is self-signed',
    });
    const plain = await listen(net.createServer((socket) => socket.end('HTTP/1.1 200 OK\r\n\r\n')));
    expect((await probe(`https://127.0.0.1:${plain}`)).detail).toMatch(
      /^(?:TLS: the handshake failed|the request failed|the connection was closed)/,
    );
  });

  it.each([
    'not an address',
    'file:///etc/passwd',
    'ftp://shop.example',
    'https://user:password@shop.example/',
    '',
  ])('fails for the address %j', async (url) => {
    const result = await probe(url);
    expect(result).toMatchObject({
      ok: false,
      detail: 'the address of this probe is not an http or https address without credentials',
    });
  });

  it('fails for a header that cannot be sent', async () => {
    const result = await probe('http://127.0.0.1:1', { headers: { 'x-bad': 'a\r\nb' } });
    expect(result.ok).toBe(false);
    expect(result.detail).toContain('Invalid character in header');
  });
});

describe('a host that is answered by this machine', () => {
  it('is asked there with its own Host header, path and query', async () => {
    const base = await edge((request, response) =>
      response.end(`${String(request.headers.host)} ${String(request.url)}`),
    );
    const resolve = new Map([['shop.example', base]]);
    expect(
      await probe(
        'https://shop.example/health?x=1',
        { expectBodyContains: 'shop.example /health?x=1' },
        { resolve },
      ),
    ).toMatchObject({ ok: true });
  });

  it('may not be another machine', async () => {
    const resolve = new Map([['shop.example', 'http://192.0.2.1']]);
    expect(await probe('https://shop.example/', {}, { resolve })).toMatchObject({
      ok: false,
      detail: 'http://192.0.2.1 is not an address of this machine',
    });
  });
});
