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
import { personNamed, personOfToken } from '../person.ts';
import { shellWord } from '../../render/text/shell-word.ts';
import { refuseElsewhere } from './elsewhere.ts';
import { liveIncident } from './incident.ts';
import { onlyPlace } from './place.ts';
import { raiseBranch } from './raise-branch.ts';
import { reasonOf, recordOf } from './record.ts';
import { showRollBack } from './roll-back.ts';
import { standingRules } from './standing-rules.ts';
import { announced, undoText } from './texts.ts';
import { waiversNeeded } from './waive.ts';
import { editedSources, type Edited } from './edits.ts';

export interface EmergencyFlags {
  readonly incident: number;
  readonly zone?: string;
  readonly by?: string;
  readonly reason?: string;
  readonly days?: number;
  readonly waivedBy?: string;
  readonly dryRun: boolean;
}

const dayMs = 86_400_000;

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
    await showRollBack(this, { release: request.release, incident, policy });
    return;
  }
  const place = await onlyPlace({
    request,
    incident,
    policy,
    zone: flags.zone,
    rules: () => standingRules(services, root),
    commandFor: (zone) => commandAgain(text, { ...flags, zone }),
    asking: this.surroundings,
  });
  const by = await personAsking(services, policy, flags);
  const now = services.clock.now();
  const days = daysOf(flags, policy);
  const move: Move = { request, zone: place.zone, incident: incident.id, expires: lastDay(now, days) };
  const sources = await editedSources(services, root, place, move);
  const reason = flags.reason ?? null;
  const decided = { move, incident, place, by, now, reason, ids: await idsOf(services) };
  const record = recordOf({ ...decided, waivers: [] });
  this.print(announced(move, place, { sources, record, days }));
  if (flags.dryRun) {
    this.print(`Nothing was written. Next: ${commandAgain(text, flags)}\n`);
    return;
  }
  await refuseElsewhere(services, 'The emergency gets a branch of its own, with nothing else in it.');
  const waivers = await triedOut(this, [...sources, record], () =>
    waiversNeeded(this, {
      roster: policy.roster,
      by,
      now,
      waivedBy: flags.waivedBy,
      expires: move.expires,
      reason: reasonOf(decided),
      commandFor: (person) => commandAgain(text, { ...flags, waivedBy: person }),
    }),
  );
  const waived = recordOf({ ...decided, waivers });
  await services.files.writeText(`${root}/${waived.path}`, waived.text);
  const isRaised = await raiseBranch(this, {
    id: waived.id,
    message: `${titleOf(request)} (${incident.id})`,
    paths: [...sources, waived].map(({ path }) => path),
  });
  if (isRaised) {
    this.print(undoText(place, waived.id));
  }
}

/** Writes the files and asks; they are as they were where that fails. */
async function triedOut<T>(
  context: SluiceContext,
  edited: readonly Edited[],
  ask: () => Promise<T>,
): Promise<T> {
  const { git, files } = await context.services();
  const root = await git.root();
  for (const { path, text } of edited) {
    await files.writeText(`${root}/${path}`, text);
  }
  try {
    return await ask();
  } catch (error) {
    for (const { path } of edited) {
      const before = await git.fileAt('HEAD', path);
      await (before === null ? files.remove(`${root}/${path}`) : files.writeText(`${root}/${path}`, before));
    }
    throw error;
  }
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

function commandAgain(text: string, flags: EmergencyFlags): string {
  const { incident, zone, by, reason, days, waivedBy } = flags;
  const given = { zone, by, reason, days, 'waived-by': waivedBy };
  return [
    `sluice emergency ${shellWord(text)} --incident ${String(incident)}`,
    ...Object.entries(given).flatMap(([name, value]) =>
      value === undefined ? [] : [`--${name} ${shellWord(String(value))}`],
    ),
  ].join(' ');
}

/** A waiver ends within 90 days, and a move that holds longer is no move in a hurry. */
const mostDays = 90;

function daysOf({ days, incident }: EmergencyFlags, { thresholds }: PolicySet): number {
  const usual = emergencyDays(thresholds);
  if (days !== undefined && (days < 1 || days > mostDays)) {
    throw new UsageError({
      what: `A move holds for 1 to ${String(mostDays)} days, not ${String(days)}.`,
      why: 'What is to stay is made permanent by a normal change.',
      fix: `Leave --days away: then it is ${String(usual)}.`,
      next: `sluice emergency … --incident ${String(incident)}`,
    });
  }
  return days ?? usual;
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
