/**
 * Finds what an expression is confined to by a positive condition: a host, a path, an address or a list that it cannot be
 * true without. A negation, a comparison that nearly every request meets, and everything that is not understood confine
 * nothing. Where there are alternatives each of them must be confined.
 */
import { unreachable } from '../language/exhaustive.ts';
import { intervalOf, intervalsOf } from '../language/intervals.ts';
import type { ComparisonNode, Expression, SetElement, ValueNode } from '../language/ast.ts';
import { hostOfUri } from './hosts.ts';
import type { Confinement } from '../language/types.ts';
import type { ReadExpression } from './read-expression.ts';
import { isValue } from '../language/walk.ts';

interface ConfinedHosts {
  readonly kinds: ReadonlySet<Confinement>;
  /** Addresses it is confined to, when it is by address: alternatives are added up. */
  readonly addresses: readonly SetElement[];
}

/** Null when it is confined by nothing. A part that is never true has no say: `impossible`. */
type FoundConfinement = ConfinedHosts | 'impossible' | null;

/**
 * Kinds of positive conditions that the expression cannot be true without; empty when it is true without any. `zone`
 * is the name of the zone it stands in: a host suffix counts only when it is narrower than that.
 */
export function confinementOf(read: ReadExpression, zone: string | null): readonly Confinement[] {
  const place = { read, zone };
  const found = read.tree === null ? null : search(read.tree, true, place);
  return found === null || found === 'impossible' ? [] : [...found.kinds].toSorted();
}

interface ConfinedPlace {
  readonly read: ReadExpression;
  readonly zone: string | null;
}

function search(expression: Expression, holds: boolean, place: ConfinedPlace): FoundConfinement {
  const constant = place.read.constantOf(expression);
  if (constant !== null) {
    return constant === holds ? null : 'impossible';
  }
  switch (expression.kind) {
    case 'group':
      return search(expression.inner, holds, place);
    case 'not':
      return search(expression.operand, !holds, place);
    case 'logical':
      return logical(expression, holds, place);
    case 'comparison':
      return comparison(expression, holds, place.zone);
    case 'truth':
      return holds ? prefixOrSuffix(expression.value, place.zone) : null;
    case 'constant':
    case 'invalid':
      return null;
    default:
      return unreachable(expression);
  }
}

function logical(
  expression: Expression & { readonly kind: 'logical' },
  holds: boolean,
  place: ConfinedPlace,
): FoundConfinement {
  if (expression.operator === 'xor') {
    // True only if one of them is; false tells nothing about any of them.
    return holds ? anyOf(expression.operands.map((operand) => search(operand, true, place))) : null;
  }
  const parts = expression.operands.map((operand) => search(operand, holds, place));
  return (expression.operator === 'and') === holds ? allOf(parts) : anyOf(parts);
}

function allOf(parts: readonly FoundConfinement[]): FoundConfinement {
  if (parts.includes('impossible')) {
    return 'impossible';
  }
  const known = parts.filter((part) => part !== null && part !== 'impossible');
  const [first] = known;
  if (first === undefined) {
    return null;
  }
  const narrowest = known.find(({ kinds }) => kinds.has('address')) ?? first;
  return { kinds: union(known), addresses: narrowest.addresses };
}

function anyOf(parts: readonly FoundConfinement[]): FoundConfinement {
  const possible = parts.filter((part) => part !== 'impossible');
  const known = possible.filter((part) => part !== null);
  if (known.length < possible.length) {
    return null;
  }
  if (known.length === 0) {
    return 'impossible';
  }
  const addresses = known.flatMap((part) => part.addresses);
  return addresses.length === 0 || isNarrow(addresses) ? { kinds: union(known), addresses } : null;
}

function union(parts: readonly ConfinedHosts[]): ReadonlySet<Confinement> {
  return new Set(parts.flatMap(({ kinds }) => [...kinds]));
}

function by(kind: Confinement): ConfinedHosts {
  return { kinds: new Set([kind]), addresses: [] };
}

function comparison(node: ComparisonNode, holds: boolean, zone: string | null): FoundConfinement {
  const { left, operator, right } = node;
  // `not x ne y` is `x eq y`; every other negation leaves almost everything.
  if (operator === 'ne' ? holds : !holds) {
    return null;
  }
  if (right.kind === 'list') {
    return operator === 'in' && isListed(left) ? by('list') : null;
  }
  const elements = elementsOf(right);
  if (elements.length === 0) {
    return null;
  }
  const isEquality = operator === 'eq' || operator === 'ne' || operator === 'in';
  return isClientAddress(left)
    ? byAddress(isEquality ? elements : [])
    : byText(sourceOf(left), elements, (source, text) =>
        isEquality ? isExact(source, text) : isPattern({ source, operator, text, zone }),
      );
}

function elementsOf(
  right: Exclude<ComparisonNode['right'], { readonly kind: 'list' }>,
): readonly SetElement[] {
  if (right.kind === 'set') {
    return right.elements;
  }
  return isValue(right) ? [] : [right];
}

