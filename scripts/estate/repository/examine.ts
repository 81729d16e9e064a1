/**
 * What is not in order in an estate: data that does not read, what is derived and differs, files of the product that are
 * of another version or gone, and what a client in transition still lacks. What an estate's own CI runs.
 */
import type { Services } from '../../contract/context.ts';
import type { Diagnostic } from '../../contract/errors.ts';
import type { EstateFacts } from '../derived.ts';
import { stillMissing } from '../../read/register/register.ts';
import { isObject } from '../../json/json.ts';
import { limits } from '../../json/limits.ts';
import { parseJson } from '../../json/parse.ts';
import type { Files } from '../../contract/ports.ts';
import { fromWorkingTree, loadPolicy } from '../../facts/policy.ts';
import { readDecisionData } from '../../facts/decision-data.ts';
import { unfillableSeats } from '../../../policies/approvals/fillable.ts';
import { compareDerived, generatedParts, loadSettings, textAt } from './files.ts';
import { isRuleFile, ownRuleAt, policyFileAt } from '../../../policies/reading/places/places.ts';
import { tryRules } from './try-rules.ts';

export interface EstateFinding {
  /** An error fails the estate's CI. */
  readonly level: 'error' | 'warning';
  readonly diagnostic: Diagnostic;
}

interface Examined {
  readonly services: Pick<Services, 'clock' | 'files' | 'rules'>;
  readonly root: string;
  /** Version of the running product. */
  readonly version: string;
}

/** Errors first. Throws UsageError where there is no estate. */
export async function examineEstate({
  services,
  root,
  version,
}: Examined): Promise<readonly EstateFinding[]> {
  const { files, clock } = services;
  const settings = await loadSettings(files, root);
  const source = fromWorkingTree(files, root);
  const data = await readDecisionData(source);
  if (!data.ok) {
    return data.diagnostics.map(error);
  }
  const { registers, roster } = await loadPolicy(source);
  const known: EstateFacts = { settings, registers, roster };
  const seats = unfillableSeats(data.value.policy, clock.now());
  return [
    ...(await derivedFindings(files, root, known)),
    ...(await stateFindings(files, root, known)),
    ...(await missingParts(files, root)),
    ...(await strayRules(files, root, settings.library)),
    ...(await tryRules(services, source, data.value.policy)).map(error),
    ...versionFindings(settings.version, version),
    ...(registers.length === 0 ? [warning(noClient)] : []),
    ...(await registerFindings(files, root, known)),
    ...seats.map(({ level, client, seats: empty }) =>
      warning({
        location: at('policies/roster.yaml'),
        message: `nobody on the roster could fill the ${level} quorum${client === null ? '' : ` for ${client}`}: ${empty.join(', ')}`,
        fix: 'sluice person add --help',
      }),
    ),
  ].toSorted((a, b) => (a.level === b.level ? 0 : a.level === 'error' ? -1 : 1));
}

/** One line for each of what may wait; once the register says `lifecycle: live`, each is an error with what to write. */
function briefly({ location, message, expected }: Diagnostic): Diagnostic {
  return {
    ...(location === undefined ? {} : { location }),
    message: expected === undefined ? message : `${message}: ${expected}`,
  };
}

function error(diagnostic: Diagnostic): EstateFinding {
  return { level: 'error', diagnostic };
}

function warning(diagnostic: Diagnostic): EstateFinding {
  return { level: 'warning', diagnostic };
}

function at(
  file: string,
  line = 1,
): { readonly file: string; readonly line: number; readonly column: number } {
  return { file, line, column: 1 };
}

const noClient: Diagnostic = {
  location: at('stacks/clients'),
  message: 'there is no client yet',
  fix: 'sluice client add --help',
};

