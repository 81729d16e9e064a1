/** Lists and their items. */
import { objectAt, textAt } from '../../rulesets/attributes.ts';
import type { Json, JsonObject } from '../../../plan/types.ts';
import { addressBits, networkBounds, readIp } from '../../language/ip.ts';
import { overlapsIn } from './intervals.ts';
import type { FamilyInterval } from '../../language/intervals.ts';
import { attribute, isReference } from '../model.ts';
import type { LintedList } from '../model.ts';
import { hitWhen, none, rulesFrom } from '../rule.ts';
import type { Hit, LintRule } from '../rule.ts';

const define = rulesFrom('Cloudflare documentation, lists');

const kinds = ['ip', 'asn', 'hostname', 'redirect'];

interface ListItem {
  readonly item: JsonObject;
  readonly path: string;
}

function items({ items: all }: LintedList): readonly ListItem[] {
  return all.map((item, index) => ({ item, path: `items[${index}]` }));
}

function itemValue(kind: string, item: JsonObject): Json | undefined {
  return attribute(item, kind);
}

interface Address extends FamilyInterval {
  readonly text: string;
  readonly path: string;
  readonly hasHostBits: boolean;
}

function readAddress(text: string, path: string): Address | null {
  const [written = '', prefix, ...rest] = text.split('/');
  const address = readIp(written);
  if (address === null || rest.length > 0 || (prefix !== undefined && !/^[0-9]{1,3}$/u.test(prefix))) {
    return null;
  }
  const bits = prefix === undefined ? addressBits(address) : Number(prefix);
  if (bits > addressBits(address)) {
    return null;
  }
  const { first, last } = networkBounds(address, bits);
  return {
    text,
    path,
    family: `ip${address.family}`,
    from: first.value,
    to: last.value,
    hasHostBits: first.value !== address.value,
  };
}

function addressTexts(list: LintedList): readonly { readonly text: string; readonly path: string }[] {
  return items(list).flatMap(({ item, path }) => {
    const text = attribute(item, 'ip');
    return list.kind === 'ip' && typeof text === 'string' && !isReference(text) ? [{ text, path }] : [];
  });
}

function addresses(list: LintedList): readonly Address[] {
  return addressTexts(list)
    .map(({ text, path }) => readAddress(text, path))
    .filter((address) => address !== null);
}

function overlapHits(list: LintedList): readonly Hit[] {
  return overlapsIn(addresses(list)).map(([first, second]) => ({
    message: `${second.text} overlaps ${first.text}`,
    path: second.path,
  }));
}

/** What makes two items the same: the network, the number, the name, the source of a redirect. */
function keyOf({ kind }: LintedList, item: JsonObject, path: string): string {
  const value = itemValue(kind, item);
  if (kind === 'ip' && typeof value === 'string') {
    const address = readAddress(value, path);
    return address === null ? value : `${address.family} ${address.from} ${address.to}`;
  }
  if (kind === 'redirect') {
    return textAt(objectAt(item, 'redirect'), 'source_url');
  }
  return kind === 'hostname'
    ? textAt(objectAt(item, 'hostname'), 'url_hostname').toLowerCase()
    : value === undefined
      ? ''
      : JSON.stringify(value);
}

function duplicateHits(list: LintedList): readonly Hit[] {
  const seen = new Map<string, string>();
  return items(list).flatMap(({ item, path }) => {
    const key = keyOf(list, item, path);
    const before = seen.get(key);
    seen.set(key, before ?? path);
    return before === undefined || key === '' ? none : [{ message: `the same as ${before}`, path }];
  });
}

function sourceHits(list: LintedList): readonly Hit[] {
  return items(list).flatMap(({ item, path }) => {
    const source = textAt(objectAt(item, 'redirect'), 'source_url');
    return hitWhen(
      list.kind === 'redirect' && /[?#]/u.test(source),
      'the source has a query or fragment',
      `${path}.redirect.source_url`,
    );
  });
}

function isAsn(value: Json | undefined): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= 4_294_967_295;
}