function byAddress(elements: readonly SetElement[]): FoundConfinement {
  return elements.length > 0 && isNarrow(elements)
    ? { kinds: new Set(['address']), addresses: elements }
    : null;
}

function byText(
  source: ConfinementSource | null,
  elements: readonly SetElement[],
  confines: (source: ConfinementSource, text: string) => boolean,
): FoundConfinement {
  if (source === null) {
    return null;
  }
  const isConfined = elements.every(
    (element) => element.kind === 'string' && confines(source, element.bytes),
  );
  return isConfined ? by(source === 'path' ? 'path' : 'host') : null;
}

type ConfinementSource = 'host' | 'path' | 'uri';

const sources: Readonly<Record<string, ConfinementSource>> = {
  'http.host': 'host',
  'http.request.uri': 'path',
  'http.request.uri.path': 'path',
  'raw.http.request.uri': 'path',
  'raw.http.request.uri.path': 'path',
  'http.request.full_uri': 'uri',
  'raw.http.request.full_uri': 'uri',
};

/** Functions that leave a value what it is apart from its spelling. */
const respellings: ReadonlySet<string> = new Set(['lower', 'upper', 'url_decode']);

function sourceOf(value: ValueNode): ConfinementSource | null {
  if (value.accessors.length > 0) {
    return null;
  }
  if (value.kind === 'field') {
    return Object.hasOwn(sources, value.name) ? (sources[value.name] ?? null) : null;
  }
  const [inner] = value.args;
  return respellings.has(value.name) && inner !== undefined && isValue(inner) ? sourceOf(inner) : null;
}

function isExact(source: ConfinementSource, text: string): boolean {
  return source === 'uri' ? hostOfUri(`${text}/`) !== null : text !== '';
}

function isPattern(given: {
  readonly source: ConfinementSource;
  readonly operator: ComparisonNode['operator'];
  readonly text: string;
  readonly zone: string | null;
}): boolean {
  const { source, operator, text, zone } = given;
  if (operator !== 'wildcard' && operator !== 'strict wildcard') {
    return false;
  }
  const fixed = text.split('*')[0] ?? '';
  switch (source) {
    case 'path':
      return isPathPrefix(fixed);
    case 'uri':
      return hostOfUri(text) !== null;
    case 'host':
      return !text.includes('*') || (text.lastIndexOf('*') === 0 && isNarrowSuffix(text.slice(1), zone));
    default:
      return unreachable(source);
  }
}

/** `/` begins every path, and so does nothing at all. */
function isPathPrefix(text: string): boolean {
  return /^\/[^*?]/u.test(text);
}

/** A suffix that is the zone, or that the zone itself ends in, is every host of it. */
function isNarrowSuffix(text: string, zone: string | null): boolean {
  return zone !== null && text.toLowerCase().replace(/^\./u, '').endsWith(`.${zone}`);
}

function prefixOrSuffix(value: ValueNode, zone: string | null): FoundConfinement {
  if (value.kind !== 'call' || value.accessors.length > 0) {
    return null;
  }
  const [subject, literal] = value.args;
  const source = subject !== undefined && isValue(subject) ? sourceOf(subject) : null;
  if (source === null || literal?.kind !== 'string') {
    return null;
  }
  switch (value.name) {
    case 'ends_with':
      return suffix(source, literal.bytes, zone);
    case 'starts_with':
      return prefix(source, literal.bytes);
    default:
      return null;
  }
}

function suffix(source: ConfinementSource, text: string, zone: string | null): FoundConfinement {
  return source === 'host' && isNarrowSuffix(text, zone) ? by('host') : null;
}

function prefix(source: ConfinementSource, text: string): FoundConfinement {
  if (source === 'path') {
    return isPathPrefix(text) ? by('path') : null;
  }
  return source === 'uri' && hostOfUri(text) !== null ? by('host') : null;
}

/** What Cloudflare keeps lists of: addresses, host names, addresses of pages, networks by number. */
const listed: ReadonlySet<string> = new Set([
  'ip.src',
  'ip.src.asnum',
  'http.host',
  'http.request.full_uri',
  'raw.http.request.full_uri',
]);

function isListed(value: ValueNode): boolean {
  return value.kind === 'field' && value.accessors.length === 0 && listed.has(value.name);
}

/** Only the address that Cloudflare saw: a header can say anything. */
function isClientAddress(value: ValueNode): boolean {
  return value.kind === 'field' && value.name === 'ip.src' && value.accessors.length === 0;
}

/** More than a /8 of IPv4 or a /16 of IPv6 in all is not an address of anybody: the limits are ours. */
const widest = { 4: 1n << 24n, 6: 1n << 112n } as const;

function isNarrow(elements: readonly SetElement[]): boolean {
  const families = elements.map((element) => intervalOf(element)?.family);
  return (
    families.every((family) => family === 'ip4' || family === 'ip6') &&
    ([4, 6] as const).every((family) => {
      const joined = intervalsOf(`ip${family}`, elements);
      return joined.reduce((sum, { from, to }) => sum + to - from + 1n, 0n) <= widest[family];
    })
  );
}
