/**
 * Random sequences of what happens to an estate, on the real program with real Terraform, against a model that is a few
 * maps: what is written, what is live, what the ledger has to say. After each step the three are compared.
 */
import { commandAfter } from './settle.ts';
import { inWindow, approve } from '../scenarios/change/approved-facts.ts';
import { ledgerRows, live, merge, recordPath, releasedEstate } from '../scenarios/change.ts';
import { withKeptSynth } from '../scenarios/cached-synth.ts';
import type { Ended } from '../scenarios/small-estate.ts';
import { openWorld, releaseLine, type At, type FaultWorld, type Ran } from './world.ts';

export const modelStacks = ['acme-production', 'acme-staging'] as const;
type ModelStack = (typeof modelStacks)[number];

export type ModelStep =
  | { readonly kind: 'release'; readonly stack: ModelStack; readonly edit: 'create' | 'delete' | 'update' }
  | { readonly kind: 'rollback'; readonly stack: ModelStack }
  | { readonly kind: 'drift'; readonly stack: ModelStack }
  | { readonly kind: 'heal'; readonly stack: ModelStack }
  | { readonly kind: 'crash'; readonly stack: ModelStack; readonly at: At }
  | { readonly kind: 'together'; readonly stack: ModelStack };

/** Steps of a release of one stack at which the process is killed. */
export function crashesOf(stack: ModelStack): readonly At[] {
  const at = (step: string, nth: number): At => ({ step, nth, do: 'kill' });
  return [
    at(`started terraform plan ${stack}`, 1),
    at(`before terraform apply ${stack}`, 1),
    at(`started terraform apply ${stack}`, 1),
    at(`after terraform apply ${stack}`, 1),
    ...[1, 2, 3].flatMap((nth) => [at('before git update-ref', nth), at('after git update-ref', nth)]),
  ];
}

type Records = Readonly<Record<string, string>>;

interface StackModel {
  readonly zone: string;
  /** What the stack code says, which is what is live but for the drift. */
  records: Records;
  /** What was live before each release that stands, oldest first. */
  before: readonly Records[];
  isDrifted: boolean;
}

const stray = '192.0.2.66';

/** Made once: everything in it is copied. */
export async function prepareModel(): Promise<{ readonly folder: string; remove(): void }> {
  const estate = await releasedEstate();
  return { folder: estate.folder, remove: () => estate.remove() };
}

/** What was not as the model says, with the way to it; empty when all of it was. */
export async function play(
  prepared: { readonly folder: string },
  steps: readonly ModelStep[],
): Promise<readonly string[]> {
  const world = await openWorld(prepared);
  try {
    const game = new Game(world);
    await game.begin();
    for (const [index, step] of steps.entries()) {
      const problems = await game.take(step);
      if (problems.length > 0) {
        return [`step ${String(index + 1)} ${JSON.stringify(step)}:`, ...problems, ...game.way];
      }
    }
    return [];
  } finally {
    await world.close();
  }
}

