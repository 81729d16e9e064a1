/** The sources of a stack with an emergency move in them: a file that holds nothing else, and the line that takes it up. */
import { expressionOf, titleOf, type EmergencyRequest } from './moves.ts';

export interface Move {
  readonly request: Exclude<EmergencyRequest, { readonly move: 'roll-back' }>;
  readonly zone: string;
  /** `INC-41`. */
  readonly incident: string;
  /** Last day, YYYY-MM-DD. */
  readonly expires: string;
}

type List = 'limits' | 'off' | 'rules' | 'underAttack';

const lists: readonly List[] = ['rules', 'limits', 'underAttack', 'off'];

export interface NewFile {
  readonly stack: string;
  /** What constructs are imported from, as this file names it. */
  readonly library: string;
}

/** The file of emergency moves with another one, newest first; null where the place for it is not found in `text`. */
export function withMove(text: string | null, move: Move, file: NewFile): string | null {
  const before = text ?? emptyFile(file);
  const { list, fields } = entryOf(move, before);
  const entry = ['    {', ...fields.map(([name, value]) => fieldText(name, value)), '    },'].join('\n');
  const empty = `\n  ${list}: [],\n`;
  const filled = `\n  ${list}: [\n`;
  if (before.includes(empty)) {
    return before.replace(empty, () => `${filled}${entry}\n  ],\n`);
  }
  return before.includes(filled) ? before.replace(filled, () => `${filled}${entry}\n`) : null;
}

/** Whether the file has the same move already, for this incident, whatever its ref and its day. */
export function hasMove(text: string, move: Move): boolean {
  const same = entryOf(move, text)
    .fields.filter(([name]) => name !== 'ref' && name !== 'expires')
    .map(([name, value]) => `${fieldText(name, value)}\n`);
  return text.split('    {\n').some((entry) => same.every((line) => entry.includes(line)));
}

/** An entry of the file, as far as it says which it is. */
export interface WrittenMove {
  readonly zone: string;
  readonly incident: string;
  /** Null for one that a change has kept. */
  readonly expires: string | null;
  /** Of the rule that it makes, or that it switches off. */
  readonly ref: string;
  /** What it is called; null for a rule that is switched off. */
  readonly description: string | null;
}

const entryForm = /^ {4}\{\n(?:(?! {4}\},\n).*\n)* {4}\},\n/gmu;

/** The entries that are written as `sluice emergency` writes them, in their order. */
export function movesIn(text: string): readonly WrittenMove[] {
  return [...text.matchAll(entryForm)].map(([entry]) => moveIn(entry));
}

/** The file without the entries that are `wanted`; a list that had no others is empty again. */
export function withoutMoves(text: string, wanted: (move: WrittenMove) => boolean): string {
  return text
    .replaceAll(entryForm, (entry) => (wanted(moveIn(entry)) ? '' : entry))
    .replaceAll(/\[\n {2}\]/gu, '[]');
}

/** The file in which the entries that are `wanted` have no end any more: `change` keeps them. */
export function withKept(text: string, wanted: (move: WrittenMove) => boolean, change: string): string {
  return text.replaceAll(entryForm, (entry) =>
    wanted(moveIn(entry))
      ? entry.replace(/^ {6}expires:\s+'[^']*',$/mu, `      keptBy: '${change}',`)
      : entry,
  );
}

function moveIn(entry: string): WrittenMove {
  const field = (name: string): string | null => {
    const [, single, double] =
      new RegExp(`^ {6}${name}:\\s+(?:'([^']*)'|("(?:[^"\\\\]|\\\\.)*")),$`, 'mu').exec(entry) ?? [];
    return double === undefined ? (single?.replaceAll('\\\\', '\\') ?? null) : unquoted(double);
  };
  return {
    zone: field('zone') ?? '',
    incident: field('incident') ?? '',
    expires: field('expires'),
    ref: field('ref') ?? field('off') ?? '',
    description: field('description'),
  };
}

/** The inverse of `quoted`. */
function unquoted(text: string): string {
  return text.slice(1, -1).replaceAll(/\\(.)/gu, '$1');
}

function emptyFile({ stack, library }: NewFile): string {
  return `/** Emergency moves of ${stack}, newest first. Each ends on a day; what is over is taken out by a change of its own. */
import type { EmergencyMoves } from '${library}';

export const emergency: EmergencyMoves = {
${lists.map((list) => `  ${list}: [],`).join('\n')}
};
`;
}

type Field = readonly [name: string, value: number | string];

function entryOf(
  { request, zone, incident, expires }: Move,
  before: string,
): { readonly list: List; readonly fields: readonly Field[] } {
  const common: readonly Field[] = [
    ['zone', zone],
    ['incident', incident],
    ['expires', expires],
  ];
  const named: readonly Field[] = [
    ['ref', freeRef(`${incident.toLowerCase()}-${request.move}`, before)],
    ['description', titleOf(request)],
  ];
  switch (request.move) {
    case 'block':
    case 'challenge':
      return {
        list: 'rules',
        fields: [
          ...common,
          ...named,
          ['action', request.move === 'block' ? 'block' : 'managed_challenge'],
          ['expression', expressionOf(request.target)],
        ],
      };
    case 'limit':
      return {
        list: 'limits',
        fields: [
          ...common,
          ...named,
          ['expression', expressionOf(request.target)],
          ['requestsPerMinute', request.perMinute],
        ],
      };
    case 'under-attack':
      return {
        list: 'underAttack',
        fields: [...common, ...named, ...(request.host === null ? [] : [['host', request.host] as const])],
      };
    case 'disable':
      return { list: 'off', fields: [...common, ['off', request.ref]] };
    default:
      throw new Error(`move that is not known: ${JSON.stringify(request satisfies never)}`);
  }
}

/** Several moves for one incident have a number each. */
function freeRef(wanted: string, text: string): string {
  const isTaken = (ref: string): boolean => text.includes(`ref: '${ref}'`);
  for (let nth = 1; ; nth += 1) {
    const ref = nth === 1 ? wanted : `${wanted}-${String(nth)}`;
    if (!isTaken(ref)) {
      return ref;
    }
  }
}

/** As the formatter leaves it: 110 columns. */
function fieldText(name: string, value: number | string): string {
  const written = typeof value === 'number' ? String(value) : quoted(value);
  const line = `      ${name}: ${written},`;
  return line.length <= 110 ? line : `      ${name}:\n        ${written},`;
}

function quoted(text: string): string {
  return text.includes("'") ? JSON.stringify(text) : `'${text.replaceAll('\\', '\\\\')}'`;
}

/** The program of a stack that takes up its emergency moves; null where its declaration is not found as it was written. */
export function takingUp(program: string, declaration: string, environment: string): string | null {
  const call = '  stack.inEmergency(emergency);\n';
  if (program.includes(call)) {
    return program;
  }
  const head = `export function ${declaration}(stack: EstateStack): void {\n`;
  const lastImport = `\n${program}`.lastIndexOf('\nimport ');
  const end = program.indexOf(';\n', lastImport);
  if (!program.includes(head) || lastImport < 0 || end < 0) {
    return null;
  }
  const imported = `import { emergency } from './emergency/${environment}.ts';\n`;
  return `${program.slice(0, end + 2)}${imported}${program.slice(end + 2)}`.replace(
    head,
    () => `${head}${call}`,
  );
}
