/**
 * The line of the stack code that a resource comes from. A bundle says nothing about it, so it is looked for: ids and refs are
 * literals in the data of a client, and what stands beside them tells apart those that are written twice. It is for a reader
 * only; nothing is decided by it.
 */
import { isObject } from '../json/json.ts';
import type { JsonObject, SourceLocation } from './types.ts';

export interface SourceText {
  readonly path: string;
  readonly text: string;
}

export interface SoughtResource {
  /** Address without the stack, with a part after `#` where one is meant: `cloudflare_ruleset.waf#rules[ref=block-admin].action`, or the ref alone. */
  readonly address: string;
  /** Either side of the change. */
  readonly values: JsonObject;
}

/** Keys under which the data of an estate names a resource or a part of one. */
const naming = '(?:id|ref|key|name)';
/** A literal object of the data is no longer than this, on either side of its id. */
const reach = 900;

/** Null where it is written nowhere, or several times and nothing tells them apart. */
export function sourcePlace(sources: readonly SourceText[], sought: SoughtResource): SourceLocation | null {
  const [best, ...others] = sourcePlaces(sources, sought);
  return best === undefined || others.length > 0 ? null : best;
}

/** All places that may be meant, equally well; none where it is written nowhere. */
export function sourcePlaces(
  sources: readonly SourceText[],
  sought: SoughtResource,
): readonly SourceLocation[] {
  const [resource = '', part = ''] = sought.address.split('#');
  const ref =
    /\[ref=([^\]]+)\]/u.exec(part)?.[1] ?? (ruleOf(sought.values, part) === undefined ? undefined : part);
  const values = ref === undefined ? sought.values : (ruleOf(sought.values, ref) ?? sought.values);
  const texts = textsOf(values);
  const name = resource.slice(resource.indexOf('.') + 1);
  for (const id of ref === undefined ? suffixesOf(name) : [ref]) {
    const found = sources.flatMap((source) => occurrences(source, id));
    if (found.length > 0) {
      return nearest(found, { texts, zone: name.slice(0, name.length - id.length).replace(/_$/u, '') });
    }
  }
  return [];
}

/** `shop_news_cname` as it is, and without the key of its zone. */
function suffixesOf(name: string): readonly string[] {
  const parts = name.replace(/\[.*$/u, '').split('_');
  return parts.map((_part, at) => parts.slice(at).join('_'));
}

function ruleOf({ rules }: JsonObject, ref: string): JsonObject | undefined {
  return Array.isArray(rules) ? rules.filter(isObject).find((rule) => rule['ref'] === ref) : undefined;
}

/** Texts that the data may hold as they are: longer than a word like `A`, and the labels of a host name. */
function textsOf(values: JsonObject): readonly string[] {
  return Object.values(values)
    .filter((value): value is string => typeof value === 'string' && value.length > 2)
    .flatMap((value) => [value.replaceAll('"', ''), `'${value.split('.')[0] ?? ''}'`]);
}

interface Occurrence {
  readonly place: SourceLocation;
  readonly around: string;
}

function occurrences({ path, text }: SourceText, id: string): readonly Occurrence[] {
  const pattern = new RegExp(`\\b${naming}: *(['"\`])${id.replaceAll(/[^\w-]/gu, '\\$&')}\\1`, 'gu');
  return [...text.matchAll(pattern)].map(({ index }) => {
    const before = text.slice(0, index);
    return {
      place: {
        file: path,
        line: before.split('\n').length,
        column: index - before.lastIndexOf('\n'),
      },
      around: objectAround(text, index),
    };
  });
}

/** From the brace that opens before it to where the next one is named, as far as it is looked. */
function objectAround(text: string, index: number): string {
  const from = text.lastIndexOf('{', index);
  const next = /\b(?:id|ref|key): *['"`]/u.exec(text.slice(index + 4, index + reach));
  return text.slice(Math.max(0, from, index - reach), index + 4 + (next?.index ?? reach));
}

/** Those beside which most of the texts stand; of several the ones in a file that is named after the zone. */
function nearest(
  found: readonly Occurrence[],
  { texts, zone }: { readonly texts: readonly string[]; readonly zone: string },
): readonly SourceLocation[] {
  const scored = found.map(({ place, around }) => ({
    place,
    score:
      2 * texts.filter((text) => around.includes(text)).length +
      (zone !== '' && place.file.includes(`/${zone}`) ? 1 : 0),
  }));
  const best = Math.max(...scored.map(({ score }) => score));
  return scored.filter(({ score }) => score === best).map(({ place }) => place);
}

/** Whether a stack may come from a file of stack code: a stack is named after its client, and has no data of another one. */
export function isDataOf(path: string, stack: string): boolean {
  const client = /^stacks\/clients\/([^/]+)\//u.exec(path)?.[1];
  return client === undefined || stack === client || stack.startsWith(`${client}-`);
}
