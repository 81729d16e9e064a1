/** What a real adapter and its fake have in common: the same suite runs on both. */
import { createHash } from 'node:crypto';
import * as http from 'node:http';
import type { AddressInfo } from 'node:net';
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { createFiles } from '../../scripts/adapters/files/files.ts';
import { createClock } from '../../scripts/adapters/clock.ts';
import { createProber } from '../../scripts/adapters/network/probe/prober.ts';
import { createReporter } from '../../scripts/adapters/process/reporter.ts';
import { ExternalError, InputError } from '../../scripts/contract/errors.ts';
import type { Clock, Files, Prober, Reporter } from '../../scripts/contract/ports.ts';
import { fixedClock } from '../fakes/clock.ts';
import { fakeFiles } from '../fakes/files.ts';
import { fakeProber } from '../fakes/prober.ts';
import { fakeReporter } from '../fakes/reporter.ts';
import { rejection, tempFolder } from './files/temp-folder.ts';

describe.each<[string, () => Clock]>([
  ['real', createClock],
  ['fake', () => fixedClock('2026-11-23T10:00:00.000Z')],
])('the Clock port: %s', (_name, make) => {
  it('tells the time in UTC and a monotonic one', () => {
    const clock = make();
    expect(clock.now()).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    const before = clock.monotonicMs();
    expect(clock.monotonicMs()).toBeGreaterThanOrEqual(before);
  });
});

async function* parts(...texts: readonly string[]): AsyncGenerator<string> {
  for (const text of texts) {
    yield await Promise.resolve(text);
  }
}

async function allOf<T>(given: AsyncIterable<T>): Promise<readonly T[]> {
  const found: T[] = [];
  for await (const one of given) {
    found.push(one);
  }
  return found;
}

describe.each<[string, () => Promise<Files>]>([
  ['real', async () => createFiles({ root: await tempFolder() })],
  ['fake', async () => fakeFiles()],
])('the Files port: %s', (_name, make) => {
  let files: Files;
  beforeEach(async () => {
    files = await make();
  });

  it('reads back what was written, and lists it sorted', async () => {
    await files.writeText('a/b/two.txt', 'zwei');
    await files.writeText('a/one.txt', 'old');
    await files.writeText('a/one.txt', 'eins');
    expect(await files.list('a')).toEqual(['b/two.txt', 'one.txt']);
    expect([await files.readText('a/one.txt'), await files.readText('a/b/two.txt')]).toEqual([
      'eins',
      'zwei',
    ]);
    expect([await files.exists('a/one.txt'), await files.exists('a'), await files.exists('none')]).toEqual([
      true,
      true,
      false,
    ]);
  });

  it('removes a folder with what is in it, and what is not there', async () => {
    await files.writeText('a/b', 'x');
    await files.writeText('ab', 'kept');
    await files.remove('a');
    await files.remove('none');
    expect([await files.exists('a/b'), await files.exists('ab')]).toEqual([false, true]);
  });

  it('makes a new temporary folder each time', async () => {
    const [one, two] = [await files.makeTempDir('plan'), await files.makeTempDir('plan')];
    expect(one).not.toBe(two);
    await files.writeText(`${one}/x`, 'in the temporary folder');
    expect(await files.readText(`${one}/x`)).toBe('in the temporary folder');
    await files.remove(one);
  });

  it('gives a large text in parts of whole lines, with the digest of all of it', async () => {
    const text = Array.from({ length: 60_000 }, (_, n) => `line ${n} ${'x'.repeat(40)}`).join('\n');
    await files.writeText('large', text);
    const chunks = await allOf(files.readChunks('large'));
    expect(chunks.map((part) => part.text).join('')).toBe(text);
    expect(chunks.at(-1)?.sha256).toBe(`sha256:${createHash('sha256').update(text).digest('hex')}`);
    expect(chunks.slice(0, -1).every((part) => part.text.endsWith('\n') && part.sha256 === null)).toBe(true);
    let line = 1;
    for (const part of chunks) {
      expect(part.firstLine).toBe(line);
      line += part.text.split('\n').length - 1;
    }
    expect(await rejection(allOf(files.readChunks('none')))).toBeInstanceOf(ExternalError);
    expect(await rejection(allOf(files.readChunks('../x')))).toBeInstanceOf(InputError);
  });

  it('writes parts under the digest of their text, and reads them back', async () => {
    const written = await files.writeByDigest('samples', parts('one\n', 'two\n'));
    const hex = createHash('sha256').update('one\ntwo\n').digest('hex');
    expect(written).toEqual({ path: `samples/${hex}.ndjson.gz`, sha256: `sha256:${hex}` });
    expect(await allOf(files.readChunks(written.path))).toEqual([
      { text: 'one\ntwo\n', firstLine: 1, sha256: `sha256:${hex}` },
    ]);
    expect(await files.list('samples')).toEqual([`${hex}.ndjson.gz`]);
  });

  it('leaves nothing behind when the parts end with an error', async () => {
    async function* broken(): AsyncGenerator<string> {
      yield* parts('one\n');
      throw new InputError({ what: 'damaged' });
    }
    await files.writeText('samples/other', '');
    expect(await rejection(files.writeByDigest('samples', broken()))).toBeInstanceOf(InputError);
    expect(await files.list('samples')).toEqual(['other']);
  });

  it('refuses what leaves the root, what is missing and what is too large', async () => {
    await files.writeText('large', 'x'.repeat(100));
    expect(await rejection(files.readText('../x'))).toBeInstanceOf(InputError);
    expect(await rejection(files.writeText('../x', ''))).toBeInstanceOf(InputError);
    expect(await rejection(files.readText('large', 99))).toBeInstanceOf(InputError);
    expect(await files.readText('large', 100)).toHaveLength(100);
    expect(await rejection(files.readText('none'))).toBeInstanceOf(ExternalError);
    expect(await rejection(files.list('none'))).toBeInstanceOf(ExternalError);
  });
});

