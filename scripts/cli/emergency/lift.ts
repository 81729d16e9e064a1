/** `sluice lift`: takes the moves of an emergency out of the code: record, branch and pull request of a normal change. */
import type { SluiceContext, Services } from '../../contract/context.ts';
import { UsageError } from '../../contract/errors.ts';
import { movesIn, withoutMoves, type WrittenMove } from '../../emergency/sources.ts';
import { textAt } from '../../estate/repository/files.ts';
import { takenIds } from '../../facts/records.ts';
import { isObject } from '../../json/json.ts';
import { limits } from '../../json/limits.ts';
import { parseJson } from '../../json/parse.ts';
import type { Path, Plan } from '../../plan/types.ts';
import type { KnownChange, Overview } from '../../questions/types.ts';
import { gatherOverview } from '../../questions/answer/overview.ts';
import { nextId } from '../../read/record/ids.ts';
import { readRules } from '../../waf/rulesets/rules.ts';
import type { Register } from '../../../policies/model/facts.ts';
import { daysOver } from '../../../policies/emergency/expiry.ts';
import { addWorkingDays } from '../../../policies/working-days.ts';
import { personNamed } from '../person.ts';
import { changeCalled } from '../questions/known-change.ts';
import { withFields } from '../record/edit.ts';
import { newRecord, type NewAnswers } from '../record/new-record.ts';
import { proposeTime } from '../record/new-schedule.ts';
import { refuseInvalid } from '../record/valid-record.ts';
import { refuseElsewhere } from './elsewhere.ts';
import { raiseBranch } from './raise-branch.ts';
import { holdersOf, oneOf, reviewersOf } from './people.ts';

export interface LiftFlags {
  readonly by: string;
  readonly backup?: string;
  readonly reviewer?: string;
  readonly reason?: string;
  readonly dryRun: boolean;
}

export async function liftCommand(this: SluiceContext, flags: LiftFlags, id: string): Promise<void> {
  const services = await this.services();
  const overview = await gatherOverview(services, 'without-pulls');
  const change = changeCalled(id, overview, 'lift');
  const by = personNamed(overview.policy.roster, flags.by, `sluice lift ${id} --by <person>`);
  const command = `sluice lift ${id} --by ${by}`;
  const register = overview.policy.registers.find(({ client }) => client === change.record.client);
  const file = await fileOfMoves(services, change, register);
  const refs = refsOf(change, overview);
  const isMeant = ({ incident, ref }: WrittenMove): boolean =>
    incident === change.record.emergency?.incident && refs.has(ref);
  const lifted = movesIn(file.text).filter(isMeant);
  if (lifted.length === 0) {
    throw new UsageError({
      what: `${file.path} has no move of ${id} any more.`,
      why: 'It was taken out, or is written otherwise than sluice emergency writes it.',
      fix: 'Look at the file; what is written otherwise is taken out by hand.',
      next: `git log -- ${file.path}`,
    });
  }
  refuseNeeded(lifted, overview);
  const team = await teamOf(this, overview, { flags, by, command });
  const record = recordOf({ change, overview, register, team, flags, lifted, ids: await idsOf(services) });
  this.print(
    `${lifted.map((move) => `Out    ${moveText(move)}\n`).join('')}code    ${file.path}\nrecord  ${record.path}\n`,
  );
  if (flags.dryRun) {
    this.print(`Nothing was written. Next: ${command}\n`);
    return;
  }
  await refuseElsewhere(services, 'What is taken out gets a branch of its own, with nothing else in it.');
  const root = await services.git.root();
  await services.files.writeText(`${root}/${file.path}`, withoutMoves(file.text, isMeant));
  await services.files.writeText(`${root}/${record.path}`, record.text);
  await raiseBranch(this, {
    id: record.id,
    message: `Take out what ${id} switched on`,
    paths: [file.path, record.path],
  });
}

/** What is taken out while its incident goes on would be a protection less. */
function refuseNeeded(lifted: readonly WrittenMove[], { incidents, now }: Overview): void {
  const needed = lifted.find((move) => daysOver(move, now) === 0);
  const isOpen = incidents.some(({ id, state }) => id === needed?.incident && state === 'open');
  if (needed === undefined || !isOpen) {
    return;
  }
  throw new UsageError({
    what: `${needed.incident} is open, and its move holds until ${needed.expires}.`,
    why: 'Taking a move out while its incident goes on weakens what protects; when either is over, it does not.',
    fix: 'Close the incident first. A move that does harm now is undone by a rollback of its release.',
    next: `gh issue close ${needed.incident.replace('INC-', '')}`,
  });
}

function moveText({ description, ref, expires, incident }: WrittenMove): string {
  return `${description ?? `${ref}, switched off,`} until ${expires} for ${incident}`;
}

async function idsOf({ git, files }: Services): Promise<readonly string[]> {
  return (await takenIds(git, files)).map(({ id }) => id);
}

