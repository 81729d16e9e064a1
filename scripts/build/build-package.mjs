/**
 * Builds what `npm pack` puts into the tarball, into dist/: `package/` is the command line as launch.mjs starts it where
 * there are no sources, `library/` are the modules that an estate imports, with their types.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleCommandLine } from './bundle-command-line.mjs';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const dist = join(root, 'dist');
const settings = join(dist, 'tsconfig.library.json');

for (const name of ['package', 'library']) {
  rmSync(join(dist, name), { recursive: true, force: true });
}
mkdirSync(dist, { recursive: true });
await bundleCommandLine(root, join(dist, 'package'), { sourcemap: false });

const library = {
  extends: '../tsconfig.json',
  compilerOptions: {
    noEmit: false,
    declaration: true,
    allowImportingTsExtensions: false,
    rewriteRelativeImportExtensions: true,
    rootDir: '..',
    outDir: 'library',
  },
  include: [],
  files: ['../stacks/constructs/library.ts', '../policies/library.ts'],
};
writeFileSync(settings, JSON.stringify(library));
execFileSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '--project', settings], {
  cwd: root,
  stdio: 'inherit',
});
rmSync(settings);
