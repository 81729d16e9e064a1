/** Rules that never get a request because an earlier rule that ends the evaluation matches all of theirs. */
import type { Expression } from '../../language/ast.ts';
import { isRefused } from '../analyse.ts';
import { checkFilter } from '../check.ts';
import { compileFilter } from '../../evaluate/compile.ts';
import type { CompiledTest } from '../../evaluate/compile.ts';
import { constantValue } from '../fold.ts';
import { hostReach } from '../hosts.ts';
import { parseFilter } from '../../language/parser.ts';
import { requestFields } from '../../evaluate/request.ts';
import type { RecordedRequest } from '../../evaluate/request.ts';
import type { RequestFields } from '../../evaluate/runtime.ts';
import { usualValues } from './draft.ts';
import { ExampleFinder } from './example.ts';
import type { Example } from './example.ts';
import { implies, satisfy } from './proof.ts';

export interface ShadowRule {
  readonly expression: string;
  /** True when nothing of the same list is looked at after this rule has matched. */
  readonly ends: boolean;
}

export interface Shadow<R extends ShadowRule> {
  readonly rule: R;
  /** The first rule that is proven to match everything that the rule matches. */
  readonly by: R;
  /** True when each matches what the other does. */
  readonly isSame: boolean;
}

/** Proofs that are tried; a shadow among the pairs beyond is not seen. */
const maxProofs = 3000;

/** A rule as it is looked at: what it matches for sure, and how to ask it about the like of another rule. */
class Candidate {
  readonly expression: Expression;
  #example: RequestFields | null | undefined = undefined;
  #test: CompiledTest | null = null;
  #hosts: ReadonlySet<string> | null | undefined = undefined;

  constructor(expression: Expression) {
    this.expression = expression;
  }

  /** The hosts that the rule is confined to, as they are; null when it is not confined to such. */
  get hosts(): ReadonlySet<string> | null {
    if (this.#hosts === undefined) {
      const reach = hostReach(this.expression);
      const isPlain = typeof reach !== 'string' && reach.every((host) => /^[a-z0-9.-]+$/u.test(host));
      this.#hosts = isPlain ? new Set(reach) : null;
    }
    return this.#hosts;
  }

  /** A request that the rule matches; null when none was found. */
  get example(): RequestFields | null {
    if (this.#example === undefined) {
      this.#example = exampleOf(this.expression);
    }
    return this.#example;
  }

  /** True when the request shows that this rule does not match all that the other one does. */
  leavesOut(request: RequestFields): boolean {
    this.#test ??= compileFilter(this.expression);
    return this.#test(request) === false;
  }
}

const nothing: Expression = { kind: 'constant', value: false, span: { start: 0, end: 0 } };
const usualFields = Object.entries(usualValues).flatMap(([name, [value]]) =>
  value === undefined ? [] : [[name, value] as const],
);

/** Fields that the rule does not ask for have their usual values, so that other rules can be asked about it. */
function exampleOf(expression: Expression): RequestFields | null {
  const request = requestFor(expression);
  return request === null ? null : { fields: new Map([...usualFields, ...requestFields(request).fields]) };
}

function requestFor(expression: Expression): RecordedRequest | null {
  const finder = new ExampleFinder({ matched: expression, unmatched: nothing }, false);
  const found: Example[] = [];
  satisfy(
    (reader) => reader.read(expression, true),
    false,
    (open, budget) => {
      const example = finder.find(open, budget);
      found.push(...(example === null ? [] : [example]));
      return example !== null;
    },
  );
  return found[0]?.request ?? null;
}

/** A request that a filter matches; null when none was found, or the text cannot be read. */
export function exampleRequest(text: string): RecordedRequest | null {
  const found = candidate(text);
  return found === null ? null : requestFor(found.expression);
}

/**
 * Shadows in a list of enabled rules in their order. `isAsked` says for which pairs (later, earlier) to look. Expressions that Cloudflare would refuse cast none and have none.
 */
export function findShadows<R extends ShadowRule>(
  rules: readonly R[],
  isAsked: (later: R, earlier: R) => boolean = () => true,
): readonly Shadow<R>[] {
  const read = rules.map(({ expression }) => candidate(expression));
  const proofs = { left: maxProofs };
  return rules.flatMap((rule, position) => {
    const later = read[position] ?? null;
    const byPosition =
      later === null
        ? -1
        : rules.slice(0, position).findIndex((by, at) => {
            const earlier = by.ends && isAsked(rule, by) ? (read[at] ?? null) : null;
            return earlier !== null && takesAll(earlier, later, proofs);
          });
    const by = rules[byPosition];
    const earlier = read[byPosition] ?? null;
    return by === undefined || later === null || earlier === null
      ? []
      : [{ rule, by, isSame: implies(earlier.expression, later.expression) }];
  });
}

/** True when it is proven that `earlier` matches all that `later` does, as long as there are proofs left to try. */
function takesAll(earlier: Candidate, later: Candidate, proofs: { left: number }): boolean {
  if (proofs.left <= 0 || !mayTakeAll(earlier, later)) {
    return false;
  }
  proofs.left -= 1;
  return implies(later.expression, earlier.expression);
}

/** False when their hosts or an example show that it does not; much cheaper than a proof that fails. */
function mayTakeAll(earlier: Candidate, later: Candidate): boolean {
  const { hosts } = earlier;
  if (hosts !== null && later.hosts !== null && ![...later.hosts].every((host) => hosts.has(host))) {
    return false;
  }
  return later.example === null || !earlier.leavesOut(later.example);
}

/** Null when the expression cannot be read or can never match, which is another matter. */
function candidate(text: string): Candidate | null {
  const parsed = parseFilter(text);
  const isRead = parsed.expression.kind !== 'invalid' && !isRefused(checkFilter(parsed));
  return isRead && constantValue(parsed.expression) !== false ? new Candidate(parsed.expression) : null;
}
