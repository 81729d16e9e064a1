/**
 * The language evaluated the slow and plain way, to compare the compiled one with: it walks the tree for every request,
 * scans sets, compares addresses bit by bit and asks JavaScript's regular expressions. Shares nothing with the compiler
 * but the tree and the form of values. Knows the functions that the random expressions use, and no other.
 */
import type {
  Argument,
  Expression,
  IpAddress,
  ListName,
  SetElement,
  ValueNode,
} from '../../../scripts/waf/language/ast.ts';
import { isArray, isIp, PartialMap } from '../../../scripts/waf/evaluate/runtime.ts';
import type { RequestFields, RuntimeValue } from '../../../scripts/waf/evaluate/runtime.ts';

/** `null` is unknown, `undefined` missing. */
type Naive = RuntimeValue | null | undefined;
type Answer = boolean | null;

export interface NaiveSettings {
  readonly missingNotEqual: boolean;
}

class Evaluator {
  readonly #fields: RequestFields['fields'];
  readonly #settings: NaiveSettings;

  constructor(request: RequestFields, settings: NaiveSettings) {
    this.#fields = request.fields;
    this.#settings = settings;
  }

  answer(expression: Expression): Answer {
    switch (expression.kind) {
      case 'group':
        return this.answer(expression.inner);
      case 'not':
        return not(this.answer(expression.operand));
      case 'constant':
        return expression.value;
      case 'logical':
        return fold(
          expression.operator,
          expression.operands.map((operand) => this.answer(operand)),
        );
      case 'truth': {
        const value = this.value(expression.value);
        return value === null ? null : value === true;
      }
      case 'comparison':
        return this.compare(expression, this.value(expression.left));
      case 'invalid':
        throw new Error('an expression that was refused');
    }
  }

  /** Compares one value, known to be no array of a `[*]`. */
  compare(comparison: Extract<Expression, { readonly kind: 'comparison' }>, left: Naive): Answer {
    const { operator, right } = comparison;
    const whenMissing = operator === 'ne' && this.#settings.missingNotEqual;
    if (right.kind === 'field' || right.kind === 'call') {
      const other = this.value(right);
      if (left === null || other === null) {
        return null;
      }
      return left === undefined || other === undefined
        ? whenMissing
        : inOrder(operator, anyOrder(left, other));
    }
    if (left === null || left === undefined) {
      return left === null ? null : whenMissing;
    }
    return right.kind === 'list' ? null : compareLiteral(operator, left, right);
  }

  value(value: ValueNode): Naive {
    let current: Naive =
      value.kind === 'field' ? this.#field(value.name) : this.#call(value.name, value.args);
    let many: readonly Naive[] | null = null;
    for (const accessor of value.accessors) {
      const step = (from: Naive): Naive => follow(from, accessor);
      if (accessor.kind === 'each') {
        const elements: readonly Naive[] = many ?? [current];
        if (elements.includes(null)) {
          return null;
        }
        const all = elements.map(step);
        if (all.includes(null)) {
          return null;
        }
        if (many === null && all[0] === undefined) {
          return undefined;
        }
        many = all.flatMap((one) => (one !== undefined && one !== null && isArray(one) ? one : []));
      } else if (many === null) {
        current = step(current);
      } else {
        many = many.map(step).filter((one) => one !== undefined);
      }
    }
    return many === null ? current : many.includes(null) ? null : (many as readonly RuntimeValue[]);
  }

  #field(name: string): Naive {
    return this.#fields.get(name) ?? null;
  }

  #call(name: string, args: readonly Argument[]): Naive {
    const [first] = args;
    if (first?.kind === 'test') {
      return this.#quantified(name === 'all', first.test);
    }
    const values = args.map((argument) => this.#argument(argument));
    if (name === 'coalesce') {
      return values.find((value) => value !== undefined);
    }
    if (values.includes(null)) {
      return null;
    }
    if (first?.kind === 'field' && first.spread) {
      const [elements, ...rest] = values;
      return elements === undefined
        ? undefined
        : (elements as readonly RuntimeValue[])
            .map((element) => apply(name, [element, ...rest]))
            .filter((one): one is RuntimeValue => one !== undefined && one !== null);
    }
    return apply(name, values);
  }

  #argument(argument: Argument): Naive {
    switch (argument.kind) {
      case 'field':
      case 'call':
        return this.value(argument);
      case 'string':
        return argument.bytes;
      case 'int':
        return Number(argument.value);
      case 'ip':
        return argument.address;
      case 'test':
        throw new Error('a test where a value stands');
    }
  }

  #quantified(isAll: boolean, test: Expression): Answer {
    const answers = this.#each(test);
    return answers === null ? null : fold(isAll ? 'and' : 'or', answers);
  }

  /** One answer per element. */
  #each(test: Expression): readonly Answer[] | null {
    switch (test.kind) {
      case 'group':
        return this.#each(test.inner);
      case 'not':
        return this.#each(test.operand)?.map(not) ?? null;
      case 'comparison': {
        const elements = this.value(test.left);
        if (elements === null) {
          return null;
        }
        return elements === undefined
          ? []
          : (elements as readonly RuntimeValue[]).map((element) => this.compare(test, element));
      }
      case 'truth':
      case 'logical':
      case 'constant':
      case 'invalid':
        throw new Error('a test that the random expressions do not have');
    }
  }
}

