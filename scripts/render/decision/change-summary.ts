/** What a change does to a resource, in a few short pieces for a reader who does not open the plan. Values are masked. */
import { canonicalJson, isList, isObject } from '../../json/json.ts';
import { formatPath } from '../../plan/path.ts';
import type { AttributeChange, Json, JsonObject, ResourceChange } from '../../plan/types.ts';
import { maskText, displayValue } from '../text/mask.ts';
import type { Expressions } from '../../waf/reason/expressions.ts';
import { expressionLine } from '../plan/expression.ts';

/** Attributes that say what a control does, by the last key of their path; the first are the ones to read first. */
const tellingKeys: readonly (readonly string[])[] = [
  ['action', 'enabled', 'value', 'status', 'decision', 'mode', 'paused'],
  ['expression', 'rules', 'policies', 'include', 'exclude', 'require', 'roles', 'condition'],
];

/** What every resource has and nobody decides by; shown only when nothing else changes. */
const plainKeys: ReadonlySet<string> = new Set([
  'account_id',
  'description',
  'kind',
  'name',
  'ref',
  'zone_id',
  'setting_id',
]);

/** Longest text of one value, before escaping; of two values that differ, the place where they do is shown. */
const valueLength = 110;
const context = 24;

/** Pieces such as `rules[ref=x].action: "block" → "log"`, the most telling first, not escaped. */
export function changeSummary(change: ResourceChange, expressions: Expressions): readonly string[] {
  const ranked = change.attributes
    .map((attribute) => ({ attribute, rank: rankOf(attribute) }))
    .toSorted((a, b) => a.rank - b.rank);
  const telling = ranked.filter(({ rank }) => rank < plainRank);
  return (telling.length === 0 ? ranked : telling).map(({ attribute }) =>
    piece(change, attribute, expressions),
  );
}

/** What a resource is in the world, from the side that exists before: `MX shop.example mail.example`. Empty if unknown. */
export function recognisableName({ before, sensitive }: ResourceChange): string {
  const texts = ['type', 'name', 'content'].flatMap((key) => {
    const value = before === null || sensitive.some(([first]) => first === key) ? null : before[key];
    return typeof value === 'string' ? [value] : [];
  });
  return texts.join(' ');
}

const plainRank = tellingKeys.length + 1;

function rankOf(attribute: AttributeChange): number {
  const last = attribute.path.at(-1);
  // An element with an identity (a rule of a ruleset) comes or goes as a whole.
  if (typeof last === 'object') {
    return 0;
  }
  const key = attribute.path.findLast((segment) => typeof segment === 'string') ?? '';
  const telling = tellingKeys.findIndex((keys) => keys.includes(key));
  if (telling !== -1) {
    return telling;
  }
  return plainKeys.has(key) ? plainRank : tellingKeys.length;
}

function piece(change: ResourceChange, attribute: AttributeChange, expressions: Expressions): string {
  const path = formatPath(attribute.path);
  const before = displayValue(change, attribute, 'before');
  const after =
    attribute.unknown && attribute.after === undefined ? openText : displayValue(change, attribute, 'after');
  switch (attribute.kind) {
    case 'added':
      return `+ ${path}: ${shortValue(after)}`;
    case 'removed':
      return `− ${path}: ${shortValue(before)}`;
    case 'moved':
      return `${path}: position ${String((attribute.fromIndex ?? 0) + 1)} → ${String((attribute.toIndex ?? 0) + 1)}`;
    case 'changed': {
      const effect = expressionLine(change, attribute, expressions);
      return `${path}: ${both(before, after)}${effect === null ? '' : ` (${effect})`}`;
    }
  }
}

const openText = '(known after apply)';

function both(before: Json | undefined, after: Json | undefined): string {
  if (before === maskText && after === maskText) {
    return '(sensitive, changed)';
  }
  const [old, now] = [shortText(before), shortText(after)];
  // Two long texts that begin alike are told apart by where they differ; the plan has the rest.
  const shared = commonStart(old, now);
  const start = shared > 2 * context ? shared - context : 0;
  return `${cut(old, start)} → ${cut(now, start)}`;
}

function commonStart(a: string, b: string): number {
  const most = Math.min(a.length, b.length);
  let at = 0;
  while (at < most && a[at] === b[at]) {
    at += 1;
  }
  return at;
}

/** At most `valueLength` characters from `start` on; what is left away on either side is marked. */
function cut(text: string, start = 0): string {
  const end = start + valueLength;
  return `${start > 0 ? '…' : ''}${text.slice(start, end)}${text.length > end ? '…' : ''}`;
}

function shortValue(value: Json | undefined): string {
  return cut(shortText(value));
}

function shortText(value: Json | undefined): string {
  if (value === undefined) {
    return '(none)';
  }
  // Quotes tell a text from a number or a flag; of a text that has quotes itself (an expression) nobody doubts it.
  if (value === maskText || value === openText || (typeof value === 'string' && value.includes('"'))) {
    return value;
  }
  if (isObject(value) && typeof value['action'] === 'string') {
    return ruleText(value['action'], value);
  }
  if (isList(value) && value.length > 0 && value.every((item) => isObject(item) && 'action' in item)) {
    return `${String(value.length)} ${value.length === 1 ? 'rule' : 'rules'}: ${value.map(shortText).join('; ')}`;
  }
  return canonicalJson(value);
}

/** `block when (…)`: what a rule does and to which requests, before its description. */
function ruleText(action: string, rule: JsonObject): string {
  const when = typeof rule['expression'] === 'string' ? ` when ${rule['expression']}` : '';
  return `${action}${rule['enabled'] === false ? ' (off)' : ''}${when}`;
}
