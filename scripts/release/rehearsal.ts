/**
 * Decides whether a rehearsed rollback brought everything back. Both sides are Terraform states of one stack. What
 * Cloudflare sets anew on every write (times, versions, ids of objects without a life of their own) may differ;
 * everything else must be as it was.
 */
import { cloudflareSource } from '../provider/facts.ts';
import { changeKind } from '../provider/kind.ts';
import { isOnTheWay } from '../provider/pending.ts';
import { sentOnly, sentText } from '../provider/read-back.ts';
import { providerType } from '../provider/types.ts';
import { leftByRollback, leftText, undoOf, undoText } from '../provider/undo.ts';
import { stateResources, type StateResource } from '../plan/terraform/state.ts';
import type { Json, JsonObject, StackPlan } from '../plan/types.ts';
import { textOf } from '../json/json.ts';

export interface StateDifference {
  readonly address: string;
  readonly what: string;
}

/** Evidence of one rehearsal; stored in the ledger and shown to the CAB. Times in seconds. */
export interface RehearsalEvidence {
  readonly kind: 'sluice.rehearsal';
  readonly version: 1;
  readonly stack: string;
  readonly effectDigest: string;
  readonly bundles: { readonly base: string | null; readonly proposed: string };
  readonly at: string;
  readonly terraform: string;
  readonly result: 'proven' | 'failed';
  readonly reason: string | null;
  readonly steps: readonly {
    readonly step: 'start' | 'change' | 'roll-back';
    readonly seconds: number;
    readonly changes: number;
  }[];
  readonly differences: readonly StateDifference[];
  /** What the rehearsal cannot show of the change and of going back. Absent: nothing, or an older document. */
  readonly unproven?: readonly StateDifference[];
}

/** Fields that Cloudflare writes by itself; a restored object legitimately has others. */
const selfWritten = /^(id|version|last_updated|checked_on|etag|.*_(on|at))$/;

/** Differences between the state before the change and the state after its rollback. */
export function compareStates(start: JsonObject, end: JsonObject): readonly StateDifference[] {
  const [before, after] = [resourcesOf(start), resourcesOf(end)];
  const names = { before: idNames(before), after: idNames(after) };
  const differences: StateDifference[] = [];
  for (const [address, resource] of before) {
    const restored = after.get(address);
    if (restored === undefined) {
      differences.push({ address, what: 'is gone' });
    } else {
      differences.push(...compareResource(address, resource, restored, names));
    }
  }
  for (const address of after.keys()) {
    if (!before.has(address)) {
      differences.push({ address, what: 'was left behind' });
    }
  }
  return differences.toSorted((a, b) => (a.address < b.address ? -1 : 1));
}

/** Managed resources of `terraform show -json` of a state, by address; modules included. */
function resourcesOf(state: JsonObject): ReadonlyMap<string, StateResource> {
  const managed = stateResources(state['values']).filter(({ mode }) => mode === 'managed');
  return new Map(managed.map((resource) => [resource.address, resource]));
}

interface RehearsalNames {
  readonly before: ReadonlyMap<string, string>;
  readonly after: ReadonlyMap<string, string>;
}

function compareResource(
  address: string,
  before: StateResource,
  after: StateResource,
  names: RehearsalNames,
): readonly StateDifference[] {
  const differences: StateDifference[] = [];
  if (providerType(before.type)?.hasOutsideIdentity === true && before.values['id'] !== after.values['id']) {
    differences.push({
      address,
      what: 'came back as another object: its old id is gone and cannot be restored',
    });
  }
  const attributes = new Set([...Object.keys(before.values), ...Object.keys(after.values)]);
  for (const name of attributes) {
    const left = settled(before.values[name] ?? null, names.before);
    const right = settled(after.values[name] ?? null, names.after);
    if (!selfWritten.test(name) && left !== right && !isWaiting(name, before, after)) {
      differences.push({ address, what: `${name} is not as it was` });
    }
  }
  return differences;
}

/** One of the two is what Cloudflare reports until the other is there. */
function isWaiting(name: string, { type, values }: StateResource, after: StateResource): boolean {
  const about = { type, provider: cloudflareSource };
  const [one, other] = [values[name], after.values[name]];
  return (
    isOnTheWay(about, name, { wanted: one, reported: other }) ||
    isOnTheWay(about, name, { wanted: other, reported: one })
  );
}

/** Ids of managed objects by the address that has them, so that a reference to a restored object compares equal. */
function idNames(resources: ReadonlyMap<string, StateResource>): ReadonlyMap<string, string> {
  return new Map(
    [...resources].map(([address, resource]) => [textOf(resource.values['id']), `<id of ${address}>`]),
  );
}

/** A value as text, without what Cloudflare writes by itself and with references to objects instead of their ids. */
function settled(value: Json, names: ReadonlyMap<string, string>): string {
  return JSON.stringify(value, (key, part: Json) => {
    if (key !== '' && selfWritten.test(key)) {
      return undefined;
    }
    return typeof part === 'string' ? (names.get(part) ?? part) : part;
  });
}

/**
 * What a rehearsal cannot show, from the plan of the change: the local Cloudflare has nothing of what stood there before, and
 * an empty plan says nothing about what is never read back.
 */
export function unprovenOf(plan: StackPlan): readonly StateDifference[] {
  return plan.changes.flatMap((change) => {
    const { address } = change;
    const text = undoText(undoOf(change)) ?? leftText(leftByRollback(change));
    const sent = sentOnly(change);
    return [
      ...(text === null ? [] : [{ address, what: text }]),
      ...(sent === null ? [] : [{ address, what: `sent, not read back: ${sentText(sent)}` }]),
    ];
  });
}

/** How many resources a plan really changes. */
export function effectiveChanges(plan: StackPlan): number {
  return plan.changes.filter(
    (change) => change.mode === 'managed' && !['no-op', 'read'].includes(changeKind(change)),
  ).length;
}
