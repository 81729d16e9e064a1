/**
 * What is left possible for one thing after statements about it. Never changed in place. It errs on the side of
 * "possible": that nothing is left is only said when it is certain.
 */
import type { RuntimeValue } from '../../evaluate/runtime.ts';
import type { ValueDomain, LogicStatement } from './statement.ts';
import type { TextSet } from './text-set.ts';
import type { Budget } from './budget.ts';
import { areDisjoint, globIncludes, exactly } from './globs.ts';
import type { Glob } from './globs.ts';
import { complement, everyNumber, intersect } from './intervals.ts';
import type { Intervals } from './intervals.ts';

interface NamedTest {
  readonly wanted: boolean;
  readonly holdsFor: (value: RuntimeValue) => boolean | null;
  readonly samples: readonly string[];
}

export interface Subject {
  readonly mayBeMissing: boolean;
  /** True when no value is left; the thing can then only be missing. */
  readonly hasNoValue: boolean;
  /** The value is in each of these. */
  readonly within: readonly TextSet[];
  /** The value is in none of these. */
  readonly outside: TextSet;
  readonly numbers: Intervals | null;
  readonly addresses: { readonly ip4: Intervals; readonly ip6: Intervals } | null;
  readonly named: ReadonlyMap<string, NamedTest>;
}

const noText: TextSet = { exact: new Set(), globs: [] };
const everyText: TextSet = { exact: new Set(), globs: [{ parts: ['', ''], anyCase: false }] };

export function anySubject(statement: LogicStatement): Subject {
  return {
    mayBeMissing: statement.mayBeMissing,
    hasNoValue: false,
    within: [],
    outside: noText,
    numbers: null,
    addresses: null,
    named: new Map(),
  };
}

/** The texts that it can only be one of; null when there is no such list. */
export function onlyTexts({ within }: Subject): ReadonlySet<string> | null {
  return within.find(({ globs }) => globs.length === 0)?.exact ?? null;
}

/** The subject when the statement holds as well; null when that cannot be. */
export function stated(subject: Subject, statement: LogicStatement, budget: Budget): Subject | null {
  const mayBeMissing = subject.mayBeMissing && statement.whenMissing;
  const next = subject.hasNoValue
    ? { ...subject, mayBeMissing }
    : { ...narrowed(subject, statement.domain, statement.inside, budget), mayBeMissing };
  return next.hasNoValue && !mayBeMissing ? null : next;
}

function narrowed(subject: Subject, domain: ValueDomain, inside: boolean, budget: Budget): Subject {
  switch (domain.kind) {
    case 'text':
      return inside ? narrowedTo(subject, domain.texts, budget) : narrowedBy(subject, domain.texts, budget);
    case 'number': {
      const numbers = intersect(
        subject.numbers ?? [everyNumber[domain.of]],
        inside ? domain.numbers : complement(domain.of, domain.numbers),
      );
      return { ...subject, numbers, hasNoValue: numbers.length === 0 };
    }
    case 'address': {
      const known = subject.addresses ?? { ip4: [everyNumber.ip4], ip6: [everyNumber.ip6] };
      const ip4 = intersect(known.ip4, inside ? domain.ip4 : complement('ip4', domain.ip4));
      const ip6 = intersect(known.ip6, inside ? domain.ip6 : complement('ip6', domain.ip6));
      return { ...subject, addresses: { ip4, ip6 }, hasNoValue: ip4.length === 0 && ip6.length === 0 };
    }
    case 'named':
      return withNamed(subject, domain, inside, budget);
  }
}

function withNamed(
  subject: Subject,
  domain: ValueDomain & { readonly kind: 'named' },
  wanted: boolean,
  budget: Budget,
): Subject {
  const known = subject.named.get(domain.name);
  if (known !== undefined) {
    return known.wanted === wanted ? subject : { ...subject, hasNoValue: true };
  }
  const test = { wanted, holdsFor: domain.holdsFor, samples: domain.samples };
  const within = subject.within.map(({ exact, globs }) => ({
    exact: new Set([...exact].filter((text) => mayPass(text, test, budget))),
    globs,
  }));
  return {
    ...subject,
    named: new Map([...subject.named, [domain.name, test]]),
    within,
    hasNoValue: within.some(isEmpty),
  };
}

