/** Answers of servers that send too much, too long, or pages without an end: an error each, never part of an answer. */
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createCloudflareReader } from '../../../scripts/adapters/network/cloudflare.ts';
import { callGitHub, connect } from '../../../scripts/adapters/github/connection.ts';
import { limitedFetch } from '../../../scripts/adapters/network/limited-fetch.ts';
import { ExternalError } from '../../../scripts/contract/errors.ts';
import { knownValues } from '../../../scripts/secrets/known-values.ts';
import { rejection } from '../files/temp-folder.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});

/** A server that answers everything in one way; its address, and how often it was asked. */
async function serve(
  answer: (response: ServerResponse, base: string) => void,
): Promise<{ readonly url: string; readonly times: () => number }> {
  let times = 0;
  const server = createServer((_request, response) => {
    times += 1;
    answer(response, `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`);
  });
  servers.push(server);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return { url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`, times: () => times };
}

const piece = Buffer.alloc(1024 * 1024, ' ');

/** Sends blanks until nobody takes them any more. */
function pour(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'application/json' });
  const more = (): void => {
    while (!response.destroyed && response.write(piece)) {
      // Until the buffer is full.
    }
  };
  response.on('drain', more);
  more();
}

const github = (baseUrl: string) =>
  connect({
    token: 'token',
    repository: 'o/r',
    baseUrl,
    secrets: knownValues([]),
    appId: null,
    retryUnitMs: 1,
  });

async function partsOf(work: Promise<unknown>): Promise<ExternalError['parts']> {
  const error = await rejection(work);
  expect(error).toBeInstanceOf(ExternalError);
  return (error as ExternalError).parts;
}

describe('an answer without an end', () => {
  it('of GitHub is refused at the limit, and not asked for again', async () => {
    const { url, times } = await serve(pour);
    const { octokit } = github(url);
    const parts = await partsOf(
      callGitHub('read it', 'sluice gate', () => octokit.rest.repos.get({ owner: 'o', repo: 'r' })),
    );
    expect(parts.what).toBe('An answer of GitHub is larger than the 16777216 bytes that are read.');
    expect([parts.why, parts.fix].every((part) => part !== undefined && part !== '')).toBe(true);
    expect(times()).toBe(1);
  });

  it('of Cloudflare is refused at the limit', async () => {
    const { url } = await serve(pour);
    const parts = await partsOf(createCloudflareReader({ token: 'token', baseUrl: url }).read('/zones/z'));
    expect(parts.what).toBe('An answer of Cloudflare is larger than the 33554432 bytes that are read.');
  });

  it('that comes too slowly is refused when its time is over', async () => {
    const { url } = await serve((response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.write('{');
    });
    const parts = await partsOf(limitedFetch({ server: 'GitHub', bytes: 10, seconds: 0.05 })(url));
    expect(parts.what).toBe('GitHub did not answer within 0.05 s.');
  });
});

describe('a list without an end', () => {
  it('of GitHub is refused, never read in part', async () => {
    const { url, times } = await serve((response, base) => {
      response.writeHead(200, {
        'content-type': 'application/json',
        link: `<${base}/repos/o/r/pulls?page=2>; rel="next"`,
      });
      response.end('[{"number":1}]');
    });
    const { octokit } = github(url);
    const parts = await partsOf(
      callGitHub('list them', 'sluice gate', () =>
        octokit.paginate(octokit.rest.pulls.list, { owner: 'o', repo: 'r' }),
      ),
    );
    expect(parts.what).toBe("GitHub's list /repos/o/r/pulls has more than 1000 pages.");
    expect(times()).toBe(1000);
  });

  it('of Cloudflare is refused, never read in part', async () => {
    const { url } = await serve((response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end('{"success":true,"result":[{}],"result_info":{"cursor":"again"}}');
    });
    const parts = await partsOf(
      createCloudflareReader({ token: 'token', baseUrl: url }).list({ path: '/zones', query: {} }),
    );
    expect(parts.what).toBe("Cloudflare's list /zones has more than 1000 pages.");
  });
});

describe('an answer within the limits', () => {
  it('is as it was sent, with its status, headers and address', async () => {
    const { url } = await serve((response) => {
      response.writeHead(201, { 'x-told': 'yes' });
      response.end('whole');
    });
    const answer = await limitedFetch({ server: 'GitHub', bytes: 5, seconds: 30 })(`${url}/a`);
    expect([answer.status, answer.headers.get('x-told'), answer.url, await answer.text()]).toEqual([
      201,
      'yes',
      `${url}/a`,
      'whole',
    ]);
  });

  it('may have no body', async () => {
    const { url } = await serve((response) => response.writeHead(204).end());
    const answer = await limitedFetch({ server: 'GitHub', bytes: 5, seconds: 30 })(url);
    expect([answer.status, await answer.text()]).toEqual([204, '']);
  });
});
