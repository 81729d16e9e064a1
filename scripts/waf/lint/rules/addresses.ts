/** Addresses, and the sets that hold them. */
import {
  documentationNetworks,
  isWithin,
  mappedNetworks,
  reservedNetworks,
} from '../../evaluate/special-networks.ts';
import type { Network } from '../../evaluate/special-networks.ts';
import type { ComparisonNode, Expression, SetElement } from '../../language/ast.ts';
import { ungroup } from '../../language/ast.ts';
import { printElement } from '../../language/print.ts';
import { comparedElements } from '../expression.ts';
import { intervalOf } from '../../language/intervals.ts';
import type { FamilyInterval } from '../../language/intervals.ts';
import { overlapsIn } from './intervals.ts';
import type { LintedExpression } from '../expression.ts';
import { isNetworkPhase } from '../../language/tables.ts';
import { none, rulesFrom } from '../rule.ts';
import type { LintEdit, Hit, LintRule } from '../rule.ts';

const define = rulesFrom(
  'IANA special-purpose address registries; Cloudflare Rules language reference, values',
);

function isInside({ family, from, to }: FamilyInterval, networks: readonly Network[]): boolean {
  return family === 'int'
    ? false
    : isWithin({ family: family === 'ip4' ? 4 : 6, first: from, last: to }, networks);
}

const clientFields: ReadonlySet<string> = new Set(['ip.src']);

function addressesOf(expression: LintedExpression): readonly SetElement[] {
  return expression.comparisons
    .filter(({ left }) => left.kind === 'field' && clientFields.has(left.name))
    .flatMap(({ right }) => comparedElements(right));
}

function insideHits(
  expression: LintedExpression,
  networks: readonly Network[],
  say: (written: string) => string,
): readonly Hit[] {
  return addressesOf(expression).flatMap((element) => {
    const interval = intervalOf(element);
    return interval !== null && isInside(interval, networks)
      ? [{ message: say(printElement(element)), span: element.span }]
      : [];
  });
}

interface PlacedSet {
  readonly comparison: ComparisonNode;
  readonly elements: readonly SetElement[];
}

function setsOf(expression: LintedExpression): readonly PlacedSet[] {
  return expression.comparisons.flatMap((comparison) =>
    comparison.right.kind === 'set' ? [{ comparison, elements: comparison.right.elements }] : [],
  );
}

/** Elements that stand in the set before; compared by their meaning, so that `0x10` and `16` are the same. */
function duplicatesIn(elements: readonly SetElement[]): readonly SetElement[] {
  const seen = new Set<string>();
  return elements.filter((element) => {
    const interval = intervalOf(element);
    const key =
      element.kind === 'string'
        ? `"${element.bytes}`
        : interval === null
          ? ''
          : `${interval.family} ${interval.from} ${interval.to}`;
    const isRepeated = seen.has(key);
    seen.add(key);
    return isRepeated;
  });
}

function overlapHits(expression: LintedExpression, isMeant: (family: string) => boolean): readonly Hit[] {
  return setsOf(expression).flatMap(({ elements }) => {
    const intervals = elements.flatMap((element) => {
      const interval = intervalOf(element);
      return interval !== null && isMeant(interval.family) ? [{ element, ...interval }] : [];
    });
    return overlapsIn(intervals).map(([first, { element }]) => ({
      message: `${printElement(element)} overlaps ${printElement(first.element)}`,
      span: element.span,
    }));
  });
}

/** `not ip.src in {only IPv4}`: the condition holds for every IPv6 client. */
function oneFamilyHits(expression: LintedExpression): readonly Hit[] {
  return expression.nodes.flatMap((node) => {
    const inner = node.kind === 'not' ? ungroup(node.operand) : null;
    const families = inner === null ? [] : clientFamilies(inner);
    const [family] = families;
    return families.length === 1 && family !== undefined
      ? [
          {
            message: `every ${family === 'ip4' ? 'IPv6' : 'IPv4'} client is outside this set`,
            span: node.span,
          },
        ]
      : [];
  });
}

