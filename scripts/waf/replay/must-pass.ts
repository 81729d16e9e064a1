/** Tries requests that must pass under the old and the new rules of an estate. */
import { actionOf, judgeRequest } from './judge.ts';
import type { JudgedRequest } from './judge.ts';
import type { VerdictChange } from './types.ts';
import { zoneOf } from './zone-rules.ts';
import type { ZoneReplay } from './zone-rules.ts';
import type { RecordedRequest } from '../evaluate/request.ts';
import type { MatchedRule } from '../rulesets/ruleset-run.ts';

/** `pass`, an action, or `unknown` on each side; see `MustPassResult` of the policies. */
export interface TriedRequest {
  readonly before: string;
  readonly after: string;
  readonly change: VerdictChange;
  readonly reasons: readonly string[];
  readonly newlyChecked: readonly string[];
}

/** A host that no zone serves, or none any more, is not one that lets the request pass. */
export function tryRequest(zones: readonly ZoneReplay[], request: RecordedRequest): TriedRequest {
  const zone = zoneOf(zones, request.host);
  if (zone === undefined) {
    return unknown('unknown', `no zone of the estate serves ${request.host}`);
  }
  const judged = judgeRequest(zone, request);
  const before = zone.before === null ? 'unknown' : actionOf(judged.before);
  if (zone.after === null) {
    return unknown(before, `the zone ${zone.zone} is taken away`);
  }
  const after = actionOf(judged.after);
  if (judged.flips && after !== 'unknown') {
    return unknown(before, 'it depends on what `ne` says about a missing value');
  }
  return {
    before,
    after,
    change: judged.change,
    reasons: reasonsOf(judged, after),
    newlyChecked: newlyChecked(judged),
  };
}

function unknown(before: string, reason: string): TriedRequest {
  return { before, after: 'unknown', change: 'undecidable', reasons: [reason], newlyChecked: [] };
}

function reasonsOf({ after }: JudgedRequest, action: string): readonly string[] {
  if (action === 'pass') {
    return [];
  }
  const { outcome, possible, causes } = after;
  if (outcome !== null) {
    return [`${outcome.rule ?? ''} of ${outcome.ruleset ?? ''}`];
  }
  const rules = possible.flatMap(({ rule, ruleset }) =>
    rule === null ? [] : [`${rule} of ${ruleset ?? ''}`],
  );
  return [...causes, ...rules.map((rule) => `whether ${rule} matches`)];
}

function newlyChecked({ before, after }: JudgedRequest): readonly string[] {
  const was = new Set([...before.managed, ...before.rateLimits].map(nameOf));
  return [...after.managed, ...after.rateLimits].map(nameOf).filter((name) => !was.has(name));
}

function nameOf({ rule, ruleset }: MatchedRule): string {
  return `${rule} of ${ruleset}`;
}