class Game {
  readonly way: string[] = [];
  readonly #world: FaultWorld;
  readonly #stacks = new Map<ModelStack, StackModel>([
    [
      'acme-production',
      {
        zone: 'shop.example',
        records: { www: '203.0.113.1', api: '203.0.113.2', mail: '203.0.113.3' },
        before: [],
        isDrifted: false,
      },
    ],
    [
      'acme-staging',
      { zone: 'staging-shop.example', records: { www: '198.51.100.1' }, before: [], isDrifted: false },
    ],
  ]);
  /** Objects that no step touches. */
  #others: readonly string[] = [];
  #count = 0;
  #ledger: readonly string[] = [];

  constructor(world: FaultWorld) {
    this.#world = world;
  }

  async begin(): Promise<void> {
    this.#others = (await live(this.#world.estate)).filter((text) => !isRecord(text));
  }

  async take(step: ModelStep): Promise<readonly string[]> {
    this.#count += 1;
    const problems = await this.#did(step);
    return [...problems, ...(await this.#differences())];
  }

  /** A step that makes no sense where the estate stands is none. */
  async #did(step: ModelStep): Promise<readonly string[]> {
    const stack = this.#of(step.stack);
    if (stack.isDrifted && ['crash', 'drift', 'together'].includes(step.kind)) {
      return [];
    }
    switch (step.kind) {
      case 'release':
        return this.#release(step.stack, edited(stack.records, step.edit, this.#count));
      case 'rollback':
        return stack.before.length === 0 ? [] : this.#rollBack(step.stack);
      case 'drift':
        return this.#setLive(step.stack, stray);
      case 'heal':
        return stack.isDrifted ? this.#setLive(step.stack, stack.records['www'] ?? '') : [];
      case 'crash':
        return this.#broken(step.stack, [step.at]);
      case 'together':
        return this.#broken(step.stack, []);
    }
  }

  /** Goes through where nothing was changed by hand; else it is refused, and nothing happens. */
  async #release(name: ModelStack, records: Records): Promise<readonly string[]> {
    const stack = this.#of(name);
    await this.#merge(name, records);
    const ended = await this.#typed(['release', '--facts', '.sluice/facts.json']);
    if (stack.isDrifted) {
      this.#withdraw();
      return wanted(ended, ['drift', 'stale']);
    }
    // After failures the risk is critical, which four people are too few for.
    if (ended.exit === 'denied' && ended.stderr.includes('does not allow this release: approvals.')) {
      this.#withdraw();
      return [];
    }
    this.#stands(name, records);
    return wanted(ended, ['ok']);
  }

  async #rollBack(name: ModelStack): Promise<readonly string[]> {
    const stack = this.#of(name);
    const reason = 'The model says so.';
    const first = await this.#typed(['rollback', name, '--reason', reason]);
    // The latest was rolled back: which one is live now is said, and named.
    const [, id] = /Next: sluice rollback \S+ --only (R\d+)/u.exec(first.stderr) ?? [];
    const ended =
      first.exit === 'denied' && id !== undefined
        ? await this.#typed(['rollback', name, '--only', id, '--reason', reason])
        : first;
    if (stack.isDrifted) {
      return wanted(ended, ['drift', 'stale', 'denied']);
    }
    const records = stack.before.at(-1) ?? {};
    this.#stacks.set(name, { ...stack, records, before: stack.before.slice(0, -1) });
    this.#ledger = [...this.#ledger, `${name} rollback`];
    this.#commit('Take it back in the code as well');
    return wanted(ended, ['ok']);
  }

  /** One process that is killed, or two at once; then what is printed, until nothing is left to do. */
  async #broken(name: ModelStack, at: readonly At[]): Promise<readonly string[]> {
    const records = edited(this.#of(name).records, 'update', this.#count);
    await this.#merge(name, records);
    const now = this.#now();
    const runs = await Promise.all(
      (at.length === 0 ? [0, 1] : [0]).map(async () => this.#world.shell(releaseLine, { at, now })),
    );
    runs.forEach((ran) => this.#note(releaseLine, ran));
    const crashed = runs.filter(({ exit, signal }) => signal === null && exit === 'internal');
    const isLive = await this.#settled(name, records, now);
    if (isLive === true) {
      this.#stands(name, records);
    } else {
      // An approval is for one release: what was begun and given up needs a new one.
      this.#withdraw();
    }
    return [
      ...crashed.map(({ stderr }) => `crashed: ${stderr}`),
      ...(isLive === null ? ['no way out is left'] : []),
    ];
  }

  /** Goes on as the program says: true once the new records are live, false once the old ones are and nothing is open; null for neither. */
  async #settled(name: ModelStack, records: Records, now: string): Promise<boolean | null> {
    let next: string | null = releaseLine;
    for (let step = 0; next !== null && step < 8; step += 1) {
      const ran: Ran = await this.#world.shell(next, { now });
      this.#note(next, ran);
      const found = await live(this.#world.estate);
      const shown = await this.#world.estate.sluice(['ledger', 'show']);
      if (!/not settled|never ended/u.test(shown.stdout)) {
        const isThere = (all: Records): boolean => this.#shows(found, name, all);
        return isThere(records) ? true : isThere(this.#of(name).records) ? false : null;
      }
      next = await commandAfter(ran, { next, line: releaseLine });
    }
    return null;
  }

  #shows(found: readonly string[], name: ModelStack, records: Records): boolean {
    const { zone } = this.#of(name);
    const own = found.filter((text) => isRecord(text) && nameAndContent(text).includes(`.${zone} `));
    const should = Object.entries(records).map(([key, content]) => `${key}.${zone} ${content}`);
    return JSON.stringify(own.map(nameAndContent).toSorted()) === JSON.stringify(should.toSorted());
  }

  async #setLive(name: ModelStack, content: string): Promise<readonly string[]> {
    const stack = this.#of(name);
    const ended = await this.#typed([
      'sandbox',
      'drift',
      '--type',
      'cloudflare_dns_record',
      '--match',
      `name=www.${stack.zone}`,
      '--set',
      `content=${content}`,
    ]);
    this.#stacks.set(name, { ...stack, isDrifted: content === stray });
    return wanted(ended, ['ok']);
  }

  async #merge(name: ModelStack, records: Records): Promise<void> {
    const { estate } = this.#world;
    estate.write('stacks/estate.ts', this.#program(name, records));
    const id = `CHG-2026-${String(this.#count + 100).padStart(4, '0')}`;
    merge(estate, { id, category: 'dns', stacks: [name], edits: [] });
    await approve(estate, recordPath({ id }));
  }

  /** The merge is taken back: what was refused is not tried again by the next release. */
  #withdraw(): void {
    this.#world.estate.git('reset', '--quiet', '--hard', 'HEAD~1');
  }

  #commit(message: string): void {
    const { estate } = this.#world;
    estate.write('stacks/estate.ts', this.#program(null, {}));
    estate.git('commit', '--quiet', '--all', '--message', message);
  }

  #stands(name: ModelStack, records: Records): void {
    const stack = this.#of(name);
    this.#stacks.set(name, { ...stack, records, before: [...stack.before, stack.records] });
    this.#ledger = [...this.#ledger, `${name} release`];
  }

  #program(changed: ModelStack | null, records: Records): string {
    const now = this.#world.estate.read('stacks/estate.ts');
    const written = modelStacks.map((name) => (name === changed ? records : this.#of(name).records));
    let at = 0;
    return now.replaceAll(/records: \{[^}]*\} as/g, () => {
      const fields = Object.entries(written[at] ?? {}).map(([key, value]) => `${key}: '${value}'`);
      at += 1;
      return `records: { ${fields.join(', ')} } as`;
    });
  }

  async #typed(args: readonly string[]): Promise<Ended> {
    const ended = await this.#world.estate.sluice(args, { TEST_NOW: this.#now() }, withKeptSynth);
    this.#note(`sluice ${args.join(' ')}`, ended);
    return ended;
  }

  #note(line: string, { exit, stderr }: Pick<Ran, 'exit' | 'stderr'>): void {
    const [, what] = /^sluice: (.+)$/mu.exec(stderr) ?? [];
    this.way.push(`${line}: ${exit}${what === undefined ? '' : ` (${what})`}`);
  }

  #of(name: ModelStack): StackModel {
    const stack = this.#stacks.get(name);
    if (stack === undefined) {
      throw new Error(`no stack ${name}`);
    }
    return stack;
  }

  /** A minute later with each step. */
  #now(): string {
    return new Date(Date.parse(inWindow) + this.#count * 60_000).toISOString();
  }

  async #differences(): Promise<readonly string[]> {
    const { estate } = this.#world;
    const found = await live(estate);
    const there = found.filter(isRecord).map(nameAndContent).toSorted();
    const should = [...this.#stacks.values()]
      .flatMap(({ records, zone, isDrifted }) =>
        Object.entries(records).map(
          ([name, content]) => `${name}.${zone} ${name === 'www' && isDrifted ? stray : content}`,
        ),
      )
      .toSorted();
    const rows = (await ledgerRows(estate)).filter(({ result }) => result === 'successful');
    const ledger = rows.map(({ stack, action }) => `${stack} ${action}`);
    const others = found.filter((text) => !isRecord(text));
    return [
      ...unlike('live', there, should),
      ...unlike('the ledger', ledger, this.#ledger),
      ...unlike('what no step touches', others, this.#others),
    ];
  }
}

function edited(records: Records, edit: 'create' | 'delete' | 'update', count: number): Records {
  const content = `203.0.113.${String((count % 200) + 20)}`;
  const made = Object.keys(records).filter((name) => name.startsWith('made'));
  const [last] = made.slice(-1);
  if (edit === 'create') {
    return { ...records, [`made${String(count)}`]: content };
  }
  return edit === 'delete' && last !== undefined
    ? Object.fromEntries(Object.entries(records).filter(([name]) => name !== last))
    : { ...records, www: content };
}

function isRecord(text: string): boolean {
  return text.startsWith('cloudflare_dns_record ');
}

function nameAndContent(text: string): string {
  const { name, content } = JSON.parse(text.slice(text.indexOf(' ') + 1)) as {
    readonly name: string;
    readonly content: string;
  };
  return `${name} ${content}`;
}

function wanted({ exit, stderr }: Ended, exits: readonly Ended['exit'][]): readonly string[] {
  return exits.includes(exit) ? [] : [`ended as ${exit}, not ${exits.join(' or ')}: ${stderr}`];
}

function unlike(what: string, seen: readonly string[], should: readonly string[]): readonly string[] {
  return JSON.stringify(seen) === JSON.stringify(should)
    ? []
    : [`${what}: ${JSON.stringify(seen)}`, `should be ${JSON.stringify(should)}`];
}
