/**
 * Resources that a plan leaves as they are. Judging some changes needs them: a list that is emptied acts through rules that
 * stay, a redirect meets those that were there. They are not part of the plan and of no digest.
 */
import { kindOf, providerOf, resolvedBody } from './change.ts';
import { makesNone } from './lifecycle.ts';
import { PartFinder } from './parts.ts';
import { scopeOf } from './resolve.ts';
import { blockOf, viewOf } from '../stack-view.ts';
import { everyChange } from '../terraform/plan.ts';
import type { Bundle, JsonObject, ResourceChange, StackPlan, UnchangedResource } from '../types.ts';
import { ZoneFinder } from '../zones.ts';

/** Resources of the wanted types in a configuration that the plan of its stack does not list as changed. */
export function unchangedInBundle(
  { stack, configuration }: Bundle,
  plan: StackPlan | null,
  wanted: ReadonlySet<string>,
): readonly UnchangedResource[] {
  const view = viewOf(configuration);
  const scope = scopeOf(view);
  const zones = new ZoneFinder(scope);
  const parts = new PartFinder(scope);
  const changed = new Set((plan?.changes ?? []).filter(isEffective).map(({ address }) => address));
  const order = [...wanted];
  const blocks = [...view.resources]
    .flatMap(([type, { names, bodies }]) =>
      names.map((name, at) => blockOf('resource', type, name, bodies[at] ?? {})),
    )
    .filter((block) => wanted.has(kindOf(block)))
    .toSorted((a, b) => order.indexOf(kindOf(a)) - order.indexOf(kindOf(b)));
  return blocks
    .flatMap((block) => parts.of(block) ?? [block])
    .filter((block) => !changed.has(block.address) && !makesNone(scope, block.body))
    .map((block) => ({
      stack,
      address: block.address,
      type: kindOf(block),
      zone: zones.zoneOf(block),
      values: resolvedBody(scope, block, providerOf(block, scope)) ?? {},
    }));
}

/** The same in a plan of Terraform's, which lists what does not change as well. */
export function unchangedInTerraformPlan(
  document: JsonObject,
  stack: string,
  wanted: ReadonlySet<string>,
): readonly UnchangedResource[] {
  return everyChange(document, stack)
    .filter((change) => change.mode === 'managed' && wanted.has(change.type) && !isEffective(change))
    .map(({ address, type, zone, after }) => ({ stack, address, type, zone, values: after ?? {} }));
}

function isEffective({ actions }: ResourceChange): boolean {
  return actions.some((action) => action !== 'no-op' && action !== 'read');
}
