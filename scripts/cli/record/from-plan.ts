/** What a plan says of a change that is not written down yet: whose it is, and what it could be called. */
import type { Register } from '../../../policies/model/facts.ts';
import { displayKind } from '../../plan/difference/summary.ts';
import type { Plan, ResourceChange } from '../../plan/types.ts';
import type { RecordDraft } from './new-questions.ts';

const verbs: Readonly<Partial<Record<ReturnType<typeof displayKind>, string>>> = {
  create: 'Add',
  delete: 'Remove',
  update: 'Change',
  replace: 'Replace',
};
const longestTitle = 120;

/** Proposals only: the client where one alone changes, and a title from the first change. Nothing for a plan without changes. */
export function proposedFromPlan({ stacks }: Plan, registers: readonly Register[]): RecordDraft {
  const changes = stacks
    .flatMap((stack) => stack.changes)
    .filter((change) => displayKind(change) !== 'no-op');
  const clients = new Set(changes.map(({ stack }) => clientOf(stack, registers)));
  const [client, ...others] = clients;
  const title = titleOf(changes);
  return {
    ...(client === undefined || client === null || others.length > 0 ? {} : { client }),
    ...(title === null ? {} : { title }),
  };
}

function clientOf(name: string, registers: readonly Register[]): string | null {
  return registers.find(({ stacks }) => stacks.some((stack) => stack.name === name))?.client ?? null;
}

/** Such as `Add DNS record news.shop.example`, with how many more there are. */
function titleOf(changes: readonly ResourceChange[]): string | null {
  const [first] = changes;
  if (first === undefined) {
    return null;
  }
  const more = changes.length === 1 ? '' : ` and ${String(changes.length - 1)} more`;
  return `${verbs[displayKind(first)] ?? 'Change'} ${subjectOf(first)}${more}`.slice(0, longestTitle);
}

function subjectOf(change: ResourceChange): string {
  const what = change.type
    .replace(/^cloudflare_/u, '')
    .replaceAll('_', ' ')
    .replace(/^dns /u, 'DNS ');
  const rules = [
    ...new Set(
      change.attributes.flatMap(({ path }) =>
        path[0] === 'rules' && path.length > 1 ? [refAt(path[1])] : [],
      ),
    ),
  ].filter((ref): ref is string => ref !== null);
  const name = (change.after ?? change.before)?.['name'];
  const where = change.zone === null ? change.stack : change.zone;
  if (rules.length > 0) {
    return `WAF ${rules.length === 1 ? 'rule' : 'rules'} ${rules.join(', ')} of ${where}`;
  }
  const called = typeof name === 'string' ? name : change.name;
  return called.endsWith(where) ? `${what} ${called}` : `${what} ${called} of ${where}`;
}

/** The ref of a rule, where the path goes by it. */
function refAt(segment: ResourceChange['attributes'][number]['path'][number] | undefined): string | null {
  return typeof segment === 'object' && segment.by === 'ref' ? segment.is : null;
}
