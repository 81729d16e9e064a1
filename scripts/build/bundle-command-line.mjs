/** Makes JavaScript of the command line: one file to start, and parts that are loaded when a command needs them. */
import { build } from 'esbuild';
import { preparedValidators } from './validators.mjs';

/** Writes `cli.js` and its parts into `outdir`. */
export async function bundleCommandLine(root, outdir, { sourcemap }) {
  await build({
    absWorkingDir: root,
    entryPoints: { cli: 'scripts/cli/main.ts', 'replay-thread': 'scripts/adapters/replay-thread.ts' },
    outdir,
    bundle: true,
    splitting: true,
    packages: 'external',
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    sourcemap,
    logLevel: 'error',
    plugins: [preparedValidators(root)],
  });
  // Runs where there are no packages and no other file: all of it in one.
  await build({
    absWorkingDir: root,
    entryPoints: { 'rule-host': 'scripts/adapters/own-rules/host.ts' },
    outdir,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    logLevel: 'error',
  });
}
