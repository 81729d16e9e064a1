/**
 * Resources as they are before and after: those that change, and those that stand unchanged around them. What is not
 * among them is not known here: a stack without a bundle, another estate's account.
 */
import type { ResourceChange, UnchangedResource } from '../../scripts/plan/types.ts';
import type { RuleInput } from '../model/facts.ts';

export interface Estate {
  /** All of a type; what does not change is the same on both sides, with `no-op` as its action. */
  readonly all: (type: string) => readonly ResourceChange[];
}

/** Groups both kinds once for all rules. */
export function estateOf({ plan, unchanged }: Pick<RuleInput, 'plan' | 'unchanged'>): Estate {
  const byType = new Map<string, ResourceChange[]>();
  const changes = plan.stacks.flatMap((stack) => stack.changes.filter(({ mode }) => mode === 'managed'));
  const changed = new Set(changes.map(({ stack, address }) => `${stack}/${address}`));
  const standing = unchanged.filter(({ stack, address }) => !changed.has(`${stack}/${address}`));
  for (const change of [...changes, ...standing.map(asChange)]) {
    const group = byType.get(change.type);
    if (group === undefined) {
      byType.set(change.type, [change]);
    } else {
      group.push(change);
    }
  }
  return { all: (type) => byType.get(type) ?? [] };
}

function asChange({ stack, address, type, zone, values }: UnchangedResource): ResourceChange {
  return {
    stack,
    address,
    type,
    zone,
    mode: 'managed',
    name: address.slice(type.length + 1),
    provider: '',
    actions: ['no-op'],
    before: values,
    after: values,
    unknown: [],
    sensitive: [],
    replacePaths: [],
    attributes: [],
    lifecycle: { before: null, after: null },
  };
}
