/**
 * Reading of `terraform show -json PLAN` (and OpenTofu's) into our own form.
 *
 * Takes what Terraform says and adds nothing: action lists stay whole, unknown stays unknown, sensitive stays marked. What
 * cannot be read with certainty is refused: a newer major format, a plan that failed, a plan that is not complete, an
 * action list that no known Terraform writes. Drift (`resource_drift`) is not a change of ours and is left out.
 */
import { foldedOf } from '../difference/change.ts';
import { assemblePlan } from '../difference/diff.ts';
import { canonicalProvider, factsOf } from '../../provider/facts.ts';
import {
  canonicalJson,
  compareText,
  exceedsDepth,
  isList,
  isObject,
  maxDepth,
  own,
  sameJson,
} from '../../json/json.ts';
import { actionsKind } from '../../provider/kind.ts';
import { configuredArguments } from './arguments.ts';
import type { ConfiguredArguments } from './arguments.ts';
import { differenceIn, replacePathsOf, sensitiveOf } from './difference.ts';
import { terraformSettings } from './settings.ts';
import { zoneNamesOf } from './zones.ts';
import type { ZoneNames } from './zones.ts';
import { fittedChange, isMarks } from './planned-marks.ts';
import { markedPaths, withoutNulls } from './trees.ts';
import { v5Change } from '../v4/change.ts';
import { entriesOf } from '../v4/entries.ts';
import { v5Type } from '../v4/types.ts';
import type { Action, Diagnostic, Json, JsonObject, Parsed, Plan, ResourceChange } from '../types.ts';

const supportedMajor = 1;

/**
 * The plan of one stack, or everything that is wrong with the document. `settings.before` and lifecycles are null: a plan
 * file does not tell them.
 */
export function readTerraformPlan(document: unknown, stack: string): Parsed<Plan> {
  const problem = refusal(document);
  if (problem !== null) {
    return { ok: false, diagnostics: [problem] };
  }
  const plan = document as JsonObject;
  const entries = own(plan, 'resource_changes') ?? [];
  if (!isList(entries)) {
    return { ok: false, diagnostics: [{ message: 'resource_changes must be a list' }] };
  }
  const diagnostics = entries.flatMap((entry, index) => wrongEntry(entry, index));
  if (diagnostics.length > 0) {
    return { ok: false, diagnostics };
  }
  const changes = everyChange(plan, stack);
  const folded = changes.filter(isFolded);
  const recomputed = folded.filter((change) => (change.folded?.recomputed ?? 0) > 0).length;
  const listed = changes
    .filter((change) => isListed(change) && !isFolded(change))
    .toSorted((a, b) => compareText(a.address, b.address));
  return {
    ok: true,
    value: assemblePlan(
      [
        {
          stack,
          changes: listed,
          ...foldedOf(recomputed, folded.length - recomputed),
          ...totalsOf(changes),
          settings: { before: null, after: terraformSettings(plan) },
          bundles: { before: null, after: null },
        },
      ],
      'terraform',
    ),
  };
}

/** Every entry of a plan that was read without fault, those that change nothing too. */
export function everyChange(plan: JsonObject, stack: string): readonly ResourceChange[] {
  const entries = own(plan, 'resource_changes');
  const surroundings = { stack, zones: zoneNamesOf(plan), configured: configuredArguments(plan) };
  return isList(entries)
    ? (entries as readonly JsonObject[]).flatMap(entriesOf).map((entry) => toChange(entry, surroundings))
    : [];
}

/** Why the document as a whole cannot be used, or null. */
function refusal(document: unknown): Diagnostic | null {
  if (!isObject(document)) {
    return {
      message: 'this is not a Terraform plan',
      expected: 'the JSON object of `terraform show -json PLAN`',
    };
  }
  if (exceedsDepth(document)) {
    return { message: `the plan nests deeper than ${maxDepth} levels` };
  }
  const version = own(document, 'format_version');
  if (typeof version !== 'string' || !/^\d+\.\d+$/.test(version)) {
    return {
      message: 'this is not a Terraform plan: it has no format_version',
      expected: 'the output of `terraform show -json PLAN`, not the plan file itself',
    };
  }
  if (Number(version.split('.')[0]) !== supportedMajor) {
    return {
      message: `the plan has format ${version}, which this version of Sluice cannot read`,
      expected: `format ${supportedMajor}.x`,
      fix: 'use a Terraform that writes format 1.x, or a newer Sluice',
    };
  }
  return unusable(document);
}

