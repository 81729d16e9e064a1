/**
 * Windows of a change of several clients. Its slot is the span in which all of it is done; what is released of a client is
 * released in that client's own window, and each of them has to hold the client's part with its rollback.
 */
import { compareText } from '../../scripts/json/json.ts';
import type { ChangeRecord } from '../model/record.ts';
import { stacksOfClient } from '../reading/clients.ts';
import { nextOpening, noOpening, openingAt, roomInside } from '../windows.ts';
import { judged, refused } from './check.ts';
import type { CheckAnswer, CheckInput, Problem } from './check.ts';
import { instantText, minuteMs } from './instant.ts';
import { changedStacks } from './plan-state.ts';
import { windowsOf } from './register-windows.ts';
import { startProblems } from './start.ts';
import { readTiming, type Timing } from './timing.ts';

interface ClientAnswer {
  /** What is agreed, where nothing is wrong. */
  readonly text: string;
  readonly problems: readonly Problem[];
}

/** Every one of the clients has to be satisfied; what is missing is said for each. */
export function windowsOfSeveral(
  given: CheckInput,
  record: ChangeRecord,
  clients: readonly string[],
): CheckAnswer {
  const answers = clients.toSorted(compareText).map((client) => {
    const { text, problems } = answerOf(given, record, client);
    return {
      text: `${client}: ${text}`,
      problems: problems.map((problem) => ({
        ...problem,
        text: `${client}: ${problem.text}`,
        next: `for ${client}: ${problem.next}`,
      })),
    };
  });
  const [problem, ...others] = answers.flatMap(({ problems }) => problems);
  const good = answers.filter(({ problems }) => problems.length === 0).map(({ text }) => text);
  return problem === undefined
    ? judged(`a window of each of ${clients.join(', ')} holds its part`, [], good)
    : refused([problem, ...others], good);
}

function answerOf(given: CheckInput, record: ChangeRecord, client: string): ClientAnswer {
  const { facts } = given;
  const share = stacksOfClient(
    facts.policy,
    client,
    changedStacks(facts).map(({ stack }) => stack),
  );
  const timing = readTiming(facts, record, share);
  if (typeof timing === 'string') {
    return refusal(timing, 'correct the record, then sluice check');
  }
  const { all, problems } = windowsOf(facts, client);
  if (problems.length > 0) {
    return { text: '', problems };
  }
  return facts.moment === 'merge' ? beforeMerge(all, timing) : atApply(all, timing);
}

function refusal(text: string, next: string): ClientAnswer {
  return { text: '', problems: [{ text, next }] };
}

type OfClient = ReturnType<typeof windowsOf>['all'];

function beforeMerge(windows: OfClient, { now, slot, work, rollback }: Timing): ClientAnswer {
  const need = work + rollback;
  const minutes = Math.ceil(need / minuteMs);
  const opening = nextOpening(windows, instantText(Math.max(now, slot?.start ?? now)), minutes);
  const next = `move or lengthen the slot${opening === null ? '' : `; the next window of ${minutes} min opens at ${opening}`}`;
  if (slot === null) {
    return opening === null
      ? refusal(`no window is long enough for ${minutes} min`, next)
      : { text: `the next window opens at ${opening}`, problems: [] };
  }
  if (slot.end <= now) {
    return refusal(`the slot ended at ${instantText(slot.end)}: the window was missed`, next);
  }
  const room = roomInside(windows, { start: Math.max(slot.start, now), end: slot.end }, need);
  return room === null
    ? refusal(`no window has ${minutes} min for its part and its rollback in the slot`, next)
    : { text: `${instantText(room.start)} to ${instantText(room.end)}`, problems: [] };
}

function atApply(windows: OfClient, timing: Timing): ClientAnswer {
  const { now, slot, rollback } = timing;
  const opening = openingAt(windows, now);
  if (opening === null) {
    const next = nextOpening(windows, instantText(now));
    const when = next === null ? noOpening(windows) : `the next window opens at ${next}`;
    return refusal(`no window is open now; ${when}`, `wait: ${when}, and the decision is taken again then`);
  }
  if (slot !== null && now < slot.start) {
    const start = instantText(slot.start);
    return refusal(`the agreed slot starts at ${start}`, `wait until ${start}`);
  }
  const goNoGo = opening.end - rollback;
  return {
    text: `open until ${instantText(opening.end)}, go/no-go at ${instantText(goNoGo)}`,
    problems: startProblems(timing, goNoGo),
  };
}
