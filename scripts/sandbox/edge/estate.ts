/**
 * What the edge knows of the sandbox's configuration. It is compiled once and kept for as long as no object of the
 * store changes, which costs one look at each file per request.
 */
import { objectsAt, textAt } from '../../waf/rulesets/attributes.ts';
import type { JsonObject } from '../../plan/types.ts';
import { compileValueExpression } from '../../waf/evaluate/compile.ts';
import type { CompiledTest, EvaluationSettings } from '../../waf/evaluate/compile.ts';
import { Expressions } from '../../waf/reason/expressions.ts';
import { accessOf } from '../../waf/rulesets/configured-access.ts';
import { listsOf, redirectsOf, rulesetsOf } from '../../waf/rulesets/configured.ts';
import { readRuleset } from '../../waf/rulesets/rules.ts';
import type { RulesetRule } from '../../waf/rulesets/rules.ts';
import { rulesetType } from '../../provider/ruleset-type.ts';
import { parseValueExpression } from '../../waf/language/parser.ts';
import type { RedirectFinder } from '../../waf/rulesets/redirects.ts';
import { compileRuleset, type CompiledRuleset } from '../../waf/rulesets/ruleset.ts';
import { compileRulesets, type RequestRunner } from '../../waf/rulesets/ruleset-run.ts';
import { unknownBecause, type Evaluated, type RequestFields } from '../../waf/evaluate/runtime.ts';
import { Store, type StoredObject } from '../provider/store.ts';

/** One zone, ready to answer requests. */
export interface EdgeZone {
  readonly zone: StoredObject;
  readonly run: RequestRunner;
  /** For a client that has passed a challenge. */
  readonly runPassed: RequestRunner;
  readonly responseHeaders: readonly CompiledRuleset[];
  /** The rule as it is configured; null when there is none. */
  readonly ruleOf: (ruleset: string, name: string) => RulesetRule | null;
  readonly redirects: (list: string) => RedirectFinder | null;
  readonly setting: (id: string) => unknown;
  /** Ids of the managed transforms that are on. */
  readonly managedTransforms: { readonly request: readonly string[]; readonly response: readonly string[] };
  /** A filter of a rule, such as what a rate limit counts. */
  readonly test: (expression: string) => CompiledTest;
  readonly value: (expression: string) => (request: RequestFields) => Evaluated;
}

export class EdgeEstate {
  readonly #store: Store;
  #objects: readonly StoredObject[] = [];
  readonly #zones = new Map<string, EdgeZone>();

  constructor(folder: string) {
    this.#store = new Store(folder);
  }

