/** Turns what the guard reported about stack code into refusals that point at the line to change. */
import { limits } from '../../json/limits.ts';
import { parseJson } from '../../json/parse.ts';
import { relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { InputError } from '../../contract/errors.ts';
import type { Diagnostic } from '../../contract/errors.ts';
import { isInside } from '../files/files.ts';
import { isDataOf, sourcePlaces, type SourceText } from '../../plan/source-place.ts';
import { redact } from '../../secrets/redact.ts';

interface Violation {
  readonly kind: string;
  readonly what: string;
  readonly stack: string;
}

interface Thrown {
  readonly name: string;
  readonly message: string;
  readonly stack: string;
  readonly code: string;
  /** What a construct refuses in the data of the estate. */
  readonly refused?: RefusedConstruct;
}

interface RefusedConstruct {
  /** A stack, or `stack/address`, with `#ref` for a rule in it. */
  readonly where: string;
  readonly problem: string;
  readonly fix: string;
}

export interface SynthReport {
  readonly violations: readonly Violation[];
  readonly thrown: Thrown | null;
}

type SourcePlace = NonNullable<Diagnostic['location']>;

const fixes: ReadonlyMap<string, string> = new Map([
  [
    'clock',
    'write the date down as a literal, or take it from the change record: the same code must give the same stacks tomorrow',
  ],
  [
    'randomness',
    'write the value down, or derive it from a name with a hash: the same code must give the same stacks',
  ],
  [
    'network',
    'put what you would fetch into a file under stacks/ and import it: stacks are built without a network',
  ],
  [
    'process',
    'put the output of that program into a file under stacks/ and import it: stack code runs alone',
  ],
  ['machine', 'write the value down: the same code must give the same stacks on every machine'],
]);

const frame = /\(?((?:file:\/\/)?\/[^()]*?):(\d+):(\d+)\)?$/;
function toPath(file: string): string {
  return file.startsWith('file:') ? fileURLToPath(file) : file;
}

function placeOf(
  folder: string,
  file: string,
  position: readonly [line: string, column: string],
): SourcePlace | null {
  const path = toPath(file.replace(/\?.*$/, ''));
  const inside = isInside(folder, path) && !path.includes('/node_modules/');
  return inside
    ? { file: relative(folder, path), line: Number(position[0]), column: Number(position[1]) }
    : null;
}

/** The innermost line of the checkout itself, packages and the constructs of the product left out. */
function findPlace(folder: string, stack: string): SourcePlace | null {
  const lines = stack.split('\n');
  const own = lines.filter((line) => !line.includes('/stacks/constructs/'));
  return firstPlace(folder, own) ?? firstPlace(folder, lines);
}

function firstPlace(folder: string, lines: readonly string[]): SourcePlace | null {
  for (const line of lines) {
    const [, file, row, column] = frame.exec(line.trim()) ?? [];
    const place =
      file === undefined || row === undefined || column === undefined
        ? null
        : placeOf(folder, file, [row, column]);
    if (place !== null) {
      return place;
    }
  }
  return null;
}

function placeText(place: SourcePlace | null): string {
  return place === null ? '' : ` at ${place.file}:${place.line}:${place.column}`;
}

function refusal(folder: string, violation: Violation): InputError {
  const place = findPlace(folder, violation.stack);
  const fix = fixes.get(violation.kind) ?? 'remove the call';
  const message = `stack code uses ${violation.what}, which stack code may not`;
  return new InputError({
    what: `stack code uses ${violation.what}${placeText(place)}`,
    why: `stack code has no ${violation.kind}: what was reviewed must be what is built again at release`,
    fix,
    next: 'sluice check',
    diagnostics: place === null ? [] : [{ location: place, message, fix }],
  });
}

/** The message as one line, with paths of the checkout, and without the stack that some tools append to it. */
function oneLine(folder: string, message: string): string {
  const lines = message
    .split('\n')
    .filter((line) => !/^\s+at /.test(line))
    .map((line) => line.trim())
    .filter((line) => line !== '');
  const text = redact(lines.join(' ')).replaceAll(`${folder}/`, '');
  return text.length > 600 ? `${text.slice(0, 600)}…` : text;
}

function failed(
  {
    place,
    message,
    fix,
    next,
  }: {
    readonly place: SourcePlace | null;
    readonly message: string;
    readonly fix: string;
    readonly next: string;
  },
  why: string,
): InputError {
  return new InputError({
    what: `stack code failed${placeText(place)}: ${message}`,
    published: `stack code failed${placeText(place)}`,
    why,
    fix,
    next,
    diagnostics: place === null ? [] : [{ location: place, message, fix }],
  });
}

const aboutImports = 'check the import path (with its .ts ending), and that the packages are installed';
const aboutCode = 'correct the stack code at that line';

function failure(folder: string, thrown: Thrown, sources: readonly SourceText[]): InputError {
  if (thrown.refused !== undefined) {
    return refusedData(thrown.refused, { sources, called: findPlace(folder, thrown.stack) });
  }
  const isMissing = thrown.code === 'ERR_MODULE_NOT_FOUND';
  return failed(
    {
      place: findPlace(folder, thrown.stack),
      message: oneLine(folder, thrown.message),
      fix: isMissing ? aboutImports : aboutCode,
      next: isMissing ? 'npm ci' : 'npx tsc --noEmit',
    },
    `${thrown.name} was thrown and not caught, so there are no stacks to compare`,
  );
}

/** Stack code that does not compile. `place` is as the compiler names it, from the checkout. */
export function compilationRefusal(folder: string, place: SourcePlace | null, text: string): InputError {
  const isMissing = text.startsWith('Cannot find ');
  return failed(
    {
      place,
      message: oneLine(folder, text),
      fix: isMissing ? aboutImports : aboutCode,
      next: isMissing ? 'npm ci' : 'npx tsc --noEmit',
    },
    'it cannot be compiled, so there are no stacks to compare',
  );
}

/** A mistake in the data: at the lines that name the resource, else at the line that declares it. */
function refusedData(
  { where, problem, fix }: RefusedConstruct,
  { sources, called }: { readonly sources: readonly SourceText[]; readonly called: SourcePlace | null },
): InputError {
  const [stack = '', address = ''] = where.split('/');
  const [resource = '', ref] = (address === '' ? stack : address).split('#');
  const quoted = [...problem.matchAll(/"([^"]+)"/gu)].map(([, text = ''], at) => [String(at), text] as const);
  const written = sourcePlaces(
    sources.filter(({ path }) => isDataOf(path, stack)),
    {
      address: ref === undefined ? resource : `${resource}#rules[ref=${ref}]`,
      values: Object.fromEntries(quoted),
    },
  );
  const places = written.length > 0 ? written.slice(0, 4) : called === null ? [] : [called];
  const [place = null] = places;
  return new InputError({
    what: `${where}: ${problem}${placeText(place)}`,
    published: `stack code refuses its own data${placeText(place)}`,
    why: 'a configuration that is correct in part is worse than none, so there are no stacks to compare',
    fix: place === null ? fix : `Edit ${place.file}, line ${String(place.line)}: ${fix}`,
    next: 'sluice check',
    diagnostics: places.map((location) => ({ location, message: problem, fix })),
  });
}

/** Why this run of stack code is refused, or null. An attempt counts even when stack code caught the error. */
export function refusalOf(
  folder: string,
  report: SynthReport,
  sources: readonly SourceText[],
): InputError | null {
  const [violation] = report.violations;
  if (violation !== undefined) {
    return refusal(folder, violation);
  }
  return report.thrown === null ? null : failure(folder, report.thrown, sources);
}

function isReport(value: unknown): value is SynthReport {
  return (
    typeof value === 'object' &&
    value !== null &&
    'violations' in value &&
    Array.isArray(value.violations) &&
    'thrown' in value
  );
}

/** Reads the guard's report; null when there is none, which means that stack code did not end by itself. */
export function readReport(text: string | null): SynthReport | null {
  if (text === null) {
    return null;
  }
  try {
    const report = parseJson(text, limits.document);
    return isReport(report) ? report : null;
  } catch {
    return null;
  }
}

/** One line that stack code printed, safe to show: no control characters, no secrets, not endless. */
export function printedLine(line: string): string {
  const escaped = redact(line).replaceAll(
    // Control, formatting and direction characters.
    /[\p{Cc}\p{Cf}\u2028\u2029]/gu,
    (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  );
  return `stack code printed: ${escaped.length > 500 ? `${escaped.slice(0, 500)}…` : escaped}`;
}
