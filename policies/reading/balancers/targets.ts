/** Where a load balancer sends requests: by default, by where the visitor is, and by its own rules. */
import type { Expressions } from '../../../scripts/waf/reason/expressions.ts';
import type { Json, JsonObject, ResourceChange } from '../../../scripts/plan/types.ts';
import { isReference, knownText, readList, readValue } from '../values.ts';
import type { Side } from '../values.ts';
import { isObject } from '../../../scripts/json/json.ts';

/** Some of the requests, and the pools that they may be sent to. */
export interface BalancerTarget {
  /** As a message says it: `in DE`, `under the rule checkout`; empty for all that nothing else is said about. */
  readonly what: string;
  /** Ids and references, the last resort included; null where they are not known. */
  readonly pools: readonly Json[] | null;
}

/** Steering by place: attribute, and how a message calls a key of it. */
const maps: readonly (readonly [attribute: string, called: string])[] = [
  ['region_pools', 'in the region'],
  ['country_pools', 'in the country'],
  ['pop_pools', 'at the data centre'],
];

/** Cloudflare documentation: where every pool of a target is down, the fallback pool answers. */
export function targetsOf(balancer: ResourceChange, side: Side): readonly BalancerTarget[] {
  const own = targetsAt(balancer, side, [], '');
  const rules = readList(balancer, side, ['rules']) ?? [];
  const ofRules = rules.flatMap((rule, at) =>
    isObject(rule) && isOn(rule) && isObject(rule['overrides'])
      ? targetsAt(balancer, side, ['rules', at, 'overrides'], `under the rule ${nameOf(rule, at)}`)
      : [],
  );
  return [...own, ...ofRules];
}

type At = readonly (string | number)[];

function targetsAt(balancer: ResourceChange, side: Side, at: At, prefix: string): readonly BalancerTarget[] {
  const fallback = fallbackAt(balancer, side, at);
  const withLast = (pools: readonly Json[] | null): BalancerTarget['pools'] =>
    pools === null ? null : [...pools, ...fallback];
  const ownPools = readList(balancer, side, [...at, 'default_pools']);
  const usual =
    at.length === 0 || ownPools === null || ownPools.length > 0
      ? [{ what: prefix, pools: withLast(ownPools) }]
      : [];
  const byPlace = maps.flatMap(([attribute, called]) => {
    const map = readValue(balancer, side, [...at, attribute]);
    return map.kind === 'known' && isObject(map.value)
      ? Object.entries(map.value).map(([key, pools]) => ({
          what: [prefix, `${called} ${key}`].filter((part) => part !== '').join(' '),
          pools: withLast(Array.isArray(pools) ? (pools as readonly Json[]) : null),
        }))
      : [];
  });
  return [...usual, ...byPlace];
}

/** What a rule does not override is that of the load balancer. A reference counts as unknown; which pool it means is known. */
function fallbackAt(balancer: ResourceChange, side: Side, at: At): readonly Json[] {
  const found = readValue(balancer, side, [...at, 'fallback_pool']);
  if (found.kind === 'known') {
    return [found.value];
  }
  if (found.kind === 'absent') {
    return at.length === 0 ? [] : fallbackAt(balancer, side, []);
  }
  const inner = at.reduce<Json | undefined>(
    (here, step) =>
      typeof step === 'number'
        ? (here as readonly Json[] | undefined)?.[step]
        : isObject(here)
          ? here[step]
          : undefined,
    balancer[side] ?? undefined,
  );
  const written = isObject(inner) ? inner['fallback_pool'] : undefined;
  // What is known only after apply may be a pool that answers.
  return [typeof written === 'string' && isReference(written) ? written : null];
}

function isOn(rule: JsonObject): boolean {
  return rule['disabled'] !== true;
}

function nameOf(rule: JsonObject, at: number): string {
  return typeof rule['name'] === 'string' ? rule['name'] : `rules[${String(at)}]`;
}

/** A rule that answers in place of every origin. */
export interface OwnAnswer {
  readonly name: string;
  /** HTTP status; null when it is not known. */
  readonly status: number | null;
  /** It is proven that no request to the load balancer's name gets past it. */
  readonly isForAll: boolean;
}

/** Answers that the load balancer gives itself, of rules that are not the same on the other side. */
export function newAnswers(balancer: ResourceChange, expressions: Expressions): readonly OwnAnswer[] {
  const before = new Set((readList(balancer, 'before', ['rules']) ?? []).map((rule) => JSON.stringify(rule)));
  const host = knownText(balancer, 'after', ['name']);
  return (readList(balancer, 'after', ['rules']) ?? []).flatMap((rule, at) => {
    if (
      !isObject(rule) ||
      !isOn(rule) ||
      !isObject(rule['fixed_response']) ||
      before.has(JSON.stringify(rule))
    ) {
      return [];
    }
    const { status_code: status } = rule['fixed_response'];
    const { condition } = rule;
    return [
      {
        name: nameOf(rule, at),
        status: typeof status === 'number' ? status : null,
        isForAll: typeof condition !== 'string' || isForAll(condition, host, expressions),
      },
    ];
  });
}

/** A rule without a condition is for every request. */
function isForAll(condition: string, host: string | null, expressions: Expressions): boolean {
  const all = host === null ? 'true' : `http.host eq ${JSON.stringify(host.toLowerCase())}`;
  return condition === '' || (!isReference(condition) && expressions.compare(condition, all).gains === 'no');
}

/** The beginning of a message: what answers, and with which status. */
export function answerText({ name, status }: OwnAnswer): string {
  return `the rule ${name} itself answers${status === null ? '' : `, with ${String(status)},`}`;
}
