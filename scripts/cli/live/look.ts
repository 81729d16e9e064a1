/** Reads what is live of the stacks that were released, and compares. */
import type { Services } from '../../contract/context.ts';
import type { CloudflareReader } from '../../contract/ports.ts';
import { driftedOf, idIn, refreshedDrift, tellsAll, type LivePair } from '../../live/drift/compare.ts';
import type { RequestPace } from '../../live/drift/pace.ts';
import { driftReading, listsOf, type ListedResource, type ListOfType } from '../../live/drift/reading.ts';
import type { DriftedObject, DriftReport, NotCompared, StackDrift } from '../../live/drift/types.ts';
import { unmanagedIn } from '../../live/drift/unmanaged.ts';
import { pathOf } from '../../live/inquiry.ts';
import { stateResources, type StateResource } from '../../plan/terraform/state.ts';
import { compareText } from '../../json/json.ts';
import type { Bundle, Json, JsonObject } from '../../plan/types.ts';
import { bundleOf } from '../../release/history.ts';
import { prepareFolder, type WorkspaceReach, type Workshop } from '../../release/run/workspace.ts';
import { stackState } from '../../release/state.ts';
import { stateDeviations } from '../../release/state-of-release.ts';
import type { Ledger, ReleaseTarget } from '../../release/types.ts';
import { workshopOf } from '../change/surroundings.ts';
import { attempt, type Attempt } from './attempt.ts';

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
  const { held, skipped } = await heldStacks(services, reach, question);
  const readings = held.map((stack) => ({ stack, ...driftReading(stack.resources) }));
  const wanted = listsOf(readings.flatMap(({ listed }) => listed));
  const lists = await readLists(services, reach.cloudflare, wanted);
  const stacks: StackDrift[] = [];
  for (const reading of readings) {
    stacks.push(await stackDrift(services, reach, { ...reading, lists }));
  }
  const resources = held.flatMap((stack) => stack.resources);
  const isWhole = question.isWhole && skipped.length === 0;
  const known = isWhole ? unmanagedIn(wanted, lists.objects, resources) : null;
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
    requests: question.pace.requests,
  };
}

async function heldStacks(
  services: Services,
  reach: WorkspaceReach,
  { target, ledger, stacks }: DriftQuestion,
): Promise<{ readonly held: readonly HeldStack[]; readonly skipped: DriftReport['skipped'] }> {
  const workshop = await workshopOf(services, target);
  const held: HeldStack[] = [];
  const skipped: DriftReport['skipped'][number][] = [];
  for (const stack of stacks) {
    const reason = whySkipped(ledger, stack);
    if (reason === null) {
      held.push(await heldStack(services, workshop, reach, { ledger, stack }));
    } else {
      skipped.push({ stack, reason });
    }
  }
  return { held, skipped };
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
  look: StackLook,
): Promise<StackDrift> {
  const { bundle, release, folder, values } = look.stack;
  const found = await liveObjects(cloudflare, look);
  const again = await refreshOf(services, terraform, {
    stack: bundle.stack,
    folder,
    refreshed: look.refreshed,
  });
  const drifted = [...driftedOf(bundle.stack, found.pairs, values), ...again.drifted];
  return {
    stack: bundle.stack,
    release,
    drifted: drifted.toSorted((a, b) => compareText(a.change.address, b.change.address)),
    compared: {
      listed: found.pairs.length - found.single,
      single: found.single,
      refreshed: again.compared,
    },
    notCompared: [...look.notCompared, ...found.notCompared, ...again.notCompared],
    state: stateDeviations(bundle, look.stack.resources),
  };
}

interface LiveObjects {
  readonly pairs: readonly LivePair[];
  /** How many of them were read one by one, because their list does not tell all of them. */
  readonly single: number;
  readonly notCompared: readonly NotCompared[];
}

async function liveObjects(
  cloudflare: CloudflareReader,
  { listed, lists }: Pick<StackLook, 'listed' | 'lists'>,
): Promise<LiveObjects> {
  const byId = new Map(
    [...lists.objects].map(([path, objects]) => [
      path,
      new Map(objects.map((object) => [idIn(object), object])),
    ]),
  );
  const pairs: LivePair[] = [];
  const notCompared: NotCompared[] = [];
  let single = 0;
  for (const one of listed) {
    const { resource, row, path } = one;
    const { address, type, values } = resource;
    const list = byId.get(path);
    const found = list?.get(idIn(values)) ?? null;
    const place = placeToRead(one, found);
    single += place === null ? 0 : 1;
    const answer = await wholeObject(cloudflare, found, place);
    if (list === undefined || !answer.ok) {
      const reason = answer.ok ? lists.failed.get(path) : answer.reason;
      notCompared.push({ address, type, reason: reason ?? 'its list was not read' });
    } else {
      pairs.push({ resource, row, live: answer.value });
    }
  }
  return { pairs, single, notCompared };
}

/** Where an object has to be read by itself, because its list does not tell all of it; null where that is not needed. */
function placeToRead({ resource, row }: ListedResource, found: JsonObject | null): string | null {
  return found === null || tellsAll(resource, row, found)
    ? null
    : pathOf(row.object ?? null, resource.values);
}

/** The object of the list, with what only reading it tells. One that is not there a moment later is gone. */
async function wholeObject(
  cloudflare: CloudflareReader,
  listed: JsonObject | null,
  place: string | null,
): Promise<Attempt<JsonObject | null>> {
  if (place === null) {
    return { ok: true, value: listed };
  }
  const answer = await attempt(async () => cloudflare.read(place));
  return answer.ok && answer.value !== null ? { ok: true, value: { ...listed, ...answer.value } } : answer;
}

interface RefreshAnswer {
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
): Promise<RefreshAnswer> {
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
