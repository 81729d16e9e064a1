/**
 * Makes one program of a rule of an estate's own, from texts and never from files: what it may be made of is what was read
 * of the base branch. It imports `sluice/policies` and files below `policies/rules/own/`, and nothing else: no module
 * of Node, no package.
 */
import { dirname, posix } from 'node:path';
import type { BuildFailure, OnLoadResult, OnResolveArgs, OnResolveResult, PluginBuild } from 'esbuild';
import type { RuleOrder } from '../../contract/own-rules.ts';
import type { Result } from '../../json/result.ts';

export interface RuleProgramOptions {
  /** What was built of host.ts, or that file itself. */
  readonly host: string;
  readonly timeoutMs: number;
}

export type CompiledOwnRule = Result<string, { readonly reason: string }>;

type Recipe = Pick<RuleOrder, 'path' | 'sources' | 'cases'>;

const own = 'rule';
const entry = 'program';
const hostModule = 'sluice:host';
const library = 'sluice/policies';

/** Code with its places in the sources. A rule that does not compile is a reason, with the place. */
export async function compileRule(order: Recipe, options: RuleProgramOptions): Promise<CompiledOwnRule> {
  const esbuild = await import('esbuild');
  const late = AbortSignal.timeout(options.timeoutMs);
  const stopped = new Promise<never>((_resolve, reject) => {
    late.addEventListener('abort', () => reject(late.reason as Error), { once: true });
  });
  try {
    const built = esbuild.build({
      absWorkingDir: dirname(options.host),
      entryPoints: [entry],
      write: false,
      bundle: true,
      format: 'esm',
      platform: 'node',
      target: 'node20.19',
      // A thrown error then says where in the sources it was.
      sourcemap: 'inline',
      sourcesContent: false,
      legalComments: 'none',
      charset: 'utf8',
      logLevel: 'silent',
      tsconfigRaw: '{}',
      plugins: [{ name: 'rule', setup: (build) => restrict(build, order, options.host) }],
    });
    const { outputFiles } = await Promise.race([built, stopped]);
    return { ok: true, value: outputFiles[0]?.text ?? '' };
  } catch (error) {
    if (isBuildFailure(error)) {
      return { ok: false, reason: `it cannot be compiled: ${problemOf(error)}` };
    }
    await esbuild.stop();
    return { ok: false, reason: 'it cannot be compiled: the compiler did not come to an end' };
  }
}

function restrict(build: PluginBuild, order: Recipe, host: string): void {
  build.onResolve({ filter: /.*/ }, (args) => resolved(args, order, host));
  build.onLoad({ filter: /.*/, namespace: own }, ({ path }) => loaded(path, order));
}

/** Undefined for what the host itself imports: that is the product's own. */
function resolved(
  { path, kind, importer, namespace }: OnResolveArgs,
  { sources }: Recipe,
  host: string,
): OnResolveResult | undefined {
  if (kind === 'entry-point') {
    return { path: entry, namespace: own };
  }
  if (namespace !== own) {
    return undefined;
  }
  if (path === library || (path === hostModule && importer === entry)) {
    return { path: host };
  }
  const wanted = posix.join(importer === entry ? '' : posix.dirname(importer), path);
  const isNeighbour = path.startsWith('./') || path.startsWith('../');
  return isNeighbour && sources.has(wanted)
    ? { path: wanted, namespace: own }
    : {
        errors: [
          {
            text: `a rule imports ${library} and files below policies/rules/own/, with their ending, not '${path}'`,
          },
        ],
      };
}

function loaded(path: string, { sources, path: rule, cases }: Recipe): OnLoadResult {
  if (path !== entry) {
    return { contents: sources.get(path) ?? '', loader: path.endsWith('.json') ? 'json' : 'ts' };
  }
  const contents =
    cases === null
      ? `import { rule } from './${rule}'; import { answer } from '${hostModule}'; answer(rule);`
      : `import { rule } from './${rule}'; import { cases } from './${cases}'; import { answerCases } from '${hostModule}'; answerCases(rule, cases);`;
  return { contents, loader: 'js' };
}

function isBuildFailure(error: unknown): error is BuildFailure {
  return error instanceof Error && 'errors' in error && Array.isArray(error.errors);
}

function problemOf({ errors: [first] }: BuildFailure): string {
  const at = first?.location ?? null;
  const missing = /^No matching export in "(?<file>[^"]+)" for import "(?<name>[^"]+)"/.exec(
    first?.text ?? '',
  );
  if (missing !== null) {
    const { file = '', name = '' } = missing.groups ?? {};
    return `${file.replace(`${own}:`, '')} has no \`export const ${name}\``;
  }
  const place = at === null ? '' : `${at.file.replace(`${own}:`, '')}:${String(at.line)}: `;
  return `${place}${first?.text ?? 'the compiler gives no reason'}`;
}
