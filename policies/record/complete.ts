/**
 * What an author of a change record need not write, because it can be computed: one function, which the gate, the checks,
 * a release, the questions and the pages all read a record through. What is written stands, as a claim that the rules
 * compare with the plan; nothing that is left out makes a change look smaller than its plan is.
 */
import { compareText } from '../../scripts/json/json.ts';
import { takesAway } from '../../scripts/provider/kind.ts';
import type { Json, ResourceChange } from '../../scripts/plan/types.ts';
import { planProblems, type ScopeInput } from '../catalogue/scope.ts';
import { instantMs, instantText, minuteMs } from '../gate/instant.ts';
import type { PolicySet, Register, RuleInput } from '../model/facts.ts';
import { affectedHostsField } from '../model/record.ts';
import type {
  AuthoredRecord,
  Category,
  ChangeRecord,
  CompleteRecord,
  ComputedField,
  LocatedRecord,
  Rollback,
  Step,
} from '../model/record.ts';
import { categoriesByCare, categoryOf } from '../reading/change-category.ts';
import { clientsOfStacks, namedClients, stacksOfClient } from '../reading/clients.ts';
import { environmentOf } from '../reading/estate-context.ts';
import { affectedHosts } from '../reading/places/affected-hosts.ts';
import { effectiveChanges, indexPlan } from '../reading/plan-index.ts';
import type { PlanIndex } from '../reading/plan-index.ts';
import { isSecurityRelevant } from '../reading/security-relevance.ts';
import { isInsideOpening, openingAt } from '../windows.ts';
import { leastMinutes, usualMinutes } from './durations.ts';

/** What a record is completed from. */
export type Basis = Omit<ScopeInput, 'record'> &
  Pick<RuleInput, 'history'> & { readonly policy: Pick<PolicySet, 'registers' | 'catalogue'> };

/** The record with what its author left out. One that was completed before comes back as it is. `index` is that of the plan. */
export function completeRecord(
  located: LocatedRecord | CompleteRecord,
  basis: Basis,
  index: PlanIndex | null = null,
): CompleteRecord {
  return 'computed' in located ? located : new RecordCompletion(located, { ...basis, index }).result();
}

/** A record as its author wrote it, whether it was completed since or not: what a digest is taken of. */
export function asWritten(located: LocatedRecord | CompleteRecord): LocatedRecord {
  const { file, locations } = located;
  return { file, locations, record: 'written' in located ? located.written : located.record };
}

const verified = 'a plan right after the release is empty, and every probe passes';

/** Collects what is computed, field by field, in the order of the schema. */
class RecordCompletion {
  readonly #located: LocatedRecord;
  readonly #written: AuthoredRecord;
  readonly #basis: Basis & { readonly index: PlanIndex | null };
  /** Of whose record it is. */
  readonly #register: Register | undefined;
  /** Of all whom it concerns. */
  readonly #registers: readonly Register[];
  readonly #changes: readonly ResourceChange[];
  /** That differ, if only in their settings. */
  readonly #stacks: readonly string[];
  readonly #computed: ComputedField[] = [];

  constructor(located: LocatedRecord, basis: Basis & { readonly index: PlanIndex | null }) {
    this.#located = located;
    this.#written = located.record;
    this.#basis = basis;
    this.#register = basis.policy.registers.find(({ client }) => client === located.record.client);
    const clients = namedClients(located.record);
    this.#registers = basis.policy.registers.filter(({ client }) => clients.includes(client));
    this.#changes = effectiveChanges(basis.plan);
    this.#stacks = basis.plan.stacks
      .filter((stack) => stack.changes.length > 0 || stack.bundles.before !== stack.bundles.after)
      .map(({ stack }) => stack);
  }

