/** Puts cases to a provider through real Terraform, many in one configuration: each step is one run for all of them. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Json, JsonObject } from '../../scripts/plan/types.ts';
import { Stack } from '../sandbox/provider/terraform.ts';
import type { Answers, Case, Step } from './cases.ts';
import type { Provider } from './provider.ts';
import { refusedPlaces, unplaced, written } from './refusals.ts';
import type { Diagnostic } from './refusals.ts';

/** Small enough that a failed batch can be read, large enough that Terraform's start does not count. */
const batchSize = 120;

/** The answers of a provider to each case, in their order. */
export async function ask(provider: Provider, cases: readonly Case[]): Promise<readonly Answers[]> {
  const validated = await inBatches(cases, (batch) => validateOnly(provider, batch));
  const living = cases.flatMap((each, at) =>
    each.changed !== undefined && validated[at]?.['validate'] === 'accepted' ? [{ each, at }] : [],
  );
  const lived = await inBatches(living, (batch) =>
    new Life(
      provider,
      batch.map(({ each }) => each),
    ).run(),
  );
  const byPlace = new Map(living.map(({ at }, index) => [at, lived[index]]));
  return cases.map((_, at) => ({ ...validated[at], ...byPlace.get(at) }));
}

async function inBatches<T>(
  items: readonly T[],
  work: (batch: readonly T[]) => Promise<readonly Answers[]>,
): Promise<readonly Answers[]> {
  const answers: Answers[] = [];
  for (let from = 0; from < items.length; from += batchSize) {
    answers.push(...(await work(items.slice(from, from + batchSize))));
  }
  return answers;
}

async function validateOnly(provider: Provider, cases: readonly Case[]): Promise<readonly Answers[]> {
  const batch = new Batch(provider, cases);
  const answers = await batch.validate(cases.map(({ first }) => first));
  return answers.map((validate) => ({ validate }));
}

/** One configuration with a resource for each case. */
class Batch {
  private readonly stack: Stack;
  private readonly cases: readonly Case[];

  constructor(provider: Provider, cases: readonly Case[]) {
    this.stack = new Stack(() => provider.reattach);
    this.cases = cases;
  }

  addressOf(at: number): string {
    return `${this.cases[at]?.type ?? ''}.c${String(at)}`;
  }

  /** The case that an address belongs to; null for another. */
  private caseAt(address: string | undefined): number | null {
    const at = Number(/\.c(\d+)$/.exec(address ?? '')?.[1] ?? Number.NaN);
    return Number.isNaN(at) ? null : at;
  }

  /** Writes the configuration; null leaves a case out. */
  write(values: readonly (JsonObject | null)[]): string {
    const resource: Record<string, Record<string, Json>> = {};
    for (const [at, each] of values.entries()) {
      const type = this.cases[at]?.type ?? '';
      if (each !== null) {
        (resource[type] ??= {})[`c${String(at)}`] = each;
      }
    }
    this.stack.write({});
    const text = written({ resource });
    writeFileSync(join(this.stack.folder, 'cases.tf.json'), text);
    return text;
  }

  async validate(values: readonly JsonObject[]): Promise<readonly string[]> {
    const text = this.write(values);
    const run = await this.stack.run('validate', '-json');
    const { diagnostics } = JSON.parse(run.stdout) as { readonly diagnostics: readonly Diagnostic[] };
    const places = refusedPlaces(text, diagnostics);
    const strange = unplaced(text, diagnostics);
    if (strange.length > 0) {
      throw new Error(`terraform validate says what belongs to no case:\n${strange.join('\n')}`);
    }
    return values.map((_, at) => {
      const found = places.get(this.addressOf(at));
      return found === undefined ? 'accepted' : `refused: ${found.join(', ')}`;
    });
  }

  /** Runs a command with JSON output; the cases that its errors name. */
  async attempt(
    ...args: readonly string[]
  ): Promise<{ readonly isDone: boolean; readonly failed: ReadonlySet<number> }> {
    const run = await this.stack.run(...args);
    const said = run.stdout.split('\n').flatMap((line) => {
      const event = line.startsWith('{') ? (JSON.parse(line) as { readonly diagnostic?: Diagnostic }) : {};
      return event.diagnostic?.severity === 'error' ? [event.diagnostic] : [];
    });
    const failed = said.flatMap((each) => this.caseAt(addressIn(each)) ?? []);
    if (run.code !== 0 && failed.length === 0) {
      const texts = said.map(({ summary, detail }) => `${summary}: ${detail ?? ''}`);
      throw new Error(`terraform ${args.join(' ')} failed:\n${texts.join('\n')}\n${run.stderr}`);
    }
    return { isDone: run.code === 0, failed: new Set(failed) };
  }

  async forget(at: number): Promise<void> {
    await this.stack.run('state', 'rm', this.addressOf(at));
  }

  /** Changes of the saved plan, and attributes in the state, by case. */
  async show<T>(
    read: (document: Shown) => readonly (T & { readonly address: string })[],
    ...file: readonly string[]
  ): Promise<ReadonlyMap<number, T>> {
    const shown = await this.stack.succeed('show', '-json', ...file);
    const entries = read(JSON.parse(shown.stdout) as Shown);
    return new Map(
      entries.flatMap((entry) => {
        const at = this.caseAt(entry.address);
        return at === null ? [] : [[at, entry] as const];
      }),
    );
  }
}

