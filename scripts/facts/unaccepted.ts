/** Stack code is refused for values that the provider would refuse: before anything is planned, bundled or approved. */
import { InputError, type Diagnostic } from '../contract/errors.ts';
import { refusedOf, requiredText } from '../provider/accepted.ts';
import { diffBundles } from '../plan/difference/diff.ts';
import { isObject, own } from '../json/json.ts';
import { formatPath } from '../plan/path.ts';
import { quantity } from '../plan/quantity.ts';
import type { Bundle, Json, JsonObject, ResourceChange } from '../plan/types.ts';

/** Shown at most; the rest is counted. */
const maxListed = 20;

/**
 * @param stacks As they were synthesized, with what the framework notes of each resource.
 * @throws InputError with every value that the provider does not take: its construct, its place, what is taken.
 */
export function refuseUnaccepted(
  stacks: ReadonlyMap<string, JsonObject>,
  bundles: ReadonlyMap<string, Bundle>,
): void {
  const found = [...bundles].flatMap(([stack, bundle]) => refusedAt(bundle, stacks.get(stack) ?? {}));
  const [first] = found;
  if (first === undefined) {
    return;
  }
  const more = found.length - maxListed;
  throw new InputError({
    what: `The provider refuses ${quantity(found.length, 'value')} that stack code writes.`,
    why: 'It refuses the whole stack before it plans anything: what is approved could never be released.',
    fix: 'Write a value that it takes at each of these places.',
    next: 'sluice synth',
    diagnostics: [
      ...found.slice(0, maxListed),
      ...(more > 0 ? [{ message: `and ${quantity(more, 'other value')}` }] : []),
    ],
  });
}

function refusedAt(bundle: Bundle, synthesized: JsonObject): readonly Diagnostic[] {
  const { stack } = bundle;
  const { changes, settings } = diffBundles({ stack, before: null, after: bundle });
  return changes.flatMap((change) =>
    refusedOf(change, settings.after).map((refused) => ({
      message: `${stack}/${change.address}${writtenBy(change, synthesized)}: ${formatPath(refused.path)} is refused, ${requiredText(refused)}.`,
    })),
  );
}

/** The construct that wrote it, as the framework notes it; nothing where it does not. */
function writtenBy({ type, name }: ResourceChange, synthesized: JsonObject): string {
  const path = ['resource', type, name, '//', 'metadata', 'path'].reduce<Json | undefined>(
    (inner, key) => (isObject(inner) ? own(inner, key) : undefined),
    synthesized,
  );
  return typeof path === 'string' ? ` (construct ${path})` : '';
}
