/**
 * Finds the hosts that an expression is confined to: it can be true for no other. Everything that is not understood
 * makes the answer `unknown`, never `all` and never a list.
 */
import { unreachable } from '../language/exhaustive.ts';
import type { ComparisonNode, Expression, ValueNode } from '../language/ast.ts';
import { fieldFact, functionFact } from '../language/tables.ts';
import { isValue, walkExpression, walkValue } from '../language/walk.ts';
import type { NodeVisitor } from '../language/walk.ts';

export type HostReach = readonly string[] | 'all' | 'unknown';

/** Hosts are compared lower-case and without port. `constantOf` says what is proven of a part. */
export function hostReach(
  expression: Expression,
  constantOf: (part: Expression) => boolean | null,
): HostReach {
  const constant = constantOf(expression);
  if (constant !== null) {
    return constant ? 'all' : [];
  }
  return dependentReach(expression, constantOf);
}

function dependentReach(expression: Expression, constantOf: (part: Expression) => boolean | null): HostReach {
  switch (expression.kind) {
    case 'logical': {
      const reaches = expression.operands.map((operand) => hostReach(operand, constantOf));
      return expression.operator === 'and' ? intersection(reaches) : union(reaches);
    }
    case 'group':
      return hostReach(expression.inner, constantOf);
    case 'not':
      return mayDependOnHost(expression) ? 'unknown' : 'all';
    case 'comparison':
      return comparisonReach(expression);
    case 'truth':
      return truthReach(expression);
    case 'constant':
      return expression.value ? 'all' : [];
    case 'invalid':
      return 'unknown';
    default:
      return unreachable(expression);
  }
}

function intersection(reaches: readonly HostReach[]): HostReach {
  const lists = reaches.filter((reach) => typeof reach !== 'string');
  const [first, ...rest] = lists;
  if (first === undefined) {
    return reaches.includes('unknown') ? 'unknown' : 'all';
  }
  return first.filter((host) => rest.every((list) => list.includes(host)));
}

function union(reaches: readonly HostReach[]): HostReach {
  if (reaches.includes('all')) {
    return 'all';
  }
  if (reaches.includes('unknown')) {
    return 'unknown';
  }
  return sorted(reaches.flatMap((reach) => (typeof reach === 'string' ? [] : reach)));
}

function sorted(hosts: readonly string[]): readonly string[] {
  return [...new Set(hosts)].toSorted();
}

/** Fields whose value contains, follows from, or may follow from the host. */
function isHostField(name: string): boolean {
  const isUri = name.includes('full_uri') || name === 'http.referer';
  const isHeader = name.includes('.headers');
  const isZone =
    name.startsWith('cf.zone.') || name.startsWith('cf.hostname.') || name === 'cf.worker.upstream_zone';
  return name === 'http.host' || isUri || isHeader || isZone || fieldFact(name) === undefined;
}

function mayDependOnHost(expression: Expression): boolean {
  let found = false;
  walkExpression(
    expression,
    hostFinder(() => (found = true)),
  );
  return found;
}

function hostFinder(onFound: () => void): NodeVisitor {
  return {
    value: (value) => {
      if (value.kind === 'field' ? isHostField(value.name) : functionFact(value.name) === undefined) {
        onFound();
      }
    },
    expression: (expression) => {
      if (expression.kind === 'invalid') {
        onFound();
      }
    },
  };
}

function valueMayDependOnHost(value: ValueNode): boolean {
  let found = false;
  walkValue(
    value,
    hostFinder(() => (found = true)),
  );
  return found;
}

function comparisonReach(comparison: ComparisonNode): HostReach {
  const { left, right } = comparison;
  const isFree = !valueMayDependOnHost(left) && !(isValue(right) && valueMayDependOnHost(right));
  if (isFree) {
    return 'all';
  }
  const source = hostSource(left);
  if (source === null) {
    return 'unknown';
  }
  const texts = comparedTexts(comparison);
  if (texts === null) {
    return 'unknown';
  }
  const hosts = texts.map((text) => (source === 'host' ? hostOfHeader(text) : hostOfUri(text)));
  return collect(hosts);
}

function collect(hosts: readonly (string | null)[]): HostReach {
  const known = hosts.filter((host) => host !== null);
  return known.length === hosts.length ? sorted(known) : 'unknown';
}

/** `host` for http.host, `uri` for the full URI, both also inside lower(); null for anything else. */
function hostSource(value: ValueNode): 'host' | 'uri' | null {
  if (value.accessors.length > 0) {
    return null;
  }
  if (value.kind === 'call') {
    const inner = value.args[0];
    return value.name === 'lower' && inner !== undefined && isValue(inner) ? hostSource(inner) : null;
  }
  if (value.name === 'http.host') {
    return 'host';
  }
  return value.name === 'http.request.full_uri' || value.name === 'raw.http.request.full_uri' ? 'uri' : null;
}

/** The values that the comparison allows, as texts or as wildcard patterns; null when they cannot be listed. */
function comparedTexts({ operator, right }: ComparisonNode): readonly string[] | null {
  if (
    right.kind === 'string' &&
    (operator === 'eq' || operator === 'wildcard' || operator === 'strict wildcard')
  ) {
    return operator === 'eq' && right.bytes.includes('*') ? null : [right.bytes];
  }
  if (operator === 'in' && right.kind === 'set') {
    const texts = right.elements.map((element) => (element.kind === 'string' ? element.bytes : null));
    return texts.includes(null) ? null : texts.filter((text) => text !== null);
  }
  return null;
}

function hostOfHeader(text: string): string | null {
  const host = text.toLowerCase().replace(/:[0-9]+$/u, '');
  return host === '' || /[*\\]/u.test(host) ? null : host;
}

/**
 * The host of a URI or of a wildcard pattern for one, when the pattern fixes all of it. A `*` before the host fixes
 * nothing: `*://a.example/*` also matches `https://b.example/?next=://a.example/`.
 */
export function hostOfUri(text: string): string | null {
  const authority = /^https?:\/\/([^/?#]*)[/?#]/iu.exec(text)?.[1];
  return authority === undefined || authority.includes('@') ? null : hostOfHeader(authority);
}

function truthReach(expression: Expression & { readonly kind: 'truth' }): HostReach {
  const { value } = expression;
  if (!valueMayDependOnHost(value)) {
    return 'all';
  }
  const [source, literal] = value.kind === 'call' ? value.args : [];
  const isPrefix = value.kind === 'call' && value.name === 'starts_with' && value.accessors.length === 0;
  if (
    isPrefix &&
    source !== undefined &&
    isValue(source) &&
    hostSource(source) === 'uri' &&
    literal?.kind === 'string'
  ) {
    return collect([hostOfUri(literal.bytes)]);
  }
  return 'unknown';
}