function unusable(document: JsonObject): Diagnostic | null {
  if (own(document, 'errored') === true) {
    return {
      message: 'the plan failed: Terraform marked it as errored, so it does not show everything',
      fix: 'correct the errors that `terraform plan` printed and plan again',
    };
  }
  if (own(document, 'complete') === false) {
    return {
      message: 'the plan is not complete: Terraform left changes out of it',
      fix: 'plan again without -target, -exclude or deferred actions',
    };
  }
  if (own(document, 'values') !== undefined && own(document, 'resource_changes') === undefined) {
    return {
      message: 'this is a state, not a plan',
      fix: 'write a plan with `terraform plan -out=PLAN` and pass the output of `terraform show -json PLAN`',
    };
  }
  for (const name of ['deferred_changes', 'action_invocations', 'deferred_action_invocations']) {
    const items = own(document, name);
    if (items !== undefined && !(isList(items) && items.length === 0)) {
      return { message: `the plan has ${name}, whose effect this version of Sluice cannot tell` };
    }
  }
  return null;
}

function wrongEntry(entry: Json, index: number): readonly Diagnostic[] {
  const where = `resource_changes[${index}]`;
  if (!isObject(entry)) {
    return [{ message: `${where} must be an object` }];
  }
  const wrong = ['address', 'type', 'name', 'provider_name'].filter(
    (key) => typeof own(entry, key) !== 'string' || own(entry, key) === '',
  );
  const mode = own(entry, 'mode');
  const change = own(entry, 'change');
  if (mode !== 'managed' && mode !== 'data') {
    wrong.push('mode');
  }
  if (wrong.length > 0 || !isObject(change)) {
    return [
      { message: `${where} is not complete`, expected: isObject(change) ? wrong.join(', ') : 'change' },
    ];
  }
  return wrongChange(change, textAt(entry, 'address'));
}

function wrongChange(change: JsonObject, address: string): readonly Diagnostic[] {
  const actions = own(change, 'actions');
  if (!isList(actions) || actionsKind(actions as readonly Action[]) === null) {
    return [
      {
        message: `${address} has an action list that is not known`,
        expected: 'no-op, create, read, update, delete, forget, or a replacement',
        found: JSON.stringify(actions ?? null).slice(0, 200),
        fix: 'use a newer Sluice; guessing what it means could hide a destroy',
      },
    ];
  }
  if (
    sameJson(actions, ['no-op']) &&
    !sameJson(own(change, 'before') ?? null, own(change, 'after') ?? null)
  ) {
    return [
      {
        message: `${address} is to stay as it is, and its values before and after differ`,
        expected: 'the same values on both sides of a no-op',
        fix: 'take the plan as `terraform show -json` prints it; Terraform calls nothing a no-op that it changes',
      },
    ];
  }
  const sides = ['before', 'after'].filter((key) => {
    const value = own(change, key) ?? null;
    return value !== null && !isObject(value);
  });
  return [
    ...sides.map((key) => ({ message: `${address} has a "${key}" that is neither an object nor null` })),
    ...(isMarks(own(change, 'after_unknown') ?? null)
      ? []
      : [{ message: `${address} has an "after_unknown" that holds more than true and false` }]),
    ...(sides.length === 0 && isHalf(change, actions as readonly Action[])
      ? [{ message: `${address} lacks the values that its actions ask for` }]
      : []),
  ];
}

/** What is created or updated has values afterwards, and what is deleted or updated had some. */
function isHalf(change: JsonObject, actions: readonly Action[]): boolean {
  const has = (side: string): boolean => isObject(own(change, side));
  return actions.some(
    (action) =>
      ((action === 'create' || action === 'update') && !has('after')) ||
      ((action === 'delete' || action === 'update') && !has('before')),
  );
}

interface PlanSurroundings {
  readonly stack: string;
  readonly zones: ZoneNames;
  readonly configured: ConfiguredArguments;
}

