/** What differs between the guard-rails that are wanted and those that were seen, and the requests that put it right. */
import { canonicalJson, compareText, isList, isObject, own } from '../../scripts/json/json.ts';
import type { Json, JsonObject } from '../../scripts/plan/types.ts';
import type {
  GuardRailDifference,
  GuardRail,
  GuardRequest,
  RailFinding,
  Seen,
} from '../model/guard-rails.ts';

/** One finding per rail, in their order. A rail of which nothing is known is unknown, never fine. */
export function compareGuardRails(
  rails: readonly GuardRail[],
  seen: ReadonlyMap<string, Seen>,
): readonly RailFinding[] {
  return rails.map((rail) => {
    const found = foundOf(rail, seen.get(rail.id) ?? { state: 'unknown', reason: 'it was not read' });
    return { ...found, isForPeople: found.state !== 'ok' && guardRequests([found]).length === 0 };
  });
}

type FoundGuardRail = Omit<RailFinding, 'isForPeople'>;

function foundOf(rail: GuardRail, seen: Seen): FoundGuardRail {
  const none = { rail, differences: [], reason: null, rulesetId: null };
  switch (seen.state) {
    case 'missing':
      return { ...none, state: 'missing' };
    case 'unknown':
      return { ...none, state: 'unknown', reason: seen.reason };
    case 'read': {
      const differences = differencesOf(rail.wanted, seen.value, '');
      const state = differences.length === 0 ? 'ok' : 'differs';
      return { ...none, state, differences, rulesetId: seen.rulesetId };
    }
  }
}

/**
 * Where `seen` is not what is wanted. Fields that are not named in `wanted` are GitHub's own and do not count; in lists
 * everything counts but the order. Rules are matched by their type.
 */
function differencesOf(wanted: Json, seen: Json | undefined, path: string): readonly GuardRailDifference[] {
  if (isObject(wanted) && isObject(seen)) {
    return Object.keys(wanted).flatMap((key) =>
      differencesOf(own(wanted, key) ?? null, own(seen, key), path === '' ? key : `${path}.${key}`),
    );
  }
  if (isList(wanted) && isList(seen)) {
    const isOfRules = path === 'rules';
    return isOfRules ? differencesOfRules(wanted, seen, path) : differencesOfLists(wanted, seen, path);
  }
  return seen !== undefined && canonicalJson(wanted) === canonicalJson(seen)
    ? []
    : [{ path, seen: seen ?? null, wanted }];
}

function differencesOfRules(
  wanted: readonly Json[],
  seen: readonly Json[],
  path: string,
): readonly GuardRailDifference[] {
  const types = [...new Set([...wanted, ...seen].map(typeOf))].toSorted(compareText);
  return types.flatMap((type) => {
    const [want, ...more] = wanted.filter((rule) => typeOf(rule) === type);
    const found = seen.filter((rule) => typeOf(rule) === type);
    const at = `${path}.${type}`;
    if (want === undefined || found.length !== 1 || more.length > 0) {
      return [{ path: at, seen: found, wanted: want ?? null }];
    }
    return differencesOf(want, found[0], at);
  });
}

function typeOf(rule: Json): string {
  const type = isObject(rule) ? own(rule, 'type') : undefined;
  return typeof type === 'string' ? type : '?';
}

/** Equal when each entry of one is matched by exactly one of the other. */
function differencesOfLists(
  wanted: readonly Json[],
  seen: readonly Json[],
  path: string,
): readonly GuardRailDifference[] {
  const left = [...seen];
  const isMatched = wanted.every((want) => {
    const index = left.findIndex((found) => differencesOf(want, found, '').length === 0);
    return index >= 0 && left.splice(index, 1).length === 1;
  });
  return isMatched && left.length === 0 ? [] : [{ path, seen, wanted }];
}

/** What would be sent for these findings, in order. Nothing for what is unknown, and nothing that deletes. */
export function guardRequests(findings: readonly FoundGuardRail[]): readonly GuardRequest[] {
  return findings
    .filter(({ state }) => state === 'missing' || state === 'differs')
    .flatMap((finding): readonly GuardRequest[] => {
      const { rail, rulesetId } = finding;
      switch (rail.kind) {
        case 'ruleset':
          return [
            rulesetId === null
              ? { rail: rail.id, method: 'POST', path: 'rulesets', body: rail.wanted }
              : { rail: rail.id, method: 'PUT', path: `rulesets/${String(rulesetId)}`, body: rail.wanted },
          ];
        case 'environment':
          return environmentRequests(finding);
        case 'workflow-rights':
          return [{ rail: rail.id, method: 'PUT', path: 'actions/permissions/workflow', body: rail.wanted }];
        case 'environment-secrets':
        case 'secrets':
        case 'codeowners':
        case 'foreign-rulesets':
          return [];
      }
    });
}

function environmentRequests({ rail, state, differences }: FoundGuardRail): readonly GuardRequest[] {
  const { name, branches, ...settings } = rail.wanted;
  const path = `environments/${encodeURIComponent(typeof name === 'string' ? name : '')}`;
  const changed = new Set(differences.map((difference) => difference.path.split('.')[0]));
  const there = differences.find((difference) => difference.path === 'branches')?.seen;
  const missing = state === 'missing' ? entries(branches) : without(branches, there);
  const put = { rail: rail.id, method: 'PUT' as const, path, body: settingsFor(settings, changed) };
  const isPut =
    state === 'missing' || [...changed].some((field) => field !== 'branches' && field !== adminsField);
  return [
    ...(isPut ? [put] : []),
    ...missing.map((body) => ({
      rail: rail.id,
      method: 'POST' as const,
      path: `${path}/deployment-branch-policies`,
      body,
    })),
    // What a request leaves away may go back to what it is by default, so this one comes after each.
    ...(isPut || changed.has(adminsField)
      ? [
          {
            ...put,
            body: { ...put.body, [adminsField]: settings[adminsField] ?? null },
            lost: 'An administrator can deploy another branch to the environment, and so read its secrets.',
          },
        ]
      : []),
  ];
}

const adminsField = 'can_admins_bypass';

/**
 * What is sent of an environment beside its branches: that it has branches of its own, and a wait timer or reviewers only
 * where some have to go. Private repositories of the plans Pro and Team refuse those two, as they are by default too
 * (docs.github.com, "Deployments and environments": both are for public repositories, and for private ones of Enterprise;
 * read 2026-11-30).
 */
function settingsFor(settings: JsonObject, changed: ReadonlySet<string | undefined>): JsonObject {
  return Object.fromEntries(
    Object.entries(settings).filter(
      ([field]) => field === 'deployment_branch_policy' || (field !== adminsField && changed.has(field)),
    ),
  );
}

function entries(list: Json | undefined): readonly JsonObject[] {
  return isList(list ?? null) ? (list as readonly Json[]).filter(isObject) : [];
}

/** Those of `wanted` that are not among `seen`; none when the lists did not differ. */
function without(wanted: Json | undefined, seen: Json | undefined): readonly JsonObject[] {
  return seen === undefined
    ? []
    : entries(wanted).filter(
        (want) => !entries(seen).some((found) => differencesOf(want, found, '').length === 0),
      );
}
