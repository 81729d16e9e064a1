/** SIGTERM ends a process that is busy reading something hostile. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { temporaryFolder } from '../bypass/world.ts';

const home = new URL('../../', import.meta.url).pathname;

/** Starts the real CLI in a process whose loop is blocked as soon as the file was read. */
it('H62: SIGTERM ends a command whose loop is blocked', async () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'big'));
  const path = join(folder, 'big', 'acme-production.tf.json');
  writeFileSync(path, `{"resource":{"cloudflare_zone":{${member(200_000)}}}}`);
  const blocked = `
    const { main } = await import(${JSON.stringify(`${home}scripts/cli/main.ts`)});
    const parse = JSON.parse;
    JSON.parse = (...args) => {
      const value = parse(...args);
      if (String(args[0]).length > 1_000_000) { process.stderr.write('reading'); for (;;); }
      return value;
    };
    process.argv = [process.argv[0], 'sluice', 'plan', '--after', ${JSON.stringify(path)}];
    await main(${JSON.stringify(home)});`;
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '--eval', blocked], {
    cwd: home,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  try {
    await once(child.stderr, 'data');
    const exit = once(child, 'exit');
    child.kill('SIGTERM');
    expect(await exit).toEqual([null, 'SIGTERM']);
  } finally {
    child.kill('SIGKILL');
  }
}, 60_000);

function member(count: number): string {
  return Array.from({ length: count }, (_, index) => `"z${String(index)}":{}`).join(',');
}
