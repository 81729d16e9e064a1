/**
 * What an expression may call and refer to. The lists are closed: what is not on them may read the machine, call out or
 * give another answer next time, and is refused.
 */
import type { ExpressionNames, ExpressionReference } from './facts.ts';

/** Functions that depend on their arguments alone. Source: the function reference of Terraform 1.11. */
const pureFunctions: ReadonlySet<string> = new Set([
  'abs',
  'alltrue',
  'anytrue',
  'base64decode',
  'base64encode',
  'base64sha256',
  'base64sha512',
  'can',
  'ceil',
  'chomp',
  'chunklist',
  'cidrhost',
  'cidrnetmask',
  'cidrsubnet',
  'cidrsubnets',
  'coalesce',
  'coalescelist',
  'compact',
  'concat',
  'contains',
  'csvdecode',
  'distinct',
  'element',
  'endswith',
  'flatten',
  'floor',
  'format',
  'formatdate',
  'formatlist',
  'indent',
  'index',
  'join',
  'jsondecode',
  'jsonencode',
  'keys',
  'length',
  'log',
  'lookup',
  'lower',
  'matchkeys',
  'max',
  'md5',
  'merge',
  'min',
  'one',
  'parseint',
  'pow',
  'range',
  'regex',
  'regexall',
  'replace',
  'reverse',
  'sensitive',
  'setintersection',
  'setproduct',
  'setsubtract',
  'setunion',
  'sha1',
  'sha256',
  'sha512',
  'signum',
  'slice',
  'sort',
  'split',
  'startswith',
  'strcontains',
  'strrev',
  'substr',
  'sum',
  'textdecodebase64',
  'textencodebase64',
  'timeadd',
  'timecmp',
  'title',
  'tobool',
  'tolist',
  'tomap',
  'tonumber',
  'toset',
  'tostring',
  'transpose',
  'trim',
  'trimprefix',
  'trimspace',
  'trimsuffix',
  'try',
  'upper',
  'urlencode',
  'uuidv5',
  'values',
  'yamldecode',
  'yamlencode',
  'zipmap',
]);

/** First words of what belongs to the configuration itself. */
const ownObjects: ReadonlySet<string> = new Set(['var', 'local', 'module', 'each', 'count', 'self']);

/** What stands against an expression, each once, in words that repeat nothing but plain names. */
export function objectionsTo({ calls, references }: ExpressionNames): readonly string[] {
  return [...new Set([...calls.flatMap(callObjection), ...references.flatMap(referenceObjection)])];
}

/** `core::length` is `length` by its full name. */
function callObjection(name: string): readonly string[] {
  const plain = name.replace(/^core::/, '');
  if (pureFunctions.has(plain)) {
    return [];
  }
  return plain === 'nonsensitive'
    ? ['calls nonsensitive(), which would show a value that is sensitive']
    : [`calls ${readableName(name, 'a function')}(), which is not known to depend on its arguments alone`];
}

function referenceObjection({ rest, target }: ExpressionReference): readonly string[] {
  if (isHarmlessObject(target)) {
    return [];
  }
  return target === 'path' || target === 'terraform'
    ? [`reads ${readableName([target, ...rest].join('.'), target)}, which differs by machine`]
    : [`refers to ${readableName(target, 'something')}, which is nothing that a stack may hold`];
}

/** `TYPE.NAME` of the Cloudflare provider or Terraform's own type, `data.TYPE.NAME`, or an object of the configuration. */
function isHarmlessObject(target: string): boolean {
  const words = target.split('.');
  const [first = '', second = ''] = words;
  if (first === 'each' || first === 'count' || first === 'self') {
    return true;
  }
  if (first === 'data') {
    return words.length === 3 && second.startsWith('cloudflare_');
  }
  return (
    words.length === 2 &&
    (ownObjects.has(first) || first.startsWith('cloudflare_') || first === 'terraform_data')
  );
}

/** The name itself when it is a plain and short one: a refusal does not print what it refused. */
function readableName(name: string, otherwise: string): string {
  return /^[A-Za-z_][\w:.-]{0,63}$/.test(name) ? name : otherwise;
}
