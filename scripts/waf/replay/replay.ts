/** Runs recorded requests through the old and the new rules of an estate. */
import type { JsonObject } from '../../plan/types.ts';
import { textAt } from '../rulesets/attributes.ts';
import { Expressions } from '../reason/expressions.ts';
import { decidingTypes } from '../rulesets/configured.ts';
import { estateObjects } from '../rulesets/estate-objects.ts';
import type { TrafficRecord } from '../traffic/record.ts';
import { judgeRequest } from './judge.ts';
import { tallyRequest } from './tally.ts';
import type { Tally } from './tally.ts';
import { zoneOf, zoneReplays } from './zone-rules.ts';
import type { ZoneReplay } from './zone-rules.ts';

/** Configurations by stack, as canonical bundles have them. Plain data: it is handed to other threads. */
export type Configurations = ReadonlyMap<string, JsonObject>;

export interface ReplaySides {
  /** Everything that is live: account rules and lists of other stacks count as well. */
  readonly before: Configurations;
  readonly after: Configurations;
  /** Stacks whose zones are looked at; a request for a host of another one counts as such. */
  readonly stacks: readonly string[];
}

function isRead(type: string): boolean {
  return type === 'cloudflare_zone' || decidingTypes.has(type);
}

/** The zones of the wanted stacks, compiled; expressions are read in a table of its own where nobody hands one. */
export function compileReplay(
  { before, after, stacks }: ReplaySides,
  expressions = new Expressions(),
): readonly ZoneReplay[] {
  const sides = { before: estateObjects(before, isRead), after: estateObjects(after, isRead) };
  const wanted = new Set(
    [...sides.before, ...sides.after]
      .filter(({ type, id }) => type === 'cloudflare_zone' && stacks.includes(id.slice(0, id.indexOf('/'))))
      .map(({ attributes }) => textAt(attributes, 'name').toLowerCase()),
  );
  return zoneReplays(sides.before, sides.after, wanted, expressions);
}

/** Judges one request and counts what was found. */
export function replayRecord(zones: readonly ZoneReplay[], record: TrafficRecord, into: Tally): void {
  const zone = zoneOf(zones, record.request.host);
  if (zone === undefined) {
    const tally = into;
    tally.otherHosts += 1;
    return;
  }
  tallyRequest(into, record, judgeRequest(zone, record.request));
}
