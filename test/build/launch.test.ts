/** A program that runs for days keeps the bundle that it loads its parts from, however often another one is built. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';

const root = new URL('../..', import.meta.url).pathname;

/** Loaded before the program: hours go by as soon as somebody asks, by a signal. */
const hours = `const waiting = [];
const real = globalThis.setInterval;
globalThis.setInterval = (act, ms, ...rest) => {
  if (ms === 3600000) waiting.push(act);
  return real(act, ms, ...rest);
};
process.on('SIGUSR2', () => {
  for (const act of waiting) act();
  process.stdout.write('an hour later\\n');
});
`;

it('marks the bundle as used while it runs', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const preload = join(folder, 'hours.mjs');
  writeFileSync(preload, hours);
  const server = spawn(
    process.execPath,
    ['--import', preload, join(root, 'scripts/launch.mjs'), 'sandbox', 'edge'],
    { cwd: root, env: { PATH: process.env['PATH'], HOME: folder } },
  );
  onTestFinished(() => void server.kill('SIGKILL'));
  const said = async (words: string): Promise<void> =>
    new Promise((resolve, reject) => {
      let text = '';
      const hear = (chunk: Buffer): void => {
        text += chunk.toString();
        if (text.includes(words)) {
          resolve();
        }
      };
      server.stdout.on('data', hear);
      server.stderr.on('data', hear);
      server.once('exit', () => reject(new Error(text)));
    });
  await said('http://');
  const dist = join(root, 'dist');
  const bundles = readdirSync(dist).filter((name) => /^[0-9a-f]{16}$/.test(name));
  const newest = bundles
    .map((name) => ({ path: join(dist, name), at: statSync(join(dist, name)).mtimeMs }))
    .toSorted((left, right) => right.at - left.at)[0];
  const path = newest?.path ?? '';
  const old = new Date(Date.now() - 1000 * 60 * 60 * 30);
  utimesSync(path, old, old);
  const later = said('an hour later');
  server.kill('SIGUSR2');
  await later;
  expect(statSync(path).mtimeMs).toBeGreaterThan(old.getTime());
});
