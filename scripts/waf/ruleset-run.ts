/**
 * Runs rulesets on one request: phases in order, account before zone, the first terminating match wins. A rule that
 * cannot be told does not stop the run: its outcome stays possible beside those of later rules, and the verdict is
 * decided only when every possible outcome is the same. Managed rules are not public: which would run is told, whether
 * they match is not guessed. Rate limits depend on counters, so a match of one is reported and decides nothing.
 */
import type { EvaluationSettings } from './compile.ts';
import { requestPhases } from './phases.ts';
import type { ActionEffect } from './phases.ts';
import { compileRuleset } from './ruleset.ts';
import type { CompiledRule, CompiledRuleset, Ruleset } from './ruleset.ts';
import { mergeUnknown, negate, unknownBecause } from './runtime.ts';
import type { Evaluated, RequestFields, RuntimeValue, Truth, Unknown } from './runtime.ts';
import { groupPairs, joinTarget, pathExtension, readArguments } from './uri.ts';

/** A rule that decides, or may decide, what happens to the request. */
export interface Outcome {
  readonly effect: Exclude<ActionEffect, 'go-on'> | 'pass';
  readonly action: string | null;
  /** Rule and ruleset; null when the request passes. */
  readonly rule: string | null;
  readonly ruleset: string | null;
  readonly phase: string | null;
}

export interface MatchedRule {
  readonly rule: string;
  readonly ruleset: string;
  readonly action: string;
  /** Null when it matched; else why that cannot be told. */
  readonly unknownBecause: readonly string[] | null;
}

export interface RequestVerdict {
  /** What happens; null when it cannot be told. */
  readonly outcome: Outcome | null;
  /** Every outcome that is possible, in order; exactly one when decided. */
  readonly possible: readonly Outcome[];
  /** What would have to be known to decide; empty when decided. */
  readonly causes: readonly string[];
  /** Rules that matched or may have, in order, up to the one that ended it. */
  readonly matched: readonly MatchedRule[];
  /** Managed rulesets that would run, or may. Their contents are not public, so they are not in the outcome. */
  readonly managed: readonly MatchedRule[];
  /** Rate limits that count this request, or may. */
  readonly rateLimits: readonly MatchedRule[];
}

export type RequestRunner = (request: RequestFields) => RequestVerdict;

/** Prepares rulesets for running; those of phases after the response and of other products are not run. */
export function compileRulesets(rulesets: readonly Ruleset[], settings: EvaluationSettings): RequestRunner {
  const compiled = new Map(rulesets.map((ruleset) => [ruleset.id, compileRuleset(ruleset, settings)]));
  const entries: CompiledRuleset[] = [];
  for (const phase of requestPhases) {
    for (const kind of ['root', 'zone'] as const) {
      entries.push(
        ...[...compiled.values()].filter(({ ruleset }) => ruleset.phase === phase && ruleset.kind === kind),
      );
    }
  }
  return (request) => new Run(compiled, request).run(entries);
}

const pass: Outcome = { effect: 'pass', action: null, rule: null, ruleset: null, phase: null };

function both(a: Truth, b: Truth): Truth {
  if (a === false || b === false) {
    return false;
  }
  if (a === true) {
    return b;
  }
  return b === true ? a : mergeUnknown(a, b);
}

function either(a: Truth, b: Truth): Truth {
  return negate(both(negate(a), negate(b)));
}

class Run {
  readonly #compiled: ReadonlyMap<string, CompiledRuleset>;
  #request: RequestFields;
  readonly #possible: Outcome[] = [];
  readonly #causes = new Set<string>();
  readonly #matched: MatchedRule[] = [];
  readonly #managed: MatchedRule[] = [];
  readonly #rateLimits: MatchedRule[] = [];
  /** Whether a scope is skipped: `phase:…`, `ruleset:…`, `rule:…/…`, `rest:…` of a running ruleset. */
  readonly #skipped = new Map<string, Truth>();
  #rewritten = new Map<string, RuntimeValue | Unknown>();
  readonly #running = new Set<string>();
  #isOver = false;

  constructor(compiled: ReadonlyMap<string, CompiledRuleset>, request: RequestFields) {
    this.#compiled = compiled;
    this.#request = request;
  }

  run(entries: readonly CompiledRuleset[]): RequestVerdict {
    let phase = '';
    for (const entry of entries) {
      if (entry.ruleset.phase !== phase) {
        this.#applyRewrites();
        phase = entry.ruleset.phase;
      }
      this.#runRuleset(entry, true);
    }
    if (!this.#isOver) {
      this.#possible.push(pass);
    }
    return this.#verdict();
  }