function toChange(entry: JsonObject, { stack, zones, configured }: PlanSurroundings): ResourceChange {
  const change = v5Change(textAt(entry, 'type'), fittedChange(own(entry, 'change') as JsonObject));
  const type = v5Type(textAt(entry, 'type'), sideOf(own(change, 'after') ?? own(change, 'before')));
  const provider = canonicalProvider(textAt(entry, 'provider_name'));
  const before = sideOf(own(change, 'before'));
  const after = sideOf(own(change, 'after'));
  const actions = own(change, 'actions') as readonly Action[];
  const zone = zones.zoneOf(entry, before ?? after);
  const { attributes, recomputed, respelled } = differenceIn(change, [before, after], {
    type,
    provider,
    zone,
    isConfigured: configured(textAt(entry, 'address')),
  });
  return {
    address: addressOf(entry),
    stack,
    mode: own(entry, 'mode') === 'data' ? 'data' : 'managed',
    type,
    name: textAt(entry, 'name'),
    ...indexOf(entry),
    provider,
    actions,
    before,
    after,
    unknown: after === null ? [] : markedPaths(own(change, 'after_unknown')),
    sensitive: sensitiveOf(change, factsOf(type, provider), [before, after]),
    replacePaths: replacePathsOf(change),
    ...previousOf(entry),
    ...importOf(change),
    zone,
    attributes,
    ...foldedOf(recomputed, respelled.length),
    lifecycle: { before: null, after: null },
  };
}

function textAt(entry: JsonObject, key: string): string {
  const value = own(entry, key);
  return typeof value === 'string' ? value : '';
}

/** A deposed object shares its address with the current one; Terraform tells them apart in words, and so do we. */
function addressOf(entry: JsonObject): string {
  const deposed = textAt(entry, 'deposed');
  return deposed === '' ? textAt(entry, 'address') : `${textAt(entry, 'address')} (deposed ${deposed})`;
}

/** The address that the object was deposed from; null when it is current. A key in brackets is never the end of these words. */
export function deposedFrom({ address }: Pick<ResourceChange, 'address'>): string | null {
  return /^(.+) \(deposed [\da-f]+\)$/.exec(address)?.[1] ?? null;
}

function indexOf(entry: JsonObject): Pick<ResourceChange, 'index'> {
  const index = own(entry, 'index');
  return typeof index === 'string' || typeof index === 'number' ? { index } : {};
}

function previousOf(entry: JsonObject): Pick<ResourceChange, 'movedFrom'> {
  const previous = textAt(entry, 'previous_address');
  return previous === '' ? {} : { movedFrom: previous };
}

/** An import by id, or by the members of an identity; of one that an expression names Terraform says only that it is one. */
function importOf(change: JsonObject): Pick<ResourceChange, 'importing'> {
  const importing = own(change, 'importing') ?? null;
  if (importing === null) {
    return {};
  }
  const [id, identity] = isObject(importing) ? [own(importing, 'id'), own(importing, 'identity')] : [];
  if (typeof id === 'string' && id !== '') {
    return { importing: id };
  }
  return { importing: identity === undefined ? '(known after apply)' : canonicalJson(identity) };
}

/** Null means "not set" to Terraform, as an absent argument does in a configuration. */
function sideOf(value: Json | undefined): JsonObject | null {
  const withValues = isObject(value) ? withoutNulls(value) : null;
  return isObject(withValues) ? withValues : null;
}

/** An update in which nothing is left but what the provider computes anew or spells otherwise. */
function isFolded(change: ResourceChange): boolean {
  return (
    sameJson(change.actions, ['update']) &&
    change.attributes.length === 0 &&
    change.folded !== undefined &&
    change.movedFrom === undefined &&
    change.importing === undefined &&
    !takesItemsAway(change)
  );
}

/** Any update of a list sends the items written in it: without them, those that are resources of their own go. */
function takesItemsAway({ type, after }: ResourceChange): boolean {
  return type === 'cloudflare_list' && (after?.['items'] ?? null) === null;
}

/** A no-op is listed only when it moves or imports something. */
function isListed(change: ResourceChange): boolean {
  return (
    !sameJson(change.actions, ['no-op']) || change.movedFrom !== undefined || change.importing !== undefined
  );
}

function totalsOf(changes: readonly ResourceChange[]): {
  readonly totals: { readonly before: number; readonly after: number };
  readonly zones: readonly { readonly zone: string; readonly before: number; readonly after: number }[];
} {
  const managed = changes.filter((change) => change.mode === 'managed' && !change.address.endsWith(')'));
  const zones = new Map<string, { before: number; after: number }>();
  const totals = { before: 0, after: 0 };
  for (const change of managed) {
    const zone = change.zone === null ? null : (zones.get(change.zone) ?? { before: 0, after: 0 });
    for (const counts of zone === null ? [totals] : [totals, zone]) {
      counts.before += change.before === null ? 0 : 1;
      counts.after += change.after === null ? 0 : 1;
    }
    if (change.zone !== null && zone !== null) {
      zones.set(change.zone, zone);
    }
  }
  const sorted = [...zones].map(([zone, counts]) => ({ zone, ...counts }));
  return { totals, zones: sorted.toSorted((a, b) => compareText(a.zone, b.zone)) };
}
