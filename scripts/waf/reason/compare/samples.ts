/** Values to try for a thing about which something is known. They are only tried: what they give is evaluated after. */
import { isIp } from '../../evaluate/runtime.ts';
import type { RuntimeValue } from '../../evaluate/runtime.ts';
import type { TextSet } from './text-set.ts';
import type { Budget } from './budget.ts';
import type { Glob } from './globs.ts';
import type { Interval } from '../../language/intervals.ts';
import type { Intervals } from './intervals.ts';
import { fits } from './subject.ts';
import type { Subject } from './subject.ts';

const maxSamples = 6;
const maxTried = 60;

/** Values that fit what is known, the most telling first; `usual` are tried before others that fit no less. */
export function samplesFor(
  subject: Subject,
  type: 'string' | 'int' | 'ip',
  usual: readonly RuntimeValue[],
  budget: Budget,
): readonly RuntimeValue[] {
  const tried =
    type === 'string'
      ? textsFor(subject, usual)
      : type === 'int'
        ? numbersFor(subject, usual)
        : addressesFor(subject, usual);
  const found: RuntimeValue[] = [];
  for (const value of [...new Set(tried)].slice(0, maxTried)) {
    if (found.length < maxSamples && fits(subject, value, budget)) {
      found.push(value);
    }
  }
  return found;
}

function textsFor(subject: Subject, usual: readonly RuntimeValue[]): readonly RuntimeValue[] {
  const known = [...subject.named.values()].flatMap(({ samples }) => samples);
  const unions = subject.within.filter((texts) => texts.exact.size + texts.globs.length > 0);
  if (unions.length === 0) {
    return [...usual, ...known, ...fillers];
  }
  const exact = unions.flatMap((texts) => [...texts.exact].slice(0, maxSamples));
  const joined = [0, 1, 2].flatMap((choice) => joinedTexts(unions, choice));
  return [...usual, ...exact, ...known, ...joined, ...fillers];
}

const fillers = ['x', '/x', 'x.example', '', 'X', '/x/y.txt', '~'];

/** Texts that begin, go on and end as one pattern of each set does. */
function joinedTexts(unions: readonly TextSet[], choice: number): readonly string[] {
  const globs = unions.flatMap(({ globs: all }): readonly Glob[] => all.slice(choice, choice + 1));
  const firsts = globs.map(({ parts }) => parts[0] ?? '').toSorted((a, b) => b.length - a.length);
  const lasts = globs
    .map(({ parts }) => (parts.length === 1 ? '' : (parts.at(-1) ?? '')))
    .toSorted((a, b) => b.length - a.length);
  const first = firsts[0] ?? '';
  const last = lasts[0] ?? '';
  const middles = [...new Set(globs.flatMap(({ parts }) => parts.slice(1, -1)))].filter(
    (part) => part !== '',
  );
  const start = first === '' ? ['', '/', '/x', 'x'] : [first];
  return start.flatMap((begin) =>
    ['', 'x', '/x', '.'].flatMap((gap) => [
      begin + middles.join(gap) + last,
      begin + gap + middles.map((part) => part + gap).join('') + last,
      begin.toUpperCase() + middles.join(gap).toUpperCase() + last.toUpperCase(),
    ]),
  );
}

function numbersFor({ numbers }: Subject, usual: readonly RuntimeValue[]): readonly RuntimeValue[] {
  if (numbers === null) {
    return [...usual, 0, 1, 100];
  }
  const inside = usual.filter((value) => typeof value === 'number' && isAmong(BigInt(value), numbers));
  return [...inside, ...ends(numbers).filter(isSafe).map(Number)];
}

function isSafe(value: bigint): boolean {
  return value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER);
}

function isAmong(value: bigint, intervals: Intervals): boolean {
  return intervals.some(({ from, to }) => value >= from && value <= to);
}

function ends(intervals: Intervals): readonly bigint[] {
  return intervals
    .slice(0, maxSamples)
    .flatMap(({ from, to }: Interval) => [from, to, from + 1n <= to ? from + 1n : from]);
}

function addressesFor({ addresses }: Subject, usual: readonly RuntimeValue[]): readonly RuntimeValue[] {
  if (addresses === null) {
    return usual;
  }
  const inside = usual.filter(
    (value) => isIp(value) && isAmong(value.value, value.family === 4 ? addresses.ip4 : addresses.ip6),
  );
  return [
    ...inside,
    ...ends(addresses.ip4).map((value) => ({ family: 4 as const, value })),
    ...ends(addresses.ip6).map((value) => ({ family: 6 as const, value })),
  ];
}
