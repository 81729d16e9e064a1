/**
 * Reads what a source file imports and which names of the outside world it uses, from its syntax tree: a word in a
 * comment or in a text is never taken for code, and an import is seen however it is written.
 */
import { parseAst } from 'vitest/node';

export interface ImportOf {
  /** As written, for example `../plan/json.ts` or `node:fs`. Null for an import whose name is computed. */
  readonly specifier: string | null;
  /** True when nothing of it is left at run time. */
  readonly typeOnly: boolean;
  /** True for `import()`: loaded when the line runs, not when the file does. */
  readonly lazy: boolean;
}

export interface SourceFacts {
  readonly imports: readonly ImportOf[];
  /** Reads of the clock, chance, the process, the locale or the network, as they would be written. */
  readonly outside: readonly string[];
  /** Names of the interfaces, type aliases and classes that it declares. */
  readonly types: readonly string[];
  /** Names of the functions, constants and types that it declares, with those inside functions. */
  readonly declared: readonly string[];
}

type Node = Readonly<Record<string, unknown>>;

const outsideGlobals: ReadonlySet<string> = new Set([
  'process',
  'globalThis',
  'console',
  'fetch',
  'WebSocket',
  'setTimeout',
  'setInterval',
  'setImmediate',
  'performance',
  'crypto',
  'navigator',
]);

/** Members that read the clock, chance, or the time zone of the machine. */
const outsideMembers: ReadonlySet<string> = new Set([
  'getDate',
  'getDay',
  'getFullYear',
  'getHours',
  'getMinutes',
  'getMonth',
  'getTimezoneOffset',
]);

/** Methods that take the locale of the machine unless it is named, with the arguments they then have. */
const localeMethods: ReadonlyMap<string, number> = new Map([
  ['localeCompare', 2],
  ['toLocaleLowerCase', 1],
  ['toLocaleString', 1],
  ['toLocaleUpperCase', 1],
]);

/** Imports and outside names of one TypeScript or JavaScript source. Throws on source that does not parse. */
export function readSource(text: string, path: string): SourceFacts {
  const imports: ImportOf[] = [];
  const outside: string[] = [];
  const types: string[] = [];
  const declared: string[] = [];
  visit(
    parseAst(text, { lang: path.endsWith('.ts') ? 'ts' : 'js' }, path) as unknown as Node,
    null,
    (node, parent) => {
      const found = importIn(node);
      if (found !== null) {
        imports.push(found);
      }
      const name = outsideName(node, parent);
      if (name !== null) {
        outside.push(name);
      }
      const type = String(node['type']);
      if (typeDeclarations.has(type)) {
        types.push(nameOf(node['id']));
      }
      if (typeDeclarations.has(type) || valueDeclarations.has(type)) {
        declared.push(nameOf(node['id']));
      }
    },
  );
  return { imports, outside, types, declared };
}

const typeDeclarations: ReadonlySet<string> = new Set([
  'TSInterfaceDeclaration',
  'TSTypeAliasDeclaration',
  'ClassDeclaration',
]);
const valueDeclarations: ReadonlySet<string> = new Set(['FunctionDeclaration', 'VariableDeclarator']);

function visit(node: Node, parent: Node | null, see: (node: Node, parent: Node | null) => void): void {
  see(node, parent);
  for (const value of Object.values(node)) {
    for (const child of Array.isArray(value) ? (value as readonly unknown[]) : [value]) {
      if (isNode(child)) {
        visit(child, node, see);
      }
    }
  }
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && typeof (value as Node)['type'] === 'string';
}

function importIn(node: Node): ImportOf | null {
  switch (node['type']) {
    case 'ImportDeclaration':
      return { specifier: literal(node['source']), typeOnly: isTypeOnly(node, 'importKind'), lazy: false };
    case 'ExportNamedDeclaration':
    case 'ExportAllDeclaration':
      return isNode(node['source'])
        ? { specifier: literal(node['source']), typeOnly: isTypeOnly(node, 'exportKind'), lazy: false }
        : null;
    case 'ImportExpression':
      return { specifier: literal(node['source']), typeOnly: false, lazy: true };
    case 'TSImportType':
      return { specifier: literal(node['source']), typeOnly: true, lazy: false };
    default:
      return null;
  }
}

/** `import type { A }`, or `import { type A }` with nothing else in the braces. */
function isTypeOnly(node: Node, kind: 'importKind' | 'exportKind'): boolean {
  const specifiers = Array.isArray(node['specifiers']) ? (node['specifiers'] as readonly Node[]) : [];
  return (
    node[kind] === 'type' ||
    (specifiers.length > 0 && specifiers.every((specifier) => specifier[kind] === 'type'))
  );
}

function literal(node: unknown): string | null {
  return isNode(node) && typeof node['value'] === 'string' ? node['value'] : null;
}

function outsideName(node: Node, parent: Node | null): string | null {
  switch (node['type']) {
    case 'NewExpression':
      return isCalled(node, 'Date') && argumentCount(node) === 0 ? 'new Date()' : null;
    case 'CallExpression':
      return isCalled(node, 'Date') ? 'Date()' : localeName(node);
    case 'MemberExpression':
      return memberName(node);
    case 'Identifier':
      return isUse(node, parent) && outsideGlobals.has(String(node['name'])) ? String(node['name']) : null;
    default:
      return null;
  }
}

function localeName(call: Node): string | null {
  const name = isNode(call['callee']) ? nameOf(call['callee']['property']) : '';
  const needed = localeMethods.get(name);
  return needed !== undefined && argumentCount(call) < needed ? `${name} without a locale` : null;
}

function memberName(node: Node): string | null {
  const { object, property } = node;
  const name = nameOf(property);
  const whole = `${nameOf(object)}.${name}`;
  return outsideMembers.has(name) || whole === 'Date.now' || whole === 'Math.random' ? whole : null;
}

/** Of an identifier, or of a member in brackets: `a['b']`. Empty for anything that has no name of its own. */
function nameOf(node: unknown): string {
  const name = isNode(node) ? (node['name'] ?? node['value']) : null;
  return typeof name === 'string' ? name : '';
}

function isCalled(node: Node, name: string): boolean {
  return isNode(node['callee']) && node['callee']['type'] === 'Identifier' && node['callee']['name'] === name;
}

function argumentCount(node: Node): number {
  return Array.isArray(node['arguments']) ? node['arguments'].length : 0;
}

/** False for a name that is only a label: a property, a key, the name of a type's member. */
function isUse(node: Node, parent: Node | null): boolean {
  if (parent === null || parent['computed'] === true) {
    return true;
  }
  const isLabel = parent['property'] === node || (parent['key'] === node && parent['value'] !== node);
  return !isLabel && !String(parent['type']).endsWith('Specifier');
}
