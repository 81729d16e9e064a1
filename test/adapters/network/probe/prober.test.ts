import * as http from 'node:http';
import * as https from 'node:https';
import * as net from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createProber } from '../../../../scripts/adapters/network/probe/prober.ts';
import type { ProberOptions } from '../../../../scripts/adapters/network/probe/prober.ts';
import type { ProbeResult } from '../../../../scripts/contract/ports.ts';
import type { HttpProbe } from '../../../../policies/model/record.ts';
import { createClock } from '../../../../scripts/adapters/clock.ts';
import { selfSigned } from '../self-signed.ts';

type Probe = HttpProbe;

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
  return createProber({ ...createClock(), allowed: ['127.0.0.1'], ...options }).probe({
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

describe('an answer', () => {
  it('must have the headers and the pattern that are expected', async () => {
    const base = await edge((_request, response) =>
      response.writeHead(301, { location: 'https://www.shop.example/new' }).end('build 1742 is live'),
    );
    const moved = { expectStatus: 301, expectHeaders: { Location: '^https://www[.]shop[.]example/' } };
    expect(await probe(base, { ...moved, expectBodyPattern: 'build [0-9]+' })).toMatchObject({ ok: true });
    expect((await probe(base, { ...moved, expectBodyPattern: '^build [a-z]+ is' })).detail).toBe(
      'answered 301, but the body does not match "^build [a-z]+ is"',
    );
    expect((await probe(base, { expectStatus: 301, expectHeaders: { Location: '/old$' } })).detail).toBe(
      'answered 301, but the header Location does not match "/old$"',
    );
    expect((await probe(base, { expectStatus: 301, expectHeaders: { 'x-build': '1' } })).detail).toBe(
      'answered 301, but the header x-build is not there',
    );
  });

  it('is matched in linear time, whatever the pattern', async () => {
    const base = await edge((_request, response) => response.end(`${'a'.repeat(200_000)}!`));
    expect(await probe(base, { expectBodyPattern: '^(a+)+$' })).toMatchObject({ ok: false });
  });

  it('must come in time', async () => {
    const base = await edge((_request, response) => response.end('ok'));
    let now = 0;
    const slow = { monotonicMs: () => (now += 40) };
    expect(await probe(base, { maxLatencyMs: 30 }, slow)).toMatchObject({
      ok: false,
      detail: 'answered 200, but after 40 ms, expected within 30 ms',
    });
    expect(await probe(base, { maxLatencyMs: 40 }, slow)).toMatchObject({ ok: true });
  });

  it('counts by how often it is right, and the rest is not asked any more', async () => {
    const answers = [200, 500, 500, 200, 200];
    let asked = 0;
    const base = await edge((_request, response) => response.writeHead(answers[asked++] ?? 500).end());
    const waits: number[] = [];
    const wait = (ms: number): Promise<void> => Promise.resolve(void waits.push(ms));
    const result = await probe(base, { tries: { of: 10, pass: 2, everySec: 3 } }, { wait });
    expect([result.ok, result.detail]).toEqual([true, 'answered 200 (2 of 4 tries passed, 2 of 10 must)']);
    expect([asked, waits]).toEqual([4, [3000, 3000, 3000]]);
    const late = await probe(base, { tries: { of: 2, pass: 2, everySec: 0 } }, { wait });
    expect([late.ok, asked]).toEqual([false, 6]);
  });

  it('of a POST is one to its body', async () => {
    const base = await edge((request, response) => void request.pipe(response));
    const more = { method: 'POST' as const, body: 'ping', expectBodyPattern: '^ping$' };
    expect(await probe(base, more)).toMatchObject({ ok: true });
  });
});

describe('where a probe goes', () => {
  it.each([
    'http://127.0.0.1:1/',
    'http://2130706433/',
    'http://[::1]/',
    'http://[::ffff:127.0.0.1]/',
    'http://[64:ff9b::7f00:1]/',
    'http://[2002:7f00:1::]/',
    'http://10.0.0.1/',
    'http://169.254.169.254/latest/meta-data/',
    'http://[fd00:ec2::254]/',
    'http://localhost/',
  ])('is not inside: %s', async (url) => {
    const result = await probe(url, {}, { allowed: [] });
    expect([result.ok, result.refused, result.detail]).toEqual([
      false,
      true,
      expect.stringContaining('is not a public address, and probeNetworks does not name it'),
    ]);
  });

  it('may be inside where the network is named', async () => {
    const base = await edge((_request, response) => response.end('ok'));
    expect(await probe(base, {}, { allowed: ['127.0.0.0/8'] })).toMatchObject({ ok: true });
    expect(
      await probe(base.replace('127.0.0.1', 'localhost'), {}, { allowed: ['127.0.0.1', '::1'] }),
    ).toMatchObject({ ok: true });
  });
});
