/** What comes after a fault: the same command again, or the printed way out, as it is printed, until nothing is left to do. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { live } from '../scenarios/change.ts';
import { releaseLine, stacks, type FaultWorld, type Prepared, type Ran } from './world.ts';

/** More than any fault needs: a crash of each stack costs two. */
const mostSteps = 16;

export interface Settled {
  /** Command lines with how they ended, in order. */
  readonly way: readonly string[];
  readonly problems: readonly string[];
}

/** Goes on as the program says, and judges what is there then. */
export async function settle(world: FaultWorld, prepared: Prepared): Promise<Settled> {
  const line = releaseLine;
  const way: string[] = [];
  let next = line;
  for (let step = 0; step < mostSteps; step += 1) {
    const ran = await world.shell(next);
    way.push(`${next}: ${ran.exit}`);
    const problems = ran.exit === 'internal' ? [`crashed: ${ran.stderr}`] : await problemsOf(world, prepared);
    const isOver = problems.length === 0 || ran.exit === 'internal' || (ran.exit === 'ok' && next === line);
    if (isOver) {
      return { way, problems };
    }
    const after = await commandAfter(ran, { next, line });
    if (after === null) {
      return { way, problems: [`no way out is printed: ${ran.stderr}`] };
    }
    const isCircle = after !== line && way.filter((each) => each.startsWith(`${after}: `)).length > 2;
    if (isCircle) {
      return { way, problems: [`the way out leads in a circle: ${ran.stderr}`] };
    }
    next = after;
  }
  return { way, problems: [`not settled after ${String(mostSteps)} steps`] };
}

/** What is typed next; null where nothing is printed. What still runs is waited for, as the program says, and asked again. */
export async function commandAfter(
  ran: Ran,
  { next, line }: { readonly next: string; readonly line: string },
): Promise<string | null> {
  if (ran.exit === 'ok') {
    return line;
  }
  const printed = printedNext(ran);
  const running = /^kill -INT (\d+)$/.exec(printed ?? '')?.[1];
  if (running === undefined) {
    return printed;
  }
  await ended(Number(running));
  return next;
}

/** The last `Next:` line, as it is typed. */
function printedNext({ stderr }: Pick<Ran, 'stderr'>): string | null {
  return [...stderr.matchAll(/^ {2}Next: (.+)$/gmu)].at(-1)?.[1] ?? null;
}

async function ended(pid: number): Promise<void> {
  while (
    existsSync(`/proc/${String(pid)}/stat`) &&
    !/\) [ZX] /.test(readFileSync(`/proc/${String(pid)}/stat`, 'utf8'))
  ) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** Everything that must hold once nothing is left to do. */
async function problemsOf(world: FaultWorld, { baseline, approved }: Prepared): Promise<readonly string[]> {
  const { estate } = world;
  const now = await live(estate);
  const isOne = [baseline, approved].some((wanted) => JSON.stringify(wanted) === JSON.stringify(now));
  const verified = await estate.sluice(['ledger', 'verify']);
  const shown = await estate.sluice(['ledger', 'show']);
  const unsettled = shown.stdout.split('\n').filter((line) => /not settled|never ended/.test(line));
  return [
    ...(isOne ? [] : [`neither the approved state nor the baseline: ${difference(now, approved)}`]),
    ...(verified.exit === 'ok' ? [] : [`the ledger does not verify: ${verified.stderr}`]),
    ...unsettled.map((line) => `not settled: ${line}`),
    ...(await strangers(world)),
    ...leftPlans(world).map((path) => `a saved plan is left: ${path}`),
    ...(await twice(world)),
  ];
}

function difference(now: readonly string[], wanted: readonly string[]): string {
  const short = (text: string): string => text.slice(0, 220);
  return [
    ...now.filter((each) => !wanted.includes(each)).map((each) => `\n  + ${short(each)}`),
    ...wanted.filter((each) => !now.includes(each)).map((each) => `\n  - ${short(each)}`),
  ].join('');
}

interface StateFile {
  readonly resources: readonly {
    readonly type: string;
    readonly instances: readonly {
      readonly attributes: { readonly id?: string };
      readonly deposed?: string;
    }[];
  }[];
}

/** What Cloudflare has is in exactly one state, and the other way round. */
async function strangers({ estate }: FaultWorld): Promise<readonly string[]> {
  const held = stacks.flatMap((stack) => {
    const { resources } = JSON.parse(
      readFileSync(join(estate.folder, '.sluice/state', stack, 'terraform.tfstate'), 'utf8'),
    ) as StateFile;
    return resources.flatMap(({ type, instances }) =>
      instances.map(({ attributes }) => `${type} ${attributes.id ?? ''}`),
    );
  });
  const shown = await estate.sluice(['sandbox', 'show', '--format', 'json']);
  const { objects } = JSON.parse(shown.stdout) as {
    readonly objects: readonly { readonly type: string; readonly id: string }[];
  };
  const there = objects.map(({ type, id }) => `${type} ${id}`);
  return [
    ...there.filter((each) => !held.includes(each)).map((each) => `at Cloudflare and in no state: ${each}`),
    ...held
      .filter((each) => !there.includes(each))
      .map((each) => `in a state and not at Cloudflare: ${each}`),
    ...held.filter((each, index) => held.indexOf(each) !== index).map((each) => `in two states: ${each}`),
  ];
}

function leftPlans({ estate }: FaultWorld): readonly string[] {
  const runs = join(estate.folder, '.sluice/runs');
  return existsSync(runs)
    ? readdirSync(runs, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.tfplan'))
    : [];
}

interface Row {
  readonly id: string;
  readonly stack: string;
  readonly action: string;
  readonly result?: string;
  readonly completed?: readonly unknown[];
}

/** A change is in force on a stack at most once. */
async function twice({ estate }: FaultWorld): Promise<readonly string[]> {
  const shown = await estate.sluice(['ledger', 'show', '--format', 'json']);
  const { releases } = JSON.parse(shown.stdout) as { readonly releases: readonly Row[] };
  return stacks.flatMap((stack) => {
    const good = releases.filter(
      (row) => row.stack === stack && row.result === 'successful' && row.action !== 'baseline',
    );
    return good.some((row, index) => row.action === 'release' && good[index + 1]?.action === 'release')
      ? [`released twice: ${stack} by ${good.map(({ id, action }) => `${id} ${action}`).join(', ')}`]
      : [];
  });
}
