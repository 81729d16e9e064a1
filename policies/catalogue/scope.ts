/**
 * Whether a plan stays inside the scope of a catalogue entry. Read the other way round from a rule: not what is
 * forbidden is looked for, but whether everything that changes is listed as allowed.
 */
import { canonicalJson } from '../../scripts/json/json.ts';
import type { ResourceChange, StackPlan, StackSettings } from '../../scripts/plan/types.ts';
import type { CatalogueEntry, PolicySet, Register, RuleInput } from '../model/facts.ts';
import { environmentOf, subjectOf } from '../reading/estate-context.ts';
import { indexPlan } from '../reading/plan-index.ts';
import { reachOf } from '../reading/places/reach.ts';
import { isWithin, leafPatterns, leavesBelow, pathPattern } from './patterns.ts';
import { isPatchBump, packageProblems } from './provider-package.ts';
import { valueProblems } from './scope-values.ts';

type CatalogueScope = CatalogueEntry['scope'];

/** What the scope of an entry is compared with. */
export type ScopeInput = Pick<RuleInput, 'plan' | 'now' | 'packages' | 'changedFiles' | 'record'> & {
  readonly policy: Pick<PolicySet, 'registers'>;
};

/** Attributes that only the provider writes: unknown before apply in every creation, and nothing an author can set. */
const providerWritten: ReadonlySet<string> = new Set([
  'id',
  'created_on',
  'modified_on',
  'comment_modified_on',
  'tags_modified_on',
  'num_items',
  'num_referencing_filters',
  'operation_id',
  'proxiable',
  'client_secret',
  'expires_at',
  'meta',
]);

/** Everything in the plan that the entry does not allow, each with its address; empty when the plan is inside the scope. */
export function planProblems(entry: CatalogueEntry, input: ScopeInput): readonly string[] {
  const { scope } = entry;
  const stacks = input.plan.stacks;
  const changes = stacks.flatMap((stack) => stack.changes);
  const units = changes.reduce((sum, change) => sum + changeUnits(change), 0);
  const problems = [
    ...stacks.flatMap((stack) => stackProblems(stack, scope, input.policy.registers)),
    ...changes.flatMap((change) => changeProblems(change, scope, input.now)),
    ...reachProblems(scope, input),
  ];
  const risen = risenSources(stacks);
  if (scope.providerPatch && risen.size > 0) {
    problems.push(...packageProblems(risen, input));
  }
  if (units > scope.maxChanges) {
    problems.push(`the plan makes ${units} changes; the entry allows ${scope.maxChanges}`);
  }
  if (stacks.every((stack) => !differs(stack))) {
    problems.push('the plan changes nothing: there is nothing to pre-approve');
  }
  return problems;
}

/** What another stack owns is outside, unless the entry is for that stack's environment as well. */
function reachProblems(scope: CatalogueScope, { plan, policy }: ScopeInput): readonly string[] {
  const { beyond } = reachOf(indexPlan(plan), policy);
  return [...beyond].flatMap(([change, { stacks, nobodys, unknown }]) => {
    const outside = [...stacks].filter(
      ([stack]) => !scope.environments.some((environment) => environment === environmentOf(policy, stack)),
    );
    return [
      ...outside.map(([stack, what]) => `acts on ${what}, which is of ${stack}`),
      ...nobodys.map((what) => `acts on ${what}, which is nobody's`),
      ...unknown.map((what) => `${what} is not known before apply`),
    ].map((problem) => `${subjectOf(change)}: ${problem}`);
  });
}

function differs(stack: StackPlan): boolean {
  return stack.changes.length > 0 || canonical(stack.settings.before) !== canonical(stack.settings.after);
}

/** A created or deleted resource is one change; an updated one is as many as it has changed elements and attributes. */
function changeUnits(change: ResourceChange): number {
  const elements = change.attributes.map(({ path }) => {
    const into = path.findIndex((segment) => typeof segment !== 'string');
    return JSON.stringify(into === -1 ? path : path.slice(0, into + 1));
  });
  return change.actions.includes('update') ? Math.max(1, new Set(elements).size) : 1;
}

function stackProblems(
  stack: StackPlan,
  scope: CatalogueScope,
  registers: readonly Register[],
): readonly string[] {
  if (!differs(stack)) {
    return [];
  }
  const known = registers.flatMap((register) => register.stacks).find(({ name }) => name === stack.stack);
  if (known === undefined) {
    return [`stack ${stack.stack} is in no service register`];
  }
  const problems = settingsProblems(stack, scope);
  return scope.environments.includes(known.environment)
    ? problems
    : [
        `stack ${stack.stack} is ${known.environment}; the entry is for ${scope.environments.join(', ')}`,
        ...problems,
      ];
}

