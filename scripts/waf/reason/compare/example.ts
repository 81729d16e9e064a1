/** Turns an open case into a request and sees by evaluation whether it does what the case says. */
import type { Expression, ValueNode } from '../../language/ast.ts';
import { compileFilter } from '../../evaluate/compile.ts';
import type { CompiledTest } from '../../evaluate/compile.ts';
import { requestFields } from '../../evaluate/request.ts';
import type { FieldInput, RecordedRequest } from '../../evaluate/request.ts';
import type { ListContent, RuntimeValue } from '../../evaluate/runtime.ts';
import { fieldFact } from '../../language/tables.ts';
import { walkExpression } from '../../language/walk.ts';
import type { Budget } from './budget.ts';
import { ExampleDraft, usualValues } from './draft.ts';
import { samplesFor } from './samples.ts';
import { describedElement } from './search.ts';
import type { OpenCase } from './search.ts';
import type { Subject } from './subject.ts';
import { uriCandidates } from './uri-candidates.ts';

export interface Example {
  readonly request: RecordedRequest;
  /** What the lists are taken to say for it, by name without dollar. */
  readonly lists: readonly { readonly name: string; readonly contains: boolean }[];
  /** How missing values are read, as in the settings of evaluation. */
  readonly missingNotEqual: boolean;
}

/** Ways to choose among values that fit. */
const variants = 4;

export interface WantedExample {
  /** Is to be true. */
  readonly matched: Expression;
  /** Is to be false. */
  readonly unmatched: Expression;
}

/** Finds requests that one expression matches and the other does not. */
export class ExampleFinder {
  readonly #fields: ReadonlySet<string>;
  readonly #wanted: WantedExample;
  readonly #missingNotEqual: boolean;
  readonly #targets: readonly string[];
  readonly #tests = new Map<string, readonly [CompiledTest, CompiledTest]>();

  constructor(wanted: WantedExample, missingNotEqual: boolean) {
    this.#wanted = wanted;
    this.#missingNotEqual = missingNotEqual;
    this.#fields = fieldsIn(wanted);
    this.#targets = uriCandidates([wanted.matched, wanted.unmatched]);
  }

  /** A request for the case; null when none of those tried is told apart for certain. */
  find(open: OpenCase, budget: Budget): Example | null {
    const seen = new Set<string>();
    for (const request of this.#requests(open, budget)) {
      const key = JSON.stringify(request);
      if (!seen.has(key)) {
        seen.add(key);
        budget.spend(evaluationCost);
        const example = this.#verified(request, open);
        if (example !== null) {
          return example;
        }
      }
    }
    return null;
  }

