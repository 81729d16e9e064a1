import { instantMs } from '../../gate/instant.ts';
import { readTiming } from '../../gate/timing.ts';
import type { RuleContext } from '../../model/finding.ts';
import type { UpcomingChange } from '../../model/prerequisite.ts';
import type { ChangeRecord } from '../../model/record.ts';
import { categoryOf } from '../../reading/change-category.ts';
import { zoneName } from '../../reading/estate-context.ts';
import { defineRule, fine, finding, judgeEach, judgeRecord, notApplicable } from '../../rule.ts';
import type { Judgement } from '../../rule.ts';
import type { Opening } from '../../windows.ts';

export const recordCollision = defineRule({
  id: 'record-collision',
  title: 'No other approved change meets this one in its slot',
  area: 'record',
  severity: 'deny',
  kinds: ['resource', 'near'],
  why: 'Of two changes at the same time on the same thing nobody can tell which one broke it, or roll back only one.',
  fix: 'Plan it for another time: sluice schedule next <change> finds one. The CAB decides whether both may go.',
  since: '2026-11-30',
  source:
    'Rules of collision: slots that overlap, with the time for a rollback; those that only touch do not',
  waivable: true,
  evaluate: (context) =>
    judgeRecord(context, (record) => {
      const slot = slotOf(context, record);
      return slot === null
        ? notApplicable('the change has no slot of its own')
        : judgeEach(
            context.planned.filter((other) => overlaps(other, slot) && !comesFirst(record, other)),
            'no approved change is planned for the same time',
            (other) => judge(context, record, other),
          );
    }),
});

function slotOf({ now }: RuleContext, record: ChangeRecord): Opening | null {
  const timing = readTiming({ now }, record);
  if (typeof timing === 'string' || timing.slot === null) {
    return null;
  }
  const { slot, work, rollback } = timing;
  return { start: slot.start, end: Math.max(slot.end, slot.start + work + rollback) };
}

/** What this change waits for is released before it: the gate's check of the ledger holds that. */
function comesFirst({ dependsOn = [] }: ChangeRecord, { changeId }: UpcomingChange): boolean {
  return dependsOn.includes(changeId);
}

function overlaps(other: UpcomingChange, { start, end }: Opening): boolean {
  const [from, to] = [instantMs(other.start), instantMs(other.end)];
  return from === null || to === null || (from < end && start < to);
}

function judge(context: RuleContext, record: ChangeRecord, other: UpcomingChange): Judgement {
  const shared = sharedResources(context, other);
  if (shared !== null) {
    return say(record, other, { kind: 'resource', what: shared });
  }
  const near = nearness(context, record, other);
  return near === null ? fine : say(record, other, { kind: 'near', what: near });
}

/** An emergency does not wait for a plan: it is told. */
function say(
  record: ChangeRecord,
  { changeId, start, end }: UpcomingChange,
  { kind, what }: { readonly kind: 'resource' | 'near'; readonly what: string },
): Judgement {
  const isWarning = kind === 'near' || record.type === 'emergency';
  return finding('record', `${changeId} is planned from ${start} to ${end}, ${what}`, 'a time of its own', {
    kind,
    pointer: '/schedule/plannedStart',
    ...(isWarning ? { severity: 'warn' as const } : {}),
    fix: `Plan it for another time: sluice schedule next ${record.id}. Whether it may go beside ${changeId} is for the CAB to decide${isWarning ? '' : ', by a waiver'}.`,
  });
}

/**
 * Resources that both change, in words; null for none. What the other one changes on a stack is what its record lists there;
 * where it lists nothing it may be anything, because stacks are planned and locked as a whole.
 */
function sharedResources({ index }: RuleContext, other: UpcomingChange): string | null {
  for (const stack of index.changedStacks.filter((name) => other.stacks?.includes(name) === true)) {
    const listed = other.configurationItems.map((item) => addressOn(stack, item)).filter(isResource);
    const both = index.changes.filter((one) => one.stack === stack && listed.includes(one.address));
    if (listed.length === 0) {
      return `on the same stack ${stack}, and its record does not list which resources it changes there`;
    }
    if (both.length > 0) {
      return `with ${both.map(({ address }) => `${stack}/${address}`).join(', ')} as well`;
    }
  }
  return null;
}

/** Without the name of the stack; as it is where it is of none. */
function addressOn(stack: string, item: string): string {
  return item.startsWith(`${stack}/`) ? item.slice(stack.length + 1) : item;
}

function isResource(item: string): boolean {
  return /^[a-z][a-z0-9_]*\.[^/]+$/u.test(item);
}

/** What puts two changes of different resources close to each other; null for nothing. */
function nearness(context: RuleContext, record: ChangeRecord, other: UpcomingChange): string | null {
  if (other.implementer !== null && other.implementer === record.implementer) {
    return `with the same implementer ${other.implementer}`;
  }
  const zone = sharedZone(context, other);
  if (zone !== null) {
    return `in the same zone ${zone}, ${other.category === null ? 'and its record names no category' : `for ${other.category} as well`}`;
  }
  const isSameStack = other.stacks?.some((stack) => context.index.changedStacks.includes(stack)) ?? false;
  if (isSameStack) {
    return 'on the same stack, where its record lists other resources';
  }
  return other.stacks === null && other.client === record.client
    ? 'and its record does not say on which stacks'
    : null;
}

/** One in which this change is of the category of the other one, or of any where that is not known. */
function sharedZone({ index, policy }: RuleContext, other: UpcomingChange): string | null {
  const register = policy.registers.find(({ client }) => client === other.client);
  const service = register?.services.find(({ id }) => id === other.service);
  const stacks = register?.stacks.filter(({ name }) => other.stacks?.includes(name) ?? true) ?? [];
  const zones = new Set(service?.zones ?? stacks.flatMap((stack) => stack.zones));
  const both = index.changes.filter(
    (change) => other.category === null || categoryOf(change) === other.category,
  );
  return both.map(zoneName).find((zone) => zone !== null && zones.has(zone)) ?? null;
}
