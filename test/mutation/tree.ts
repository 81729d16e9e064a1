/** The little that the mutators need to know about the syntax tree of a TypeScript file. */
import { parseAst } from 'vitest/node';

export interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly operator?: unknown;
  readonly argument?: unknown;
  readonly left?: unknown;
  readonly right?: unknown;
  readonly value?: unknown;
  readonly regex?: unknown;
  readonly elements?: unknown;
  readonly properties?: unknown;
  readonly expression?: unknown;
  readonly callee?: unknown;
  readonly object?: unknown;
  readonly property?: unknown;
  readonly computed?: unknown;
  readonly shorthand?: unknown;
  readonly source?: unknown;
  readonly body?: unknown;
  readonly consequent?: unknown;
  readonly test?: unknown;
  readonly alternate?: unknown;
}

export function parse(source: string): Node {
  return parseAst(source, { lang: 'ts' });
}

export function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value;
}

/** Fields that hold types, names or places that are written to: nothing in them is an expression that could be changed. */
const silent: ReadonlySet<string> = new Set([
  'typeAnnotation',
  'typeParameters',
  'typeArguments',
  'returnType',
  'id',
  'quasi',
]);

/** The children that hold code, in the order of the source. */
export function childrenOf(node: Node): readonly Node[] {
  if (isSilent(node)) {
    return [];
  }
  return Object.entries(node)
    .filter(([field]) => !silent.has(field) && !isName(node, field))
    .flatMap(([, value]) => (Array.isArray(value) ? (value as readonly unknown[]) : [value]))
    .filter((value) => isNode(value))
    .toSorted((a, b) => a.start - b.start);
}

const wrappers: ReadonlySet<string> = new Set([
  'TSAsExpression',
  'TSSatisfiesExpression',
  'TSNonNullExpression',
]);

function isSilent({ type, source, shorthand }: Node): boolean {
  const isType = type.startsWith('TS') && !wrappers.has(type);
  return isType || isNode(source) || shorthand === true;
}

function isName(node: Node, field: string): boolean {
  return (
    (field === 'key' && node.computed !== true) ||
    (field === 'property' && node.computed !== true) ||
    (field === 'left' && (node.type === 'AssignmentExpression' || node.type === 'AssignmentPattern')) ||
    (field === 'argument' && node.type === 'UpdateExpression')
  );
}

/** The steps of `a?.b.c(d)` from the outside in: its calls and members, whose brackets would end the short way out. */
export function linksOf(chain: Node): readonly Node[] {
  const links: Node[] = [];
  let here: unknown = chain.expression;
  while (isNode(here) && (here.type === 'CallExpression' || here.type === 'MemberExpression')) {
    links.push(here);
    here = here.type === 'CallExpression' ? here.callee : here.object;
  }
  return links;
}
