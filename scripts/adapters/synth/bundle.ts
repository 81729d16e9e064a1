/**
 * Makes one program of a checkout's stack code, here and before any of it runs: only files of the checkout become part of
 * it, by a list of kinds, and packages stay where they are. What runs then needs no compiler, no other process and no
 * file of the checkout but the data that it reads itself. Places in the program lead back to the sources by its map,
 * which stack code never sees.
 */
import { isBuiltin, SourceMap } from 'node:module';
import * as fs from 'node:fs/promises';
import { dirname, extname, join, relative, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type {
  BuildFailure,
  BuildOptions,
  Loader,
  OnLoadResult,
  OnResolveArgs,
  OnResolveResult,
  PluginBuild,
} from 'esbuild';
import { ExternalError, type InputError } from '../../contract/errors.ts';
import { limits } from '../../json/limits.ts';
import { parseJson } from '../../json/parse.ts';
import { isInside } from '../files/files.ts';
import { readUnlinked } from '../files/read-unlinked.ts';
import { compilationRefusal } from './report.ts';

export interface BundleSources {
  /** Real path of the checkout. */
  readonly folder: string;
  /** The stack program, from there. */
  readonly entry: string;
  /** Real path of the installed packages. */
  readonly packages: string;
}

export interface StackProgram {
  readonly path: string;
  /** A text with places of the program, with places of the sources instead. */
  readonly inSources: (text: string) => string;
}

interface BundleWork extends BundleSources {
  readonly into: string;
}

/** Source code by the endings that Node and TypeScript give it; anything else is data, for stack code to read. */
const loaders: ReadonlyMap<string, Loader> = new Map([
  ['.ts', 'ts'],
  ['.mts', 'ts'],
  ['.cts', 'ts'],
  ['.js', 'js'],
  ['.mjs', 'js'],
  ['.cjs', 'js'],
  ['.json', 'json'],
]);

const largestSource = 16 * 1024 * 1024;
/** A question of this plugin to esbuild's own resolution, which must not come back to it. */
const resolving = Symbol('asked');

/** Writes the program below `into`, where nobody else may write. Refusals are InputError with the place in the checkout. */
export async function bundleStackCode(
  sources: BundleSources,
  into: string,
  stop: AbortSignal,
): Promise<StackProgram> {
  const work = { ...sources, into };
  const isModule = await isModulePackage(sources);
  const path = join(into, isModule ? 'program.mjs' : 'program.cjs');
  const [code, map] = await compiled(work, { path, isModule, stop });
  await fs.writeFile(path, code);
  return { path, inSources: (text) => inSources(text, path, map) };
}

async function isModulePackage({ folder, entry }: BundleSources): Promise<boolean> {
  const text = await readUnlinked(join(folder, 'package.json'), limits.document.bytes).catch(() => null);
  try {
    const described = parseJson(text ?? '{}', limits.document);
    return entry.endsWith('.mts') || (isFields(described) && described['type'] === 'module');
  } catch {
    return false;
  }
}

function isFields(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

interface WantedModule {
  readonly path: string;
  readonly isModule: boolean;
  readonly stop: AbortSignal;
}

/** Code and map. esbuild runs in a process of its own: when it does not come back in time, that is ended. */
async function compiled(
  work: BundleWork,
  { path, isModule, stop }: WantedModule,
): Promise<readonly [string, SourceMap]> {
  const esbuild = await import('esbuild');
  const stopped = new Promise<never>((_resolve, reject) => {
    stop.addEventListener('abort', () => reject(stop.reason as Error), { once: true });
  });
  try {
    const { outputFiles } = await Promise.race([esbuild.build(settings(work, path, isModule)), stopped]);
    const text = (ending: string): string =>
      outputFiles.find((file) => file.path.endsWith(ending))?.text ?? '';
    return [
      text('js'),
      new SourceMap(JSON.parse(text('.map')) as ConstructorParameters<typeof SourceMap>[0]),
    ];
  } catch (error) {
    if (isBuildFailure(error)) {
      throw refusalOf(work, error);
    }
    await esbuild.stop();
    throw stop.aborted ? error : compilerEnded(error);
  }
}

function settings(
  work: BundleWork,
  path: string,
  isModule: boolean,
): BuildOptions & { readonly write: false } {
  return {
    absWorkingDir: work.folder,
    entryPoints: [join(work.folder, work.entry)],
    outfile: path,
    write: false,
    bundle: true,
    format: isModule ? 'esm' : 'cjs',
    platform: 'node',
    target: 'node20.19',
    // Conditions of Node alone; what a package says to bundlers (`module`) is not what runs.
    conditions: [],
    nodePaths: [work.packages],
    keepNames: true,
    ignoreAnnotations: true,
    // A value that nobody uses was computed all the same.
    treeShaking: false,
    sourcemap: 'external',
    sourcesContent: false,
    legalComments: 'none',
    charset: 'utf8',
    logLevel: 'silent',
    // Instead of any tsconfig.json: those name files anywhere.
    tsconfigRaw: '{}',
    plugins: [{ name: 'checkout', setup: (build) => restrict(build, work, isModule) }],
  };
}

function restrict(build: PluginBuild, work: BundleWork, isModule: boolean): void {
  build.onResolve({ filter: /.*/ }, async (args) =>
    args.pluginData === resolving ? undefined : resolved(build, args, { work, isModule }),
  );
  build.onLoad({ filter: /.*/, namespace: 'file' }, async ({ path }) => loaded(build, path, work));
}

async function resolved(
  build: PluginBuild,
  { path, kind, importer, resolveDir }: OnResolveArgs,
  { work, isModule }: { readonly work: BundleWork; readonly isModule: boolean },
): Promise<OnResolveResult> {
  if (isBuiltin(path)) {
    return { path, external: true };
  }
  const isFile = /^(?:\.{0,2}\/|\.{1,2}$|#|file:)/.test(path);
  const found = await build.resolve(path.startsWith('file:') ? fileURLToPath(path) : path, {
    kind,
    importer,
    // Packages are looked for among the installed ones only (`nodePaths`), whatever lies on the way there.
    resolveDir: isFile ? resolveDir : work.into,
    pluginData: resolving,
  });
  const real = found.namespace === 'file' ? await fs.realpath(found.path).catch(() => null) : null;
  if (real === null) {
    const readable = isFile ? relative(work.folder, resolve(resolveDir, path)) : path;
    return { errors: [{ text: `Cannot find ${isFile ? 'module' : 'package'} '${readable}'` }] };
  }
  if (isInside(work.packages, real)) {
    return { path: isModule ? pathToFileURL(real).href : real, external: true };
  }
  return isOwn(work, real)
    ? { path: real }
    : { errors: [{ text: `'${path}' is neither a file of the checkout nor of an installed package` }] };
}

/** What exists for stack code: the checkout without the files whose names begin with a dot, and without packages in it. */
function isOwn({ folder }: BundleWork, real: string): boolean {
  const way = relative(folder, real);
  return isInside(folder, real) && !way.startsWith('.') && !way.startsWith('node_modules/');
}

async function loaded(build: PluginBuild, path: string, work: BundleWork): Promise<OnLoadResult> {
  const loader = loaders.get(extname(path));
  if (loader === undefined || !isOwn(work, path)) {
    return { errors: [{ text: 'Only TypeScript, JavaScript and JSON of the checkout can be imported' }] };
  }
  const contents = await readUnlinked(path, largestSource);
  if (contents === null) {
    return { errors: [{ text: `No regular file of at most ${largestSource} bytes` }] };
  }
  if (/\/[/*][#@]\s*sourceMappingURL=/.test(contents)) {
    return { errors: [{ text: 'It names a source map: delete that comment' }] };
  }
  return contents.includes('import.meta')
    ? { contents: await placed(build, path, { contents, loader }), loader: 'js' }
    : { contents, loader };
}

/** `import.meta` says where a source lies, as it would without being made part of a program. */
async function placed(
  build: PluginBuild,
  path: string,
  { contents, loader }: { readonly contents: string; readonly loader: Loader },
): Promise<string> {
  const { code } = await build.esbuild.transform(contents, {
    loader,
    sourcefile: path,
    sourcemap: 'inline',
    sourcesContent: false,
    target: 'node20.19',
    charset: 'utf8',
    tsconfigRaw: '{}',
    define: {
      'import.meta.url': JSON.stringify(pathToFileURL(path).href),
      'import.meta.filename': JSON.stringify(path),
      'import.meta.dirname': JSON.stringify(dirname(path)),
    },
  });
  return code;
}

function isBuildFailure(error: unknown): error is BuildFailure {
  return error instanceof Error && 'errors' in error && Array.isArray(error.errors);
}

function refusalOf({ folder }: BundleWork, { errors: [first] }: BuildFailure): InputError {
  const at = first?.location ?? null;
  // Columns count bytes from 0.
  const column =
    at === null ? 1 : Buffer.from(at.lineText).subarray(0, at.column).toString('utf8').length + 1;
  return compilationRefusal(
    folder,
    at === null ? null : { file: at.file, line: Math.max(at.line, 1), column },
    first?.text ?? 'it gives no reason',
  );
}

function compilerEnded(cause: unknown): ExternalError {
  return new ExternalError({
    what: 'the compiler of stack code ended before it was done',
    fix: 'run the command again; if it stays, look for what is special in the sources that changed last',
    next: 'sluice check',
    cause,
  });
}

/** Places `path:line:column` of the program become those of its sources; what the program adds by itself has none. */
function inSources(text: string, path: string, map: SourceMap): string {
  const place = new RegExp(
    `(?:file://)?${path.replaceAll(/[^A-Za-z0-9/_-]/g, String.raw`\$&`)}(?::(\\d+):(\\d+))?`,
    'g',
  );
  return text.replaceAll(place, (_all, line?: string, column?: string) => {
    const found = map.findEntry(Number(line ?? 1) - 1, Number(column ?? 1) - 1);
    return 'originalSource' in found
      ? `${resolve(dirname(path), found.originalSource)}:${found.originalLine + 1}:${found.originalColumn + 1}`
      : 'the stack program';
  });
}
