/** Why a survivor may stay. The first entry that fits is the reason; what fits none is named as an open example. */
import type { Mutant } from './instrument.ts';

interface Reason {
  readonly fits: (mutant: Mutant) => boolean;
  readonly why: string;
}

const is =
  (file: RegExp, before: RegExp, after = /./): Reason['fits'] =>
  (mutant) =>
    file.test(mutant.file) && before.test(mutant.before) && after.test(mutant.after);

const anywhere = /./;

const reasons: readonly Reason[] = [
  {
    fits: is(anywhere, /^\[.*(satisfies nev|not known)/),
    why: 'Not reachable by the types: the branch for a value that the schema refuses.',
  },
  {
    fits: is(anywhere, /\.find(Last)?\(/, /\.find(Last)?\(/),
    why: 'Equivalent: what is looked for is there once (ids, names and accounts are unique), or any of several will do.',
  },
  {
    fits: ({ mutator, before }) => mutator === 'string' && /^(''|"")$/.test(before),
    why: 'Equivalent: a fallback that the types ask for; a text is always there, or any text that is not a value of the table does the same.',
  },
  {
    fits: ({ mutator, before }) => mutator === 'array' && before === '[]',
    why: 'Equivalent: a fallback for a list that is always there, or of which one element that matches nothing changes nothing.',
  },
  {
    fits: ({ mutator, before, after }) =>
      mutator === 'method' && /toSorted|\.sort\(/.test(before) && !/toSorted|\.sort\(/.test(after),
    why: 'Order of a message: the list comes in that order already, and no decision hangs on it.',
  },
  {
    fits: ({ mutator, before, after }) =>
      mutator === 'method' && /\.slice\(/.test(before) && !after.includes('.slice('),
    why: 'Length of a message: no decision hangs on it.',
  },
  {
    fits: ({ mutator, after }) => mutator === 'conditional' && after === 'true',
    why: 'Open: a guard that is never false in an example, mostly because an earlier filter, or the shape of the facts, has seen to it.',
  },
  {
    fits: ({ mutator }) => mutator === 'equality',
    why: 'Open: the value on the boundary itself is in no example.',
  },
  {
    fits: ({ mutator }) => mutator === 'regex',
    why: 'Open: no example has a text that only the looser pattern takes.',
  },
  {
    fits: ({ mutator }) => mutator === 'string' || mutator === 'object' || mutator === 'array',
    why: 'Open: an entry of a table, or a field of a message, that no example shows.',
  },
];

const open = 'Open: no example shows the difference yet.';

/** One sentence; `Equivalent` and `Not reachable` need no test, `Open` is a test that is still to be written. */
export function reasonFor(mutant: Mutant): string {
  return reasons.find(({ fits }) => fits(mutant))?.why ?? open;
}
