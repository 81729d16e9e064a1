/** In which order the stacks of one change are released. */
import type { Register } from '../../policies/model/facts.ts';

const order = { staging: 0, account: 1, production: 2 } as const;

/**
 * Staging before account-level before production, then by name. A stack that no register knows counts as production:
 * it comes last.
 */
export function inOrder<T extends { readonly stack: string }>(
  stacks: readonly T[],
  registers: readonly Register[],
): readonly T[] {
  const environments = new Map(
    registers.flatMap((register) => register.stacks.map((stack) => [stack.name, stack.environment] as const)),
  );
  const rank = (stack: string): number => order[environments.get(stack) ?? 'production'];
  return stacks.toSorted((a, b) => rank(a.stack) - rank(b.stack) || (a.stack < b.stack ? -1 : 1));
}