function settingsProblems(stack: StackPlan, scope: CatalogueScope): readonly string[] {
  const { before, after } = stack.settings;
  if (canonical(before) === canonical(after)) {
    return [];
  }
  const inside = scope.providerPatch && before !== null && after !== null && isOnlyPatched(before, after);
  return inside
    ? []
    : [
        scope.providerPatch
          ? `stack ${stack.stack}: more than the patch version of a provider changes around its resources`
          : `stack ${stack.stack}: providers, backend or other settings change`,
      ];
}

function isOnlyPatched(before: StackSettings, after: StackSettings): boolean {
  return (
    canonical(withoutVersions(before)) === canonical(withoutVersions(after)) &&
    after.providers.every(
      ({ version }, index) =>
        before.providers[index]?.version === version ||
        isPatchBump(before.providers[index]?.version ?? null, version),
    )
  );
}

/** Sources of the providers that get another version anywhere. */
function risenSources(stacks: readonly StackPlan[]): ReadonlySet<string> {
  return new Set(
    stacks.flatMap(({ settings: { before, after } }) =>
      (after?.providers ?? [])
        .filter(({ version }, index) => version !== before?.providers[index]?.version)
        .map(({ source }) => source),
    ),
  );
}

function withoutVersions(settings: StackSettings): StackSettings {
  return { ...settings, providers: settings.providers.map((provider) => ({ ...provider, version: null })) };
}

function changeProblems(change: ResourceChange, scope: CatalogueScope, now: string): readonly string[] {
  const at = `${change.stack}/${change.address}`;
  const kind = kindProblem(change, scope);
  if (kind !== null) {
    return [`${at}: ${kind}`];
  }
  return [
    ...unknownProblems(change),
    ...attributeProblems(change, scope),
    ...valueProblems(change, scope, now),
    ...lifecycleProblems(change),
  ].map((problem) => `${at}: ${problem}`);
}

function kindProblem(change: ResourceChange, scope: CatalogueScope): string | null {
  if (!scope.resourceTypes.includes(change.type)) {
    return `${change.type} is not one of the resource types of the entry`;
  }
  if (change.mode !== 'managed' || change.movedFrom !== undefined) {
    return 'is read or moved, which the entry does not allow';
  }
  const [action, ...more] = change.actions;
  if (more.length > 0 || change.replacePaths.length > 0) {
    return `is replaced (${change.actions.join(', ')}), which no entry allows`;
  }
  const isAllowed = scope.actions.some((allowed) => allowed === action);
  return isAllowed ? null : `${action ?? 'no action'} is not one of the actions of the entry`;
}

function unknownProblems(change: ResourceChange): readonly string[] {
  return change.unknown
    .filter(([first]) => typeof first !== 'string' || !providerWritten.has(first))
    .filter((path) => !(pathPattern(path) === 'zone_id' && change.zone !== null))
    .map((path) => `${pathPattern(path)} is not known before apply`);
}

function attributeProblems(change: ResourceChange, scope: CatalogueScope): readonly string[] {
  const isListed = (pattern: string): boolean =>
    scope.attributes.some((allowed) => isWithin(pattern, allowed));
  if (change.actions.includes('create')) {
    return leafPatterns(change.after ?? {})
      .filter((pattern) => !isListed(pattern))
      .map((pattern) => `${pattern} is not one of the attributes of the entry`);
  }
  if (change.actions.includes('delete')) {
    return [];
  }
  const problems = change.attributes.flatMap((attribute) =>
    leavesOf(attribute)
      .filter((leaf) => attribute.unknown || attribute.kind === 'moved' || !isListed(leaf))
      .map((leaf) => `${leaf} may not change (${attribute.kind})`),
  );
  return change.attributes.length === 0 ? ['is updated, and no attribute says how'] : problems;
}

/** What is set or was set at a changed path: a whole element is all that is in it. */
function leavesOf({ path, before, after }: ResourceChange['attributes'][number]): readonly string[] {
  const at = pathPattern(path);
  const leaves = [before, after].flatMap((side) => (side === undefined ? [] : leavesBelow(side, at)));
  return leaves.length === 0 ? [at] : [...new Set(leaves)];
}

function lifecycleProblems(change: ResourceChange): readonly string[] {
  const { before, after } = change.lifecycle;
  return before !== null && after !== null && JSON.stringify(before) !== JSON.stringify(after)
    ? ['its lifecycle settings change']
    : [];
}

function canonical(value: StackSettings | null): string {
  return canonicalJson(value);
}
