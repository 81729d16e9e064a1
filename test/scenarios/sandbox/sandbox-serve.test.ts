/** `sluice sandbox serve` in this process: a local Cloudflare with its API, until it is interrupted. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { runCommandLine } from '../../../scripts/cli/run.ts';
import type { ExitName } from '../../../scripts/contract/exit-codes.ts';
import { Store } from '../../../scripts/sandbox/provider/store.ts';
import { home, makeSmallEstate, type SmallEstate } from '../small-estate.ts';

let estate: SmallEstate;

beforeEach(() => {
  estate = makeSmallEstate();
  const zone = { name: 'shop.example', account: { id: 'a' } };
  new Store(join(estate.folder, '.sluice/sandbox')).put({
    type: 'cloudflare_zone',
    id: 'z',
    parent: 'a',
    attributes: zone,
  });
});
afterEach(() => estate.remove());

interface Serving {
  readonly api: string;
  /** How it ended after Ctrl-C. */
  readonly interrupt: () => Promise<ExitName>;
}

async function serve(): Promise<Serving> {
  const abort = new AbortController();
  let printed = '';
  let notice = (): void => undefined;
  const stdout = {
    write: (text: string): void => {
      printed += text;
      notice();
    },
  };
  const surroundings = {
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], CI: 'true' },
    cwd: estate.folder,
    stdout,
    stderr: stdout,
    ask: null,
    signal: abort.signal,
  };
  const ended = runCommandLine(['sandbox', 'serve'], surroundings, home);
  const api = await new Promise<string>((resolve, reject) => {
    notice = () => {
      const said = /its API is at (http:\S+)\n/.exec(printed)?.[1];
      if (said !== undefined) {
        resolve(said);
      }
    };
    notice();
    void ended.then(() => reject(new Error(printed)));
  });
  return {
    api,
    interrupt: () => {
      abort.abort();
      return ended;
    },
  };
}

const asked = { headers: { authorization: 'Bearer sandbox' } };

it('answers as the API does, refuses a second one, and ends when interrupted', async () => {
  const { api, interrupt } = await serve();
  const zones: unknown = await (await fetch(`${api}/zones?name=shop.example`, asked)).json();
  expect(zones).toMatchObject({ success: true, result: [{ id: 'z', name: 'shop.example' }] });
  expect((await fetch(`${api}/zones`)).status).toBe(403);
  expect((await fetch(`${api}/zones/z/settings/none`, asked)).status).toBe(404);
  expect((await fetch(`${api}/zones`, { method: 'DELETE', ...asked })).status).toBe(405);

  const second = await estate.sluice(['sandbox', 'serve']);
  expect([second.exit, second.stderr]).toEqual([
    'usage',
    expect.stringContaining(`Next: kill -INT ${String(process.pid)}`),
  ]);

  expect(await interrupt()).toBe('ok');
  expect(existsSync(join(estate.folder, '.sluice/sandbox/serving.json'))).toBe(false);
  await expect(fetch(`${api}/zones`, asked)).rejects.toThrow('fetch failed');
});
