/**
 * Reads the right side of `in`: `{…}` with elements of the type on the left, or a `$list`. CIDR blocks and ranges exist
 * only here. Commas and unquoted words are the usual mistakes; both are reported and passed over.
 */
import type { IpAddress, ListName, SetElement, SetLiteral } from './ast.ts';
import { unreachable } from './exhaustive.ts';
import { oneOf } from './cursor.ts';
import type { ExpressionCursor } from './cursor.ts';
import { addressBits, formatIp, networkBounds, readIp } from './ip.ts';
import { isAddressCharacter, isAtString, peekWord, readBytes, readInt, readString } from './literals.ts';
import type { ValueType } from './value-type.ts';

const isDigit = oneOf(/[0-9]/u);
const isListCharacter = oneOf(/[A-Za-z0-9_.-]/u);

/** Reads `$name`; the cursor is at the dollar. */
export function readList(cursor: ExpressionCursor): ListName {
  const start = cursor.at;
  cursor.skip(1);
  const written = cursor.peekRun(isListCharacter);
  cursor.skip(written.length);
  const span = cursor.from(start);
  if (!/^[a-z0-9_.]+$/u.test(written)) {
    const name = written.toLowerCase().replaceAll('-', '_');
    cursor.report(
      {
        code: 'list-name',
        category: 'syntax',
        message: 'the name of a list has lower-case letters, digits, _ and . only',
        ...(name === '' ? {} : { suggestion: `$${name}` }),
      },
      span,
    );
  }
  return { kind: 'list', name: written, span };
}

/** Reads `{…}`; the cursor is at the opening bracket. */
export function readSet(cursor: ExpressionCursor, type: ValueType): SetLiteral {
  const start = cursor.at;
  const elements: SetElement[] = [];
  cursor.skip(1);
  for (;;) {
    cursor.skipBlanks();
    const next = cursor.peek();
    if (next === '}') {
      cursor.skip(1);
      break;
    }
    if (next === '' || next === ')') {
      const message = 'this set is not closed';
      cursor.report(
        { code: 'unclosed-set', category: 'syntax', message, expected: ['}'] },
        { start, end: start + 1 },
      );
      break;
    }
    const element = next === ',' ? passComma(cursor) : readElement(cursor, type);
    if (element !== null) {
      elements.push(element);
    }
  }
  return { kind: 'set', elements, span: cursor.from(start) };
}

function passComma(cursor: ExpressionCursor): null {
  const start = cursor.at;
  cursor.skip(1);
  cursor.report(
    {
      code: 'comma-in-set',
      category: 'syntax',
      message: 'the elements of a set are separated by blanks, not by commas',
      suggestion: 'a space',
    },
    cursor.from(start),
  );
  return null;
}

function readElement(cursor: ExpressionCursor, type: ValueType): SetElement | null {
  const element = readElementOfType(cursor, type);
  return element ?? passBadElement(cursor, type);
}

function readElementOfType(cursor: ExpressionCursor, type: ValueType): SetElement | null {
  switch (type.kind) {
    case 'string':
      return isAtString(cursor) ? readString(cursor, false) : readBytes(cursor);
    case 'int':
      return readIntElement(cursor);
    case 'ip':
      return readIpElement(cursor);
    case 'unknown':
      return isAtString(cursor)
        ? readString(cursor, false)
        : (readIpElement(cursor) ?? readIntElement(cursor));
    case 'bool':
    case 'array':
    case 'map':
      return null;
    default:
      return unreachable(type);
  }
}

