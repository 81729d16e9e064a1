/**
 * What one place in the code can be changed into. Every mutator returns the whole text that stands in for the node, made
 * from the source as it is: only one mutant is ever switched on, so nothing inside it needs to be a mutant too.
 */
import type { Node } from './tree.ts';
import { isNode, linksOf } from './tree.ts';

export interface Mutation {
  readonly mutator: string;
  readonly after: string;
}

type Text = (node: Node) => string;
type Mutator = (node: Node, text: Text) => readonly Mutation[];

const equality: Readonly<Record<string, readonly string[]>> = {
  '<': ['<=', '>='],
  '<=': ['<', '>'],
  '>': ['>=', '<='],
  '>=': ['>', '<'],
  '===': ['!=='],
  '!==': ['==='],
};
const arithmetic: Readonly<Record<string, string>> = { '+': '-', '-': '+', '*': '/', '/': '*', '%': '*' };
const logical: Readonly<Record<string, string>> = { '&&': '||', '||': '&&', '??': '&&' };
const assignments: Readonly<Record<string, string>> = { '+=': '-=', '-=': '+=', '*=': '/=', '??=': '&&=' };
const swapped: Readonly<Record<string, string>> = {
  some: 'every',
  every: 'some',
  startsWith: 'endsWith',
  endsWith: 'startsWith',
  toLowerCase: 'toUpperCase',
  toUpperCase: 'toLowerCase',
  min: 'max',
  max: 'min',
  find: 'findLast',
  findLast: 'find',
};
const dropped: ReadonlySet<string> = new Set(['trim', 'sort', 'toSorted', 'toReversed', 'filter', 'slice']);

