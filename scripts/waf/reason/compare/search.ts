/**
 * Looks for a way to make a formula true: cases are split where they must be, and closed where statements about one
 * thing leave it nothing. When every case closes, the formula is never true; an open case is a sketch of a request.
 */
import { negated } from './atoms.ts';
import type { SignedAtom } from './atoms.ts';
import type { LogicStatement } from './statement.ts';
import type { ValueNode } from '../../language/ast.ts';
import type { Budget } from './budget.ts';
import { BudgetSpent } from './budget.ts';
import type { Formula } from './formula.ts';
import { anySubject, onlyTexts, stated } from './subject.ts';
import type { Subject } from './subject.ts';
import { joinedUris } from './uri-parts.ts';

/** What an open case says. */
export interface OpenCase {
  readonly subjects: ReadonlyMap<string, { readonly value: ValueNode; readonly state: Subject }>;
  readonly flags: ReadonlyMap<string, { readonly value: ValueNode | null; readonly holds: boolean }>;
  /** Whether something is in a list, by name of the list. */
  readonly lists: ReadonlyMap<string, { readonly list: string; readonly holds: boolean }>;
  readonly arrays: ReadonlyMap<string, ArrayState>;
}

interface ArrayState {
  readonly value: ValueNode;
  /** Each of these describes one element that there is. */
  readonly some: readonly LogicStatement[];
  /** Each of these holds of every element. */
  readonly every: readonly LogicStatement[];
}

const nothingKnown: OpenCase = { subjects: new Map(), flags: new Map(), lists: new Map(), arrays: new Map() };

export interface SearchOptions {
  /** Open cases that are looked at, at most. */
  readonly cases: number;
  /** What is known of a thing before the first statement about it; nothing when left away. */
  readonly begin?: (statement: LogicStatement) => Subject;
}

/** `spent`: the limit of work or of cases came first. */
export type SearchOutcome = 'closed' | 'found' | 'open' | 'spent';

/** Calls `visit` with open cases until it says true (`found`). `open` when none of at most `cases` was enough. */
export function search(
  make: () => Formula,
  budget: Budget,
  { cases, begin = anySubject }: SearchOptions,
  visit: (open: OpenCase) => boolean,
): SearchOutcome {
  try {
    return new ExampleSearch(budget, { cases, begin }, visit).run(make());
  } catch (error) {
    if (error instanceof BudgetSpent) {
      return 'spent';
    }
    throw error;
  }
}

type Clause = readonly Formula[];

interface SearchNode {
  readonly state: OpenCase;
  readonly clauses: readonly Clause[];
}

/** Cases that say more come first, since more of the other clauses settles in each; then the fewest cases. */
function bySplit(a: Clause, b: Clause): number {
  return shortestClause(b) - shortestClause(a) || a.length - b.length;
}

function shortestClause(clause: Clause): number {
  return Math.min(...clause.map((part) => (part.kind === 'and' ? part.parts.length : 1)));
}

class ExampleSearch {
  readonly #budget: Budget;
  readonly #visit: (open: OpenCase) => boolean;
  readonly #begin: (statement: LogicStatement) => Subject;
  #left: number;
  #hasOpen = false;

  constructor(budget: Budget, { cases, begin }: Required<SearchOptions>, visit: (open: OpenCase) => boolean) {
    this.#budget = budget;
    this.#begin = begin;
    this.#visit = visit;
    this.#left = cases;
  }

  run(formula: Formula): SearchOutcome {
    const start = this.#assume({ state: nothingKnown, clauses: [] }, formula);
    const isFound = start !== null && this.#explore(start);
    return isFound ? 'found' : this.#hasOpen ? 'open' : 'closed';
  }

