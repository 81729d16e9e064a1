/** A filter expression that was read, and what is found out about it: each answer when somebody asks first, and once. */
import { compileFilter, defaultSettings } from '../evaluate/compile.ts';
import type { CompiledTest, EvaluationSettings } from '../evaluate/compile.ts';
import { unknownBecause } from '../evaluate/runtime.ts';
import type { RecordedRequest } from '../evaluate/request.ts';
import type { Expression } from '../language/ast.ts';
import { isRefused } from '../language/diagnostics.ts';
import type { LanguageDiagnostic } from '../language/diagnostics.ts';
import { parseFilter } from '../language/parser.ts';
import type { ParsedFilter } from '../language/parser.ts';
import { checkFilter } from './check.ts';
import { exampleRequest } from './compare/example-request.ts';
import { provenConstant } from './compare/proof.ts';
import { hostReach } from './hosts.ts';
import type { HostReach } from './hosts.ts';
import { namesIn } from './names.ts';

export class ReadExpression {
  readonly text: string;
  readonly parsed: ParsedFilter;
  /** What holds wherever the expression stands; what a phase, a plan and a date allow is checked where it does. */
  readonly diagnostics: readonly LanguageDiagnostic[];
  /** Null for a text that Cloudflare would refuse. */
  readonly tree: Expression | null;
  readonly #constants = new Map<Expression, boolean | null>();
  #hosts: HostReach | undefined;
  #names: ReturnType<typeof namesIn> | undefined;
  #example: RecordedRequest | null | undefined;

  constructor(text: string) {
    this.text = text;
    this.parsed = parseFilter(text);
    this.diagnostics = checkFilter(this.parsed);
    const { expression } = this.parsed;
    this.tree = expression.kind === 'invalid' || isRefused(this.diagnostics) ? null : expression;
  }

  /** True or false when that is proven for every request; null when it depends, is not proven, or cannot be read. */
  get constant(): boolean | null {
    return this.tree === null ? null : this.constantOf(this.tree);
  }

  /** The same of a part of the tree. */
  constantOf(part: Expression): boolean | null {
    const known = this.#constants.get(part);
    if (known !== undefined) {
      return known;
    }
    const constant = provenConstant(part, (inner) => this.constantOf(inner));
    this.#constants.set(part, constant);
    return constant;
  }

  /** The hosts that it can be true for. */
  get hosts(): HostReach {
    this.#hosts ??= this.tree === null ? 'unknown' : hostReach(this.tree, (part) => this.constantOf(part));
    return this.#hosts;
  }

  /** Fields and lists that stand in it; none for a text that Cloudflare would refuse. */
  get names(): ReturnType<typeof namesIn> {
    this.#names ??= this.tree === null ? { fields: [], lists: [] } : namesIn(this.tree);
    return this.#names;
  }

  /** A request that it matches; null when none was found, or the text cannot be read. */
  get example(): RecordedRequest | null {
    if (this.#example === undefined) {
      this.#example = this.tree === null ? null : exampleRequest(this.tree);
    }
    return this.#example;
  }

  /** Whether a request matches; unknown for every request, for that reason, when the text cannot be read. */
  test(settings: EvaluationSettings = defaultSettings, unreadable = 'expression'): CompiledTest {
    if (this.tree !== null) {
      return compileFilter(this.tree, settings);
    }
    const unknown = unknownBecause(unreadable);
    return () => unknown;
  }
}
