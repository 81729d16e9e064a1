/**
 * Restrictions that stand in lists of an Access application or policy: who has to approve, as which user somebody enters a
 * machine, and which machines there are. Each comparison says whether less is asked for than before, or more is reached.
 * Arguments of provider 5.14.0; meaning: Cloudflare's documentation of temporary authentication and of infrastructure
 * applications.
 */
import { canonicalJson, isObject } from '../../../scripts/json/json.ts';
import type { Json, JsonObject } from '../../../scripts/plan/types.ts';

export function listed(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? (value as readonly Json[]) : [];
}

/** Every group has to approve: each one from before must be there still, asked as often, among nobody new. */
export function isApprovedByFewer(before: Json, after: Json): boolean {
  const groups = listed(after).filter(isObject);
  return listed(before)
    .filter(isObject)
    .some((old) => !groups.some((group) => asksAsMuch(old, group)));
}

function asksAsMuch(old: JsonObject, group: JsonObject): boolean {
  return (
    Number(group['approvals_needed'] ?? 0) >= Number(old['approvals_needed'] ?? 0) &&
    (group['email_list_uuid'] ?? null) === (old['email_list_uuid'] ?? null) &&
    isWithin(group['email_addresses'], old['email_addresses'])
  );
}

/** Of each policy that says so, the users of a machine as whom it lets somebody in. */
export function sshUsers(policies: Json): Json {
  return Object.fromEntries(
    listed(policies)
      .filter(isObject)
      .map((policy, at) => [nameOf(policy, at), isObject(policy) ? sshOf(policy) : null] as const)
      .filter(([, ssh]) => ssh !== null),
  );
}

/** By its name, or by its place: what is compared is the same policy before and after. */
function nameOf(policy: JsonObject, at: number): string {
  const name = policy['name'] ?? policy['id'];
  return typeof name === 'string' ? name : `policy ${at + 1}`;
}

function sshOf({ connection_rules: rules = null }: JsonObject): JsonObject | null {
  const ssh = isObject(rules) ? (rules['ssh'] ?? null) : null;
  return isObject(ssh) ? ssh : null;
}

/** A policy that has no counterpart before is measured by all of those before together. */
export function hasMoreUsers(before: Json, after: Json): boolean {
  const [was, is] = [before, after].map((users) => (isObject(users) ? users : {}));
  const all = together(Object.values(was ?? {}).filter(isObject));
  return Object.entries(is ?? {}).some(([name, now]) => {
    const old = was?.[name];
    return isObject(now) && isLooserSsh(isObject(old) ? old : all, now);
  });
}

function together(rules: readonly JsonObject[]): JsonObject {
  return {
    usernames: rules.flatMap(({ usernames }) => listed(usernames)),
    allow_email_alias: rules.some(({ allow_email_alias: isAllowed }) => isAllowed === true),
  };
}

function isLooserSsh(old: JsonObject, now: JsonObject): boolean {
  const isAliased = now['allow_email_alias'] === true && old['allow_email_alias'] !== true;
  return isAliased || !isWithin(now['usernames'], old['usernames']);
}

/** Machines that no criterion from before meant: another port, protocol or value, or an attribute that is not asked any more. */
export function reachesMoreTargets(before: Json, after: Json): boolean {
  const old = listed(before).filter(isObject);
  return (
    old.length > 0 &&
    listed(after)
      .filter(isObject)
      .some((criterion) => !old.some((one) => isNarrowerTarget(criterion, one)))
  );
}

function isNarrowerTarget(inner: JsonObject, outer: JsonObject): boolean {
  const [has, had] = [inner, outer].map(({ target_attributes: attributes }) =>
    isObject(attributes) ? attributes : {},
  );
  return (
    inner['port'] === outer['port'] &&
    inner['protocol'] === outer['protocol'] &&
    Object.entries(had ?? {}).every(
      ([name, values]) => has?.[name] !== undefined && isWithin(has[name], values),
    )
  );
}

function isWithin(inner: Json | undefined, outer: Json | undefined): boolean {
  const allowed = new Set(listed(outer).map(canonicalJson));
  return listed(inner).every((value) => allowed.has(canonicalJson(value)));
}
