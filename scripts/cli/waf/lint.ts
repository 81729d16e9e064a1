import { printedJson } from '../../render/text/printed-json.ts';
import type { SluiceContext } from '../../contract/context.ts';
import { UsageError } from '../../contract/errors.ts';
import {
  configurationsOf,
  fromFolder,
  readConfigurationFile,
  selectStacks,
  synthesized,
} from '../../facts/bundles.ts';
import { placeOf } from '../change/expression-place.ts';
import type { PlaceFlags } from '../change/expression-place.ts';
import { chooseMode } from '../change/modes.ts';
import type { JsonObject } from '../../plan/types.ts';
import type { Files } from '../../contract/ports.ts';
import { renderLintSarif } from '../../render/waf/lint-sarif.ts';
import { renderLint, renderLintRules } from '../../render/waf/lint-text.ts';
import type { RewriteReport } from '../../render/waf/lint-text.ts';
import { configuredObjects } from '../../waf/rulesets/configured-bundle.ts';
import { lintAreas, lintRules } from '../../waf/lint/catalogue.ts';
import { Expressions } from '../../waf/reason/expressions.ts';
import { lintedExpression, nowhere } from '../../waf/lint/expression.ts';
import type { LintedExpression } from '../../waf/lint/expression.ts';
import { replaceLiteral } from '../../waf/lint/fix-source.ts';
import type { SourceFile } from '../../waf/lint/fix-source.ts';
import { fixExpression, fixableRules } from '../../waf/lint/fix.ts';
import type { Fixed } from '../../waf/lint/fix.ts';
import { configuredFilters, lintConfiguration, lintExpression } from '../../waf/lint/lint.ts';
import type { LintFinding, LintOptions } from '../../waf/lint/lint.ts';
import { maskFor } from '../../waf/lint/mask.ts';
import { listKindsOf } from '../../waf/lint/model.ts';

export interface WafLintFlags extends PlaceFlags {
  readonly stack?: readonly string[];
  readonly bundles?: string;
  readonly expression?: string;
  readonly plan?: 'free' | 'pro' | 'business' | 'enterprise';
  readonly format: 'text' | 'json' | 'sarif';
  readonly notes: boolean;
  readonly fix: boolean;
  readonly rules: boolean;
}

interface Linted {
  readonly checked: string;
  readonly findings: readonly LintFinding[];
  readonly rewrites: readonly RewriteReport[];
}

/** `sluice waf lint`: an error ends with `denied`; warnings and notes do not. */
export async function wafLint(this: SluiceContext, flags: WafLintFlags, ...paths: string[]): Promise<void> {
  const mode = chooseMode('waf lint', flags);
  if (mode === 'rules') {
    this.print(renderLintRules(lintAreas));
    return;
  }
  checkSource(flags, paths);
  const linted = await lintSource(this, flags, paths);
  const outcome = linted.findings.some(({ severity }) => severity === 'error') ? 'denied' : 'ok';
  switch (flags.format) {
    case 'text':
      this.print(renderLint(linted, { style: this.style, isAll: flags.notes }));
      break;
    case 'json':
      this.print(printedJson({ kind: 'sluice.lint', version: 1, outcome, ...linted }));
      break;
    case 'sarif':
      this.print(renderLintSarif(linted.findings, lintRules, paths));
      break;
  }
  this.exit(outcome);
}

function checkSource(flags: WafLintFlags, paths: readonly string[]): void {
  const { bundles, expression, stack = [] } = flags;
  const isConfigurationOnly = expression === undefined && paths.every((path) => path.endsWith('.json'));
  if (isConfigurationOnly && (flags.kind !== 'filter' || flags.phase !== undefined)) {
    throw new UsageError({
      what: '--kind and --phase go with an expression, or with a file that holds one.',
      why: 'Of the expressions in a configuration, the configuration says both.',
      next: 'sluice waf lint --expression <expression> --phase <phase>',
    });
  }
  const given = [bundles !== undefined, expression !== undefined, paths.length > 0].filter(Boolean).length;
  if (given > 1 || (stack.length > 0 && (expression !== undefined || paths.length > 0))) {
    throw new UsageError({
      what: 'Name one thing to lint: stacks, a folder of bundles, an expression, or files.',
      next: 'sluice waf lint --help',
    });
  }
}

async function lintSource(
  context: SluiceContext,
  flags: WafLintFlags,
  paths: readonly string[],
): Promise<Linted> {
  const { expression } = flags;
  if (expression !== undefined) {
    const { fixed: _, ...linted } = lintText(expression, 'expression', flags);
    return linted;
  }
  const { files, git, reporter, localSynth } = await context.services();
  if (paths.length > 0) {
    return lintFiles(files, flags, paths);
  }
  const root = await git.root();
  const bundles =
    flags.bundles === undefined
      ? await reporter.step('synthesize', () => synthesized(localSynth, root))
      : await fromFolder(files, flags.bundles);
  const configurations = configurationsOf(bundles);
  const stacks = selectStacks([...bundles.keys()], flags.stack ?? []);
  return lintConfigurations(
    files,
    { ...flags, sources: flags.bundles === undefined ? 'stacks' : null },
    stacks,
    configurations,
  );
}

