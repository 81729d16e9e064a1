/** A story of releases, failures, rollbacks and reverts, told to the ledger's code and to a model beside it. */
import { spentProblems } from '../../policies/gate/approval-use.ts';
import { bundleDigest } from '../../scripts/plan/bundle.ts';
import type { Bundle } from '../../scripts/plan/types.ts';
import { approvalUses, startingStates } from '../../scripts/release/approval-use.ts';
import { bundleOf, pastReleases } from '../../scripts/release/history.ts';
import { planRollback, type RollbackRequest } from '../../scripts/release/rollback-plan.ts';
import { stackState } from '../../scripts/release/state.ts';
import type { ReleaseEntry } from '../../scripts/release/types.ts';
import { edited, StackModel, type Content, type Edits, type Grant } from './cloud-model.ts';
import { recordsBundle } from './ledger-builder.ts';
import { PlainLedger } from './plain-ledger.ts';
import { keys, stacks, type Act } from './story-acts.ts';

/** A change with its approval: one effect on each of its stacks, on the state as it was when it was approved. */
interface Change {
  readonly id: string;
  readonly headSha: string;
  readonly on: ReadonlyMap<string, { readonly edits: Edits; readonly base: Content }>;
  /** Stacks on which it was in force at some time. */
  readonly used: Set<string>;
}

/** Tells one story to both; what they do not agree on is kept. */
export class Story {
  readonly disagreements: string[] = [];
  private readonly ledger = new PlainLedger();
  readonly models = new Map(stacks.map((stack) => [stack as string, new StackModel()]));
  readonly changes: Change[] = [];
  private token = 0;

  private agree(what: string, got: unknown, wanted: unknown): void {
    const [has, should] = [JSON.stringify(got), JSON.stringify(wanted)];
    if (has !== should) {
      this.disagreements.push(`${what}: is ${has}, by the model ${should}`);
    }
  }

  model(stack: string): StackModel {
    const found = this.models.get(stack);
    if (found === undefined) {
      throw new Error(stack);
    }
    return found;
  }

  perform(act: Act): void {
    const stack = stacks[act.stack] ?? stacks[0];
    switch (act.act) {
      case 'baseline':
        this.baseline(stack, act);
        break;
      case 'change':
        this.release(this.propose(stack, act), stack, act);
        break;
      case 'again':
        this.again(stack, act);
        break;
      case 'revert':
        this.revert(stack, act);
        break;
      case 'latest':
        this.rollback(stack, { kind: 'latest' }, act);
        break;
      case 'to':
      case 'only':
        this.rollbackOf(stack, act);
        break;
    }
    this.compare();
  }

  private baseline(stack: string, act: Act): void {
    const model = this.model(stack);
    this.agree('live', stackState(this.ledger.read(), stack).live === null, model.layers.length === 0);
    if (model.layers.length === 0) {
      const edits = Object.fromEntries(keys.map((key) => [key, this.fresh()]));
      this.apply(stack, { ...act, kind: 'baseline', change: null, target: edited({}, edits), edits });
    }
  }

  private fresh(): string {
    this.token += 1;
    return `v${String(this.token)}`;
  }

  /** Edits one to three keys of the stack, and sometimes of another one as well. */
  private propose(stack: string, { width, pick }: Act): Change {
    const other = stacks[pick % stacks.length] ?? stack;
    const on = new Map(
      [...new Set([stack, other])].map((each) => {
        const base = this.model(each).content;
        const touched = Array.from({ length: width }, (_, at) => keys[(pick + at) % keys.length] ?? 'www');
        const edits = touched.map((key, at) => [key, at === 2 && key in base ? null : this.fresh()] as const);
        return [each, { edits: Object.fromEntries(edits), base }];
      }),
    );
    return this.approve(on);
  }

  private approve(on: Change['on']): Change {
    const number = this.changes.length + 1;
    const change = {
      id: `CHG-2026-${String(number).padStart(4, '0')}`,
      headSha: String(number).padStart(40, '0'),
      on,
      used: new Set<string>(),
    };
    this.changes.push(change);
    return change;
  }

