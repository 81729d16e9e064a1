/** Probes of names over a local name server, and of certificates over a local TLS server. */
import type { AddressInfo } from 'node:net';
import { createServer, type TlsOptions } from 'node:tls';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { DnsProbe, Probe, TlsProbe } from '../../../../policies/model/record.ts';
import { createClock } from '../../../../scripts/adapters/clock.ts';
import { createProber, type ProberOptions } from '../../../../scripts/adapters/network/probe/prober.ts';
import type { ProbeResult } from '../../../../scripts/contract/ports.ts';
import { selfSigned } from '../self-signed.ts';
import { label, nameServer } from './dns-server.ts';

async function make(probe: Probe, options: Partial<ProberOptions> = {}): Promise<ProbeResult> {
  return createProber({ ...createClock(), allowed: ['127.0.0.1'], ...options }).probe(probe);
}

const preference = Buffer.from([0, 10]);
const zone = {
  'A www.shop.example': [Buffer.from([192, 0, 2, 1]), Buffer.from([192, 0, 2, 2])],
  'AAAA www.shop.example': [Buffer.from('20010db8000000000000000000000001', 'hex')],
  'CNAME old.shop.example': [label('www.shop.example')],
  'MX shop.example': [Buffer.concat([preference, label('mx1.mail.example')])],
  'TXT shop.example': [
    Buffer.concat([Buffer.from([4]), Buffer.from('v=sp'), Buffer.from([2]), Buffer.from('f1')]),
  ],
  'CAA shop.example': [Buffer.concat([Buffer.from([0, 5]), Buffer.from('issueca.example')])],
  'SERVFAIL broken.example': [],
};

describe('a probe of a name', () => {
  const ask = async (
    host: string,
    recordType: DnsProbe['recordType'],
    expectValues: readonly string[],
  ): Promise<readonly [boolean, string]> => {
    const resolver = await nameServer(zone);
    const { ok, detail } = await make({ name: 'p', type: 'dns', host, recordType, expectValues, resolver });
    return [ok, detail];
  };

  it.each<[string, DnsProbe['recordType'], readonly string[]]>([
    ['www.shop.example', 'A', ['192.0.2.2', '192.0.2.1']],
    ['www.shop.example.', 'AAAA', ['2001:DB8:0::1']],
    ['old.shop.example', 'CNAME', ['WWW.shop.example.']],
    ['shop.example', 'MX', ['10 mx1.mail.example']],
    ['shop.example', 'TXT', ['v=spf1']],
    ['shop.example', 'CAA', ['0 issue "ca.example"']],
    ['shop.example', 'A', []],
    ['gone.shop.example', 'A', []],
  ])('finds of %s %s what is expected', async (host, type, values) => {
    expect((await ask(host, type, values))[0]).toBe(true);
  });

  it('fails on one value too many, one too few, another one and none', async () => {
    expect(await ask('www.shop.example', 'A', ['192.0.2.1'])).toEqual([
      false,
      'A is 192.0.2.1, 192.0.2.2, expected 192.0.2.1',
    ]);
    expect((await ask('www.shop.example', 'A', ['192.0.2.1', '192.0.2.2', '192.0.2.3']))[0]).toBe(false);
    expect((await ask('shop.example', 'TXT', ['V=SPF1']))[0]).toBe(false);
    expect(await ask('gone.shop.example', 'A', ['192.0.2.1'])).toEqual([
      false,
      'A is none, expected 192.0.2.1',
    ]);
  });

  it('fails when the server does, which is not the same as no record', async () => {
    expect(await ask('broken.example', 'A', [])).toEqual([false, 'the name server failed']);
  });

  it('asks no server inside that the thresholds do not name', async () => {
    const resolver = await nameServer(zone);
    const probe: DnsProbe = {
      name: 'p',
      type: 'dns',
      host: 'shop.example',
      recordType: 'A',
      expectValues: [],
      resolver,
    };
    expect(await make(probe, { allowed: [] })).toMatchObject({ ok: false, refused: true });
  });

  it('fails when nobody answers', async () => {
    const probe: DnsProbe = {
      name: 'p',
      type: 'dns',
      host: 'shop.example',
      recordType: 'A',
      expectValues: [],
      resolver: '127.0.0.1:1',
    };
    expect(await make(probe, { timeoutMs: 100 })).toMatchObject({ ok: false });
  });
});

async function tlsServer(options: TlsOptions): Promise<number> {
  const server = createServer(options, (socket) => socket.end());
  server.on('tlsClientError', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

describe('a probe of a certificate', () => {
  const good = selfSigned('shop.example', '270131');
  const now = (): string => '2027-01-01T12:00:00Z';

  const ask = async (
    more: Partial<TlsProbe>,
    server: TlsOptions = {},
    options: Partial<ProberOptions> = {},
  ): Promise<readonly [boolean, string]> => {
    const port = await tlsServer({ ...good, ...server });
    const probe: TlsProbe = {
      name: 'p',
      type: 'tls',
      host: '127.0.0.1',
      serverName: 'shop.example',
      port,
      minDaysLeft: 14,
      ...more,
    };
    const { ok, detail } = await make(probe, { trusted: good.cert, now, ...options });
    return [ok, detail];
  };

  it('passes for a name that it is for, long enough before its end', async () => {
    expect(await ask({})).toEqual([true, 'TLSv1.3, certificate valid for 30 day(s)']);
    expect(await ask({ minDaysLeft: 31 })).toEqual([
      false,
      'the certificate is valid for 30 day(s), expected 31',
    ]);
  });

  it('fails for another name, and for an issuer that nobody knows', async () => {
    expect(await ask({ serverName: 'www.shop.example' })).toEqual([
      false,
      'TLS: the certificate is for another name',
    ]);
    expect(await ask({}, selfSigned('shop.example'))).toEqual([false, 'TLS: the certificate is self-signed']);
  });

  it('fails when an older version is still spoken', async () => {
    const legacy: TlsOptions = { minVersion: 'TLSv1.1', ciphers: 'DEFAULT:@SECLEVEL=0' };
    expect(await ask({ minVersion: '1.2' }, legacy)).toEqual([
      false,
      'it still speaks TLSv1.1, expected 1.2 or newer',
    ]);
    expect((await ask({ minVersion: '1.2' }, { minVersion: 'TLSv1.2' }))[0]).toBe(true);
    expect(await ask({ minVersion: '1.3' }, { minVersion: 'TLSv1.2' })).toEqual([
      false,
      'it still speaks TLSv1.2, expected 1.3 or newer',
    ]);
    expect(await ask({ minVersion: '1.3' }, { maxVersion: 'TLSv1.2' })).toEqual([
      false,
      'it speaks TLSv1.2, expected 1.3 or newer',
    ]);
    expect((await ask({ minVersion: '1.3' }, { minVersion: 'TLSv1.3' }))[0]).toBe(true);
  });

  it('goes nowhere inside that the thresholds do not name', async () => {
    expect(await ask({}, {}, { allowed: [] })).toEqual([
      false,
      '127.0.0.1 is not a public address, and probeNetworks does not name it',
    ]);
  });
});
