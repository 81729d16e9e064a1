/** One request on its way through prepared rulesets. */
import { allowedScopes } from './access.ts';
import type { CompiledAccess } from './access.ts';
import { both, either } from '../evaluate/kleene.ts';
import type { ActionEffect } from './phases.ts';
import { applyRewrites } from './rewritten.ts';
import type { Rewritten } from './rewritten.ts';
import type { CompiledRule, CompiledRuleset } from './ruleset.ts';
import { mergeUnknown, negate, unknownBecause } from '../evaluate/runtime.ts';
import type { Evaluated, RequestFields, RuntimeValue, Truth, Unknown } from '../evaluate/runtime.ts';
import type { ManagedRun, MatchedRule, RequestOutcome, RequestVerdict } from './verdict.ts';

export interface Program {
  readonly compiled: ReadonlyMap<string, CompiledRuleset>;
  readonly entries: readonly CompiledRuleset[];
  readonly access: readonly CompiledAccess[];
  /** Index of the entry before which `access` is asked; -1 when there is nothing to ask. */
  readonly accessAt: number;
  /** Entries that may skip one of `access`. */
  readonly skipping: readonly CompiledRuleset[];
  readonly passesChallenges: boolean;
}

const noProducts: readonly string[] = [];
const pass: RequestOutcome = { effect: 'pass', action: null, rule: null, ruleset: null, phase: null };

/** Cloudflare's pages disagree whether an account's skip of phases holds for the zone's rulesets as well. */
const accountSkip = unknownBecause('reach of a skip of phases at account level');

function mergeTruth(truth: Unknown | true, unknown: Unknown): Unknown {
  return truth === true ? unknown : mergeUnknown(truth, unknown);
}

export class RequestRun {
  readonly #program: Program;
  #request: RequestFields;
  readonly #possible: RequestOutcome[] = [];
  readonly #causes = new Set<string>();
  readonly #matched: MatchedRule[] = [];
  readonly #managed: ManagedRun[] = [];
  readonly #rateLimits: MatchedRule[] = [];
  /** Whether a scope is skipped: `phase:…`, `ruleset:…`, `rule:…/…`, `product:…`, `account:…`, `rest:…` of a running ruleset. */
  readonly #skipped = new Map<string, Truth>();
  #products: readonly string[] = noProducts;
  #rewritten: Rewritten = new Map();
  readonly #running = new Set<string>();
  #isAccountLevel = false;
  #isOver = false;

  constructor(program: Program, request: RequestFields) {
    this.#program = program;
    this.#request = request;
  }

  run(): RequestVerdict {
    const { entries, accessAt } = this.#program;
    this.#runEntries(entries, accessAt);
    this.#applyRewrites();
    if (accessAt === entries.length) {
      this.#askAccess();
    }
    if (!this.#isOver) {
      this.#possible.push(pass);
    }
    return this.#verdict();
  }