const maxItems = 10_000;

export const listRules: readonly LintRule[] = [
  define(
    'list-name',
    'error',
    [
      'Lists have a name that expressions can use',
      'Cloudflare takes small letters, digits and underscores, at most 50.',
      'Rename the list.',
    ],
    {
      on: 'list',
      find: ({ name }) =>
        hitWhen(
          !isReference(name) && !/^[a-z0-9_]{1,50}$/u.test(name),
          name === '' ? 'no name' : `${JSON.stringify(name)} is not a list name`,
          'name',
        ),
    },
  ),
  define(
    'list-kind-unknown',
    'error',
    ['Lists have a kind', 'The provider refuses others.', `Use ${kinds.join(', ')}.`],
    {
      on: 'list',
      find: ({ kind }) =>
        hitWhen(!isReference(kind) && !kinds.includes(kind), `kind ${JSON.stringify(kind)}`, 'kind'),
    },
  ),
  define(
    'list-item-empty',
    'error',
    [
      'Items have the value of the kind',
      'Cloudflare refuses an item of another kind.',
      'Write the value under the name of the kind.',
    ],
    {
      on: 'list',
      find: (list) =>
        items(list).flatMap(({ item, path }) =>
          hitWhen(
            kinds.includes(list.kind) && itemValue(list.kind, item) === undefined,
            `no ${list.kind}`,
            path,
          ),
        ),
    },
  ),
  define(
    'list-address',
    'error',
    [
      'Items of address lists are addresses',
      'Cloudflare refuses anything else.',
      'Write an address or a block.',
    ],
    {
      on: 'list',
      find: (list) =>
        addressTexts(list)
          .filter(({ text, path }) => readAddress(text, path) === null)
          .map(({ text, path }) => ({
            message: `${JSON.stringify(text.slice(0, 60))} is not an address`,
            path,
          })),
    },
  ),
  define(
    'list-asn',
    'error',
    [
      'Items of network lists are numbers',
      'Cloudflare refuses anything else.',
      'Write the number without AS.',
    ],
    {
      on: 'list',
      find: (list) =>
        items(list).flatMap(({ item, path }) => {
          const asn = attribute(item, 'asn');
          return hitWhen(
            list.kind === 'asn' && asn !== undefined && !isReference(asn) && !isAsn(asn),
            `${JSON.stringify(asn)} is not a network number`,
            path,
          );
        }),
    },
  ),
  define(
    'list-duplicate',
    'warning',
    [
      'A list names each value once',
      'Cloudflare keeps one of them, and the plan shows a difference for ever.',
      'Remove one.',
    ],
    { on: 'list', find: duplicateHits },
  ),
  define(
    'list-long',
    'warning',
    [
      'A list has at most 10 000 items',
      'More need a larger quota.',
      'Split the list, or ask for the quota first.',
    ],
    {
      on: 'list',
      find: ({ items: all }) => hitWhen(all.length > maxItems, `${all.length} items`),
    },
  ),
  define(
    'list-host-bits',
    'warning',
    [
      'Blocks have no bits behind their prefix',
      'Cloudflare cuts them off, and the plan shows a difference for ever.',
      'Write the first address of the block.',
    ],
    {
      on: 'list',
      find: (list) =>
        addresses(list)
          .filter(({ hasHostBits }) => hasHostBits)
          .map(({ text, path }) => ({ message: `${text} has bits behind its prefix`, path })),
    },
  ),
  define(
    'list-overlap',
    'warning',
    [
      'Blocks of a list do not overlap',
      'Removing one of the two would not do what it says.',
      'Keep the wider one.',
    ],
    { on: 'list', find: overlapHits },
  ),
  define(
    'list-redirect-query',
    'error',
    ['Sources of bulk redirects have no query', 'Cloudflare refuses them.', 'Leave the query out.'],
    { on: 'list', find: sourceHits },
  ),
];
