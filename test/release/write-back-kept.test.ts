/** A rollback restores every live value, or said that it would not: over all types that Cloudflare keeps. */
import { describe, expect, it } from 'vitest';
import { inquiryOf } from '../../scripts/live/inquiry.ts';
import { isRestorable, valueIn } from '../../scripts/live/retained.ts';
import type { LiveSetting, Setting } from '../../scripts/live/types.ts';
import { canonicalBundle } from '../../scripts/plan/bundle.ts';
import { diffBundles } from '../../scripts/plan/difference/diff.ts';
import { cloudflareSource, factsOf } from '../../scripts/provider/facts.ts';
import { isList, isObject, sameJson } from '../../scripts/json/json.ts';
import { keepsValue } from '../../scripts/provider/kind.ts';
import { liveValueOf } from '../../scripts/provider/live-values.ts';
import type { Bundle, Json, JsonObject } from '../../scripts/plan/types.ts';
import { undoOf, undoText } from '../../scripts/provider/undo.ts';
import { toWriteBack, withValues } from '../../scripts/release/write-back.ts';
import { loadCatalogue } from '../../scripts/sandbox/provider/catalogue.ts';
import type { Attributes } from '../../scripts/sandbox/provider/schema.ts';
import { terraform } from '../attacks/estate.ts';
import { configure } from '../sandbox/provider/filling.ts';

const catalogue = loadCatalogue();
const kept = Object.keys(catalogue.resources).filter((type) =>
  keepsValue({ type, provider: cloudflareSource }),
);
const scopes = { zone_id: 'c'.repeat(32), account_id: 'a'.repeat(32) };

function bundle(type: string, body: JsonObject | null): Bundle {
  return canonicalBundle('acme-production', {
    terraform,
    ...(body === null ? {} : { resource: { [type]: { it: body } } }),
  });
}

const planOf = (before: Bundle, after: Bundle) => diffBundles({ stack: 'acme-production', before, after });

/** What Cloudflare had: another value wherever it is not what names the object. */
function hadBefore(body: JsonObject, names: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(body).map(([name, value]) => [name, Object.hasOwn(names, name) ? value : other(value)]),
  );
}

function other(value: Json): Json {
  if (isList(value)) {
    return value.map(other);
  }
  if (isObject(value)) {
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, other(item)]));
  }
  if (typeof value === 'number') {
    return value + 1;
  }
  return typeof value === 'string' ? `${value}-before` : value !== true;
}

/** Cloudflare takes over what a configuration sets, and forgets nothing when it is deleted. */
function applied(live: JsonObject, type: string, { configuration }: Bundle): JsonObject {
  const blocks = (configuration['resource'] as JsonObject | undefined)?.[type];
  return Object.values(isObject(blocks ?? null) ? (blocks as JsonObject) : {}).reduce<JsonObject>(
    (object, block) => ({ ...object, ...(block as JsonObject) }),
    live,
  );
}

/** What says which object it is, not what it has. */
function isPlace(type: string, name: string): boolean {
  return (
    Object.hasOwn(scopes, name) ||
    // Which of the buckets of one name it is: sent as a header.
    name === 'jurisdiction' ||
    factsOf(type, cloudflareSource)?.attributes.get(name)?.replace === true ||
    // A setting has either a value or this switch; beside a value it is sent and not told.
    `${type}.${name}` === 'cloudflare_zone_setting.enabled'
  );
}

const told = (setting: Setting, live: JsonObject): LiveSetting | null => {
  const value = valueIn(setting, live);
  return value === undefined ? null : { ...setting, value };
};

interface Story {
  readonly type: string;
  readonly body: JsonObject;
  readonly from: Bundle;
  readonly setting: Setting;
}

/** Attributes that a rollback leaves otherwise than they were, though it was read whole what they were. */
function lostBy({ type, body, from, setting }: Story, attributes: Attributes): readonly string[] {
  const nothing = bundle(type, null);
  const whole = configure(attributes, { everything: true, edit: false, scopes }, true);
  const prior = hadBefore(whole, setting.names ?? {});
  const before = told(setting, prior);
  if (before === null || !isRestorable(before)) {
    return [];
  }
  const live = applied(prior, type, from);
  const now = told(setting, live);
  const again = toWriteBack({
    before: [before],
    now: now === null ? [] : [now],
    plan: planOf(from, nothing),
    managed: new Set([setting.path]),
  });
  const restored = applied(live, type, withValues(nothing, from, again));
  const secrets = factsOf(type, cloudflareSource);
  return Object.keys(body).filter(
    (name) =>
      !isPlace(type, name) &&
      secrets?.attributes.get(name)?.sensitiveBelow !== true &&
      !sameJson(restored[name], prior[name]),
  );
}

/** What of a release is neither undone nor said. */
function unsaid(type: string, everything: boolean): readonly string[] {
  const attributes = catalogue.resources[type]?.attributes ?? {};
  const body = configure(attributes, { everything, edit: false, scopes }, true);
  const from = bundle(type, body);
  const release = planOf(bundle(type, null), from);
  const undo = release.changes.map(undoOf);
  if (undo.every((each) => each === 'leaves')) {
    return undoText('leaves')?.includes('a rollback does NOT undo this') === true ? [] : ['not said'];
  }
  const { settings, notAsked } = inquiryOf(release);
  const [setting] = settings;
  // What cannot be asked is named with its reason, in the release and in its ledger.
  return setting === undefined
    ? notAsked.length === 1
      ? []
      : ['not asked']
    : lostBy({ type, body, from, setting }, attributes);
}

describe('a rollback of what Cloudflare keeps', () => {
  it('is about 45 types, and 30 or more can be read before', () => {
    expect(kept).toHaveLength(45);
    const read = kept.filter((type) => liveValueOf(type, cloudflareSource, {})?.values !== undefined);
    expect(read.length).toBeGreaterThan(29);
  });

  it.each(kept.flatMap((type) => [true, false].map((everything) => [type, everything] as const)))(
    'of %s (everything set: %s) restores it, or said that it would not',
    (type, everything) => {
      expect(unsaid(type, everything)).toEqual([]);
    },
  );

  it('finds what would not be set again', () => {
    const type = 'cloudflare_argo_smart_routing';
    const body = { zone_id: scopes.zone_id, value: 'on' };
    const setting: Setting = { address: `${type}.it`, type, identity: 'argo', path: '/x', sets: ['value'] };
    // Without what names the object nothing is set again.
    const attributes = catalogue.resources[type]?.attributes ?? {};
    expect(lostBy({ type, body, from: bundle(type, body), setting }, attributes)).toEqual(['value']);
  });
});