  /** The same approval once more: on a stack that is left, on one that failed, or on one where it is used up. */
  private again(stack: string, act: Act): void {
    const candidates = this.changes.filter(({ on }) => on.has(stack));
    const change = candidates[act.pick % Math.max(1, candidates.length)];
    if (change !== undefined) {
      this.release(change, stack, act);
    }
  }

  /** An approved change that takes an older one back by its code. */
  private revert(stack: string, act: Act): void {
    const model = this.model(stack);
    const at = 1 + (act.pick % Math.max(1, model.layers.length - 1));
    const layer = model.layers[at];
    if (layer === undefined) {
      return;
    }
    const before = contentBelow(model, at);
    const wanted = Object.keys(layer.edits).map((key) => [key, before[key] ?? null] as const);
    const edits = Object.fromEntries(wanted.filter(([key, value]) => (model.content[key] ?? null) !== value));
    if (Object.keys(edits).length > 0) {
      this.release(this.approve(new Map([[stack, { edits, base: model.content }]])), stack, act);
    }
  }

  private release(change: Change, stack: string, act: Act): void {
    const model = this.model(stack);
    const effect = change.on.get(stack);
    const isAllowed = effect !== undefined && this.mayRelease(change, stack, effect.base);
    this.agree(
      `${change.id} may go to ${stack}`,
      this.isLetThrough(change, stack, effect?.base ?? {}),
      isAllowed,
    );
    if (isAllowed) {
      this.agree(`${change.id} was used on ${stack}`, change.used.has(stack), false);
      const target = edited(model.content, effect.edits);
      this.apply(stack, { ...act, kind: 'release', change, target, edits: effect.edits });
    }
  }

  /** By the model: never used here, never rolled back, still the last word where it is, on the state that was approved. */
  private mayRelease(change: Change, stack: string, base: Content): boolean {
    const model = this.model(stack);
    const torn = model.torn;
    const isOver = [...change.used].some((each) => {
      const top = this.model(each).layers.at(-1);
      return top === undefined || this.changeOf(top.id) !== change;
    });
    return (
      model.layers.length > 0 &&
      !isOver &&
      !this.wasUndone(change) &&
      !change.used.has(stack) &&
      (torn === null || (torn.kind === 'release' && torn.change === change.id)) &&
      JSON.stringify(model.content) === JSON.stringify(base)
    );
  }

  private readonly released = new Map<string, Change>();

  private changeOf(id: string): Change | undefined {
    return this.released.get(id);
  }

  /** Taken back, or on its way out by a rollback that broke off; also one that never was in force. */
  private wasUndone(change: Change): boolean {
    return [...this.models.values()].some(({ undone, torn }) =>
      [...undone.keys(), ...(torn?.undoes ?? [])].some((id) => this.changeOf(id) === change),
    );
  }

  /** By what the gate and the release ask. */
  private isLetThrough(change: Change, stack: string, base: Content): boolean {
    const ledger = this.ledger.read();
    const approved = { changeId: change.id, headSha: change.headSha };
    const { unsettled } = stackState(ledger, stack);
    const start = startingStates(ledger, approved).get(stack);
    return (
      start !== undefined &&
      start.entry.bundleDigest === startDigest(stack, base) &&
      spentProblems(change.id, approvalUses(ledger, approved), [stack]).length === 0 &&
      (unsettled === null || (unsettled.entry.action === 'release' && unsettled.entry.changeId === change.id))
    );
  }

  private rollbackOf(stack: string, { act, pick, ...rest }: Act): void {
    const ids = this.ledger
      .read()
      .folders.filter(({ intent }) => intent.stack === stack)
      .map(({ intent }) => intent.id);
    const id = ids[pick % Math.max(1, ids.length)];
    if (id !== undefined) {
      const including = this.changes.map((change) => change.id);
      this.rollback(stack, act === 'to' ? { kind: 'to', id, including } : { kind: 'only', id }, {
        act,
        pick,
        ...rest,
      });
    }
  }