function clientFamilies(expression: Expression): readonly string[] {
  if (
    expression.kind !== 'comparison' ||
    expression.left.kind !== 'field' ||
    !clientFields.has(expression.left.name)
  ) {
    return [];
  }
  const found = comparedElements(expression.right).map((element) => intervalOf(element)?.family ?? '');
  return [...new Set(found)];
}

/** Takes out repeated elements with the blanks before them. */
function withoutDuplicates(expression: LintedExpression): readonly LintEdit[] {
  return setsOf(expression).flatMap(({ elements }) =>
    duplicatesIn(elements).map(({ span }) => {
      const before = expression.text.slice(0, span.start);
      return { span: { start: before.replace(/[ \r\n]+$/u, '').length, end: span.end }, text: '' };
    }),
  );
}

export const addressRules: readonly LintRule[] = [
  define(
    'address-reserved',
    'warning',
    [
      'Client addresses can come from the internet',
      'Private, loopback and other reserved addresses never reach Cloudflare as a client.',
      'Use the public addresses of the network.',
    ],
    {
      on: 'expression',
      // The network firewall sees packets of private networks too.
      find: (expression) =>
        isNetworkPhase(expression.phase ?? '')
          ? none
          : insideHits(expression, reservedNetworks, (text) => `${text} is never a client`),
    },
  ),
  define(
    'address-documentation',
    'info',
    [
      'Addresses are not from examples',
      'These blocks are set apart for documentation; no client has them.',
      'Use the real addresses.',
    ],
    {
      on: 'expression',
      find: (expression) =>
        insideHits(expression, documentationNetworks, (text) => `${text} is an address for examples`),
    },
  ),
  define(
    'address-mapped',
    'error',
    [
      'IPv4 addresses are written as IPv4',
      'The engine never takes an IPv4 client for an IPv4-mapped IPv6 address: the comparison never holds.',
      'Write the IPv4 address.',
    ],
    {
      on: 'expression',
      find: (expression) => insideHits(expression, mappedNetworks, (text) => `${text} is never a client`),
    },
  ),
  define(
    'address-one-family',
    'info',
    [
      'Exceptions name IPv4 and IPv6 addresses',
      'A negated set of one family holds for every client of the other one.',
      'Add the addresses of the other family, where the network has them.',
    ],
    { on: 'expression', find: oneFamilyHits },
  ),
  define(
    'set-duplicate',
    'warning',
    ['A set names each value once', 'A repeated value usually means another one was meant.', 'Remove it.'],
    {
      on: 'expression',
      find: (expression) =>
        setsOf(expression).flatMap(({ elements }) =>
          duplicatesIn(elements).map((element) => ({
            message: `${printElement(element)} stands in the set already`,
            span: element.span,
          })),
        ),
      rewrite: withoutDuplicates,
    },
  ),
  define(
    'address-overlap',
    'warning',
    [
      'Address blocks of a set do not overlap',
      'One of the two does nothing; removing one later would not do what it says.',
      'Keep the wider one.',
    ],
    { on: 'expression', find: (expression) => overlapHits(expression, (family) => family !== 'int') },
  ),
  define(
    'number-overlap',
    'warning',
    ['Number ranges of a set do not overlap', 'One of the two does nothing.', 'Join the ranges.'],
    { on: 'expression', find: (expression) => overlapHits(expression, (family) => family === 'int') },
  ),
  define(
    'set-empty',
    'warning',
    [
      'A set is not empty',
      'Nothing is in an empty set: the comparison is always false.',
      'Name the values, or leave the test out.',
    ],
    {
      on: 'expression',
      find: (expression) =>
        setsOf(expression)
          .filter(({ elements }) => elements.length === 0)
          .map(({ comparison }) => ({ message: 'nothing is in {}', span: comparison.right.span })),
    },
  ),
];
