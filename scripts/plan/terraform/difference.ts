/** What differs in one resource of a Terraform plan: by the values that it shows and by its marks. */
import { sensitivePaths } from '../difference/attribute-change.ts';
import { differenceOf } from '../difference/attributes.ts';
import type { AttributeDifference } from '../difference/attributes.ts';
import { behaviourOf } from '../../provider/behaviour.ts';
import { isZoneName } from '../difference/change.ts';
import { factsOf } from '../../provider/facts.ts';
import type { AttributeFacts } from '../../provider/facts.ts';
import { isList, own } from '../../json/json.ts';
import { textPaths, valueAt } from '../path.ts';
import type { Recomputing } from '../difference/recomputed.ts';
import { secretPaths } from '../secrets.ts';
import { markedPaths, marksFromPaths } from './trees.ts';
import type { JsonObject, Path } from '../types.ts';

type BothSides = readonly [JsonObject | null, JsonObject | null];

export interface PlannedResource extends Recomputing {
  readonly type: string;
  readonly provider: string;
  /** Name or id of its zone. */
  readonly zone: string | null;
}

const nothing: AttributeDifference = { attributes: [], recomputed: 0, respelled: [] };

/** The difference of a `change` of the plan. Defaults, spellings and recomputed values are folded where both sides are there. */
export function differenceIn(
  change: JsonObject,
  [before, after]: BothSides,
  { type, provider, zone, isConfigured }: PlannedResource,
): AttributeDifference {
  const actions = own(change, 'actions');
  if (isList(actions) && actions[0] === 'no-op') {
    return nothing;
  }
  const isPair = before !== null && after !== null;
  const marked = markedOf(change, before, after);
  return differenceOf(
    {
      facts: factsOf(type, provider),
      replacement: 'given',
      useDefaults: isPair,
      isReadBack: behaviourOf(type, provider)?.refresh === undefined,
      zone: isPair ? sharedZone(zone, before, after) : null,
      ...(isPair ? { recomputing: { isConfigured } } : {}),
      isOpen: () => false,
      isFresh: null,
    },
    {
      before: before ?? undefined,
      after: after ?? undefined,
      unknown: after === null ? undefined : own(change, 'after_unknown'),
      beforeSensitive: marksFromPaths(marked.before),
      afterSensitive: marksFromPaths(marked.after),
      replace: marksFromPaths(replacePathsOf(change)),
    },
  );
}

function sharedZone(zone: string | null, before: JsonObject, after: JsonObject): string | null {
  const stays = own(before, 'zone_id') === own(after, 'zone_id');
  return zone !== null && stays && isZoneName(zone) ? zone : null;
}

/** Shorter texts are too common for a copy of one to mean anything. */
const shortestCopy = 6;

/**
 * What Terraform marks as sensitive, and every copy of a marked text elsewhere in the resource: providers return what they
 * were given in computed attributes, which Terraform does not mark.
 */
function markedOf(
  change: JsonObject,
  before: JsonObject | null,
  after: JsonObject | null,
): { readonly before: readonly Path[]; readonly after: readonly Path[] } {
  const sides = {
    before: { values: before, paths: markedPaths(own(change, 'before_sensitive')) },
    after: { values: after, paths: markedPaths(own(change, 'after_sensitive')) },
  };
  const secrets = new Set(
    Object.values(sides).flatMap(({ values, paths }) => paths.flatMap((path) => textsAt(values, path))),
  );
  const copies = ({
    values,
    paths,
  }: {
    values: JsonObject | null;
    paths: readonly Path[];
  }): readonly Path[] =>
    secrets.size === 0 || values === null
      ? paths
      : [...paths, ...textPaths(values, (text) => secrets.has(text))];
  return { before: copies(sides.before), after: copies(sides.after) };
}

function textsAt(values: JsonObject | null, path: Path): readonly string[] {
  const value = valueAt(values ?? undefined, path);
  const paths = value === undefined ? [] : textPaths(value, (text) => text.length >= shortestCopy);
  return paths.flatMap((inner) => {
    const text = valueAt(value, inner);
    return typeof text === 'string' ? [text] : [];
  });
}

/** Terraform's own list of what forces the replacement. */
export function replacePathsOf(change: JsonObject): readonly Path[] {
  const paths = own(change, 'replace_paths');
  return isList(paths) ? (paths.filter(isList) as readonly Path[]) : [];
}

/** Paths of what is secret on either side: by the marks of the plan, by the facts and by their looks. */
export function sensitiveOf(
  change: JsonObject,
  facts: AttributeFacts | null,
  [before, after]: BothSides,
): readonly Path[] {
  const marked = markedOf(change, before, after);
  const paths = [
    ...marked.before,
    ...marked.after,
    ...[before, after].flatMap((body) =>
      body === null ? [] : [...sensitivePaths(facts ?? undefined, body), ...secretPaths(body)],
    ),
  ];
  return [...new Map(paths.map((path) => [JSON.stringify(path), path])).values()];
}