  private rollback(stack: string, request: RollbackRequest, act: Act): void {
    const ledger = this.ledger.read();
    const plan = planRollback(ledger, stack, request);
    const wanted = this.wanted(stack, request);
    const got = plan.ok
      ? { target: contentsOf(plan.target), undoes: plan.undoes.map(({ entry }) => entry.id) }
      : null;
    this.agree(`rollback ${JSON.stringify(request)}`, got, wanted);
    if (wanted !== null) {
      const newest = wanted.undoes.at(-1) ?? '';
      const change = this.changeOf(newest) ?? null;
      this.apply(stack, { ...act, kind: 'rollback', change, ...wanted });
    }
  }

  private wanted(stack: string, request: RollbackRequest): Grant | null {
    const model = this.model(stack);
    switch (request.kind) {
      case 'latest':
        return model.latest();
      case 'to':
        return model.to(request.id);
      case 'only':
        return model.only(request.id);
    }
  }

  private apply(stack: string, work: Work): void {
    const { kind, change, target, undoes = [], edits = {} } = work;
    const model = this.model(stack);
    const entry = this.record(stack, work);
    if (kind === 'release' && change !== null) {
      this.released.set(entry.id, change);
    }
    if (entry.result !== 'successful') {
      const touched = entry.completed.length > 0 || entry.result === 'aborted';
      model.fail({ id: entry.id, kind, change: change?.id ?? null, undoes, target, touched });
    } else if (kind === 'rollback') {
      model.remove(entry.id, undoes);
    } else {
      model.add({ id: entry.id, edits }, kind);
      change?.used.add(stack);
    }
  }

  /** The entry of what was done, as far as it came: all of it, or up to two changes. */
  private record(stack: string, { kind, change, target, undoes = [], result, pick }: Work): ReleaseEntry {
    const { torn, content } = this.model(stack);
    const changed = result === 'aborted' ? [] : changedKeys(torn?.target ?? content, target);
    return this.ledger.add({
      action: kind,
      bundle: recordsBundle(stack, target),
      changeId: change?.id ?? null,
      headSha: kind === 'release' ? (change?.headSha ?? null) : null,
      undoes,
      result,
      completed: result === 'successful' ? changed : changed.slice(0, pick % 3),
    });
  }

  /** After every step the two tell the same. */
  private compare(): void {
    const ledger = this.ledger.read();
    const past = pastReleases(ledger, new Map(), null);
    for (const [stack, model] of this.models) {
      const state = stackState(ledger, stack);
      const live = state.live === null ? {} : contentsOf(bundleOf(ledger, state.live));
      this.agree(`live on ${stack}`, live, model.content);
      this.agree(
        `in force on ${stack}`,
        [...state.inForce],
        model.layers.map(({ id }) => id),
      );
      this.agree(`undone on ${stack}`, sorted(state.undone), sorted(model.undone));
      this.agree(`unsettled on ${stack}`, state.unsettled?.entry.id ?? null, model.torn?.id ?? null);
      const rolledBack = past.filter((one) => one.stack === stack && one.result === 'rolled-back');
      this.agree(
        `history of ${stack}`,
        rolledBack.map(({ id }) => id),
        [...model.undone.keys()].toSorted(),
      );
    }
  }
}

function sorted(undone: ReadonlyMap<string, string>): readonly string[] {
  return [...undone].map(([id, by]) => `${id} by ${by}`).toSorted();
}

function changedKeys(before: Content, after: Content): readonly string[] {
  return keys.filter((key) => before[key] !== after[key]);
}

interface Work extends Omit<Act, 'stack'> {
  readonly kind: 'baseline' | 'release' | 'rollback';
  readonly change: Change | null;
  readonly target: Content;
  readonly undoes?: readonly string[];
  readonly edits?: Edits;
}

function contentBelow(model: StackModel, at: number): Content {
  return model.layers.slice(0, at).reduce<Content>((content, { edits }) => edited(content, edits), {});
}

function contentsOf(bundle: Bundle): Content {
  const resource = bundle.configuration['resource'] as
    | { readonly cloudflare_dns_record?: Readonly<Record<string, { readonly content: string }>> }
    | undefined;
  const records = Object.entries(resource?.cloudflare_dns_record ?? {});
  return Object.fromEntries(
    records.map(([name, { content }]) => [name, content] as const).toSorted(([a], [b]) => (a < b ? -1 : 1)),
  );
}

function startDigest(stack: string, content: Content): string {
  return bundleDigest(recordsBundle(stack, content));
}
