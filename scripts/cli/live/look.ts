/** Reads what is live of the stacks that were released, and compares. */
import type { Services } from '../../contract/context.ts';
import { ExternalError } from '../../contract/errors.ts';
import type { CloudflareReader } from '../../contract/ports.ts';
import { driftedOf, idIn, refreshedDrift, tellsAll, type LivePair } from '../../live/drift/compare.ts';
import type { RequestPace } from '../../live/drift/pace.ts';
import { driftReading, listsOf, type ListedResource, type ListOfType } from '../../live/drift/reading.ts';
import type { DriftedObject, DriftReport, NotCompared, StackDrift } from '../../live/drift/types.ts';
import { unmanagedIn } from '../../live/drift/unmanaged.ts';
import { pathOf } from '../../live/inquiry.ts';
import { stateResources, type StateResource } from '../../plan/terraform/state.ts';
import type { Bundle, Json, JsonObject } from '../../plan/types.ts';
import { bundleOf } from '../../release/history.ts';
import { prepareFolder, type WorkspaceReach, type Workshop } from '../../release/run/workspace.ts';
import { stackState } from '../../release/state.ts';
import type { Ledger, ReleaseTarget } from '../../release/types.ts';
import { workshopOf } from '../change/surroundings.ts';

interface DriftQuestion {
  readonly target: ReleaseTarget;
  readonly ledger: Ledger;
  readonly stacks: readonly string[];
  /** These are all stacks that were released: what is in none of them is in no stack. */
  readonly isWhole: boolean;
  readonly pace: RequestPace;
}

/** The state of one stack, as its last release left it. */
interface HeldStack {
  readonly bundle: Bundle;
  readonly release: string;
  readonly folder: string;
  readonly values: Json;
  readonly resources: readonly StateResource[];
}

/** Lists that were read, by their path; of the others the reason. */
interface LiveLists {
  readonly objects: ReadonlyMap<string, readonly JsonObject[]>;
  readonly failed: ReadonlyMap<string, string>;
}

/** Asks Cloudflare list by list; what no list tells of is refreshed by Terraform. Nothing is changed anywhere. */
export async function lookForDrift(
  services: Services,
  reach: WorkspaceReach,
  question: DriftQuestion,
): Promise<DriftReport> {
  const { ledger, pace } = question;
  const workshop = await workshopOf(services, question.target);
  const skipped = question.stacks.flatMap((stack) => {
    const reason = whySkipped(ledger, stack);
    return reason === null ? [] : [{ stack, reason }];
  });
  const held: HeldStack[] = [];
  for (const stack of question.stacks.filter((each) => !skipped.some((one) => one.stack === each))) {
    held.push(await heldStack(services, workshop, reach, { ledger, stack }));
  }
  const readings = held.map(({ resources }) => driftReading(resources));
  const wanted = listsOf(readings.flatMap(({ listed }) => listed));
  const lists = await readLists(services, reach.cloudflare, wanted);
  const stacks: StackDrift[] = [];
  for (const [index, stack] of held.entries()) {
    const { listed = [], refreshed = [], notCompared = [] } = readings[index] ?? {};
    stacks.push(await stackDrift(services, reach, { stack, lists, listed, refreshed, notCompared }));
  }
  const isWhole = question.isWhole && skipped.length === 0;
  const known = isWhole
    ? unmanagedIn(
        wanted,
        lists.objects,
        held.flatMap(({ resources }) => resources),
      )
    : null;
  return {
    kind: 'sluice.drift',
    version: 1,
    at: services.clock.now(),
    target: question.target,
    stacks,
    skipped,
    unmanaged: known?.unmanaged ?? null,
    coverage: known?.coverage ?? null,
    failed: [...lists.failed].map(([path, reason]) => ({ path, reason })),
    requests: pace.requests,
  };
}

/** What is half applied, or being applied, is live otherwise than it was released by that alone. */
function whySkipped(ledger: Ledger, stack: string): string | null {
  const { open, unsettled } = stackState(ledger, stack);
  const [running] = open;
  if (running !== undefined) {
    return `${running.intent.id} was begun and is not recorded as ended`;
  }
  return unsettled === null
    ? null
    : `${unsettled.entry.id} ended with "${unsettled.entry.result}" and may have changed something`;
}

async function heldStack(
  services: Services,
  workshop: Workshop,
  { terraform }: WorkspaceReach,
  { ledger, stack }: { readonly ledger: Ledger; readonly stack: string },
): Promise<HeldStack> {
  const { live } = stackState(ledger, stack);
  if (live === null) {
    throw new Error(`${stack} was never released`);
  }
  const bundle = bundleOf(ledger, live);
  return services.reporter.step(`Reading the state of ${stack}`, async () => {
    const folder = await prepareFolder(services, workshop, terraform, bundle);
    const { values = null } = await terraform.state(folder);
    return { bundle, release: live.entry.id, folder, values, resources: stateResources(values) };
  });
}

