/**
 * The checks of time. Before the merge the agreed slot has to fit into a window and miss every freeze; at apply the slot,
 * the window and the calendar have to allow it now, with enough left to roll back inside the window.
 */
import { isReason } from '../../scripts/plan/visible.ts';
import { isFreeHolder } from '../approvals/people.ts';
import { isSameTuple } from '../approvals/freshness.ts';
import type { FreezePeriod, Window } from '../model/calendar.ts';
import type { ChangeRecord } from '../model/record.ts';
import { categoryOf } from '../reading/change-category.ts';
import { clientsInScope, clientsOfStacks } from '../reading/clients.ts';
import { freezesDuring, isInsideOpening, nextOpening, noOpening, openingAt } from '../windows.ts';
import { windowsOfSeveral } from './client-windows.ts';
import { allowed, contextOf, judged, refused } from './check.ts';
import type { CheckAnswer, CheckInput, Problem } from './check.ts';
import { instantMs, instantText, minuteMs } from './instant.ts';
import { startProblems } from './start.ts';
import { isRelaxed, readTiming } from './timing.ts';
import type { Timing } from './timing.ts';
import { guardedStacks } from './plan-state.ts';
import { windowsOf, type Windows } from './register-windows.ts';

/** The agreed slot is inside a window of the client, with the rollback; at apply the window is open now, long enough. */
export function checkWindow(given: CheckInput): CheckAnswer {
  const { facts, record } = given;
  const stacks = guardedStacks(facts, contextOf(given).reach);
  if (stacks.length === 0) {
    return allowed('nothing in production changes: no window is needed');
  }
  if (record === null) {
    return refused([unscheduled('the change has no record to schedule it')]);
  }
  const timing = readTiming(facts, record);
  if (typeof timing === 'string') {
    return refused([unscheduled(timing)]);
  }
  if (isRelaxed(record, 'window')) {
    return allowed(`outside the windows: the emergency ${record.emergency?.incident ?? ''} relaxes them`);
  }
  const clients = clientsOf(given, record, stacks);
  if (clients.length > 1 || record.clients !== undefined) {
    return windowsOfSeveral(given, record, clients);
  }
  const windows = windowsOf(given.facts, record.client, record.schedule?.window);
  const [problem, ...others] = windows.problems;
  if (problem !== undefined) {
    return refused([problem, ...others]);
  }
  return facts.moment === 'merge' ? beforeMerge(windows, timing) : atApply(given, windows.all, timing);
}

/** Whose windows and freezes count: of a change of several clients those whose production it touches. */
function clientsOf(
  { facts }: CheckInput,
  record: ChangeRecord,
  stacks: readonly string[],
): readonly string[] {
  return record.clients === undefined
    ? clientsInScope(record, facts.policy, stacks)
    : clientsOfStacks(facts.policy, stacks);
}

function unscheduled(text: string): Problem {
  return {
    text,
    next: 'set `schedule.plannedStart` and `schedule.plannedEnd` inside a window, then sluice check',
  };
}

function beforeMerge({ all, named }: Windows, timing: Timing): CheckAnswer {
  const { slot, now, work, rollback } = timing;
  const minutes = Math.ceil((work + rollback) / minuteMs);
  const opening = nextOpening(named, instantText(Math.max(now, slot?.start ?? now)), minutes);
  const next = `move the slot into a window of at least ${minutes} min${opening === null ? '' : `; the next one opens at ${opening}`}`;
  if (slot === null) {
    return opening === null
      ? refused([{ text: `no window is long enough for ${minutes} min`, next }])
      : allowed(`standard: may be applied in any window, the next opens at ${opening}`);
  }
  const problems: Problem[] = [];
  if (slot.end <= now) {
    problems.push({ text: `the slot ended at ${instantText(slot.end)}: the window was missed`, next });
  }
  if (slot.start + work > slot.end) {
    problems.push({
      text: 'the steps take longer than the slot',
      next: 'lengthen the slot or shorten the steps',
    });
  }
  const end = Math.max(slot.end, slot.start + work + rollback);
  if (openingAt(named, slot.start) === null || !isInsideOpening(all, slot.start, end)) {
    problems.push({
      text: `the slot from ${instantText(slot.start)} to ${instantText(slot.end)} with ${Math.ceil(rollback / minuteMs)} min for a rollback does not fit into an agreed window`,
      next,
    });
  }
  return judged(`slot ${instantText(slot.start)} to ${instantText(slot.end)} fits the window`, problems);
}

function atApply(given: CheckInput, windows: readonly Window[], timing: Timing): CheckAnswer {
  const { now, slot, rollback } = timing;
  const opening = openingAt(windows, now);
  const next = nextOpening(windows, given.facts.now);
  if (opening === null) {
    const when = next === null ? noOpening(windows) : `the next window opens at ${next}`;
    return refused([
      { text: `no window is open now; ${when}`, next: `wait: ${when}, and the decision is taken again then` },
    ]);
  }
  if (slot !== null && now < slot.start) {
    const start = instantText(slot.start);
    return refused([{ text: `the agreed slot starts at ${start}`, next: `wait until ${start}` }]);
  }
  const goNoGo = opening.end - rollback;
  const note = `go/no-go at ${instantText(goNoGo)}: the window ends at ${instantText(opening.end)}`;
  const started = given.facts.applyStartedAt;
  const problems =
    started === null ? startProblems(timing, goNoGo) : goingProblems(timing, goNoGo, instantMs(started));
  return judged(`the window is open until ${instantText(opening.end)}`, problems, [note]);
}

