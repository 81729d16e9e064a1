/** `sluice sandbox edge` in this process: it serves until it is interrupted. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { runCommandLine } from '../../../scripts/cli/run.ts';
import type { ExitName } from '../../../scripts/contract/exit-codes.ts';
import { Store } from '../../../scripts/sandbox/provider/store.ts';
import { home } from '../small-estate.ts';

interface Running {
  readonly ended: Promise<ExitName>;
  /** Resolves with what was printed as soon as it has the text; rejects with it when the command ends before. */
  readonly says: (text: string) => Promise<string>;
  readonly interrupt: () => void;
}

let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-edge-command-'));
  const store = new Store(join(folder, 'store'));
  const zone = { name: 'shop.example', account: { id: 'a' } };
  const record = { zone_id: 'z', name: 'www.shop.example', type: 'A', proxied: true };
  store.put({ type: 'cloudflare_zone', id: 'z', parent: 'a', attributes: zone });
  store.put({ type: 'cloudflare_dns_record', id: 'r', parent: 'z', attributes: record });
});
afterEach(() => rmSync(folder, { recursive: true }));

function start(...args: readonly string[]): Running {
  const abort = new AbortController();
  let printed = '';
  let notice = (): void => undefined;
  const stream = {
    write: (text: string) => {
      printed += text;
      notice();
    },
  };
  const surroundings = {
    env: {},
    cwd: folder,
    stdout: stream,
    stderr: stream,
    ask: null,
    signal: abort.signal,
  };
  const ended = runCommandLine(['sandbox', 'edge', ...args], surroundings, home);
  return {
    ended,
    interrupt: () => abort.abort(),
    says: (text) =>
      new Promise((resolve, reject) => {
        notice = () => {
          if (printed.includes(text)) {
            resolve(printed);
          }
        };
        notice();
        void ended.then(() => (printed.includes(text) ? resolve(printed) : reject(new Error(printed))));
      }),
  };
}

describe('sluice sandbox edge', () => {
  it('prints a request to try, answers it, and ends when interrupted', async () => {
    const edge = start('--store', 'store', '--port', '0');
    const printed = await edge.says('curl');
    const [, host = '', url = ''] = /curl -i -H 'Host: (\S+)' (http:\S+)/.exec(printed) ?? [];
    expect(host).toBe('www.shop.example');
    expect((await fetch(url)).status).toBe(530);
    edge.interrupt();
    expect(await edge.ended).toBe('ok');
    await expect(fetch(url)).rejects.toThrow('fetch failed');
  });

  it('takes the shortest www for an example, be it a record or a load balancer', async () => {
    const store = new Store(join(folder, 'store'));
    const names = ['a.shop.example', 'www.long.shop.example'];
    for (const name of names) {
      const attributes = { zone_id: 'z', name, type: 'A', proxied: true };
      store.put({ type: 'cloudflare_dns_record', id: name, parent: 'z', attributes });
    }
    store.remove({ type: 'cloudflare_dns_record', parent: 'z', id: 'r' }, true);
    const balancer = { zone_id: 'z', name: 'www.shop.example' };
    store.put({ type: 'cloudflare_load_balancer', id: 'lb', parent: 'z', attributes: balancer });
    const edge = start('--store', 'store', '--port', '0');
    expect(await edge.says('curl')).toContain("-H 'Host: www.shop.example'");
    edge.interrupt();
    await edge.ended;
  });

  it('says when no host is served yet', async () => {
    new Store(join(folder, 'store')).remove({ type: 'cloudflare_dns_record', parent: 'z', id: 'r' }, true);
    const edge = start('--store', 'store', '--port', '0');
    expect(await edge.says('Ctrl-C')).toContain('No host is served yet');
    edge.interrupt();
    await edge.ended;
  });

  it('names a port that is taken, and the next one to try', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => {
      other.listen(0, '127.0.0.1', resolve);
    });
    const { port } = other.address() as AddressInfo;
    const edge = start('--store', 'store', '--port', String(port));
    expect(await edge.says(`Next: sluice sandbox edge --port ${String(port + 1)}`)).toContain(
      `Port ${String(port)} on 127.0.0.1 is taken.`,
    );
    expect(await edge.ended).toBe('usage');
    other.close();
  });

  it.each([
    [['--store', 'nowhere'], 'There is no folder nowhere.'],
    [['--store', 'store', '--port', '70000'], '70000 is not a port.'],
    [['--store', 'store', '--origin', 'localhost'], '--origin localhost is not an address.'],
  ])('refuses %j', async (args, message) => {
    const edge = start(...args);
    expect(await edge.says(message)).toContain('Next: ');
    expect(await edge.ended).toBe('usage');
  });
});