export function naiveAnswer(expression: Expression, request: RequestFields, settings: NaiveSettings): Answer {
  return new Evaluator(request, settings).answer(expression);
}

function compareLiteral(
  operator: string,
  left: RuntimeValue,
  right: Exclude<Extract<Expression, { readonly kind: 'comparison' }>['right'], ValueNode | ListName>,
): boolean {
  switch (right.kind) {
    case 'set':
      return right.elements.some((element) => isIn(left, element));
    case 'string':
      return textTest(operator, left as string, right.bytes);
    case 'int':
      return operator === 'bitwise_and'
        ? (BigInt(left as number) & right.value) !== 0n
        : inOrder(operator, numberOrder(BigInt(left as number), right.value));
    case 'ip':
      return inOrder(operator, isIp(left) ? addressOrder(left, right.address) : null);
  }
}

function not(answer: Answer): Answer {
  return answer === null ? null : !answer;
}

function fold(operator: 'and' | 'or' | 'xor', answers: readonly Answer[]): Answer {
  if (operator === 'xor') {
    return answers.includes(null) ? null : answers.filter((answer) => answer).length % 2 === 1;
  }
  const deciding = operator === 'or';
  if (answers.includes(deciding)) {
    return deciding;
  }
  return answers.includes(null) ? null : !deciding;
}

function keyOf({ known }: PartialMap, key: string): Naive {
  const found = known.get(key);
  return found === undefined ? null : (found ?? undefined);
}

function follow(from: Naive, accessor: ValueNode['accessors'][number]): Naive {
  if (from === null || from === undefined) {
    return from;
  }
  if (from instanceof PartialMap) {
    return accessor.kind === 'key' ? keyOf(from, accessor.key) : null;
  }
  const map = from instanceof Map ? (from as ReadonlyMap<string, RuntimeValue>) : null;
  switch (accessor.kind) {
    case 'each':
      return map === null ? from : [...map.values()];
    case 'key':
      return map?.get(accessor.key);
    case 'index':
      return isArray(from) ? from[accessor.index] : undefined;
  }
}

function apply(name: string, [source, ...rest]: readonly Naive[]): Naive {
  if (name === 'concat') {
    return [source, ...rest].map((part) => (typeof part === 'string' ? part : '')).join('');
  }
  if (source === undefined || source === null || rest.includes(undefined)) {
    return undefined;
  }
  if (name === 'has_key') {
    const key = rest[0] as string;
    if (source instanceof PartialMap) {
      const found = keyOf(source, key);
      return found === null ? null : found !== undefined;
    }
    return (source as ReadonlyMap<string, RuntimeValue>).has(key);
  }
  return applyText(name, source as string, rest);
}

function applyText(name: string, text: string, rest: readonly Naive[]): Naive {
  const first = typeof rest[0] === 'string' ? rest[0] : '';
  switch (name) {
    case 'lower':
      return lowered(text);
    case 'upper':
      return Array.from(text, (byte) => (byte >= 'a' && byte <= 'z' ? byte.toUpperCase() : byte)).join('');
    case 'len':
      return text.length;
    case 'starts_with':
      return text.slice(0, first.length) === first;
    case 'ends_with':
      return first === '' || text.slice(-first.length) === first;
    case 'remove_bytes':
      return Array.from(text)
        .filter((byte) => !first.includes(byte))
        .join('');
    case 'substring':
      return slice(text, rest as readonly number[]);
    case 'url_decode':
      return decoded(text, rest.length > 0);
    default:
      throw new Error(`${name}() is not known here`);
  }
}