describe.each<[string, () => Promise<{ prober: Prober; url: string }>]>([
  [
    'real',
    async () => ({ prober: createProber({ ...createClock(), allowed: ['127.0.0.1'] }), url: await server() }),
  ],
  [
    'fake',
    async () => ({ prober: fakeProber({ bad: 'answered 200, expected 404' }), url: 'http://shop.example' }),
  ],
])('the Prober port: %s', (_name, make) => {
  it('tells what answers as expected from what does not', async () => {
    const { prober, url } = await make();
    const [good, bad] = [
      await prober.probe({ name: 'good', url, expectStatus: 200 }),
      await prober.probe({ name: 'bad', url, expectStatus: 404 }),
    ];
    expect(good).toMatchObject({ name: 'good', ok: true });
    expect(bad).toMatchObject({ name: 'bad', ok: false, detail: 'answered 200, expected 404' });
    expect([good.ms, bad.ms].every((ms) => ms >= 0)).toBe(true);
  });
});

describe.each<[string, () => Reporter]>([
  ['real', () => createReporter({ stream: { write: () => true }, environment: {}, monotonicMs: () => 0 })],
  ['fake', fakeReporter],
])('the Reporter port: %s', (_name, make) => {
  it('hands on the result of a step, and its failure', async () => {
    const reporter = make();
    reporter.info('x');
    reporter.warn('y');
    expect(await reporter.step('one', async (update) => (update('half way'), 42))).toBe(42);
    const cause = new Error('no');
    expect(await rejection(reporter.step('two', () => Promise.reject(cause)))).toBe(cause);
  });
});

async function server(): Promise<string> {
  const edge = http.createServer((_request, response) => response.end('ok'));
  await new Promise<void>((resolve) => edge.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    await new Promise((resolve) => edge.close(resolve));
  });
  return `http://127.0.0.1:${(edge.address() as AddressInfo).port}/`;
}
