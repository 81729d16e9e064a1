#!/usr/bin/env node
/**
 * Starts the CLI. The TypeScript sources are bundled once per content into dist/<key>/ and the bundle is imported from
 * there: starting through a TypeScript loader costs about four times a bare Node start, the bundle costs the reading
 * of one file. The key is taken over path, size and modification time of every source, so an edited file is never
 * run stale.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, utimesSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { takeEnvironment } from './take-environment.mjs';

const environment = environmentOrEnd();
const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Before anything else is read or started. */
function environmentOrEnd() {
  try {
    return takeEnvironment();
  } catch (error) {
    process.stderr.write(
      `sluice: the secrets cannot be taken over: ${error.code ?? error.message}.\n  Fix: hand them over as take-environment.mjs says, or set them as variables.\n`,
    );
    process.exit(2);
  }
}

/** What the CLI has from elsewhere. */
const besides = [
  'package.json',
  'stacks/clients/service.schema.json',
  'stacks/clients/traffic-cases.schema.json',
];

/** Every source below the folders that the CLI is made of, sorted, with what identifies its content cheaply. */
function sources() {
  const lines = [];
  const walk = (folder) => {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
      const path = `${folder}/${entry.name}`;
      if (entry.isDirectory()) walk(path);
      else if (/\.(ts|mjs|json)$/.test(entry.name)) {
        const stat = statSync(join(root, path));
        lines.push(`${path} ${stat.size} ${stat.mtimeMs}`);
      }
    }
  };
  for (const folder of ['scripts', 'policies', 'changes']) walk(folder);
  for (const path of besides) {
    const stat = statSync(join(root, path));
    lines.push(`${path} ${stat.size} ${stat.mtimeMs}`);
  }
  return lines.sort();
}

const hour = 60 * 60 * 1000;
const day = 24 * hour;

/** What no start has used for a day. A younger one may be running, and loads its parts when it needs them. */
function removeOld(target) {
  for (const old of readdirSync(join(root, 'dist')).filter((name) => /^[0-9a-f]{16}/.test(name))) {
    const path = join(root, 'dist', old);
    try {
      if (path !== target && Date.now() - statSync(path).mtimeMs > day)
        rmSync(path, { recursive: true, force: true });
    } catch (error) {
      // Another process was first to remove it.
      if (error?.code !== 'ENOENT') throw error;
    }
  }
}

async function build(target) {
  const { bundleCommandLine } = await import('./build/bundle-command-line.mjs');
  const work = `${target}.${process.pid}`;
  await bundleCommandLine(root, work, { sourcemap: true });
  removeOld(target);
  try {
    renameSync(work, target);
  } catch (error) {
    // Another process built the same key first: its result is as good as ours.
    rmSync(work, { recursive: true, force: true });
    if (!existsSync(join(target, 'cli.js'))) throw error;
  }
}

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write(
    `sluice: Node ${process.versions.node} is too old.\n  Why: it needs 20.19 or newer.\n  Fix: install a current Node, then run the command again.\n`,
  );
  process.exit(7);
}
// A package has no sources: what was built when it was packed is all there is.
const target = existsSync(join(root, 'scripts/cli/main.ts')) ? await built() : join(root, 'dist', 'package');
const { main } = await import(pathToFileURL(join(target, 'cli.js')).href);
await main(root, environment);

/** The folder of the bundle of the sources as they are. */
async function built() {
  const key = createHash('sha256').update(sources().join('\n')).digest('hex').slice(0, 16);
  const folder = join(root, 'dist', key);
  if (!existsSync(join(folder, 'cli.js'))) {
    mkdirSync(join(root, 'dist'), { recursive: true });
    try {
      await build(folder);
    } catch (error) {
      if (error?.code !== 'ERR_MODULE_NOT_FOUND') throw error;
      process.stderr.write('sluice: its packages are not installed.\n  Fix: npm ci\n');
      process.exit(7);
    }
  }
  const use = () => {
    try {
      const now = new Date();
      utimesSync(folder, now, now);
    } catch (error) {
      // Somebody emptied dist/: what is loaded goes on.
      if (error?.code !== 'ENOENT') throw error;
    }
  };
  use();
  // A server runs for days, and loads a part when it first needs it.
  setInterval(use, hour).unref();
  return folder;
}