/** Terraform's own errors about a provider's answer tell the address in their text. */
function addressIn({ address, detail = '' }: Diagnostic): string | undefined {
  return address ?? /cloudflare_\w+\.c\d+/.exec(detail)?.[0];
}

interface PlannedChange {
  readonly change: {
    readonly actions: readonly string[];
    readonly after_unknown: Json;
    readonly replace_paths?: readonly (readonly (string | number)[])[];
  };
}

interface Shown {
  readonly resource_changes?: readonly (PlannedChange & { readonly address: string })[];
  readonly values?: {
    readonly root_module: {
      readonly resources?: readonly { readonly address: string; readonly values: JsonObject }[];
    };
  };
}

/** Takes the cases of one batch from creation to destruction; a case that fails on the way is left out from there. */
class Life {
  private readonly provider: Provider;
  private readonly cases: readonly Case[];
  private readonly batch: Batch;
  private readonly answers: Partial<Record<Step, string>>[];
  private readonly lost = new Set<number>();

  constructor(provider: Provider, cases: readonly Case[]) {
    this.provider = provider;
    this.cases = cases;
    this.batch = new Batch(provider, cases);
    this.answers = cases.map(() => ({}));
  }

  async run(): Promise<readonly Answers[]> {
    this.configure('first');
    await this.plan('plan');
    await this.apply('apply', true);
    await this.plan('plan again');
    const accepted = await this.batch.validate(
      this.cases.map(({ changed = {}, first }, at) => (this.lost.has(at) ? first : changed)),
    );
    for (const [at, answer] of accepted.entries()) {
      this.answer(at, 'change: validate', answer);
      if (answer !== 'accepted') {
        await this.lose(at);
      }
    }
    this.configure('changed');
    await this.plan('change: plan');
    await this.apply('change: apply', false);
    await this.plan('change: plan again');
    await this.destroy();
    return this.answers;
  }

  private answer(at: number, step: Step, text: string): void {
    const answers = this.answers[at];
    if (answers !== undefined && !this.lost.has(at)) {
      answers[step] = text;
    }
  }

  private configure(which: 'first' | 'changed'): void {
    this.batch.write(this.cases.map((each, at) => (this.lost.has(at) ? null : (each[which] ?? null))));
  }

  private async lose(at: number): Promise<void> {
    this.lost.add(at);
    await this.batch.forget(at);
  }

  /** Plans until nobody is left whose plan fails. */
  private async plan(step: Step): Promise<void> {
    for (;;) {
      const { isDone, failed } = await this.batch.attempt('plan', '-json', '-input=false', '-out=plan.bin');
      if (isDone) {
        break;
      }
      for (const at of failed) {
        this.answer(at, step, 'failed');
        await this.lose(at);
      }
      this.configure(step.startsWith('change') ? 'changed' : 'first');
    }
    const changes = await this.batch.show<PlannedChange>(({ resource_changes: all = [] }) => all, 'plan.bin');
    for (const [at, { change }] of changes) {
      this.answer(at, step, actionOf(change.actions));
      if (step === 'change: plan') {
        this.answer(at, 'change: replaced by', listed((change.replace_paths ?? []).map(pathText)));
        this.answer(at, 'change: unknown', listed(unknownIn(change.after_unknown)));
      }
    }
  }

  private async apply(step: Step, isFirst: boolean): Promise<void> {
    const { failed } = await this.batch.attempt('apply', '-json', '-input=false', 'plan.bin');
    for (const at of this.cases.keys()) {
      this.answer(at, step, failed.has(at) ? 'failed' : 'done');
      if (isFirst && failed.has(at)) {
        await this.lose(at);
      }
    }
    this.configure(isFirst ? 'first' : 'changed');
  }

  private async destroy(): Promise<void> {
    const states = await this.batch.show<{ readonly values: JsonObject }>(
      ({ values }) => values?.root_module.resources ?? [],
    );
    const { failed } = await this.batch.attempt('destroy', '-json', '-auto-approve', '-input=false');
    for (const [at, { values }] of states) {
      this.answer(at, 'destroy', failed.has(at) ? 'failed' : 'done');
      this.answer(at, 'remains', await this.provider.remains(this.cases[at]?.type ?? '', values));
    }
  }
}

function actionOf(actions: readonly string[]): string {
  return actions.length > 1 ? 'replace' : (actions[0] ?? 'no-op');
}

function pathText(path: readonly (string | number)[]): string {
  return path.map((part, at) => (typeof part === 'number' ? '[]' : `${at === 0 ? '' : '.'}${part}`)).join('');
}

/** Paths of what is not known before the apply. */
function unknownIn(value: Json, path = ''): readonly string[] {
  if (value === true) {
    return [path];
  }
  if (Array.isArray(value)) {
    return (value as readonly Json[]).flatMap((item) => unknownIn(item, `${path}[]`));
  }
  return typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([name, part]) => unknownIn(part, path === '' ? name : `${path}.${name}`))
    : [];
}

function listed(paths: readonly string[]): string {
  return [...new Set(paths)].toSorted().join(', ');
}
