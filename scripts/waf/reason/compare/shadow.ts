/** Rules that never get a request because an earlier rule that ends the evaluation matches all of theirs. */
import type { Expression } from '../../language/ast.ts';
import type { CompiledTest } from '../../evaluate/compile.ts';
import { requestFields } from '../../evaluate/request.ts';
import type { RecordedRequest } from '../../evaluate/request.ts';
import type { RequestFields } from '../../evaluate/runtime.ts';
import { usualValues } from './draft.ts';
import { implies } from './proof.ts';
import type { Expressions } from '../expressions.ts';
import type { ReadExpression } from '../read-expression.ts';

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
class ShadowCandidate {
  readonly #read: ReadExpression;
  readonly tree: Expression;
  #example: RequestFields | null | undefined = undefined;
  #test: CompiledTest | null = null;
  #hosts: ReadonlySet<string> | null | undefined = undefined;

  constructor(read: ReadExpression, tree: Expression) {
    this.#read = read;
    this.tree = tree;
  }

  /** The hosts that the rule is confined to, as they are; null when it is not confined to such. */
  get hosts(): ReadonlySet<string> | null {
    if (this.#hosts === undefined) {
      const { hosts } = this.#read;
      const isPlain = typeof hosts !== 'string' && hosts.every((host) => /^[a-z0-9.-]+$/u.test(host));
      this.#hosts = isPlain ? new Set(hosts) : null;
    }
    return this.#hosts;
  }

  /** A request that the rule matches; null when none was found. */
  get example(): RequestFields | null {
    if (this.#example === undefined) {
      this.#example = withUsualFields(this.#read.example);
    }
    return this.#example;
  }

  /** True when the request shows that this rule does not match all that the other one does. */
  leavesOut(request: RequestFields): boolean {
    this.#test ??= this.#read.test();
    return this.#test(request) === false;
  }
}

const usualFields = Object.entries(usualValues).flatMap(([name, [value]]) =>
  value === undefined ? [] : [[name, value] as const],
);

/** Fields that the rule does not ask for have their usual values, so that other rules can be asked about it. */
function withUsualFields(request: RecordedRequest | null): RequestFields | null {
  return request === null ? null : { fields: new Map([...usualFields, ...requestFields(request).fields]) };
}

/**
 * Shadows in a list of enabled rules in their order. `isInScope` says for which pairs (later, earlier) to look. Expressions that Cloudflare would refuse cast none and have none.
 */
export function findShadows<R extends ShadowRule>(
  rules: readonly R[],
  expressions: Expressions,
  isInScope: (later: R, earlier: R) => boolean = () => true,
): readonly Shadow<R>[] {
  const read = rules.map(({ expression }) => candidate(expressions.read(expression)));
  const proofs = { left: maxProofs };
  return rules.flatMap((rule, position) => {
    const later = read[position] ?? null;
    const byPosition =
      later === null
        ? -1
        : rules.slice(0, position).findIndex((by, at) => {
            const earlier = by.ends && isInScope(rule, by) ? (read[at] ?? null) : null;
            return earlier !== null && takesAll(earlier, later, proofs);
          });
    const by = rules[byPosition];
    const earlier = read[byPosition] ?? null;
    return by === undefined || later === null || earlier === null
      ? []
      : [{ rule, by, isSame: implies(earlier.tree, later.tree) }];
  });
}

/** True when it is proven that `earlier` matches all that `later` does, as long as there are proofs left to try. */
function takesAll(earlier: ShadowCandidate, later: ShadowCandidate, proofs: { left: number }): boolean {
  if (proofs.left <= 0 || !mayTakeAll(earlier, later)) {
    return false;
  }
  proofs.left -= 1;
  return implies(later.tree, earlier.tree);
}

/** False when their hosts or an example show that it does not; much cheaper than a proof that fails. */
function mayTakeAll(earlier: ShadowCandidate, later: ShadowCandidate): boolean {
  const { hosts } = earlier;
  if (hosts !== null && later.hosts !== null && ![...later.hosts].every((host) => hosts.has(host))) {
    return false;
  }
  return later.example === null || !earlier.leavesOut(later.example);
}

/** Null when the expression cannot be read or can never match, which is another matter. */
function candidate(read: ReadExpression): ShadowCandidate | null {
  return read.tree === null || read.constant === false ? null : new ShadowCandidate(read, read.tree);
}
