/** A stack of which nothing is live: what its first release is compared with where nothing was there before it. */
import { canonicalBundle } from './bundle.ts';
import type { Bundle, JsonObject } from './types.ts';

/** What stands around the resources of a stack, and is needed to reach its state. */
const settings: readonly string[] = ['provider', 'terraform', 'variable'];

/** The bundle with its settings and without anything that makes, reads or names a resource. */
export function withoutResources({ stack, configuration }: Bundle): Bundle {
  const unchanged: JsonObject = Object.fromEntries(
    settings.flatMap((name) => {
      const block = configuration[name];
      return block === undefined ? [] : [[name, block]];
    }),
  );
  return canonicalBundle(stack, unchanged);
}