  result(): CompleteRecord {
    const written = this.#written;
    const service = this.#or('service', written.service, 'the register', () => this.#service());
    const standardChange = this.#entry();
    const category = this.#or('category', written.category, 'the plan', () => this.#category());
    const model = this.#model(standardChange, category);
    const stacks = this.#or('stacks', written.stacks, 'the plan', () => this.#inOrder());
    const { schedule: _, impact: __, securityImpact: ___, test: ____, rollback: _____, ...rest } = written;
    const before = {
      ...rest,
      ...(standardChange === undefined ? {} : { standardChange }),
      ...(model === undefined ? {} : { model }),
      service,
      category,
      stacks,
    };
    this.#hosts();
    const record: ChangeRecord = { ...before, ...this.#assessment(), ...this.#work(before) };
    return { ...this.#located, record, written, computed: this.#stacks.length === 0 ? [] : this.#computed };
  }

  #or<T>(field: string, written: T | undefined, from: string, compute: () => T): T {
    if (written !== undefined) {
      return written;
    }
    const value = compute();
    this.#computed.push({ field, value: value as Json, from });
    return value;
  }

  /** No field of the record: an author has no say in them. */
  #hosts(): void {
    const hosts = affectedHosts(this.#basis.index ?? indexPlan(this.#basis.plan));
    if (hosts.length > 0) {
      this.#computed.push({ field: affectedHostsField, value: hosts, from: 'the plan' });
    }
  }

  /** The one service whose zones change, or the only one that there is; empty where only the author knows. */
  #service(): string {
    const services = this.#register?.services ?? [];
    const zones = new Set(this.#changes.map(({ zone }) => zone));
    const touched = services.filter((service) => service.zones.some((zone) => zones.has(zone)));
    const [only, ...others] = touched.length === 0 ? services : touched;
    return others.length === 0 ? (only?.id ?? '') : '';
  }

  /** The first entry that every client has agreed to and that the plan fits. */
  #entry(): AuthoredRecord['standardChange'] {
    const { type, standardChange } = this.#written;
    if (type !== 'standard' || standardChange !== undefined) {
      return standardChange;
    }
    const { catalogue } = this.#basis.policy;
    const entry = catalogue.entries.find(
      (each) =>
        this.#registers.length > 0 &&
        this.#registers.every(({ standardChanges }) => standardChanges.includes(each.id)) &&
        planProblems(each, { ...this.#basis, record: this.#located }).length === 0,
    );
    return entry === undefined
      ? undefined
      : this.#or('standardChange', standardChange, 'the catalogue', () => ({
          ref: entry.id,
          version: entry.version,
        }));
  }

  #category(): Category {
    const found = new Set(this.#changes.map(categoryOf));
    return categoriesByCare.findLast((category) => found.has(category)) ?? 'other';
  }

  /** Of a standard change its entry, under which its uses are counted; else category and action. */
  #model(entry: AuthoredRecord['standardChange'], category: Category): string | undefined {
    const { type, model } = this.#written;
    return this.#stacks.length === 0 || (type === 'standard' && entry === undefined)
      ? model
      : this.#or(
          'model',
          model,
          'the plan',
          () => (type === 'standard' ? entry?.ref : undefined) ?? `${category}-${this.#action()}`,
        );
  }

  #action(): 'add' | 'change' | 'remove' {
    return this.#changes.some(takesAway)
      ? 'remove'
      : this.#changes.every(({ before }) => before === null)
        ? 'add'
        : 'change';
  }

  /** Staging first: what goes wrong goes wrong there. */
  #inOrder(): readonly string[] {
    const rank = (stack: string): number => (environmentOf(this.#basis.policy, stack) === 'staging' ? 0 : 1);
    return this.#stacks.toSorted((a, b) => rank(a) - rank(b) || compareText(a, b));
  }

  #assessment(): Pick<ChangeRecord, 'impact' | 'securityImpact'> {
    const { impact, securityImpact } = this.#written;
    return {
      impact: this.#or('impact', impact, 'the plan', () => ({
        users: 'not assessed',
        expectedOutage: 'PT0S',
      })),
      securityImpact: this.#or('securityImpact', securityImpact, 'the plan', () =>
        this.#changes.some(isSecurityRelevant)
          ? { assessed: false, summary: 'a security control changes, and nobody has said what that means' }
          : { assessed: true, summary: 'the plan changes no security control' },
      ),
    };
  }

  #work(record: Pick<ChangeRecord, 'service' | 'stacks'>): CompletionWork {
    const { type, clientApproval } = this.#written;
    const rollback = this.#rollback(record.stacks);
    const schedule = this.#schedule(record.stacks, rollback);
    const plan =
      type === 'standard' || this.#stacks.length === 0
        ? this.#written.plan
        : this.#or('plan', this.#written.plan, 'earlier releases', () => ({
            steps: this.#steps(record.stacks),
          }));
    const needsClientApproval =
      type === 'normal' && this.#registers.some(({ clientApprovalRequired }) => clientApprovalRequired);
    const clientNeeds = needsClientApproval
      ? this.#or('clientApproval', clientApproval, 'the register', () => ({ required: true }))
      : clientApproval;
    return {
      ...(plan === undefined ? {} : { plan }),
      test: this.#test(record.service),
      acceptanceCriteria: this.#or(
        'acceptanceCriteria',
        this.#written.acceptanceCriteria,
        'what a release verifies',
        () => [{ statement: verified }],
      ),
      rollback,
      ...(schedule === undefined ? {} : { schedule }),
      ...(clientNeeds === undefined ? {} : { clientApproval: clientNeeds }),
    };
  }

  /**
   * Who writes the end has said how long all of it takes, and the steps say nothing; else it takes as long as such releases
   * took. The slot of several clients is a span in which each has its own window: there the end says nothing.
   */
  #steps(stacks: readonly string[]): readonly Step[] {
    const { implementer, owner, clients } = this.#written;
    const isEndWritten = clients === undefined && this.#written.schedule?.plannedEnd !== undefined;
    return stacks.map((stack, index) => ({
      n: index + 1,
      action: `Release ${stack}`,
      ...(clients === undefined ? {} : { stack }),
      actor: implementer ?? owner,
      expected: verified,
      durationMin: isEndWritten
        ? 0
        : usualMinutes(this.#basis, { stack, changes: this.#changes, of: 'release' }),
    }));
  }

  #schedule(stacks: readonly string[], { maxDurationMin = 0 }: Rollback): ChangeRecord['schedule'] {
    const { schedule, plan } = this.#written;
    if (schedule === undefined) {
      return undefined;
    }
    const { plannedStart } = schedule;
    const start = instantMs(plannedStart);
    const plannedEnd = this.#or('schedule.plannedEnd', schedule.plannedEnd, 'earlier releases', () => {
      const steps = plan?.steps ?? this.#steps(stacks);
      const minutes = steps.reduce((sum, { durationMin }) => sum + durationMin, 0);
      return start === null
        ? plannedStart
        : instantText(start + (Math.max(minutes, leastMinutes) + maxDurationMin) * minuteMs);
    });
    const window = schedule.window ?? this.#window(start, instantMs(plannedEnd), maxDurationMin * minuteMs);
    return { plannedStart, plannedEnd, ...(window === null ? {} : { window }) };
  }

  /** The window of the register that holds the change with its rollback, else one in which it begins; null for none. */
  #window(start: number | null, end: number | null, rollbackMs: number): string | null {
    const windows = this.#register?.windows ?? [];
    if (start === null || end === null || this.#written.clients !== undefined) {
      return null;
    }
    const found =
      windows.find((window) => isInsideOpening([window], start, end + rollbackMs)) ??
      windows.find((window) => openingAt([window], start) !== null);
    return found === undefined
      ? null
      : this.#or('schedule.window', undefined, 'the register', () => found.id);
  }

  #test(service: string): ChangeRecord['test'] {
    const { test, type } = this.#written;
    const probes = this.#probes(service);
    const pre =
      type === 'normal'
        ? this.#or('test.pre', test?.pre, 'the gate', () => [
            { what: 'Plan, rules, and the rehearsal of the rollback', how: 'the gate', automated: true },
          ])
        : test?.pre;
    return {
      ...(pre === undefined ? {} : { pre }),
      post: this.#or('test.post', test?.post, 'what a release verifies', () => [
        { what: verified, how: 'the release', automated: true },
      ]),
      ...(probes === undefined ? {} : { probes }),
    };
  }

  /** Of the service; of a change of several clients those of every service of theirs whose zones change. */
  #probes(service: string): ChangeRecord['test']['probes'] {
    const written = this.#written.test?.probes;
    const zones = new Set(this.#changes.map(({ zone }) => zone));
    const services =
      this.#written.clients === undefined
        ? (this.#register?.services.filter(({ id }) => id === service) ?? [])
        : this.#registers.flatMap((register) =>
            register.services.filter((each) => each.zones.some((zone) => zones.has(zone))),
          );
    const usual = services.flatMap(({ probes = [] }) => probes);
    return usual.length === 0 ? written : this.#or('test.probes', written, 'the register', () => usual);
  }

  /** Where there is no way back nothing about it is computed: only the author knows why. */
  #rollback(stacks: readonly string[]): Rollback {
    const { rollback = {}, implementer, owner } = this.#written;
    const strategy = this.#or('rollback.strategy', rollback.strategy, 'the ledger', () => 'revert' as const);
    if (strategy === 'not-possible') {
      return { steps: [], triggers: [], ...rollback, strategy };
    }
    return {
      ...rollback,
      strategy,
      steps: this.#or('rollback.steps', rollback.steps, 'the plan', () =>
        stacks.toReversed().map((stack) => `sluice rollback ${stack}`),
      ),
      maxDurationMin: this.#or('rollback.maxDurationMin', rollback.maxDurationMin, 'earlier rehearsals', () =>
        this.#rollbackMinutes(stacks),
      ),
      triggers: this.#or('rollback.triggers', rollback.triggers, 'what a release verifies', () => [
        'a probe fails, or a plan right after the release is not empty',
      ]),
      decider: this.#or('rollback.decider', rollback.decider, 'the record', () => implementer ?? owner),
    };
  }

  /** Of several clients the longest that one of them takes: each has to be taken back inside its own window. */
  #rollbackMinutes(stacks: readonly string[]): number {
    const minutesOf = (some: readonly string[]): number =>
      some.reduce(
        (sum, stack) => sum + usualMinutes(this.#basis, { stack, changes: this.#changes, of: 'rollback' }),
        0,
      );
    const { policy } = this.#basis;
    return this.#written.clients === undefined
      ? minutesOf(stacks)
      : Math.max(
          0,
          ...clientsOfStacks(policy, stacks).map((client) =>
            minutesOf(stacksOfClient(policy, client, stacks)),
          ),
        );
  }
}

type CompletionWork = Pick<ChangeRecord, 'test' | 'acceptanceCriteria' | 'rollback'> &
  Partial<Pick<ChangeRecord, 'plan' | 'schedule' | 'clientApproval'>>;