  /** True to stop: found, or enough cases seen. */
  #explore(given: SearchNode): boolean {
    const node = this.#settle(given);
    if (node === null) {
      return false;
    }
    const [clause, ...rest] = node.clauses.toSorted(bySplit);
    if (clause === undefined) {
      return this.#meet(node.state);
    }
    for (const part of clause) {
      const next = this.#assume({ state: node.state, clauses: rest }, part);
      if (next !== null && this.#explore(next)) {
        return true;
      }
    }
    return false;
  }

  #meet(state: OpenCase): boolean {
    this.#hasOpen = true;
    if (this.#visit(state)) {
      return true;
    }
    this.#left -= 1;
    if (this.#left <= 0) {
      throw new BudgetSpent();
    }
    return false;
  }

  /** Drops parts that cannot hold and clauses that hold anyway, and assumes what is left alone; null when a clause has no part left. */
  #settle(given: SearchNode): SearchNode | null {
    let node = given;
    for (;;) {
      const settled = this.#settleOnce(node);
      if (settled === null || settled.single === null) {
        return settled === null ? null : settled.node;
      }
      const next = this.#assume(settled.node, settled.single);
      if (next === null) {
        return null;
      }
      node = next;
    }
  }

  #settleOnce(node: SearchNode): { readonly node: SearchNode; readonly single: Formula | null } | null {
    const clauses: Clause[] = [];
    let single: Formula | null = null;
    for (const clause of node.clauses) {
      const alive = clause.filter((part) => this.#isPossible(node.state, part));
      const [only] = alive;
      if (only === undefined) {
        return null;
      }
      if (alive.length === 1 && single === null) {
        single = only;
      } else if (!alive.some((part) => this.#isCertain(node.state, part))) {
        clauses.push(alive);
      }
    }
    return { node: { state: node.state, clauses }, single };
  }

  #isPossible(state: OpenCase, part: Formula): boolean {
    this.#budget.spend(1);
    if (part.kind === 'literal') {
      return this.#with(state, part.literal) !== null;
    }
    return part.kind === 'or'
      ? part.parts.length > 0
      : part.parts.every((inner) => inner.kind !== 'literal' || this.#with(state, inner.literal) !== null);
  }

  #isCertain(state: OpenCase, part: Formula): boolean {
    return part.kind === 'literal'
      ? this.#with(state, negated(part.literal)) === null
      : part.kind === 'and' && part.parts.length === 0;
  }

  #assume(node: SearchNode, formula: Formula): SearchNode | null {
    if (formula.kind === 'or') {
      return { ...node, clauses: [...node.clauses, formula.parts] };
    }
    if (formula.kind === 'literal') {
      const state = this.#with(node.state, formula.literal);
      return state === null ? null : { ...node, state };
    }
    let next: SearchNode | null = node;
    for (const part of formula.parts) {
      next = next === null ? null : this.#assume(next, part);
    }
    return next;
  }

  /** What is known when the literal holds as well; null when it cannot. */
  #with(state: OpenCase, literal: SignedAtom): OpenCase | null {
    // A step copies what is known.
    this.#budget.spend(1 + state.subjects.size / 2);
    switch (literal.kind) {
      case 'flag': {
        const known = state.flags.get(literal.name);
        if (known !== undefined) {
          return known.holds === literal.holds ? state : null;
        }
        return { ...state, flags: new Map([...state.flags, [literal.name, literal]]) };
      }
      case 'list': {
        const known = state.lists.get(literal.name);
        if (known !== undefined) {
          return known.holds === literal.holds ? state : null;
        }
        return { ...state, lists: new Map([...state.lists, [literal.name, literal]]) };
      }
      case 'element':
        return this.#withElement(state, literal);
      case 'statement':
        return this.#withStatements(state, [...literal.of, ...literal.implied]);
    }
  }

  #withStatements(state: OpenCase, statements: readonly LogicStatement[]): OpenCase | null {
    const subjects = new Map(state.subjects);
    const add = (statement: LogicStatement): boolean => {
      const known = subjects.get(statement.subject)?.state ?? this.#begin(statement);
      const next = stated(known, statement, this.#budget);
      if (next !== null) {
        subjects.set(statement.subject, { value: statement.value, state: next });
      }
      return next !== null;
    };
    const among = (field: string): ReadonlySet<string> | null => {
      const known = subjects.get(field)?.state;
      return known === undefined || known.mayBeMissing ? null : onlyTexts(known);
    };
    const isPossible = statements.every(
      (statement) => add(statement) && joinedUris(among, statement).every(add),
    );
    return isPossible ? { ...state, subjects } : null;
  }

  #withElement(state: OpenCase, literal: SignedAtom & { readonly kind: 'element' }): OpenCase | null {
    const { statement } = literal;
    const known = state.arrays.get(literal.array) ?? { value: literal.value, some: [], every: [] };
    const next = literal.exists
      ? { ...known, some: [...known.some, statement] }
      : { ...known, every: [...known.every, { ...statement, inside: !statement.inside }] };
    const toCheck = literal.exists ? [statement] : next.some;
    const isImpossible = toCheck.some((one) => describedElement(one, next.every, this.#budget) === null);
    return isImpossible ? null : { ...state, arrays: new Map([...state.arrays, [literal.array, next]]) };
  }
}

/** What an element is like that is as `one` says and as every element is; null when there can be none. */
export function describedElement(
  one: LogicStatement,
  every: readonly LogicStatement[],
  budget: Budget,
): Subject | null {
  let subject: Subject | null = anySubject(one);
  for (const statement of [one, ...every]) {
    subject = subject === null ? null : stated(subject, statement, budget);
  }
  return subject;
}
