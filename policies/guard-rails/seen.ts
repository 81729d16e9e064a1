/** Which of the rulesets that were seen is the one of a rail, and which others leave exceptions on the default branch. */
import { isList, isObject, own } from '../../scripts/json/json.ts';
import type { Json, JsonObject } from '../../scripts/plan/types.ts';
import type { GuardRail, Seen, SeenRuleset } from '../model/guard-rails.ts';

/** Found by its name among those of the repository itself. */
export function seenRuleset(rail: GuardRail, rulesets: readonly SeenRuleset[]): Seen {
  const [found, ...more] = rulesets.filter((one) => one.isOwn && one.name === rail.wanted['name']);
  if (found === undefined) {
    return { state: 'missing' };
  }
  if (more.length > 0) {
    return { state: 'unknown', reason: 'there is more than one ruleset of this name; delete all but one' };
  }
  return hidesBypass(found)
    ? { state: 'unknown', reason: hidden }
    : { state: 'read', value: found.value, rulesetId: found.id };
}

/** The active rulesets beside `rails` that may touch the default branch and except somebody. */
export function seenForeignRulesets(
  rails: readonly GuardRail[],
  rulesets: readonly SeenRuleset[],
  defaultBranch: string,
): Seen {
  const names = new Set(rails.flatMap(({ kind, wanted }) => (kind === 'ruleset' ? [wanted['name']] : [])));
  const others = rulesets.filter(
    (one) => !(one.isOwn && names.has(one.name)) && isActiveOn(one.value, defaultBranch),
  );
  const blind = others.find(hidesBypass);
  if (blind !== undefined) {
    return { state: 'unknown', reason: `${blind.name}: ${hidden}` };
  }
  const value = {
    rulesets: others
      .filter(({ value: { bypass_actors: actors } }) => isList(actors ?? null) && lengthOf(actors) > 0)
      .map(({ name, value: { bypass_actors: actors } }): Json => ({ name, bypass_actors: actors ?? null })),
  };
  return { state: 'read', value, rulesetId: null };
}

const hidden =
  'GitHub does not say who may bypass it; it tells administrators only, so use a token with administration access';

function hidesBypass({ value }: SeenRuleset): boolean {
  return !isList(value['bypass_actors'] ?? null);
}

function lengthOf(list: Json | undefined): number {
  return Array.isArray(list) ? list.length : 0;
}

/** Also true where it cannot be told: a pattern is not worked out beyond its beginning. */
function isActiveOn(value: JsonObject, branch: string): boolean {
  if (value['enforcement'] === 'disabled' || (value['target'] ?? 'branch') !== 'branch') {
    return false;
  }
  const conditions = value['conditions'] ?? null;
  const refs = isObject(conditions) ? (own(conditions, 'ref_name') ?? null) : null;
  return !isObject(refs) || mayInclude(refs, branch);
}

function mayInclude(refs: JsonObject, branch: string): boolean {
  const names = new Set<Json>([`refs/heads/${branch}`, '~DEFAULT_BRANCH', '~ALL']);
  const [included, excluded] = [own(refs, 'include') ?? null, own(refs, 'exclude') ?? null];
  if (isList(excluded) && excluded.some((ref) => names.has(ref))) {
    return false;
  }
  return (
    !isList(included) ||
    included.some((ref) => names.has(ref) || typeof ref !== 'string' || mayMatch(ref, `refs/heads/${branch}`))
  );
}

function mayMatch(pattern: string, ref: string): boolean {
  const begin = pattern.search(/[*?[{\\]/);
  return begin >= 0 && ref.startsWith(pattern.slice(0, begin));
}