function lowered(text: string): string {
  return Array.from(text, (byte) => (byte >= 'A' && byte <= 'Z' ? byte.toLowerCase() : byte)).join('');
}

function slice(text: string, [start = 0, end]: readonly number[]): string | undefined {
  return start > text.length ? undefined : text.slice(start, end);
}

function decoded(text: string, isRepeated: boolean): string {
  let before = text;
  for (;;) {
    let after = '';
    for (let at = 0; at < before.length; at += 1) {
      const code = before.slice(at + 1, at + 3);
      if (before[at] === '%' && /^[0-9a-f]{2}$/i.test(code)) {
        after += String.fromCharCode(Number.parseInt(code, 16));
        at += 2;
      } else {
        after += before[at] === '+' ? ' ' : (before[at] ?? '');
      }
    }
    if (!isRepeated || after === before) {
      return after;
    }
    before = after;
  }
}

function numberOrder(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function addressOrder(
  a: { readonly family: number; readonly value: bigint },
  b: { readonly family: number; readonly value: bigint },
): number | null {
  return a.family === b.family ? numberOrder(a.value, b.value) : null;
}

function anyOrder(a: RuntimeValue, b: RuntimeValue): number | null {
  if (typeof a === 'string' && typeof b === 'string') {
    return Buffer.compare(Buffer.from(a, 'latin1'), Buffer.from(b, 'latin1'));
  }
  if (typeof a === 'number' && typeof b === 'number') {
    return a - b;
  }
  return isIp(a) && isIp(b) ? addressOrder(a, b) : null;
}

function inOrder(operator: string, order: number | null): boolean {
  switch (operator) {
    case 'eq':
      return order === 0;
    case 'ne':
      return order !== 0;
    case 'lt':
      return order !== null && order < 0;
    case 'le':
      return order !== null && order <= 0;
    case 'gt':
      return order !== null && order > 0;
    case 'ge':
      return order !== null && order >= 0;
    default:
      throw new Error(`${operator} is not an order`);
  }
}

function textTest(operator: string, value: string, pattern: string): boolean {
  switch (operator) {
    case 'contains':
      return value.split(pattern).length > 1 || pattern === '';
    case 'matches':
      return new RegExp(pattern.replace('(?i)', ''), pattern.startsWith('(?i)') ? 'i' : '').test(value);
    case 'wildcard':
      return fits(lowered(pattern), lowered(value));
    case 'strict wildcard':
      return fits(pattern, value);
    default:
      return inOrder(operator, anyOrder(value, pattern));
  }
}

function fits(pattern: string, value: string): boolean {
  if (pattern === '') {
    return value === '';
  }
  if (pattern[0] === '*') {
    return Array.from({ length: value.length + 1 }, (_, at) => at).some((at) =>
      fits(pattern.slice(1), value.slice(at)),
    );
  }
  const isEscape = pattern[0] === '\\';
  const wanted = pattern[isEscape ? 1 : 0];
  return value[0] === wanted && value !== '' && fits(pattern.slice(isEscape ? 2 : 1), value.slice(1));
}

function bits(address: { readonly family: number; readonly value: bigint }): string {
  return address.value.toString(2).padStart(address.family === 4 ? 32 : 128, '0');
}

function isIn(value: RuntimeValue, element: SetElement): boolean {
  switch (element.kind) {
    case 'string':
      return value === element.bytes;
    case 'int':
      return typeof value === 'number' && BigInt(value) === element.value;
    case 'int-range':
      return typeof value === 'number' && BigInt(value) >= element.from && BigInt(value) <= element.to;
    case 'ip':
    case 'cidr':
    case 'ip-range':
      return isIp(value) && isAddressIn(value, element);
  }
}

function isAddressIn(
  value: IpAddress,
  element: Extract<SetElement, { readonly kind: 'ip' | 'cidr' | 'ip-range' }>,
): boolean {
  switch (element.kind) {
    case 'ip':
      return addressOrder(value, element.address) === 0;
    case 'cidr':
      return (
        value.family === element.address.family &&
        bits(value).slice(0, element.bits) === bits(element.address).slice(0, element.bits)
      );
    case 'ip-range':
      return (addressOrder(value, element.from) ?? -1) >= 0 && (addressOrder(value, element.to) ?? 1) <= 0;
  }
}