function passBadElement(cursor: ExpressionCursor, type: ValueType): null {
  const start = cursor.at;
  const quote = cursor.peek();
  const isQuoted = quote === '"' || quote === "'";
  const word = isQuoted ? peekQuoted(cursor, quote) : peekWord(cursor);
  const plain = isQuoted ? word.slice(1).replace(/["']$/u, '') : word;
  cursor.skip(Math.max(1, word.length));
  if (type.kind === 'string' || type.kind === 'unknown') {
    const isSingle = quote === "'";
    cursor.report(
      {
        code: isSingle ? 'single-quotes' : 'unquoted-string',
        category: 'syntax',
        message: isSingle
          ? 'strings stand in double quotes'
          : `${word} is not a string: strings stand in double quotes`,
        expected: ['"…"', '}'],
        suggestion: `"${plain}"`,
      },
      cursor.from(start),
    );
    return null;
  }
  const wanted = type.kind === 'ip' ? 'an IP address, CIDR block or range' : 'a number or range';
  cursor.report(
    {
      code: 'set-element',
      category: 'syntax',
      message: `${word === '' ? 'this' : word} is not ${wanted}`,
      expected: [wanted, '}'],
      ...(isQuoted && plain !== '' ? { suggestion: plain } : {}),
    },
    cursor.from(start),
  );
  return null;
}

function peekQuoted(cursor: ExpressionCursor, quote: string): string {
  let isClosed = false;
  let length = 0;
  return cursor.peekRun((character) => {
    length += 1;
    const isMember = !isClosed && character !== '}';
    isClosed = length > 1 && character === quote;
    return isMember;
  }, 256);
}

function readIntElement(cursor: ExpressionCursor): SetElement | null {
  const start = cursor.at;
  const from = readInt(cursor);
  if (from === null || !cursor.take('..')) {
    return from;
  }
  const to = readInt(cursor);
  if (to === null) {
    cursor.report(
      {
        code: 'range',
        category: 'syntax',
        message: 'a range is from..to without blanks',
        expected: ['a number'],
      },
      cursor.from(start),
    );
    return from;
  }
  if (from.value > to.value) {
    reportBackwards(cursor, start, `${to.value}..${from.value}`);
    return null;
  }
  return { kind: 'int-range', from: from.value, to: to.value, span: cursor.from(start) };
}

function reportBackwards(cursor: ExpressionCursor, start: number, suggestion: string): void {
  const message = 'this range runs backwards';
  cursor.report({ code: 'range-backwards', category: 'syntax', message, suggestion }, cursor.from(start));
}

function readIpElement(cursor: ExpressionCursor): SetElement | null {
  const start = cursor.at;
  const token = cursor.peekRun(isAddressCharacter, 96);
  const [fromText = '', toText] = token.split('..', 2);
  const from = readIp(fromText);
  if (from === null) {
    return null;
  }
  cursor.skip(toText === undefined ? fromText.length : token.length);
  if (toText !== undefined) {
    return finishIpRange(cursor, start, from, readIp(toText));
  }
  if (cursor.peek() !== '/') {
    return { kind: 'ip', address: from, span: cursor.from(start) };
  }
  cursor.skip(1);
  return finishCidr(cursor, start, from);
}

function finishIpRange(
  cursor: ExpressionCursor,
  start: number,
  from: IpAddress,
  to: IpAddress | null,
): SetElement | null {
  if (to === null || to.family !== from.family) {
    cursor.report(
      {
        code: 'range',
        category: 'syntax',
        message: 'an IP range is from..to, without blanks, of one address family',
        expected: ['an IP address of the same family'],
      },
      cursor.from(start),
    );
    return null;
  }
  if (from.value > to.value) {
    reportBackwards(cursor, start, `${formatIp(to)}..${formatIp(from)}`);
    return null;
  }
  return { kind: 'ip-range', from, to, span: cursor.from(start) };
}

function finishCidr(cursor: ExpressionCursor, start: number, address: IpAddress): SetElement | null {
  const digits = cursor.peekRun(isDigit, 8);
  cursor.skip(digits.length);
  const bits = /^[0-9]{1,3}$/u.test(digits) ? Number.parseInt(digits, 10) : -1;
  const span = cursor.from(start);
  if (bits < 0 || bits > addressBits(address)) {
    const message = `the prefix length of this block is between 0 and ${addressBits(address)}`;
    cursor.report({ code: 'prefix-length', category: 'syntax', message }, span);
    return null;
  }
  const network = networkBounds(address, bits).first;
  if (network.value !== address.value) {
    cursor.report(
      {
        code: 'host-bits',
        category: 'syntax',
        message: 'a block starts at its network address; here bits after the prefix are set',
        suggestion: `${formatIp(network)}/${bits}`,
      },
      span,
    );
  }
  return { kind: 'cidr', address: network, bits, span };
}