async function fileOfMoves(
  { files, git }: Services,
  { record }: KnownChange,
  register: Register | undefined,
): Promise<{ readonly path: string; readonly text: string }> {
  const stack = register?.stacks.find(({ name }) => record.stacks?.includes(name) === true);
  if (record.emergency === undefined || stack === undefined) {
    throw new UsageError({
      what: `${record.id} is no emergency that was released.`,
      why: 'Only what an emergency switched on is lifted.',
      fix: 'Undo another change by a rollback, or by a change of its own.',
      next: `sluice show ${record.id}`,
    });
  }
  const path = `stacks/clients/${record.client}/emergency/${stack.environment}.ts`;
  return { path, text: (await textAt(files, `${await git.root()}/${path}`)) ?? '' };
}

/** Refs of the rules that its releases made or edited, by the plans beside them in the ledger. */
function refsOf({ releases }: KnownChange, { ledger }: Overview): ReadonlySet<string> {
  const texts = releases.flatMap(({ folder }) => ledger.files.get(`${folder}/plan.json`) ?? []);
  const plans = texts.map((text) => parseJson(text, limits.document) as Plan);
  return new Set(
    plans
      .flatMap(({ stacks }) => stacks)
      .flatMap(({ changes }) => changes)
      .flatMap(({ attributes, before, after }) => [
        ...attributes.flatMap(({ path }) => refIn(path)),
        ...(before === null && isObject(after ?? undefined)
          ? readRules(after?.['rules']).flatMap(({ ref }) => ref ?? [])
          : []),
      ]),
  );
}

function refIn(path: Path): readonly string[] {
  return path.flatMap((part) => (typeof part === 'object' && part.by === 'ref' ? [part.is] : []));
}

interface Team {
  readonly by: string;
  readonly backup: string;
  readonly reviewer: string;
}

async function teamOf(
  { surroundings }: SluiceContext,
  { policy: { roster }, now }: Overview,
  { flags, by, command }: { readonly flags: LiftFlags; readonly by: string; readonly command: string },
): Promise<Team> {
  const reviewer = await oneOf(surroundings, {
    given: flags.reviewer,
    among: reviewersOf(roster, now, [by]),
    text: 'Who of the security seat looks at it',
    flag: '--reviewer',
    command,
  });
  const able = ['engineer', 'service-delivery', 'change-manager', 'cab'] as const;
  const people = new Set(able.flatMap((seat) => holdersOf(seat, roster, now)));
  const backup = await oneOf(surroundings, {
    given: flags.backup,
    among: [...people].filter((id) => id !== by && id !== reviewer),
    text: 'Who can take over',
    flag: '--backup',
    command: `${command} --reviewer ${reviewer}`,
  });
  return { by, backup, reviewer };
}

interface Lifted {
  readonly change: KnownChange;
  readonly overview: Overview;
  readonly register: Register | undefined;
  readonly team: Team;
  readonly flags: LiftFlags;
  readonly lifted: readonly WrittenMove[];
  readonly ids: readonly string[];
}

/** Of a normal change, for the next window that the lead time of a medium risk leaves. */
function recordOf({ change, overview, register, team, flags, lifted, ids }: Lifted): {
  readonly id: string;
  readonly path: string;
  readonly text: string;
} {
  const { client, service, emergency } = change.record;
  const id = nextId(Number(overview.now.slice(0, 4)), ids);
  const path = `changes/${client}/${id}.yaml`;
  const schedule = scheduleOf(register, overview);
  const moves = lifted.map(moveText).join('; ');
  const written = newRecord({
    id,
    kind: 'Change',
    client,
    ...(service === '' ? {} : { service }),
    type: 'normal',
    title: `Take out what ${change.record.id} switched on for ${emergency?.incident ?? ''}`,
    reason: flags.reason ?? `${moves}: switched on by ${change.record.id}, and not needed any more.`,
    requester: team.by,
    owner: team.by,
    implementer: team.by,
    backupImplementer: team.backup,
    ...(schedule === null ? {} : { schedule }),
  });
  const text = withFields(written, {
    impact: { users: 'nobody: what was live before the emergency is live again', expectedOutage: 'PT0S' },
    securityImpact: {
      assessed: true,
      summary: `What ${change.record.id} stopped reaches the rules of before again; no standing rule changes.`,
      reviewer: team.reviewer,
    },
    acceptanceCriteria: change.record.acceptanceCriteria,
    links: { incidents: [emergency?.incident ?? ''] },
  });
  refuseInvalid(
    { path, text },
    { fix: 'Say the reason in 30 characters or more.', next: 'sluice lift --reason "…"' },
  );
  return { id, path, text };
}

/** Null where no window opens: the author writes the time. */
function scheduleOf(
  register: Register | undefined,
  { policy, now }: Overview,
): Exclude<NewAnswers['schedule'], undefined> | null {
  const { leadTimeWorkingDays } = policy.quorum.medium;
  const earliest = addWorkingDays(now, leadTimeWorkingDays, policy.calendar.holidays) ?? now;
  const time = register === undefined ? null : proposeTime(register, earliest);
  return time === null ? null : { plannedStart: time.start, plannedEnd: time.end };
}