/** One list after the other. One that is not to be had is named, and the rest goes on. */
async function readLists(
  { reporter }: Services,
  cloudflare: CloudflareReader,
  wanted: ReadonlyMap<string, ListOfType>,
): Promise<LiveLists> {
  const objects = new Map<string, readonly JsonObject[]>();
  const failed = new Map<string, string>();
  await reporter.step(`Reading ${String(wanted.size)} lists of Cloudflare`, async (update) => {
    for (const [index, path] of [...wanted.keys()].entries()) {
      update(`${String(index + 1)} of ${String(wanted.size)}: ${path}`);
      const answer = await attempt(async () => cloudflare.list({ path, query: {} }));
      if (answer.ok) {
        objects.set(path, answer.value);
      } else {
        failed.set(path, answer.reason);
      }
    }
  });
  return { objects, failed };
}

type Attempt<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly reason: string };

async function attempt<T>(work: () => Promise<T>): Promise<Attempt<T>> {
  try {
    return { ok: true, value: await work() };
  } catch (error) {
    if (!(error instanceof ExternalError)) {
      throw error;
    }
    const { what, why = '' } = error.parts;
    return { ok: false, reason: `${what} ${why}`.trim() };
  }
}

interface StackLook {
  readonly stack: HeldStack;
  readonly lists: LiveLists;
  readonly listed: readonly ListedResource[];
  readonly refreshed: readonly StateResource[];
  readonly notCompared: readonly NotCompared[];
}

async function stackDrift(
  services: Services,
  { terraform, cloudflare }: WorkspaceReach,
  { stack, lists, listed, refreshed, ...look }: StackLook,
): Promise<StackDrift> {
  const { bundle, release, folder, values } = stack;
  const indexes = new Map(
    [...lists.objects].map(([path, objects]) => [
      path,
      new Map(objects.map((object) => [idIn(object), object])),
    ]),
  );
  const pairs: LivePair[] = [];
  const notCompared: NotCompared[] = [...look.notCompared];
  let single = 0;
  for (const { resource, row, path } of listed) {
    const index = indexes.get(path);
    const { address, type } = resource;
    if (index === undefined) {
      notCompared.push({ address, type, reason: lists.failed.get(path) ?? 'its list was not read' });
      continue;
    }
    const found = index.get(idIn(resource.values)) ?? null;
    const object =
      found === null || tellsAll(resource, row, found) ? null : pathOf(row.object ?? null, resource.values);
    if (object === null) {
      pairs.push({ resource, row, live: found });
      continue;
    }
    single += 1;
    const whole = await attempt(async () => cloudflare.read(object));
    if (whole.ok) {
      pairs.push({ resource, row, live: whole.value === null ? null : { ...found, ...whole.value } });
    } else {
      notCompared.push({ address, type, reason: whole.reason });
    }
  }
  const again = await refreshOf(services, terraform, { stack: bundle.stack, folder, refreshed });
  return {
    stack: bundle.stack,
    release,
    drifted: [...driftedOf(bundle.stack, pairs, values), ...again.drifted].toSorted((a, b) =>
      a.change.address < b.change.address ? -1 : 1,
    ),
    compared: { listed: pairs.length - single, single, refreshed: again.compared },
    notCompared: [...notCompared, ...again.notCompared],
  };
}

interface Refreshed {
  readonly drifted: readonly DriftedObject[];
  readonly compared: number;
  readonly notCompared: readonly NotCompared[];
}

async function refreshOf(
  { reporter }: Services,
  terraform: WorkspaceReach['terraform'],
  {
    stack,
    folder,
    refreshed,
  }: { readonly stack: string; readonly folder: string; readonly refreshed: readonly StateResource[] },
): Promise<Refreshed> {
  if (refreshed.length === 0) {
    return { drifted: [], compared: 0, notCompared: [] };
  }
  const addresses = refreshed.map(({ address }) => address);
  const answer = await reporter.step(
    `Refreshing ${String(refreshed.length)} objects of ${stack} that no list tells of`,
    async () => attempt(async () => terraform.refresh(folder, `${folder}/drift.tfplan`, addresses)),
  );
  return answer.ok
    ? { drifted: refreshedDrift(stack, answer.value), compared: refreshed.length, notCompared: [] }
    : {
        drifted: [],
        compared: 0,
        notCompared: refreshed.map(({ address, type }) => ({ address, type, reason: answer.reason })),
      };
}