  #runEntries(entries: readonly CompiledRuleset[], accessAt: number): void {
    let phase = '';
    for (let index = 0; index < entries.length; index += 1) {
      const entry = entries[index];
      if (entry === undefined) {
        return;
      }
      if (entry.ruleset.phase !== phase) {
        this.#applyRewrites();
        phase = entry.ruleset.phase;
      }
      if (index === accessAt) {
        this.#askAccess();
      }
      this.#isAccountLevel = entry.ruleset.kind === 'root';
      this.#runRuleset(entry, true);
    }
  }

  #hasEnded(): boolean {
    return this.#isOver;
  }

  #askAccess(): void {
    const { skipping } = this.#program;
    const ahead =
      skipping.length === 0 ? null : new RequestRun(this.#program, this.#request).#skipsOf(skipping);
    for (const access of this.#program.access) {
      if (this.#hasEnded()) {
        return;
      }
      const left = (access.skippable === null ? null : ahead?.get(access.skippable)) ?? false;
      const allowed = this.#skipped.get('access') ?? false;
      const truth = both(both(negate(left), negate(allowed)), access.test(this.#request));
      if (truth !== false) {
        this.#applyAccess(access, truth);
      }
    }
  }

  /** What the custom rules skip, found out before they run: products before them can be skipped by them. */
  #skipsOf(entries: readonly CompiledRuleset[]): ReadonlyMap<string, Truth> {
    this.#runEntries(entries, -1);
    return this.#skipped;
  }

  #applyAccess({ control, effect }: CompiledAccess, truth: Unknown | true): void {
    const { id, product, action } = control;
    const unknownOf = truth === true ? null : truth.causes;
    this.#matched.push({ rule: id, ruleset: product, action, unknownBecause: unknownOf });
    if (effect === 'allow') {
      this.#addSkips(allowedScopes(control), truth);
    } else {
      this.#decide({ action, rule: id, ruleset: product, phase: null }, effect, truth);
    }
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
      skippedProducts: this.#products,
      request: this.#request,
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
    if (this.#skipped.size === 0) {
      return false;
    }
    const scopes = [
      `phase:${ruleset.phase}`,
      `ruleset:${ruleset.id}`,
      `rest:${ruleset.id}`,
      `rule:${ruleset.id}/${rule.id ?? rule.name}`,
      ...(this.#isAccountLevel ? [`account:${ruleset.phase}`] : []),
    ];
    return scopes.reduce<Truth>((truth, scope) => either(truth, this.#skipped.get(scope) ?? false), false);
  }

  #apply(compiled: CompiledRule, truth: Unknown | true): void {
    const { rule, ruleset, effect } = compiled;
    const entry: MatchedRule = {
      rule: rule.name,
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
      this.#decide(
        { action: rule.action, rule: rule.name, ruleset: ruleset.id, phase: ruleset.phase },
        effect,
        truth,
      );
    } else if (rule.action === 'skip') {
      this.#skip(compiled, truth);
    } else if (rule.action === 'execute') {
      this.#execute(compiled, entry, truth);
    } else if (rule.action === 'rewrite') {
      this.#rewrite(compiled, truth);
    }
  }

  #decide(by: Omit<RequestOutcome, 'effect'>, effect: ActionEffect, truth: Unknown | true): void {
    if (effect === 'go-on' || (effect === 'challenge' && this.#program.passesChallenges)) {
      return;
    }
    this.#possible.push({ effect, ...by });
    if (effect === 'unknown') {
      this.#causes.add(`action ${by.action ?? ''}`);
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
    this.#addSkips(
      [
        ...(skip.currentRuleset ? [`rest:${ruleset.id}`] : []),
        ...(skip.currentPhase ? [`phase:${ruleset.phase}`] : []),
        ...skip.phases.map((phase) => `${this.#isAccountLevel ? 'account' : 'phase'}:${phase}`),
        ...skip.rulesets.map((id) => `ruleset:${id}`),
        ...Object.entries(skip.rules).flatMap(([id, refs]) => refs.map((ref) => `rule:${id}/${ref}`)),
        ...skip.products.map((product) => `product:${product}`),
      ],
      truth,
    );
    if (this.#isAccountLevel) {
      const inZones = mergeTruth(truth, accountSkip);
      this.#addSkips(
        skip.phases.map((phase) => `phase:${phase}`),
        inZones,
      );
    }
    if (truth === true && skip.products.length > 0) {
      this.#products = [...new Set([...this.#products, ...skip.products])];
    }
  }

  #addSkips(scopes: readonly string[], truth: Unknown | true): void {
    for (const scope of scopes) {
      this.#skipped.set(scope, either(this.#skipped.get(scope) ?? false, truth));
    }
  }

  #execute({ rule }: CompiledRule, entry: MatchedRule, truth: Unknown | true): void {
    const id = rule.executes ?? '';
    const target = this.#program.compiled.get(id);
    if (target !== undefined && target.ruleset.kind !== 'managed') {
      this.#runRuleset(target, truth);
      return;
    }
    const runs = both(truth, negate(this.#skipped.get(`ruleset:${id}`) ?? false));
    if (runs !== false) {
      const prefix = `rule:${id}/`;
      this.#managed.push({
        ...entry,
        ruleset: id === '' ? entry.ruleset : id,
        unknownBecause: runs === true ? null : runs.causes,
        overrides: rule.overrides ?? null,
        exceptRules: [...this.#skipped.keys()]
          .filter((scope) => scope.startsWith(prefix))
          .map((scope) => scope.slice(prefix.length)),
      });
    }
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
    if (this.#rewritten.size > 0) {
      this.#request = applyRewrites(this.#request, this.#rewritten);
      this.#rewritten = new Map();
    }
  }
}

/** A rewrite to something that is not text is unknown afterwards. */
function known(value: Evaluated, part: string): RuntimeValue | Unknown {
  return value === undefined ? unknownBecause(`rewritten ${part}`) : value;
}