  /** The zone that serves the host; null when none does. */
  zoneOf(host: string): EdgeZone | null {
    this.#refresh();
    const zone = zoneNamed(this.#objects, host);
    if (zone === undefined || !isServed(this.#objects, zone, host)) {
      return null;
    }
    const known = this.#zones.get(zone.id);
    const made = known ?? compileZone(this.#objects, zone);
    this.#zones.set(zone.id, made);
    return made;
  }

  /** A host that is served, for an example: the shortest `www` if there is one; null when there is none. */
  someHost(): string | null {
    this.#refresh();
    const hosts = this.#objects
      .filter(({ type }) => type === 'cloudflare_dns_record' || type === 'cloudflare_load_balancer')
      .map(({ attributes }) => textAt(attributes, 'name'))
      .filter((name) => !name.includes('*') && this.zoneOf(name) !== null)
      .toSorted(
        (a, b) =>
          Number(b.startsWith('www.')) - Number(a.startsWith('www.')) ||
          a.length - b.length ||
          (a < b ? -1 : 1),
      );
    return hosts[0] ?? null;
  }

  /** The store gives the same object for a file that did not change. */
  #refresh(): void {
    const objects = this.#store.all();
    const isSame =
      objects.length === this.#objects.length &&
      objects.every((object, index) => object === this.#objects[index]);
    if (!isSame) {
      this.#objects = objects;
      this.#zones.clear();
    }
  }
}

/** The zone with the longest name that the host ends with. */
function zoneNamed(objects: readonly StoredObject[], host: string): StoredObject | undefined {
  return objects
    .filter(({ type }) => type === 'cloudflare_zone')
    .map((zone) => ({ zone, name: textAt(zone.attributes, 'name') }))
    .filter(({ name }) => host === name || host.endsWith(`.${name}`))
    .toSorted((a, b) => b.name.length - a.name.length)[0]?.zone;
}

function isServed(objects: readonly StoredObject[], zone: StoredObject, host: string): boolean {
  const wildcard = `*.${host.slice(host.indexOf('.') + 1)}`;
  return objects.some(({ type, attributes }) => {
    const isNamed =
      attributes['zone_id'] === zone.id && [host, wildcard].includes(textAt(attributes, 'name'));
    return (
      isNamed &&
      (type === 'cloudflare_load_balancer' ||
        (type === 'cloudflare_dns_record' && attributes['proxied'] === true))
    );
  });
}

function compileZone(objects: readonly StoredObject[], zone: StoredObject): EdgeZone {
  const expressions = new Expressions();
  const settings: EvaluationSettings = { lists: listsOf(objects), missingNotEqual: false };
  const rulesets = rulesetsOf(objects, zone);
  const access = accessOf(objects, zone);
  const ofZone = objects.filter(({ attributes }) => attributes['zone_id'] === zone.id);
  const transforms = ofZone.filter(({ type }) => type === 'cloudflare_managed_transforms');
  return {
    zone,
    run: compileRulesets(rulesets, settings, { access, expressions }),
    runPassed: compileRulesets(rulesets, settings, { access, passesChallenges: true, expressions }),
    responseHeaders: rulesets
      .filter(({ phase }) => phase === 'http_response_headers_transform')
      .map((ruleset) => compileRuleset(ruleset, settings, expressions)),
    ruleOf: rulesByName(objects),
    redirects: redirectsByName(objects),
    setting: (id) =>
      ofZone.find(
        ({ type, attributes }) => type === 'cloudflare_zone_setting' && attributes['setting_id'] === id,
      )?.attributes['value'],
    managedTransforms: {
      request: transforms.flatMap((one) => enabledIds(one.attributes, 'managed_request_headers')),
      response: transforms.flatMap((one) => enabledIds(one.attributes, 'managed_response_headers')),
    },
    test: remembered((text) => expressions.read(text).test(settings, `expression ${text}`)),
    value: remembered((text) => {
      const { value } = parseValueExpression(text);
      const unknown = unknownBecause(`expression ${text}`);
      return value === null ? () => unknown : compileValueExpression(value, settings);
    }),
  };
}

function enabledIds(attributes: JsonObject, key: string): readonly string[] {
  return objectsAt(attributes, key)
    .filter((one) => one['enabled'] === true)
    .map((one) => textAt(one, 'id'));
}

function rulesByName(objects: readonly StoredObject[]): EdgeZone['ruleOf'] {
  const found = new Map(
    objects
      .filter(({ type }) => type === rulesetType)
      .flatMap(({ id, attributes }) =>
        readRuleset(attributes).rules.map((rule) => [`${id}/${rule.name}`, rule] as const),
      ),
  );
  return (ruleset, name) => found.get(`${ruleset}/${name}`) ?? null;
}

function redirectsByName(objects: readonly StoredObject[]): EdgeZone['redirects'] {
  return remembered((name) => {
    const list = objects.find(
      ({ type, attributes }) => type === 'cloudflare_list' && textAt(attributes, 'name') === name,
    );
    return list === undefined ? null : redirectsOf(objects, list);
  });
}

function remembered<T>(make: (text: string) => T): (text: string) => T {
  const made = new Map<string, { readonly result: T }>();
  return (text) => {
    const known = made.get(text) ?? { result: make(text) };
    made.set(text, known);
    return known.result;
  };
}