/** Under way: on while within the declared time and while a rollback still fits. What ran over is recorded by the release. */
function goingProblems(timing: Timing, goNoGo: number, started: number | null): readonly Problem[] {
  const { now, work } = timing;
  const next = 'sluice rollback, or declare an emergency: no further stack is applied';
  if (started === null || started > now) {
    return [{ text: 'the start of the application cannot be read', next }];
  }
  if (now > goNoGo) {
    return [{ text: `no-go: a rollback would not end inside the window any more`, next }];
  }
  return now - started > work
    ? [{ text: `the change runs longer than the ${Math.ceil(work / minuteMs)} min that were declared`, next }]
    : [];
}

/** No freeze covers the slot (before the merge) or the time from now on (at apply), unless this change is let through. */
export function checkFreeze(given: CheckInput): CheckAnswer {
  const { facts, record } = given;
  const stacks = guardedStacks(facts, contextOf(given).reach);
  if (stacks.length === 0) {
    return allowed('nothing in production changes: no freeze applies');
  }
  const now = instantMs(facts.now);
  if (record === null || now === null) {
    return refused([unscheduled('without a record and a time nobody can say whether a freeze applies')]);
  }
  const timing = readTiming(facts, record);
  const span = typeof timing === 'string' ? { start: now, end: now + 1 } : spanOf(given, timing);
  // What the record calls itself is a claim: what changes counts as well.
  const categories = new Set([record.category, ...contextOf(given).index.changes.map(categoryOf)]);
  const clients = clientsOf(given, record, stacks);
  const freezes = freezesDuring(facts.policy, { clients, categories }, span.start, span.end);
  const blocking = freezes.filter((freeze) => !mayPass(given, record, freeze));
  const passed = freezes
    .filter((freeze) => !blocking.includes(freeze))
    .map(({ id }) => `let through freeze ${id}`);
  return judged(
    freezes.length === 0 ? 'no freeze at that time' : 'let through the freeze',
    blocking.map((freeze) => freezeProblem(freeze, record.clients === undefined ? [] : clients)),
    passed,
  );
}

function spanOf(given: CheckInput, timing: Timing): { readonly start: number; readonly end: number } {
  const { slot, now, work, rollback } = timing;
  const least = 1;
  return given.facts.moment === 'merge' && slot !== null
    ? { start: slot.start, end: Math.max(slot.end, slot.start + work + rollback) }
    : { start: now, end: now + Math.max(least, work + rollback) };
}

/** Hard: only an emergency that was exempted. Soft: low risk and standard changes, emergencies that relax it, exempted ones. */
function mayPass(given: CheckInput, record: ChangeRecord, freeze: FreezePeriod): boolean {
  const isExempt = isExempted(given, freeze);
  switch (freeze.kind) {
    case 'hard':
      return record.type === 'emergency' && isExempt;
    case 'soft':
      return isExempt || isRelaxed(record, 'soft-freeze') || given.risk.effective === 'low';
    default:
      throw new Error(
        `freeze ${freeze.id} has a kind that is not known: ${String(freeze.kind satisfies never)}`,
      );
  }
}

/** By the seat that the freeze names, of somebody who took no part, with a reason, for what is on show now. */
function isExempted(given: CheckInput, freeze: FreezePeriod): boolean {
  return given.facts.statements.some(
    (statement) =>
      statement.kind === 'freeze-exemption' &&
      statement.freeze === freeze.id &&
      isReason(statement.reason) &&
      isSameTuple(statement.tuple, given.facts.tuple) &&
      isFreeHolder(given.facts, statement, freeze.exemptionBy, given.disqualified),
  );
}

/** `several`: the clients of whom it has to be said which ones it is of. */
function freezeProblem(freeze: FreezePeriod, several: readonly string[]): Problem {
  const way =
    freeze.kind === 'hard'
      ? `plan it after ${freeze.end}; only an emergency goes through, with the comment of the ${freeze.exemptionBy}: /sluice exempt ${freeze.id} because <reason>`
      : `plan it after ${freeze.end}, or ask the ${freeze.exemptionBy} for the comment /sluice exempt ${freeze.id} because <reason>`;
  const concerned = several.filter((client) => freeze.clients === 'all' || freeze.clients.includes(client));
  const whose = concerned.length === 0 ? '' : ` of ${concerned.join(', ')}`;
  return {
    text: `${freeze.kind} freeze ${freeze.id}${whose} until ${freeze.end}: ${freeze.reason}`,
    next: way,
  };
}