async function derivedFindings(
  files: Files,
  root: string,
  known: EstateFacts,
): Promise<readonly EstateFinding[]> {
  const compared = await compareDerived(files, root, known);
  return compared.flatMap(({ path, text, wanted }) => {
    if (!wanted.ok) {
      const fix = `write the mark where it belongs, or restore the file: git checkout HEAD -- ${path}`;
      return [error({ location: at(path, wanted.line), message: wanted.problem, fix })];
    }
    return wanted.value === text
      ? []
      : [
          error({
            location: at(path, firstDifference(text ?? '', wanted.value)),
            message: text === null ? 'the file is missing' : 'it does not agree with the registers',
            fix: 'sluice doctor --fix',
          }),
        ];
  });
}

/** Number of the first line that differs. */
function firstDifference(text: string, wanted: string): number {
  const lines = text.split('\n');
  const other = wanted.split('\n');
  return Math.max(1, other.findIndex((line, index) => line !== lines[index]) + 1);
}

async function registerFindings(
  files: Files,
  root: string,
  known: EstateFacts,
): Promise<readonly EstateFinding[]> {
  const found: EstateFinding[] = [];
  for (const { client, stacks } of known.registers) {
    const path = `stacks/clients/${client}/service.yaml`;
    const later = stillMissing(await files.readText(`${root}/${path}`), path);
    found.push(...later.map(briefly).map(warning));
    for (const { environment, name } of stacks) {
      const program = `stacks/clients/${client}/${environment}.ts`;
      if (!(await files.exists(`${root}/${program}`))) {
        found.push(
          error({
            location: at(path),
            message: `the stack ${name} has no source`,
            expected: program,
            fix: 'write it, or take the stack out of the register',
          }),
        );
      }
    }
  }
  return found;
}

/** State beside the bundle is lost with the machine that released. */
async function stateFindings(
  files: Files,
  root: string,
  { registers }: EstateFacts,
): Promise<readonly EstateFinding[]> {
  const settings = parseJson((await textAt(files, `${root}/cdktf.json`)) ?? '{}', limits.document);
  const context = isObject(settings) && isObject(settings['context']) ? settings['context'] : {};
  if (context['backend'] === 'r2') {
    return [];
  }
  const isLive = registers.some(({ lifecycle }) => lifecycle !== 'transition');
  const finding: Diagnostic = {
    location: at('cdktf.json'),
    message: 'state is kept beside the bundle, where nobody else finds it',
    expected: 'context.backend "r2", with stateAccount and stateBucket',
    fix: 'set it before the first release to Cloudflare: a stack that was released stays where its state is',
  };
  return [isLive ? error(finding) : warning(finding)];
}

async function missingParts(files: Files, root: string): Promise<readonly EstateFinding[]> {
  const found: EstateFinding[] = [];
  for (const { path } of generatedParts) {
    // The product's own README of policies is documentation; data is read and missed by its readers.
    if (policyFileAt(path) === null && !(await files.exists(`${root}/${path}`))) {
      found.push(
        warning({
          location: at(path),
          message: 'the file of the product is missing',
          fix: `restore it: git checkout HEAD -- ${path}`,
        }),
      );
    }
  }
  return found;
}

/** Where the product is a package, its rules are in it: code that lies beside the data and is not a rule looks like one. */
async function strayRules(files: Files, root: string, library: string): Promise<readonly EstateFinding[]> {
  const paths = library === 'sluice/stacks' ? await files.list(`${root}/policies`) : [];
  return paths
    .map((path) => `policies/${path}`)
    .filter(
      (path) => /\.[cm]?[jt]sx?$/.test(path) && !isRuleFile(path) && ownRuleAt(path, 'ownRuleCases') === null,
    )
    .map((path) =>
      error({
        location: at(path),
        message: 'nobody runs this file: rules of the estate are policies/rules/own-<name>.ts',
        fix: 'give it such a name, or take it out: sluice rule add --help',
      }),
    );
}

function versionFindings(written: string, running: string): readonly EstateFinding[] {
  return written === running
    ? []
    : [
        error({
          location: at('.github/sluice.json'),
          message: `the files of the product are those of version ${written}`,
          expected: running,
          fix: 'sluice upgrade',
        }),
      ];
}