const mutators: Readonly<Record<string, Mutator>> = {
  BinaryExpression: (node, text) => {
    const [operator, left, right] = parts(node, text);
    const isText = [left, right].some((side) => /^['"`]/.test(side));
    const other = isText ? undefined : arithmetic[operator];
    return [
      ...(equality[operator] ?? []).map((into) => change('equality', `(${left}) ${into} (${right})`)),
      ...(other === undefined ? [] : [change('arithmetic', `(${left}) ${other} (${right})`)]),
      ...(operator in equality ? truths : []),
    ];
  },
  LogicalExpression: (node, text) => {
    const [operator, left, right] = parts(node, text);
    const swap = change('logical', `(${left}) ${logical[operator] ?? ''} (${right})`);
    return operator === '??' ? [swap] : [swap, ...truths];
  },
  UnaryExpression: (node, text) => {
    const argument = isNode(node.argument) ? text(node.argument) : '';
    return node.operator === '!' || node.operator === '-' ? [change('unary', argument)] : [];
  },
  UpdateExpression: (node, text) => [
    change(
      'update',
      text(node).replace(/\+\+|--/, (sign) => (sign === '++' ? '--' : '++')),
    ),
  ],
  AssignmentExpression: (node, text) => {
    const [operator, left, right] = parts(node, text);
    const into = assignments[operator];
    return into === undefined ? [] : [change('assignment', `${left} ${into} ${right}`)];
  },
  Literal: (node, text) => {
    if (typeof node.value === 'boolean') {
      return [change('boolean', String(!node.value))];
    }
    if (node.regex !== undefined) {
      return regexes(text(node)).map((after) => change('regex', after));
    }
    return typeof node.value === 'string' ? strings(node.value) : [];
  },
  TemplateLiteral: (node, text) => strings(text(node).slice(1, -1)),
  ArrayExpression: (node) => [change('array', hasSome(node.elements) ? '[]' : "['mutant']")],
  ObjectExpression: (node) => (hasSome(node.properties) ? [change('object', '{}')] : []),
  ArrowFunctionExpression: (node) => (node.expression === true ? [change('arrow', '() => undefined')] : []),
  ChainExpression: (node, text) => [
    ...chains(text(node)).map((after) => change('optional-chaining', after)),
    ...linksOf(node).flatMap((link) =>
      methodCalls(link, text).map(({ mutator, after }) =>
        change(mutator, `${after}${text(node).slice(link.end - node.start)}`),
      ),
    ),
  ],
  CallExpression: (node, text) => methodCalls(node, text),
};

const truths = [change('conditional', 'true'), change('conditional', 'false')];

/** All changes of an expression. `isTest` is what decides a branch or a loop: that is also made always true and false. */
export function mutationsOf(node: Node, text: Text, isTest: 'branch' | 'loop' | 'no'): readonly Mutation[] {
  const own = mutators[node.type]?.(node, text) ?? [];
  if (isTest === 'loop') {
    return [
      ...own.filter(({ after }) => after !== 'true' && after !== 'false'),
      change('conditional', 'false'),
    ];
  }
  return isTest === 'no' || own.some(({ mutator }) => mutator === 'conditional') ? own : [...own, ...truths];
}

function change(mutator: string, after: string): Mutation {
  return { mutator, after };
}

function parts(node: Node, text: Text): readonly [string, string, string] {
  const [left, right] = [node.left, node.right];
  return [String(node.operator), isNode(left) ? text(left) : '', isNode(right) ? text(right) : ''];
}

function hasSome(list: unknown): boolean {
  return Array.isArray(list) && list.length > 0;
}

/** A text with a space in it is a sentence for a person; the README says why those are not counted. */
function strings(value: string): readonly Mutation[] {
  return /\s/.test(value) ? [] : [change('string', value === '' ? "'mutant'" : "''")];
}

function methodCalls(node: Node, text: Text): readonly Mutation[] {
  const { callee } = node;
  if (!isNode(callee) || callee.type !== 'MemberExpression' || callee.computed === true) {
    return [];
  }
  const [object, property] = [callee.object, callee.property];
  if (!isNode(object) || !isNode(property)) {
    return [];
  }
  const name = text(property);
  const into = Object.hasOwn(swapped, name) ? swapped[name] : undefined;
  const rest = text(node).slice(property.end - node.start);
  const head = text(node).slice(0, property.start - node.start);
  return [
    ...(into === undefined ? [] : [change('method', `${head}${into}${rest}`)]),
    ...(dropped.has(name) ? [change('method', text(object))] : []),
  ];
}

/** Each `?.` of a chain made unconditional. A `?.` inside brackets belongs to an expression of its own. */
function chains(source: string): readonly string[] {
  const found: string[] = [];
  let depth = 0;
  for (let at = 0; at < source.length; at += 1) {
    depth += Number('([{'.includes(source.charAt(at))) - Number(')]}'.includes(source.charAt(at)));
    if (depth === 0 && /^\?\.(?!\d)/.test(source.slice(at))) {
      const after = source.slice(at + 2);
      found.push(`${source.slice(0, at)}${/^[[(]/.test(after) ? '' : '.'}${after}`);
    }
  }
  return found;
}

const escapes: Readonly<Record<string, string>> = { d: 'D', D: 'd', s: 'S', S: 's', w: 'W', W: 'w' };

/** A regular expression without an anchor or a repetition, or with a class turned into its opposite. */
function regexes(literal: string): readonly string[] {
  const found: string[] = [];
  let isClass = false;
  for (let at = 1; at < literal.lastIndexOf('/'); at += 1) {
    const here = literal.charAt(at);
    const [before, after] = [literal.slice(0, at), literal.slice(at + 1)];
    if (here === '\\') {
      const opposite = escapes[after.charAt(0)];
      found.push(...(opposite === undefined ? [] : [`${before}\\${opposite}${after.slice(1)}`]));
      at += 1;
    } else if (isClass || here === '[') {
      found.push(
        ...(isClass ? [] : [after.startsWith('^') ? `${before}[${after.slice(1)}` : `${before}[^${after}`]),
      );
      isClass = here !== ']';
    } else if ('^$+*'.includes(here)) {
      found.push(`${before}${after}`);
    }
  }
  return found;
}
