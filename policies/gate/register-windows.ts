/** The windows that the register of a client has. */
import type { Window } from '../model/calendar.ts';
import type { Facts } from '../model/facts.ts';
import { windowProblem, windowsOfClient } from '../windows.ts';
import type { Problem } from './check.ts';

/** All windows of the client: where they overlap they are one opening. The record's own is where the slot starts. */
export interface Windows {
  readonly all: readonly Window[];
  readonly named: readonly Window[];
  readonly problems: readonly Problem[];
}

export function windowsOf({ policy }: Pick<Facts, 'policy'>, client: string, wanted?: string): Windows {
  const all = windowsOfClient(policy, client);
  const named = wanted === undefined ? all : all.filter(({ id }) => id === wanted);
  if (named.length === 0) {
    const text =
      wanted === undefined
        ? `no release window is agreed with ${client}: production is closed`
        : `the register of ${client} has no window ${wanted}`;
    const next = `name one of: ${all.map(({ id }) => id).join(', ') || 'none is agreed yet'}`;
    return { all, named, problems: [{ text, next }] };
  }
  const problems = named.flatMap((window) => {
    const text = windowProblem(window);
    return text === null ? [] : [{ text, next: 'correct the service register' }];
  });
  return { all, named, problems };
}
