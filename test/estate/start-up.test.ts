/** What a command line loads before it knows its command: nothing that only a demonstration or a sandbox needs. */
import { build, type Metafile } from 'esbuild';
import { describe, expect, it } from 'vitest';
import { home } from '../scenarios/small-estate.ts';

/** Sources and packages that come with a file, without what it loads only when a line runs. */
function loadedWith(
  outputs: Metafile['outputs'],
  path: string,
  found = new Set<string>(),
): ReadonlySet<string> {
  const output = outputs[path];
  if (output === undefined || found.has(path)) {
    return found;
  }
  found.add(path);
  Object.keys(output.inputs).forEach((input) => found.add(input));
  for (const { path: next, kind, external = false } of output.imports) {
    if (kind === 'import-statement') {
      if (external) {
        found.add(next);
      } else {
        loadedWith(outputs, next, found);
      }
    }
  }
  return found;
}

describe('the start of the command line', () => {
  it('loads no demonstration, no local GitHub, no traffic corpus and no emulate', async () => {
    const { metafile } = await build({
      absWorkingDir: home,
      entryPoints: { cli: 'scripts/cli/main.ts' },
      outdir: 'out',
      write: false,
      bundle: true,
      splitting: true,
      packages: 'external',
      format: 'esm',
      platform: 'node',
      metafile: true,
    });
    const all = [...new Set(Object.values(metafile.outputs).flatMap(({ inputs }) => Object.keys(inputs)))];
    const apart = /^(?:scripts\/(?:demo|sandbox|waf\/replay\/corpus)\/|emulate$|scripts\/cli\/services\.ts$)/;
    expect(all.filter((path) => apart.test(path)).length).toBeGreaterThan(20);
    for (const part of ['demo/', 'sandbox/github/', 'sandbox/provider/', 'waf/replay/corpus/']) {
      expect(all.some((path) => path.startsWith(`scripts/${part}`))).toBe(true);
    }
    const start = loadedWith(metafile.outputs, 'out/cli.js');
    expect(start.has('scripts/cli/app.ts')).toBe(true);
    expect([...start].filter((path) => apart.test(path))).toEqual([]);
  });
});
