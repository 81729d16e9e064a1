/**
 * Which file reads which field of a change record. The type of a record is copied with a mark on every field, and the
 * type-aware linter says wherever one that is marked is read, under whatever name the value goes: by a dot or by taking it
 * apart. It does not follow names in brackets, so it says where there are any. What treats all fields alike (the schema, the digest, the search for placeholders) reads none.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseAst } from 'vitest/node';

const root = new URL('../../..', import.meta.url).pathname;
const typeFile = 'policies/model/record.ts';

interface Node {
  readonly type: string;
  readonly start: number;
  readonly [field: string]: unknown;
}

export interface Readers {
  /** Paths of fields, as `plan.steps[].actor`, with the files that read them. */
  readonly byField: ReadonlyMap<string, readonly string[]>;
  /** Files that read a field of anything, of a record maybe, by a name in brackets. */
  readonly inBrackets: readonly string[];
}

/** Of the product, and of `more` sources beside it. */
export function recordReaders(more: Readonly<Record<string, string>>): Readers {
  const source = readFileSync(join(root, typeFile), 'utf8');
  const paths = pathsIn(source);
  const folder = mkdtempSync(join(tmpdir(), 'record-readers-'));
  try {
    for (const name of ['policies', 'scripts', 'stacks', 'changes', 'tsconfig.json', 'package.json']) {
      cpSync(join(root, name), join(folder, name), { recursive: true });
    }
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
    writeFileSync(join(folder, typeFile), marked(source, [...paths.keys()]));
    mkdirSync(join(folder, 'scripts/more'));
    for (const [path, text] of Object.entries(more)) {
      writeFileSync(join(folder, path), text);
    }
    const seen = seenBy(folder);
    const inBrackets = seen.filter(({ code }) => code.includes('dot-notation'));
    return { byField: readersOf(paths, seen), inBrackets: inBrackets.map(({ filename }) => filename) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const declarations: ReadonlySet<string> = new Set(['TSInterfaceDeclaration', 'TSTypeAliasDeclaration']);

type Interfaces = ReadonlyMap<string, Node>;

/** Where each field is declared, with every path that leads there: a type that is used twice has two. */
function pathsIn(source: string): ReadonlyMap<number, readonly string[]> {
  const interfaces = new Map<string, Node>();
  for (const statement of childrenOf(parseAst(source, { lang: 'ts' }) as unknown as Node)) {
    const declared = statement.type === 'TSInterfaceDeclaration' ? statement : statement['declaration'];
    if (isNode(declared) && declarations.has(declared.type)) {
      interfaces.set(nameOf(declared['id']), declared);
    }
  }
  const found = new Map<number, string[]>();
  collect(interfaces.get('AuthoredRecord'), '', { interfaces, found });
  collect(interfaces.get('ChangeRecord'), '', { interfaces, found });
  return found;
}

interface Collecting {
  readonly interfaces: Interfaces;
  readonly found: Map<number, string[]>;
}

function collect(node: Node | undefined, path: string, into: Collecting): void {
  if (node === undefined) {
    return;
  }
  switch (node.type) {
    case 'TSPropertySignature': {
      const own = `${path}${path === '' ? '' : '.'}${nameOf(node['key'])}`;
      into.found.set(node.start, [...new Set([...(into.found.get(node.start) ?? []), own])]);
      childrenOf(node).forEach((child) => {
        collect(child, own, into);
      });
      return;
    }
    case 'TSTypeReference':
      collect(into.interfaces.get(nameOf(node['typeName'])), path, into);
      childrenOf(node).forEach((child) => {
        collect(child, path, into);
      });
      return;
    // A part of another type: its fields are declared, and marked, there.
    case 'TSIndexedAccessType':
    case 'TSInterfaceHeritage':
      return;
    default: {
      const inside = node.type === 'TSArrayType' ? `${path}[]` : path;
      childrenOf(node).forEach((child) => {
        collect(child, inside, into);
      });
    }
  }
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && typeof (value as Node)['type'] === 'string';
}

function childrenOf(node: Node): readonly Node[] {
  return Object.values(node)
    .flatMap((value) => (Array.isArray(value) ? (value as readonly unknown[]) : [value]))
    .filter(isNode);
}

function nameOf(node: unknown): string {
  const name = isNode(node) ? node['name'] : null;
  return typeof name === 'string' ? name : '';
}

function marked(source: string, starts: readonly number[]): string {
  let [text, at] = ['', 0];
  for (const start of starts.toSorted((a, b) => a - b)) {
    text += `${source.slice(at, start)}\n/** @deprecated field-${String(start)}. */\n`;
    at = start;
  }
  return text + source.slice(at);
}

interface Seen {
  readonly code: string;
  readonly filename: string;
  readonly message: string;
}

function seenBy(folder: string): readonly Seen[] {
  const rules = { 'typescript/no-deprecated': 'error', 'typescript/dot-notation': 'error' };
  const config = { plugins: ['typescript'], categories: { correctness: 'off' }, rules };
  writeFileSync(join(folder, 'readers.json'), JSON.stringify(config));
  const { stdout, stderr } = spawnSync(
    join(root, 'node_modules/.bin/oxlint'),
    ['--type-aware', '--config', 'readers.json', '--format', 'json', 'policies', 'scripts'],
    { cwd: folder, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 },
  );
  if (!stdout.trimStart().startsWith('{')) {
    throw new Error(`the linter gave no answer: ${stderr}${stdout.slice(0, 500)}`);
  }
  return (JSON.parse(stdout) as { readonly diagnostics: readonly Seen[] }).diagnostics;
}

function readersOf(
  paths: ReadonlyMap<number, readonly string[]>,
  seen: readonly Seen[],
): ReadonlyMap<string, readonly string[]> {
  const readers = new Map<string, Set<string>>(
    [...paths.values()].flat().map((path) => [path, new Set<string>()]),
  );
  for (const { filename, message } of seen) {
    const start = Number(/field-(\d+)/.exec(message)?.[1] ?? Number.NaN);
    (paths.get(start) ?? []).forEach((path) => readers.get(path)?.add(filename));
  }
  return new Map([...readers].map(([path, files]) => [path, [...files].toSorted()]));
}
