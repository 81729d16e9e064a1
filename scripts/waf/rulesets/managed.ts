/**
 * What an execute rule makes of a managed ruleset. The contents of managed rulesets are not public: this says with what
 * action a rule would run, never whether it matches.
 */

/** Null where the override says nothing and the ruleset's own setting holds. */
export interface ManagedSetting {
  readonly action: string | null;
  readonly enabled: boolean | null;
  readonly sensitivity: string | null;
}

export interface ManagedOverrides extends ManagedSetting {
  /** In order: of several categories (tags) of a rule, the one listed last wins. */
  readonly categories: readonly (ManagedSetting & { readonly category: string })[];
  readonly rules: readonly (ManagedSetting & {
    readonly id: string;
    readonly scoreThreshold: number | null;
  })[];
}

/** The setting of one managed rule: what is said of the rule, else of its categories, else of the whole ruleset. */
export function managedSetting(
  overrides: ManagedOverrides,
  rule: { readonly id: string; readonly categories: readonly string[] },
): ManagedSetting {
  const layers = [
    ...overrides.rules.filter(({ id }) => id === rule.id),
    ...overrides.categories.filter(({ category }) => rule.categories.includes(category)).toReversed(),
    overrides,
  ];
  return {
    action: layers.find(({ action }) => action !== null)?.action ?? null,
    enabled: layers.find(({ enabled }) => enabled !== null)?.enabled ?? null,
    sensitivity: layers.find(({ sensitivity }) => sensitivity !== null)?.sensitivity ?? null,
  };
}

/** The overrides in words, the strongest last; empty when there are none. */
export function describeOverrides(overrides: ManagedOverrides): readonly string[] {
  return [
    ...describe('all rules', overrides),
    ...overrides.categories.flatMap((one) => describe(`category ${one.category}`, one)),
    ...overrides.rules.flatMap((one) => [
      ...describe(`rule ${one.id}`, one),
      ...(one.scoreThreshold === null ? [] : [`rule ${one.id}: score ${String(one.scoreThreshold)}`]),
    ]),
  ];
}

function describe(what: string, { action, enabled, sensitivity }: ManagedSetting): readonly string[] {
  const overridden = [
    ...(enabled === null ? [] : [enabled ? 'on' : 'off']),
    ...(action === null ? [] : [`action ${action}`]),
    ...(sensitivity === null ? [] : [`sensitivity ${sensitivity}`]),
  ];
  return overridden.length === 0 ? [] : [`${what}: ${overridden.join(', ')}`];
}
