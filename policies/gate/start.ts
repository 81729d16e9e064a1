/** Whether it is too late to begin what has not begun. */
import type { Problem } from './check.ts';
import { instantText, minuteMs } from './instant.ts';
import type { Timing } from './timing.ts';

/** `goNoGo`: until when a rollback still ends inside the window. */
export function startProblems(timing: Timing, goNoGo: number): readonly Problem[] {
  const { now, slot, steps, work } = timing;
  const next = 'agree a new slot in the record, and have it approved';
  if (slot !== null && now >= slot.end) {
    return [{ text: `the agreed slot ended at ${instantText(slot.end)}: the window was missed`, next }];
  }
  // Without steps the work is the slot itself, of which only the rest is left.
  const needed = slot === null || steps > 0 ? work : slot.end - now;
  if (now + needed > goNoGo) {
    const minutes = Math.ceil(needed / minuteMs);
    return [
      {
        text: `too late to start: ${minutes} min of work would leave no time to roll back inside the window`,
        next,
      },
    ];
  }
  return slot !== null && now + needed > slot.end
    ? [
        {
          text: `too late to start: the steps would end after the slot, which ends at ${instantText(slot.end)}`,
          next,
        },
      ]
    : [];
}
