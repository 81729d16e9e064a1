/** Starts the attacks in a process that began with the secrets in its environment, as the gate's job does. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { secrets } from './judge.ts';

const main = fileURLToPath(new URL('main.ts', import.meta.url));
const { status } = spawnSync(process.execPath, ['--import', 'tsx', main, ...process.argv.slice(2)], {
  stdio: 'inherit',
  env: { ...process.env, ...secrets },
});
process.exitCode = status ?? 1;
