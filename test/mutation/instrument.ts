/**
 * Writes every mutant of a file into it, each behind a switch: `__mutant(7) ? mutated : original`. One build then serves
 * all mutants, and a test run picks one by its number.
 */
import { mutationsOf } from './mutators.ts';
import { childrenOf, isNode, linksOf, parse } from './tree.ts';
import type { Node } from './tree.ts';

export interface Mutant {
  readonly id: number;
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly mutator: string;
  readonly before: string;
  readonly after: string;
  /** What stands in for the text from `start` to `end`, to make a file that is the mutant. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

export interface Instrumented {
  readonly code: string;
  readonly mutants: readonly Mutant[];
}

/** The file with its mutants, numbered from `first` on. */
export function instrument(file: string, source: string, first: number): Instrumented {
  const mutants: Mutant[] = [];
  const links = new Set<Node>();
  const text = ({ start, end }: Node): string => source.slice(start, end);

  const added = (node: Node, mutator: string, after: string, from = node.start): string => {
    const before = source.slice(0, node.start);
    mutants.push({
      id: first + mutants.length,
      file,
      line: before.split('\n').length,
      column: node.start - before.lastIndexOf('\n'),
      mutator,
      before: oneLine(text(node)),
      after: oneLine(after),
      text: after,
      start: from,
      end: node.end,
    });
    return `__mutant(${String(first + mutants.length - 1)})`;
  };

  const inside = (node: Node, from: number, to: number): string => {
    let [out, at] = ['', from];
    for (const child of childrenOf(node).filter(({ start, end }) => start >= from && end <= to)) {
      out += source.slice(at, child.start) + render(child, node);
      at = child.end;
    }
    return out + source.slice(at, to);
  };

  const render = (node: Node, parent: Node): string => {
    if (node.type === 'BlockStatement') {
      const isEmpty = !Array.isArray(node.body) || node.body.length === 0;
      const body = inside(node, node.start, node.end);
      return isEmpty ? body : `{if (${added(node, 'block', '{}')}) {} else ${body}}`;
    }
    if (node.type === 'SwitchCase' && Array.isArray(node.consequent) && isNode(node.consequent[0])) {
      const { start } = node.consequent[0];
      const head = inside(node, node.start, start);
      return `${head} if (${added(node, 'case', '', start)}) {} else {${inside(node, start, node.end)}}`;
    }
    if (node.type === 'ChainExpression') {
      linksOf(node).forEach((link) => links.add(link));
    }
    const mutations = links.has(node) ? [] : mutationsOf(node, text, testOf(node, parent));
    const switches = mutations
      .filter(({ after }) => !isSaidAlready(after, parent) && !isEmptied(after, node, parent))
      .map(({ mutator, after }) => `${added(node, mutator, after)} ? (${after}) : `);
    const original = inside(node, node.start, node.end);
    return switches.length === 0 ? original : `(${switches.join('')}(${original}))`;
  };

  const program = parse(source);
  return { code: inside(program, 0, source.length), mutants };
}

function testOf(node: Node, parent: Node): 'branch' | 'loop' | 'no' {
  if (parent.test !== node || parent.type === 'SwitchCase') {
    return 'no';
  }
  return parent.type === 'IfStatement' || parent.type === 'ConditionalExpression' ? 'branch' : 'loop';
}

/** Without an `else`, never entering a block is what an empty block is; the block has that mutant already. */
function isEmptied(after: string, node: Node, parent: Node): boolean {
  return (
    after === 'false' &&
    parent.type === 'IfStatement' &&
    parent.test === node &&
    parent.alternate === null &&
    isNode(parent.consequent) &&
    parent.consequent.type === 'BlockStatement'
  );
}

/** `false && b` is what `false` for the whole would be; the whole has that mutant already. So has `true || b`. */
function isSaidAlready(after: string, parent: Node): boolean {
  return (
    parent.type === 'LogicalExpression' &&
    ((parent.operator === '&&' && after === 'false') || (parent.operator === '||' && after === 'true'))
  );
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ');
}
