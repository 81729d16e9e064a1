/**
 * `sluice emergency`: from a sentence to a pull request. It writes the code, the record, the branch and the commit, and
 * raises the change. What it leaves out of the record is owed when the emergency is ratified.
 */
import { emergencyDays } from '../../../policies/emergency/expiry.ts';
import type { PolicySet } from '../../../policies/model/facts.ts';
import type { SluiceContext, Services } from '../../contract/context.ts';
import { UsageError } from '../../contract/errors.ts';
import { known, titleOf, type EmergencyRequest } from '../../emergency/moves.ts';
import { readRequest } from '../../emergency/request.ts';
import type { Move } from '../../emergency/sources.ts';
import { fromWorkingTree, loadPolicy } from '../../facts/policy.ts';
import { takenIds } from '../../facts/records.ts';
import { raiseChange } from '../../change/raise-change.ts';
import { nextId } from '../../read/record/ids.ts';
import { printRaised } from '../change/raise.ts';
import { personNamed, personOfToken } from '../person.ts';
import { newRecord } from '../record/new-record.ts';
import { refuseInvalid } from '../record/valid-record.ts';
import { liveIncident, placesOf, type LiveIncident, type IncidentPlace } from './incident.ts';
import { editedSources, type Edited } from './edits.ts';

export interface EmergencyFlags {
  readonly incident: number;
  readonly zone?: string;
  readonly by?: string;
  readonly reason?: string;
  readonly days?: number;
  readonly dryRun: boolean;
}

const dayMs = 86_400_000;
/** Time for the one approval and the release; a later one takes a new record. */
const slotMs = 4 * 3_600_000;

export async function emergencyCommand(
  this: SluiceContext,
  flags: EmergencyFlags,
  text: string,
): Promise<void> {
  const request = understood(text);
  const services = await this.services();
  const root = await services.git.root();
  const policy = await loadPolicy(fromWorkingTree(services.files, root));
  const incident = await liveIncident(services, flags.incident, policy);
  if (request.move === 'roll-back') {
    this.print(rollBackText(request.release, incident));
    return;
  }
  const place = onlyPlace(request, incident, { policy, flags, text });
  const by = await personAsking(services, policy, flags);
  const now = services.clock.now();
  const days = flags.days ?? emergencyDays(policy.thresholds);
  const move: Move = { request, zone: place.zone, incident: incident.id, expires: lastDay(now, days) };
  const sources = await editedSources(services, root, place, move);
  const record = recordOf({
    move,
    incident,
    place,
    by,
    now,
    reason: flags.reason ?? null,
    ids: await idsOf(services),
  });
  this.print(announced(move, place, { sources, record, days }));
  if (flags.dryRun) {
    this.print(`Nothing was written. Next: ${commandAgain(text, flags)}\n`);
    return;
  }
  await refuseElsewhere(services);
  for (const { path, text: written } of [...sources, record]) {
    await services.files.writeText(`${root}/${path}`, written);
  }
  await services.git.commitOn(
    record.id,
    `${titleOf(request)} (${incident.id})`,
    [...sources, record].map(({ path }) => path),
  );
  const raised = await raiseChange(services, { draft: false, replace: false, dryRun: false });
  printRaised(this, raised);
  if (raised.stopped) {
    this.print(
      `It is committed on the branch ${record.id}. Put right what denies, commit, then: sluice raise\n`,
    );
    this.exit('denied');
    return;
  }
  this.print(undoText(place, record.id));
}

function understood(text: string): EmergencyRequest {
  const read = readRequest(text);
  if (read.ok) {
    return read.request;
  }
  throw new UsageError({
    what: `This is not understood:\n  ${text}\n  ${' '.repeat(read.at)}^ expected ${read.expected}`,
    why: 'At night nothing is guessed. These are known:',
    fix: `\n${known.map(({ form, example }) => `  ${form}\n      for example: ${example}`).join('\n')}`,
    next: `sluice emergency '${known[1]?.example ?? ''}' --incident <number>`,
  });
}

interface EmergencyInput {
  readonly policy: PolicySet;
  readonly flags: EmergencyFlags;
  readonly text: string;
}

/** Throws UsageError unless the incident, and what was named besides, leaves one zone. */
function onlyPlace(
  request: EmergencyRequest,
  incident: LiveIncident,
  { policy, flags, text }: EmergencyInput,
): IncidentPlace {
  const host =
    request.move === 'under-attack' ? request.host : 'target' in request ? request.target.host : null;
  const wanted = flags.zone === undefined ? { host } : { host, zone: flags.zone };
  const places = placesOf(incident, policy.registers, wanted);
  const [only, ...others] = places;
  if (only !== undefined && others.length === 0) {
    return only;
  }
  const all = placesOf(incident, policy.registers, { host: null });
  throw new UsageError({
    what:
      only === undefined
        ? `${incident.id} is about ${incident.services.join(', ')}, which has no zone ${flags.zone ?? host ?? ''} in production.`
        : `${incident.id} is about ${incident.services.join(', ')}, which has several zones.`,
    why: `Its zones in production are ${all.map(({ zone }) => zone).join(', ') || 'none'}.`,
    fix: 'Name one.',
    next: commandAgain(text, { ...flags, zone: all[0]?.zone ?? '<zone>' }),
  });
}

