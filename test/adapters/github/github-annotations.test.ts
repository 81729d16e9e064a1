/** Annotations against a GitHub that appends, as the real one does; the local GitHub replaces them. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { addAnnotations } from '../../../scripts/adapters/github/annotations.ts';
import { connect, type Connection } from '../../../scripts/adapters/github/connection.ts';
import type { Annotation, PublishedVerdict } from '../../../scripts/contract/ports.ts';
import { knownValues } from '../../../scripts/secrets/known-values.ts';

interface Patch {
  readonly output: {
    readonly title: string;
    readonly summary: string;
    readonly annotations: readonly unknown[];
  };
}

let server: Server;
let at: Connection;
let stored: unknown[] = [];
let patches: readonly Patch[] = [];

beforeEach(async () => {
  stored = [];
  patches = [];
  server = createServer((request, response) => {
    const url = new URL(request.url ?? '', 'http://localhost');
    const answer = (body: unknown, headers: Readonly<Record<string, string>> = {}): void => {
      response.writeHead(200, { 'content-type': 'application/json', ...headers });
      response.end(JSON.stringify(body));
    };
    if (request.method === 'GET') {
      const page = Number(url.searchParams.get('page') ?? '1');
      const next = `<http://${request.headers.host ?? ''}${url.pathname}?per_page=100&page=${String(page + 1)}>; rel="next"`;
      answer(stored.slice((page - 1) * 100, page * 100), stored.length > page * 100 ? { link: next } : {});
      return;
    }
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const patch = JSON.parse(Buffer.concat(chunks).toString('utf8')) as Patch;
      patches = [...patches, patch];
      stored.push(...patch.output.annotations);
      answer({ id: 7 });
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  at = connect({
    token: 'a-token',
    repository: 'o/r',
    baseUrl: `http://127.0.0.1:${String(port)}`,
    appId: null,
    secrets: knownValues([]),
    retryUnitMs: 1,
  });
});

afterEach(async () => {
  await new Promise((resolve) => {
    server.close(resolve);
  });
});

const note = (line: number): Annotation => ({
  path: 'changes/acme/CHG-2026-0042.yaml',
  startLine: line,
  endLine: line,
  level: 'failure',
  title: `rule ${String(line)}`,
  message: `message ${String(line)}`,
});

const verdictWith = (annotations: readonly Annotation[]): PublishedVerdict => ({
  checkName: 'change-control / main',
  headSha: 'a'.repeat(40),
  conclusion: 'failure',
  lookedAt: '2026-11-24T20:30:00Z',
  title: 'deny',
  summary: 'not yet',
  annotations,
  tuple: { headSha: 'a'.repeat(40), effectDigest: 'x', recordDigest: 'x', policyDigest: 'x' },
});

describe('annotations', () => {
  const many = Array.from({ length: 120 }, (_, index) => note(index + 1));

  it('go out fifty a request, each with title and summary of the check', async () => {
    await addAnnotations(at, 7, verdictWith(many));
    expect(patches.map(({ output }) => output.annotations.length)).toEqual([50, 50, 20]);
    expect(patches.map(({ output }) => [output.title, output.summary])).toEqual(
      Array.from({ length: 3 }, () => ['deny', 'not yet']),
    );
    expect(stored[0]).toEqual({
      path: 'changes/acme/CHG-2026-0042.yaml',
      start_line: 1,
      end_line: 1,
      annotation_level: 'failure',
      title: 'rule 1',
      message: 'message 1',
    });
  });

  it('do not pile up when the same is published again, whatever page they are on', async () => {
    await addAnnotations(at, 7, verdictWith(many));
    await addAnnotations(at, 7, verdictWith([...many, note(121)]));
    expect(stored).toHaveLength(121);
    expect(patches).toHaveLength(4);
  });

  it('ask nothing when there are none', async () => {
    server.removeAllListeners('request');
    await addAnnotations(at, 7, verdictWith([]));
    expect(patches).toEqual([]);
  });
});