function planOf({ plan }: WafLintFlags): Pick<LintOptions, 'plan'> {
  return plan === undefined ? {} : { plan };
}

/** `fixed` is the text after the rewrites. */
function lintText(text: string, subject: string, flags: WafLintFlags): Linted & { readonly fixed: string } {
  const place = placeOf(flags);
  const expressions = new Expressions();
  const fixed =
    flags.fix && place.kind === 'filter' ? fixExpression(text, expressions) : { text, ruleIds: [] };
  const linted = lintExpression(fixed.text, { ...planOf(flags), ...place }, expressions);
  const findings = linted.map((finding) => ({
    ...finding,
    subject,
  }));
  const expression = lintedExpression(text, nowhere, expressions);
  const rewrites = fixed.ruleIds.length === 0 ? [] : [reportOf(expression, fixed, subject, null)];
  return { checked: subject, findings, rewrites, fixed: fixed.text };
}

function reportOf(
  expression: LintedExpression,
  { text, ruleIds }: Fixed,
  subject: string,
  file: string | null,
): RewriteReport {
  const mask = maskFor(expression);
  return { subject, ruleIds, before: mask(expression.text), after: mask(text), file };
}

/** Far above any expression; a file of another kind is refused before it is read in full. */
const maxExpressionFile = 16 * 1024 * 1024;

async function lintFiles(files: Files, flags: WafLintFlags, paths: readonly string[]): Promise<Linted> {
  const all: Linted[] = [];
  for (const path of paths) {
    all.push(
      path.endsWith('.json')
        ? await lintConfigurations(
            files,
            { ...flags, sources: null },
            [path],
            new Map([[path, await readConfigurationFile(files, path)]]),
          )
        : await lintFile(files, flags, path),
    );
  }
  return {
    checked: paths.join(', '),
    findings: all.flatMap(({ findings }) => findings),
    rewrites: all.flatMap(({ rewrites }) => rewrites),
  };
}

async function lintFile(files: Files, flags: WafLintFlags, path: string): Promise<Linted> {
  const text = await files.readText(path, maxExpressionFile);
  const expression = text.replace(/\r?\n$/u, '');
  const { fixed, ...linted } = lintText(expression, path, flags);
  if (linted.rewrites.length > 0) {
    await files.writeText(path, `${fixed}${text.slice(expression.length)}`);
  }
  return { ...linted, rewrites: linted.rewrites.map((rewrite) => ({ ...rewrite, file: path })) };
}

async function lintConfigurations(
  files: Files,
  flags: WafLintFlags & { readonly sources: string | null },
  stacks: readonly string[],
  configurations: ReadonlyMap<string, JsonObject>,
): Promise<Linted> {
  const otherLists = listKindsOf([...configurations.values()].flatMap((one) => configuredObjects(one)));
  const expressions = new Expressions();
  const options = (stack: string): LintOptions => ({
    ...planOf(flags),
    otherLists,
    prefix: `${stack}/`,
    expressions,
  });
  const objects = stacks.map((stack) => ({
    stack,
    found: configuredObjects(configurations.get(stack) ?? {}),
  }));
  const findings = objects.flatMap(({ stack, found }) => lintConfiguration(found, options(stack)));
  const checked = `${stacks.length} ${stacks.length === 1 ? 'configuration' : 'configurations'}`;
  if (!flags.fix) {
    return { checked, findings, rewrites: [] };
  }
  const filters = objects.flatMap(({ stack, found }) => configuredFilters(found, options(stack)));
  const rewrites = await rewriteSources(files, { folder: flags.sources, expressions }, filters);
  const written = new Set(rewrites.filter(({ file }) => file !== null).map(({ subject }) => subject));
  return {
    checked,
    rewrites,
    findings: findings.filter(
      ({ subject, ruleId }) => !(written.has(subject) && fixableRules.includes(ruleId)),
    ),
  };
}

/** Writes rewrites where the expression stands as one literal in exactly one place; the others are only shown. */
async function rewriteSources(
  files: Files,
  { folder, expressions }: { readonly folder: string | null; readonly expressions: Expressions },
  filters: readonly { readonly subject: string; readonly expression: LintedExpression }[],
): Promise<readonly RewriteReport[]> {
  let sources = folder === null ? [] : await sourcesIn(files, folder);
  const rewrites: RewriteReport[] = [];
  for (const { subject, expression } of filters) {
    const fixed = fixExpression(expression.text, expressions);
    if (fixed.ruleIds.length > 0) {
      const changed = replaceLiteral(sources, expression.text, fixed.text);
      if (changed !== null) {
        await files.writeText(changed.path, changed.text);
        sources = sources.map((source) => (source.path === changed.path ? changed : source));
      }
      rewrites.push(reportOf(expression, fixed, subject, changed?.path ?? null));
    }
  }
  return rewrites;
}

async function sourcesIn(files: Files, folder: string): Promise<readonly SourceFile[]> {
  const paths = (await files.list(folder)).filter((path) => /\.(?:ts|json|ya?ml)$/u.test(path));
  return Promise.all(
    paths.map(async (path) => ({
      path: `${folder}/${path}`,
      text: await files.readText(`${folder}/${path}`, maxExpressionFile),
    })),
  );
}
