/**
 * What a rollback sets again because deleting would not undo it. An object that Cloudflare keeps as it was set gets the value
 * that was read before the release; Terraform sets it, as a resource of its own, and forgets it again right afterwards.
 */
import { settingPath } from '../live/inquiry.ts';
import { argumentsFor, isRestorable, isSameValue, toWrite, withoutBeside } from '../live/retained.ts';
import type { LiveBefore, LiveSetting } from '../live/types.ts';
import { canonicalBundle } from '../plan/bundle.ts';
import { diffBundles } from '../plan/difference/diff.ts';
import { isObject, objectOf, sha256Hex } from '../json/json.ts';
import { takesAway } from '../provider/kind.ts';
import type { Bundle, Json, JsonObject, ResourceChange, StackPlan } from '../plan/types.ts';

/** What was there before the releases that are undone; of one object the oldest answer, which is what they began with. */
export function valuesBefore(undone: readonly LiveBefore[]): readonly LiveSetting[] {
  const all = undone.toSorted((a, b) => (a.at < b.at ? -1 : 1)).flatMap(({ settings }) => settings);
  return [...new Map(all.toReversed().map((setting) => [setting.path, setting])).values()].toReversed();
}

/** Whether Terraform can set it again. Older ledgers do not say what names the object. */
function canBeWrittenBack(setting: LiveSetting): boolean {
  return setting.names !== undefined && isRestorable(setting);
}

export interface Leaving {
  readonly before: readonly LiveSetting[];
  readonly now: readonly LiveSetting[];
  /** The plan that leads to the target. */
  readonly plan: StackPlan;
  /** Paths that the state stands for, before that plan. */
  readonly managed: ReadonlySet<string>;
}

/** Objects that nothing manages once the plan is applied, and that do not have the value from before. */
export function toWriteBack({ before, now, plan, managed }: Leaving): readonly LiveSetting[] {
  const ends = managedAfter(plan, managed);
  const gone = new Set(plan.changes.filter(takesAway).flatMap((change) => idOf(change)));
  return before.flatMap((setting) => {
    const current = now.find(({ path }) => path === setting.path);
    return current !== undefined &&
      current.value !== null &&
      canBeWrittenBack(setting) &&
      !ends.has(setting.path) &&
      !isSameValue(current, setting) &&
      !Object.values(setting.names ?? {}).some((name) => gone.has(name))
      ? [toWrite(setting, current)]
      : [];
  });
}

/** Paths that the state stands for once the plan is applied. */
function managedAfter({ changes }: StackPlan, managed: ReadonlySet<string>): ReadonlySet<string> {
  const ends = new Set(managed);
  const paths = (action: 'delete' | 'create', side: 'before' | 'after'): readonly string[] =>
    changes
      .filter(({ actions }) => actions.includes(action))
      .flatMap((change) => settingPath(change.type, change[side] ?? {}) ?? []);
  for (const path of paths('delete', 'before')) {
    ends.delete(path);
  }
  for (const path of paths('create', 'after')) {
    ends.add(path);
  }
  return ends;
}

/** What goes takes along whatever belongs to it. */
function idOf({ before }: ResourceChange): readonly Json[] {
  const id = before?.['id'];
  return typeof id === 'string' ? [id] : [];
}

/** The target with one more resource for each value. `from` tells which provider the object was managed through. */
export function withValues(target: Bundle, from: Bundle, settings: readonly LiveSetting[]): Bundle {
  const resource = { ...objectOf(target.configuration['resource']) };
  for (const setting of settings) {
    const { type } = setting;
    resource[type] = { ...objectOf(resource[type]), [nameOf(setting)]: blockOf(from, setting) };
  }
  return canonicalBundle(target.stack, { ...target.configuration, resource });
}

/** What a rollback of these may find left in the state by an earlier one that broke off: taking it out changes nothing. */
export function leftoversOf(target: Bundle, from: Bundle, before: readonly LiveSetting[]): StackPlan {
  const settings = before.filter(canBeWrittenBack).map(withoutBeside);
  return diffBundles({ stack: target.stack, before: withValues(target, from, settings), after: target });
}

/** The resource by which a value is set again: named after its place, so that a second attempt finds the same one. */
function nameOf({ path }: LiveSetting): string {
  return `sluice_sets_again_${sha256Hex(path).slice(0, 12)}`;
}

function blockOf(from: Bundle, setting: LiveSetting): JsonObject {
  const [, name = ''] = /^\w+\.([\w-]+)/.exec(setting.address) ?? [];
  const block = objectOf(objectOf(objectOf(from.configuration['resource'])[setting.type])[name]);
  const provider = block['provider'];
  const written = literal(argumentsFor(setting)) as JsonObject;
  return provider === undefined ? written : { ...written, provider };
}

/** Text as Terraform takes it literally. */
function literal(value: Json): Json {
  if (typeof value === 'string') {
    return value.replaceAll('${', () => '$${').replaceAll('%{', '%%{');
  }
  if (value === null || typeof value !== 'object') {
    return value;
  }
  return isObject(value)
    ? Object.fromEntries(Object.entries(value).map(([name, item]) => [name, literal(item)]))
    : value.map(literal);
}