  #verdict(): RequestVerdict {
    const [first] = this.#possible;
    const isDecided = this.#possible.every(
      ({ effect, action }) => effect === first?.effect && action === first.action,
    );
    return {
      outcome: isDecided ? (this.#possible.at(-1) ?? null) : null,
      possible: this.#possible,
      causes: isDecided ? [] : [...this.#causes].toSorted(),
      matched: this.#matched,
      managed: this.#managed,
      rateLimits: this.#rateLimits,
    };
  }

  #runRuleset({ ruleset, rules }: CompiledRuleset, applies: Truth): void {
    if (this.#running.has(ruleset.id)) {
      return;
    }
    this.#running.add(ruleset.id);
    for (const rule of rules) {
      if (this.#isOver) {
        break;
      }
      const truth = both(applies, both(negate(this.#isSkipped(rule)), rule.test(this.#request)));
      if (truth !== false) {
        this.#apply(rule, truth);
      }
    }
    this.#running.delete(ruleset.id);
  }

  #isSkipped({ ruleset, rule }: CompiledRule): Truth {
    const scopes = [
      `phase:${ruleset.phase}`,
      `ruleset:${ruleset.id}`,
      `rest:${ruleset.id}`,
      `rule:${ruleset.id}/${rule.ref}`,
    ];
    return scopes.reduce<Truth>((truth, scope) => either(truth, this.#skipped.get(scope) ?? false), false);
  }

  #apply(compiled: CompiledRule, truth: Unknown | true): void {
    const { rule, ruleset, effect } = compiled;
    const entry: MatchedRule = {
      rule: rule.ref,
      ruleset: ruleset.id,
      action: rule.action,
      unknownBecause: truth === true ? null : truth.causes,
    };
    if (rule.isRateLimit === true) {
      this.#rateLimits.push(entry);
      return;
    }
    this.#matched.push(entry);
    if (effect !== 'go-on') {
      this.#decide(compiled, effect, truth);
    } else if (rule.action === 'skip') {
      this.#skip(compiled, truth);
    } else if (rule.action === 'execute') {
      this.#execute(compiled, entry, truth);
    } else if (rule.action === 'rewrite') {
      this.#rewrite(compiled, truth);
    }
  }

  #decide(
    { rule, ruleset }: CompiledRule,
    effect: Exclude<ActionEffect, 'go-on'>,
    truth: Unknown | true,
  ): void {
    this.#possible.push({
      effect,
      action: rule.action,
      rule: rule.ref,
      ruleset: ruleset.id,
      phase: ruleset.phase,
    });
    if (effect === 'unknown') {
      this.#causes.add(`action ${rule.action}`);
    }
    if (truth === true) {
      this.#isOver = effect !== 'unknown';
      return;
    }
    for (const cause of truth.causes) {
      this.#causes.add(cause);
    }
  }

  #skip({ rule, ruleset }: CompiledRule, truth: Unknown | true): void {
    const { skip } = rule;
    if (skip === undefined) {
      return;
    }
    const scopes = [
      ...(skip.currentRuleset ? [`rest:${ruleset.id}`] : []),
      ...(skip.currentPhase ? [`phase:${ruleset.phase}`] : []),
      ...skip.phases.map((phase) => `phase:${phase}`),
      ...skip.rulesets.map((id) => `ruleset:${id}`),
      ...Object.entries(skip.rules).flatMap(([id, refs]) => refs.map((ref) => `rule:${id}/${ref}`)),
    ];
    for (const scope of scopes) {
      this.#skipped.set(scope, either(this.#skipped.get(scope) ?? false, truth));
    }
  }

  #execute({ rule }: CompiledRule, entry: MatchedRule, truth: Unknown | true): void {
    const target = rule.executes === undefined ? undefined : this.#compiled.get(rule.executes);
    if (target === undefined || target.ruleset.kind === 'managed') {
      const skipped = this.#skipped.get(`ruleset:${rule.executes ?? ''}`) ?? false;
      const runs = both(truth, negate(skipped));
      if (runs !== false) {
        const causes = runs === true ? null : runs.causes;
        this.#managed.push({ ...entry, ruleset: rule.executes ?? entry.ruleset, unknownBecause: causes });
      }
      return;
    }
    this.#runRuleset(target, truth);
  }

  /** The last match wins for each part; fields change between phases, not within one. */
  #rewrite({ path, query }: CompiledRule, truth: Unknown | true): void {
    const parts = [
      ['path', path],
      ['query', query],
    ] as const;
    for (const [name, value] of parts) {
      if (value !== null) {
        this.#rewritten.set(name, truth === true ? known(value(this.#request), name) : truth);
      }
    }
  }

  #applyRewrites(): void {
    if (this.#rewritten.size === 0) {
      return;
    }
    const before = this.#request.fields;
    const path = this.#rewritten.get('path') ?? before.get('http.request.uri.path');
    const query = this.#rewritten.get('query') ?? before.get('http.request.uri.query');
    this.#rewritten = new Map();
    const fields = new Map([...before].filter(([name]) => !name.startsWith('http.request.uri')));
    if (typeof path === 'string') {
      fields.set('http.request.uri.path', path);
      fields.set('http.request.uri.path.extension', pathExtension(path));
    }
    if (typeof query === 'string') {
      const { map, names, values } = groupPairs(readArguments(query));
      fields.set('http.request.uri.query', query);
      fields.set('http.request.uri.args', map);
      fields.set('http.request.uri.args.names', names);
      fields.set('http.request.uri.args.values', values);
    }
    if (typeof path === 'string' && typeof query === 'string') {
      fields.set('http.request.uri', joinTarget({ path, query }));
    }
    this.#request = { fields };
  }
}

/** A rewrite to something that is no text is unknown afterwards. */
function known(value: Evaluated, part: string): RuntimeValue | Unknown {
  return value === undefined ? unknownBecause(`rewritten ${part}`) : value;
}