/** Running a test costs more than comparing texts does. */
const testCost = 20;

function mayPass(text: string, { wanted, holdsFor }: NamedTest, budget: Budget): boolean {
  budget.spend(testCost);
  return holdsFor(text) !== !wanted;
}

function isEmpty({ exact, globs }: TextSet): boolean {
  return exact.size === 0 && globs.length === 0;
}

function narrowedTo(subject: Subject, texts: TextSet, budget: Budget): Subject {
  const tests = [...subject.named.values()];
  const added = filterTexts(
    texts,
    (text) =>
      !isCovered(exactly(text), subject.outside, budget) &&
      subject.within.every((other) => meets(exactly(text), other, budget)) &&
      tests.every((test) => mayPass(text, test, budget)),
    (glob) =>
      !isCovered(glob, subject.outside, budget) &&
      subject.within.every((other) => meets(glob, other, budget)),
  );
  const within = [
    ...subject.within.map((other) =>
      filterTexts(
        other,
        (text) => meets(exactly(text), added, budget),
        (glob) => meets(glob, added, budget),
      ),
    ),
    added,
  ];
  return { ...subject, within, hasNoValue: within.some(isEmpty) };
}

function narrowedBy(subject: Subject, texts: TextSet, budget: Budget): Subject {
  const within = (subject.within.length === 0 ? [everyText] : subject.within).map((other) =>
    filterTexts(
      other,
      (text) => !isCovered(exactly(text), texts, budget),
      (glob) => !isCovered(glob, texts, budget),
    ),
  );
  const outside = {
    exact: new Set([...subject.outside.exact, ...texts.exact]),
    globs: [...subject.outside.globs, ...texts.globs],
  };
  budget.spend(outside.exact.size / 8);
  return { ...subject, within, outside, hasNoValue: within.some(isEmpty) };
}

function filterTexts(
  texts: TextSet,
  keepsText: (text: string) => boolean,
  keepsGlob: (glob: Glob) => boolean,
): TextSet {
  return { exact: new Set([...texts.exact].filter(keepsText)), globs: texts.globs.filter(keepsGlob) };
}

/** True when every text of the pattern is in the set. */
function isCovered(glob: Glob, texts: TextSet, budget: Budget): boolean {
  budget.spend(1 + texts.globs.length);
  return isExactlyIn(glob, texts) || texts.globs.some((other) => globIncludes(other, glob));
}

/** False when no text of the pattern is in the set. */
function meets(glob: Glob, texts: TextSet, budget: Budget): boolean {
  if (glob.parts.length === 1 && !glob.anyCase) {
    budget.spend(1 + texts.globs.length);
    return isExactlyIn(glob, texts) || texts.globs.some((other) => globIncludes(other, glob));
  }
  budget.spend(1 + texts.exact.size + texts.globs.length);
  return (
    texts.globs.some((other) => !areDisjoint(other, glob)) ||
    [...texts.exact].some((text) => globIncludes(glob, exactly(text)))
  );
}

function isExactlyIn({ parts, anyCase }: Glob, { exact }: TextSet): boolean {
  return parts.length === 1 && !anyCase && exact.has(parts[0] ?? '');
}

/** True when the value fits everything stated about the subject. */
export function fits(subject: Subject, value: RuntimeValue, budget: Budget): boolean {
  if (typeof value === 'string') {
    const isInside = subject.within.every((texts) => meets(exactly(value), texts, budget));
    if (!isInside || isCovered(exactly(value), subject.outside, budget)) {
      return false;
    }
  }
  budget.spend(subject.named.size * testCost);
  return [...subject.named.values()].every(({ wanted, holdsFor }) => holdsFor(value) !== !wanted);
}