function commandAgain(text: string, { incident, zone, by }: EmergencyFlags): string {
  return [
    `sluice emergency '${text}' --incident ${String(incident)}`,
    ...(zone === undefined ? [] : [`--zone ${zone}`]),
    ...(by === undefined ? [] : [`--by ${by}`]),
  ].join(' ');
}

/** Whoever the token is of, or is named. */
async function personAsking(
  services: Services,
  { roster }: PolicySet,
  { by }: EmergencyFlags,
): Promise<string> {
  const next = 'sluice emergency --by <person> …';
  return by === undefined
    ? personOfToken(services, roster, {
        why: 'The record says who declared the emergency and who implements it.',
        next,
      })
    : personNamed(roster, by, next);
}

function lastDay(now: string, days: number): string {
  return new Date(Date.parse(now) + days * dayMs).toISOString().slice(0, 10);
}

async function idsOf({ git, files }: Services): Promise<readonly string[]> {
  return (await takenIds(git, files)).map(({ id }) => id);
}

interface EmergencyFacts {
  readonly move: Move;
  readonly incident: LiveIncident;
  readonly place: IncidentPlace;
  readonly by: string;
  readonly now: string;
  readonly reason: string | null;
  readonly ids: readonly string[];
}

interface WrittenEmergency extends Edited {
  readonly id: string;
}

/** Everything that may be relaxed is, for that is what the command is for; each is owed at the ratification. */
const relaxations = ['lead-time', 'window', 'soft-freeze', 'quorum', 'client-notice'];

function recordOf({ move, incident, place, by, now, reason, ids }: EmergencyFacts): WrittenEmergency {
  const id = nextId(Number(now.slice(0, 4)), ids);
  const { client } = place.register;
  const path = `changes/${client}/${id}.yaml`;
  const at = `${now.slice(0, 16)}:00Z`;
  const text = newRecord({
    id,
    kind: 'Change',
    client,
    service: place.service,
    type: 'emergency',
    title: `${titleOf(move.request)} in ${move.zone} (${incident.id})`.slice(0, 120),
    reason:
      reason ??
      `${incident.id}, ${incident.priority}: ${incident.title.replace(/\s+/g, ' ').trim()}. The move holds until ${move.expires}.`,
    requester: by,
    owner: by,
    implementer: by,
    emergency: {
      incident: incident.id,
      severity: incident.priority,
      declaredBy: by,
      declaredAt: at,
      relaxations,
    },
    schedule: {
      plannedStart: at,
      plannedEnd: `${new Date(Date.parse(at) + slotMs).toISOString().slice(0, 16)}:00Z`,
    },
  });
  refuseInvalid(
    { path, text },
    { fix: 'Say the reason in 30 characters or more.', next: `sluice emergency --reason "…"` },
  );
  return { id, path, text };
}

/** The move is committed on a branch of its own, from what everybody has. */
async function refuseElsewhere({ git, pullRequests }: Services): Promise<void> {
  const base = await (await pullRequests()).defaultBranch();
  const dirty = await git.dirtyPaths();
  const branch = await git.branch();
  if (branch === base && dirty.length === 0) {
    return;
  }
  throw new UsageError({
    what:
      branch === base
        ? `The working tree has uncommitted changes: ${dirty.slice(0, 5).join(', ')}.`
        : `The branch here is ${branch ?? 'none'}, not ${base}.`,
    why: 'The emergency gets a branch of its own, with nothing else in it.',
    fix: 'Put your work aside, and take what everybody has.',
    next: `git stash --include-untracked; git switch ${base} && git pull`,
  });
}

interface Told {
  readonly sources: readonly Edited[];
  readonly record: WrittenEmergency;
  readonly days: number;
}

function announced(move: Move, place: IncidentPlace, { sources, record, days }: Told): string {
  return [
    `${titleOf(move.request)} in ${move.zone} (${place.stack.name}) for ${move.incident}.`,
    `Until ${move.expires}, ${String(days)} days; \`sluice check\` and the gate name it from then on.`,
    ...sources.map(({ path }) => `code    ${path}`),
    `record  ${record.path}`,
    '',
  ].join('\n');
}

function undoText({ stack }: IncidentPlace, id: string): string {
  return [
    `Undo before the merge: close the pull request. Afterwards: sluice rollback ${stack.name} --reason "…"`,
    `Owed at the ratification: sluice show ${id}`,
    '',
  ].join('\n');
}

function rollBackText(release: string, { id }: LiveIncident): string {
  return [
    'Rolling back takes no pull request: what an earlier release had was agreed to. Nothing was written.',
    `Next: sluice show ${release}, then: sluice rollback <its stack> --only ${release} --reason "${id}: …"`,
    '',
  ].join('\n');
}