  /** Drafts for the case, and then the first one with other targets. */
  *#requests(open: OpenCase, budget: Budget): Generator<RecordedRequest> {
    const first = this.#draft(open, 0, budget);
    yield first;
    for (let variant = 1; variant < variants; variant += 1) {
      yield this.#draft(open, variant, budget);
    }
    for (const target of this.#targets) {
      yield { ...first, target };
    }
  }

  #draft(open: OpenCase, variant: number, budget: Budget): RecordedRequest {
    const draft = new ExampleDraft();
    for (const name of this.#fields) {
      setUsual(draft, name);
    }
    fill(draft, this.#asked(open), variant, budget);
    return draft.request();
  }

  /** Without what is only derived of the parts of a URI: the parts that are asked about settle it. */
  #asked(open: OpenCase): OpenCase {
    const subjects = [...open.subjects].filter(
      ([, { value }]) => value.kind !== 'field' || this.#fields.has(value.name),
    );
    return subjects.length === open.subjects.size ? open : { ...open, subjects: new Map(subjects) };
  }

  #verified(request: RecordedRequest, open: OpenCase): Example | null {
    const lists = [...open.lists.values()].map(({ list, holds }) => ({ name: list, contains: holds }));
    const [matched, unmatched] = this.#compiled(lists);
    const fields = requestFields(request);
    const isApart = matched(fields) === true && unmatched(fields) === false;
    return isApart ? { request, lists, missingNotEqual: this.#missingNotEqual } : null;
  }

  #compiled(lists: Example['lists']): readonly [CompiledTest, CompiledTest] {
    const key = JSON.stringify(lists);
    let tests = this.#tests.get(key);
    if (tests === undefined) {
      const settings = { lists: assumedLists(lists), missingNotEqual: this.#missingNotEqual };
      tests = [
        compileFilter(this.#wanted.matched, settings),
        compileFilter(this.#wanted.unmatched, settings),
      ];
      this.#tests.set(key, tests);
    }
    return tests;
  }
}

const evaluationCost = 200;

function assumedLists(lists: Example['lists']): ReadonlyMap<string, ListContent> {
  return new Map(lists.map(({ name, contains }) => [name, { contains: () => contains }]));
}

/** Fields of one value that a request does not have of itself. */
function fieldsIn({ matched, unmatched }: WantedExample): ReadonlySet<string> {
  const fields = new Set<string>();
  const visitor = {
    value: (value: ValueNode) => {
      if (value.kind === 'field') {
        fields.add(value.name);
      }
    },
  };
  walkExpression(matched, visitor);
  walkExpression(unmatched, visitor);
  return fields;
}

const emptyValues: Readonly<Record<string, FieldInput>> = { bool: false, int: 0, string: '' };

function setUsual(draft: ExampleDraft, name: string): void {
  const type = fieldFact(name)?.type.kind;
  const isOfRequest =
    name.startsWith('http.') || name.startsWith('raw.') || name === 'ssl' || name === 'ip.src';
  const value = usualValues[name]?.[0] ?? (type === undefined ? undefined : emptyValues[type]);
  if (!isOfRequest && value !== undefined) {
    draft.set(name, [], value as RuntimeValue);
  } else if (type === 'array' || type === 'map') {
    draft.setEmpty(name, type);
  }
}

function fill(draft: ExampleDraft, open: OpenCase, variant: number, budget: Budget): void {
  for (const { value, state } of open.subjects.values()) {
    set(draft, value, value.kind === 'field' ? choose(state, value, variant, budget) : undefined);
  }
  for (const { value, some, every } of open.arrays.values()) {
    for (const one of some) {
      const element = describedElement(one, every, budget);
      set(draft, value, element === null ? undefined : choose(element, value, variant, budget));
    }
  }
  for (const { value, holds } of open.flags.values()) {
    set(draft, value, holds);
  }
}

/** A missing value is not set; what a function gives cannot be. */
function set(draft: ExampleDraft, value: ValueNode | null, chosen: RuntimeValue | undefined): void {
  if (value?.kind === 'field' && chosen !== undefined) {
    draft.set(value.name, value.accessors, chosen);
  }
}

/** The value to have; undefined for the missing one. Every second way round lets it be missing where it may be. */
function choose(state: Subject, value: ValueNode, variant: number, budget: Budget): RuntimeValue | undefined {
  const { kind } = value.type;
  const isMissing = state.hasNoValue || (state.mayBeMissing && variant % 2 === 1);
  if (isMissing || (kind !== 'string' && kind !== 'int' && kind !== 'ip')) {
    return undefined;
  }
  const usual = value.kind === 'field' && value.accessors.length === 0 ? usualValues[value.name] : undefined;
  const samples = samplesFor(state, kind, usual ?? [], budget).toSorted(
    (a, b) => oddness(value, a) - oddness(value, b),
  );
  return samples[Math.min(variant >> (state.mayBeMissing ? 1 : 0), samples.length - 1)];
}

const paths = /^(?:raw\.)?http\.request\.uri(?:\.path)?$/u;

/** Real paths begin with a slash: 0 for values that look real. */
function oddness(value: ValueNode, sample: RuntimeValue): number {
  const isPath = value.kind === 'field' && paths.test(value.name);
  return isPath && typeof sample === 'string' && !sample.startsWith('/') ? 1 : 0;
}
