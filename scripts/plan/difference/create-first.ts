/**
 * Which blocks are created before their old object is destroyed.
 *
 * Terraform applies `create_before_destroy` to what such a block depends on as well: the zone of a record that is created
 * first must exist before that record, so it cannot be destroyed first either.
 */
import type { ExpressionReference } from '../expression/facts.ts';
import { namedReference } from '../expression/parse.ts';
import { isList, own } from '../../json/json.ts';
import { lifecycleOf } from './lifecycle.ts';
import { referencesIn } from './resolve.ts';
import { blockOf, findBlock } from '../stack-view.ts';
import type { Block, StackView } from '../stack-view.ts';

/** Addresses of the blocks with the setting, and of everything they depend on through references and `depends_on`. */
export function createdFirst(view: StackView): ReadonlySet<string> {
  const cache = new Map<string, readonly ExpressionReference[]>();
  const found = new Set<string>();
  const pending: string[] = [];
  const reach = (target: string): void => {
    if (!found.has(target)) {
      found.add(target);
      pending.push(target);
    }
  };
  for (const [type, { names, bodies }] of view.resources) {
    for (const [index, body] of bodies.entries()) {
      const block = blockOf('resource', type, names[index] ?? '', body);
      if (body['lifecycle'] !== undefined && lifecycleOf(block)?.createBeforeDestroy === true) {
        reach(block.address);
      }
    }
  }
  for (let target = pending.pop(); target !== undefined; target = pending.pop()) {
    dependenciesOf(view, target, cache).forEach(reach);
  }
  return found;
}

function dependenciesOf(
  view: StackView,
  target: string,
  cache: Map<string, readonly ExpressionReference[]>,
): readonly string[] {
  if (target.startsWith('local.')) {
    const value = view.locals.get(target.slice('local.'.length));
    return value === undefined ? [] : referencesIn(value, cache).map((item) => item.target);
  }
  const block = findBlock(view, target);
  return block === undefined
    ? []
    : [...referencesIn(block.body, cache).map((item) => item.target), ...declared(block)];
}

/** Entries of `depends_on`, which are written without interpolation marks. */
function declared(block: Block): readonly string[] {
  const entries = own(block.body, 'depends_on');
  return (isList(entries) ? entries : []).flatMap((entry) =>
    typeof entry === 'string' ? (namedReference(entry)?.target ?? []) : [],
  );
}
