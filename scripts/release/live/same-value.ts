/**
 * Whether a live value is the approved one of an attribute: as it is written, or as the provider's facts say that it is the
 * same (see scripts/provider/equivalence.ts). The approved side may hold references.
 */
import { isZoneName } from '../../plan/difference/change.ts';
import { canonicalValue, factsAt, fallbackOf, filledLike } from '../../provider/equivalence.ts';
import { factsOf } from '../../provider/facts.ts';
import type { AttributeFacts } from '../../provider/facts.ts';
import { sameJson } from '../../json/json.ts';
import type { SpellingContext } from '../../provider/spelling.ts';
import type { Json, JsonObject, Path, ResourceChange } from '../../plan/types.ts';
import { includesValue } from './includes-value.ts';

/** Compares values of one approved change. */
export class SameValue {
  readonly #facts: AttributeFacts | undefined;
  readonly #context: SpellingContext;
  readonly #change: ResourceChange;

  constructor(change: ResourceChange) {
    this.#change = change;
    this.#facts = factsOf(change.type, change.provider) ?? undefined;
    const { before, after, zone } = change;
    const type = (before ?? after)?.['type'];
    this.#context = {
      recordType: typeof type === 'string' && ((after ?? before)?.['type'] ?? null) === type ? type : null,
      zone: zone !== null && isZoneName(zone) ? zone : null,
    };
  }

  /** True when everything of `approved` is in `live`, which may hold more. */
  holds(approved: Json, live: Json, path: Path = []): boolean {
    const facts = factsAt(this.#facts, path);
    if (facts === undefined || includesValue(approved, live)) {
      return includesValue(approved, live);
    }
    const filled = filledLike(facts, live, approved);
    const canonical = (value: Json): Json => canonicalValue(facts, value, this.#context);
    return includesValue(approved, filled) || includesValue(canonical(approved), canonical(filled));
  }

  /** True when two live values are one value in two spellings. */
  isRespelling(before: Json, after: Json, path: Path): boolean {
    const facts = factsAt(this.#facts, path);
    const [old, now] = [before, after].map((value) => canonicalValue(facts, value, this.#context));
    return facts?.variesBelow === true && sameJson(old, now);
  }

  /** The value of an attribute on one side, or the default that stands for it. */
  valueOf(value: Json | undefined, path: Path, side: 'before' | 'after'): Json {
    const body: JsonObject | null = this.#change[side];
    return value ?? fallbackOf(factsAt(this.#facts, path), body ?? undefined) ?? null;
  }
}
