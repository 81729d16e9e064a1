/**
 * The functions of the language at work. A function that cannot be computed from a recorded request (a hash whose
 * algorithm is not published, random bytes, token checks) is unknown, by its name.
 */
import type { Argument } from '../language/ast.ts';
import { networkBounds } from '../language/ip.ts';
import { formatIp } from '../language/ip.ts';
import { lookupJsonInteger, lookupJsonString } from './json-lookup.ts';
import type { JsonKey } from './json-lookup.ts';
import { isArray, isIp, PartialMap, unknownBecause } from './runtime.ts';
import type { Evaluated, RuntimeValue } from './runtime.ts';
import {
  compileRegexReplace,
  compileWildcardReplace,
  decodeBase64,
  encodeBase64,
  removeBytes,
  removeQueryArgs,
  split,
  substring,
  urlDecode,
} from './text-functions.ts';
import { isTimedHmacValid, sha256Bytes } from './timed-hmac.ts';
import { asciiLower, asciiUpper } from './wildcard.ts';

/** Called with arguments that are known and present; a wrong type gives no result. */
export type RuntimeFunction = (args: readonly RuntimeValue[]) => Evaluated;

type Maker = (args: readonly Argument[]) => RuntimeFunction;

function onText(apply: (text: string, rest: readonly RuntimeValue[]) => Evaluated): Maker {
  return () => (args) => {
    const [source, ...rest] = args;
    return typeof source === 'string' ? apply(source, rest) : undefined;
  };
}

function literalText(argument: Argument | undefined): string {
  return argument?.kind === 'string' ? argument.bytes : '';
}

function textOf(value: RuntimeValue | undefined): string {
  return typeof value === 'string' ? value : '';
}

function numberOf(value: RuntimeValue | undefined): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

function lengthOf([value]: readonly RuntimeValue[]): Evaluated {
  if (value === undefined) {
    return undefined;
  }
  return typeof value === 'string' || isArray(value) ? value.length : undefined;
}

function cidr([address, v4Bits, v6Bits]: readonly RuntimeValue[]): Evaluated {
  if (address === undefined || !isIp(address)) {
    return undefined;
  }
  const bits = numberOf(address.family === 4 ? v4Bits : v6Bits);
  return bits === undefined ? undefined : networkBounds(address, bits).first;
}

function cidr6([address, v6Bits]: readonly RuntimeValue[]): Evaluated {
  return address === undefined || v6Bits === undefined ? undefined : cidr([address, 32, v6Bits]);
}

function concatenate(args: readonly RuntimeValue[]): Evaluated {
  const [first] = args;
  if (first !== undefined && isArray(first)) {
    return args.flatMap((part) => (isArray(part) ? part : [part]));
  }
  return args.map((part) => (typeof part === 'string' ? part : toText(part))).join('');
}

function toText(value: RuntimeValue | undefined): string {
  if (value === undefined) {
    return '';
  }
  return isIp(value) ? formatIp(value) : typeof value === 'object' ? '' : String(value);
}

function hasKey([container, key]: readonly RuntimeValue[]): Evaluated {
  if (container instanceof PartialMap) {
    const found = container.get(textOf(key));
    const isThere = container.unknown?.has(textOf(key)) === true;
    return found === null && !isThere ? unknownBecause(`key ${textOf(key)}`) : found !== undefined;
  }
  return container instanceof Map ? container.has(textOf(key)) : undefined;
}

function hasValue([container, wanted]: readonly RuntimeValue[]): Evaluated {
  if (container instanceof PartialMap) {
    return unknownBecause('values of a partly recorded map');
  }
  const values =
    container instanceof Map ? [...(container as ReadonlyMap<string, RuntimeValue>).values()] : container;
  return values !== undefined && isArray(values) && wanted !== undefined
    ? values.some((value) => sameValue(value, wanted))
    : undefined;
}

/** Equality of two values of one type; addresses by family and number. */
function sameValue(a: RuntimeValue, b: RuntimeValue): boolean {
  return isIp(a) && isIp(b) ? a.family === b.family && a.value === b.value : a === b;
}

function jsonPath(args: readonly RuntimeValue[]): readonly JsonKey[] {
  return args.filter((key): key is JsonKey => typeof key === 'string' || typeof key === 'number');
}

function joinTexts([items, separator]: readonly RuntimeValue[]): Evaluated {
  return items !== undefined && isArray(items) ? items.map(textOf).join(textOf(separator)) : undefined;
}

function timedHmac(args: readonly RuntimeValue[]): Evaluated {
  const [key, messageMac, ttl, now, separator, flags] = args;
  return isTimedHmacValid({
    key: textOf(key),
    messageMac: textOf(messageMac),
    ttlSeconds: numberOf(ttl) ?? 0,
    nowSeconds: numberOf(now) ?? 0,
    separatorLength: numberOf(separator) ?? 0,
    flags: textOf(flags),
  });
}

function unavailable(name: string): Maker {
  return () => () => unknownBecause(`${name}()`);
}

/** Splits without a limit up to the largest limit that the function takes. */
const maxSplit = 128;

const makers: Readonly<Record<string, Maker>> = {
  bit_slice: unavailable('bit_slice'),
  cidr: () => cidr,
  cidr6: () => cidr6,
  concat: () => concatenate,
  decode_base64: onText((text) => decodeBase64(text)),
  encode_base64: onText((text, [flags]) => encodeBase64(text, textOf(flags))),
  ends_with: onText((text, [end]) => text.endsWith(textOf(end))),
  has_key: () => hasKey,
  has_value: () => hasValue,
  hash_in_range: unavailable('hash_in_range'),
  is_jwt_present: unavailable('is_jwt_present'),
  is_jwt_valid: unavailable('is_jwt_valid'),
  is_timed_hmac_valid_v0: () => timedHmac,
  join: () => joinTexts,
  len: () => lengthOf,
  lookup_json_integer: onText((text, path) => lookupJsonInteger(text, jsonPath(path))),
  lookup_json_string: onText((text, path) => lookupJsonString(text, jsonPath(path))),
  lower: onText((text) => asciiLower(text)),
  regex_replace: (args) => {
    const replace = compileRegexReplace(literalText(args[1]), literalText(args[2]));
    return ([source]) => replace(textOf(source)) ?? unknownBecause('regex_replace()');
  },
  remove_bytes: onText((text, [bytes]) => removeBytes(text, textOf(bytes))),
  remove_query_args: onText((text, names) => removeQueryArgs(text, new Set(names.map(textOf)))),
  sha256: onText((text) => sha256Bytes(text)),
  split: onText((text, [separator, limit]) => split(text, textOf(separator), numberOf(limit) ?? maxSplit)),
  starts_with: onText((text, [start]) => text.startsWith(textOf(start))),
  substring: onText((text, [start, end]) => substring(text, numberOf(start) ?? 0, numberOf(end))),
  to_string:
    () =>
    ([value]) =>
      toText(value),
  upper: onText((text) => asciiUpper(text)),
  url_decode: onText((text, [options]) => urlDecode(text, textOf(options))),
  uuidv4: unavailable('uuidv4'),
  wildcard_replace: (args) => {
    const replace = compileWildcardReplace(
      literalText(args[1]),
      literalText(args[2]),
      literalText(args[3]) === 's',
    );
    return ([source]) => replace(textOf(source));
  },
};

/** The function for a call with these arguments; unknown by name when it is not in the tables. */
export function makeFunction(name: string, args: readonly Argument[]): RuntimeFunction {
  return (
    (Object.hasOwn(makers, name) ? makers[name] : undefined)?.(args) ?? (() => unknownBecause(`${name}()`))
  );
}
