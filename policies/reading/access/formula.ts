/**
 * Conditions over what is true of somebody who asks: combined with and, or, not. The one question asked of them is whether
 * anybody could fulfil one, and who.
 */

export type FormulaCondition =
  | boolean
  | { readonly is: string }
  | { readonly not: FormulaCondition }
  | { readonly all: readonly FormulaCondition[] }
  | { readonly any: readonly FormulaCondition[] };

/** How two properties hang together: who has the first has the second, or cannot have it. */
export type FormulaRelation = (a: string, b: string) => 'implies' | 'excludes' | null;

/** Properties that somebody has, and that nobody can tell of; none where nobody fulfils the condition. */
export type FormulaAnswer =
  | { readonly kind: 'somebody'; readonly has: readonly string[] }
  | { readonly kind: 'nobody' }
  | { readonly kind: 'unknown' };

/** Parts of conditions that are looked at before the search is given up; far more than real policies take. */
const maxVisits = 3_000_000;

type KnownProperties = ReadonlyMap<string, boolean>;

/** Looks for somebody who fulfils the condition. `unknown` when the search would take too long. */
export function whoFulfils(condition: FormulaCondition, relation: FormulaRelation): FormulaAnswer {
  const search = new FormulaSearch(condition, relation);
  const found = search.from(new Map());
  if (found !== null) {
    const has = [...found].filter(([, holds]) => holds).map(([property]) => property);
    return { kind: 'somebody', has };
  }
  return search.isExhausted ? { kind: 'unknown' } : { kind: 'nobody' };
}

class FormulaSearch {
  readonly #condition: FormulaCondition;
  readonly #relation: FormulaRelation;
  readonly #properties: readonly string[];
  #visits = 0;

  constructor(condition: FormulaCondition, relation: FormulaRelation) {
    this.#condition = condition;
    this.#relation = relation;
    this.#properties = [...new Set(propertiesOf(condition))];
  }

  get isExhausted(): boolean {
    return this.#visits > maxVisits;
  }

  /** What is known of somebody who fulfils the condition, beginning with what is known already. */
  from(known: KnownProperties): KnownProperties | null {
    const value = this.isExhausted ? false : this.#valueOf(this.#condition, known);
    if (typeof value === 'boolean') {
      return value ? known : null;
    }
    for (const holds of [true, false]) {
      const next = this.#assume(known, value.open, holds);
      const found = next === null ? null : this.from(next);
      if (found !== null) {
        return found;
      }
    }
    return null;
  }

  /** The value of a condition, or the first property on which it depends. */
  #valueOf(condition: FormulaCondition, known: KnownProperties): boolean | { readonly open: string } {
    this.#visits += 1;
    if (typeof condition === 'boolean') {
      return condition;
    }
    if ('is' in condition) {
      return known.get(condition.is) ?? { open: condition.is };
    }
    if ('not' in condition) {
      const inner = this.#valueOf(condition.not, known);
      return typeof inner === 'boolean' ? !inner : inner;
    }
    return 'all' in condition
      ? this.#valueOfEach(condition.all, known, false)
      : this.#valueOfEach(condition.any, known, true);
  }

  /** `deciding` is the value of a part that decides: false among `all`, true among `any`. */
  #valueOfEach(
    parts: readonly FormulaCondition[],
    known: KnownProperties,
    deciding: boolean,
  ): boolean | { readonly open: string } {
    let open: { readonly open: string } | null = null;
    for (const part of parts) {
      const value = this.#valueOf(part, known);
      if (value === deciding) {
        return deciding;
      }
      open ??= typeof value === 'boolean' ? null : value;
    }
    return open ?? !deciding;
  }

  /** With a property assumed and all that follows from it; null when that contradicts what is known. */
  #assume(known: KnownProperties, property: string, holds: boolean): KnownProperties | null {
    const next = new Map(known).set(property, holds);
    for (const other of this.#properties) {
      const follows = other === property ? null : this.#following(property, holds, other);
      const before = next.get(other);
      if (follows !== null && before !== undefined && before !== follows) {
        return null;
      }
      if (follows !== null) {
        next.set(other, follows);
      }
    }
    return next;
  }

  #following(property: string, holds: boolean, other: string): boolean | null {
    if (!holds) {
      return this.#relation(other, property) === 'implies' ? false : null;
    }
    const related = this.#relation(property, other);
    const isExcluded = related === 'excludes' || this.#relation(other, property) === 'excludes';
    return related === 'implies' ? true : isExcluded ? false : null;
  }
}

/** Every property that a condition depends on. */
export function propertiesOf(condition: FormulaCondition): readonly string[] {
  if (typeof condition === 'boolean') {
    return [];
  }
  if ('is' in condition) {
    return [condition.is];
  }
  if ('not' in condition) {
    return propertiesOf(condition.not);
  }
  return ('all' in condition ? condition.all : condition.any).flatMap(propertiesOf);
}
