/**
 * What becomes of the moves of an emergency: a normal change of its own, from the code to the pull request. What takes
 * them out and what keeps them differ in what they write.
 */
import type { SluiceContext, Services } from '../../contract/context.ts';
import { UsageError } from '../../contract/errors.ts';
import { movesIn, type WrittenMove } from '../../emergency/sources.ts';
import { textAt } from '../../estate/repository/files.ts';
import { takenIds } from '../../facts/records.ts';
import { isObject } from '../../json/json.ts';
import { limits } from '../../json/limits.ts';
import { parseJson } from '../../json/parse.ts';
import type { Path, Plan } from '../../plan/types.ts';
import type { KnownChange, Overview } from '../../questions/types.ts';
import { gatherOverview } from '../../questions/answer/overview.ts';
import { nextId } from '../../read/record/ids.ts';
import { shellWord } from '../../render/text/shell-word.ts';
import { readRules } from '../../waf/rulesets/rules.ts';
import type { Register } from '../../../policies/model/facts.ts';
import { addWorkingDays } from '../../../policies/working-days.ts';
import { personNamed } from '../person.ts';
import { changeCalled } from '../questions/known-change.ts';
import { withFields } from '../record/edit.ts';
import { newRecord, type NewAnswers } from '../record/new-record.ts';
import { proposeTime } from '../record/new-schedule.ts';
import { refuseInvalid } from '../record/valid-record.ts';
import type { Edited } from './edits.ts';
import { refuseElsewhere } from './elsewhere.ts';
import { raiseBranch } from './raise-branch.ts';
import { holdersOf, oneOf, reviewersOf } from './people.ts';

export interface FollowUpFlags {
  readonly by: string;
  readonly backup?: string;
  readonly reviewer?: string;
  readonly dryRun: boolean;
}

export interface FollowUp {
  readonly verb: 'keep' | 'lift';
  readonly reason?: string;
  /** Of a move, before what it is called: `Out`. */
  readonly label: string;
  /** Whose lead time it is planned with. */
  readonly risk: (moves: readonly WrittenMove[]) => 'high' | 'medium';
  /** Throws UsageError for moves that this is not to be done to. */
  readonly refuse: (moves: readonly WrittenMove[], overview: Overview) => void;
  /** The file of moves, without its end or without them. */
  readonly edited: (text: string, isMeant: (move: WrittenMove) => boolean, id: string) => string;
  readonly words: (emergency: KnownChange['record'], moves: readonly WrittenMove[]) => FollowUpWords;
}

interface FollowUpWords {
  readonly title: string;
  readonly reason: string;
  /** Who notices it, and what it does to security. */
  readonly users: string;
  readonly security: string;
  readonly message: string;
  /** Further fields of the record, beside those of every follow-up. */
  readonly fields?: Readonly<Record<string, object | string>>;
}

/** Throws UsageError where the moves are not there any more, or somebody has to be named and nobody can be asked. */
export async function followUp(
  context: SluiceContext,
  flags: FollowUpFlags,
  id: string,
  work: FollowUp,
): Promise<void> {
  const services = await context.services();
  const overview = await gatherOverview(services, 'without-pulls');
  const change = changeCalled(id, overview, work.verb);
  const by = personNamed(overview.policy.roster, flags.by, `sluice ${work.verb} ${id} --by <person>`);
  const given = work.reason === undefined ? '' : ` --reason ${shellWord(work.reason)}`;
  const command = `sluice ${work.verb} ${id} --by ${by}${given}`;
  const register = overview.policy.registers.find(({ client }) => client === change.record.client);
  const isMeant = movesOf(change, overview);
  const found = await filesWith(services, { change, register, isMeant });
  const moves = found.flatMap((file) => file.moves);
  work.refuse(moves, overview);
  const team = await teamOf(context, overview, { flags, by, command });
  const words = work.words(change.record, moves);
  const schedule = scheduleOf(register, overview, work.risk(moves));
  const record = recordOf({ change, overview, schedule, team, words, ids: await idsOf(services), work });
  const files = found.map(({ path, text }) => ({ path, text: work.edited(text, isMeant, record.id) }));
  const lines = [
    ...moves.map((move) => `${work.label.padEnd(7)}${moveText(move)}`),
    ...files.map(({ path }) => `code   ${path}`),
    `record ${record.path}`,
  ];
  context.print(`${lines.join('\n')}\n`);
  if (flags.dryRun) {
    context.print(
      `Nothing was written. Next: ${command} --reviewer ${team.reviewer} --backup ${team.backup}\n`,
    );
    return;
  }
  await refuseElsewhere(services, 'It gets a branch of its own, with nothing else in it.');
  const root = await services.git.root();
  for (const { path, text } of [...files, record]) {
    await services.files.writeText(`${root}/${path}`, text);
  }
  await raiseBranch(context, {
    id: record.id,
    message: words.message,
    paths: [...files, record].map(({ path }) => path),
  });
}

/** With the incident, and with the end where it has one. */
export function moveText(move: WrittenMove): string {
  const { description, ref, expires, incident } = move;
  const what = description ?? `${ref}, switched off,`;
  return expires === null ? `${what} for ${incident}, kept` : `${what} until ${expires} for ${incident}`;
}

async function idsOf({ git, files }: Services): Promise<readonly string[]> {
  return (await takenIds(git, files)).map(({ id }) => id);
}

/** Whether a move is one that the emergency has made. */
function movesOf(change: KnownChange, overview: Overview): (move: WrittenMove) => boolean {
  const refs = refsOf(change, overview);
  return ({ incident, ref }) => incident === change.record.emergency?.incident && refs.has(ref);
}

interface FoundFile extends Edited {
  readonly moves: readonly WrittenMove[];
}

/** Of every stack of the emergency that has moves of it; at least one. */
async function filesWith(
  { files, git }: Services,
  {
    change: { record },
    register,
    isMeant,
  }: {
    readonly change: KnownChange;
    readonly register: Register | undefined;
    readonly isMeant: (move: WrittenMove) => boolean;
  },
): Promise<readonly FoundFile[]> {
  const stacks = register?.stacks.filter(({ name }) => record.stacks?.includes(name) === true) ?? [];
  if (record.emergency === undefined || stacks.length === 0) {
    throw new UsageError({
      what: `${record.id} is no emergency that was released.`,
      why: 'Only what an emergency switched on is lifted or kept.',
      fix: 'Undo another change by a rollback, or by a change of its own.',
      next: `sluice show ${record.id}`,
    });
  }
  const paths = stacks.map(
    ({ environment }) => `stacks/clients/${record.client}/emergency/${environment}.ts`,
  );
  const root = await git.root();
  const found: FoundFile[] = [];
  for (const path of paths) {
    const text = (await textAt(files, `${root}/${path}`)) ?? '';
    const moves = movesIn(text).filter(isMeant);
    if (moves.length > 0) {
      found.push({ path, text, moves });
    }
  }
  if (found.length === 0) {
    throw new UsageError({
      what: `${paths.join(' and ')} ${paths.length === 1 ? 'has' : 'have'} no move of ${record.id} any more.`,
      why: 'It was taken out, or is written otherwise than sluice emergency writes it.',
      fix: 'Look at the file; what is written otherwise is edited by hand.',
      next: `git log -- ${paths.join(' ')}`,
    });
  }
  return found;
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
  { flags, by, command }: { readonly flags: FollowUpFlags; readonly by: string; readonly command: string },
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

interface Following {
  readonly change: KnownChange;
  readonly overview: Overview;
  readonly schedule: ReturnType<typeof scheduleOf>;
  readonly team: Team;
  readonly words: FollowUpWords;
  readonly ids: readonly string[];
  readonly work: FollowUp;
}

/** Of a normal change. */
function recordOf({ change, overview, schedule, team, words, ids, work }: Following): Edited & {
  readonly id: string;
} {
  const { client, service, emergency, acceptanceCriteria } = change.record;
  const id = nextId(Number(overview.now.slice(0, 4)), ids);
  const path = `changes/${client}/${id}.yaml`;
  const written = newRecord({
    id,
    kind: 'Change',
    client,
    ...(service === '' ? {} : { service }),
    type: 'normal',
    title: words.title.slice(0, 120),
    reason: words.reason,
    requester: team.by,
    owner: team.by,
    implementer: team.by,
    backupImplementer: team.backup,
    ...(schedule === null ? {} : { schedule }),
  });
  const text = withFields(written, {
    impact: { users: words.users, expectedOutage: 'PT0S' },
    securityImpact: { assessed: true, summary: words.security, reviewer: team.reviewer },
    acceptanceCriteria,
    links: { incidents: [emergency?.incident ?? ''] },
    ...words.fields,
  });
  refuseInvalid(
    { path, text },
    { fix: 'Say the reason in 30 characters or more.', next: `sluice ${work.verb} --reason "…"` },
  );
  return { id, path, text };
}

/** The next window that the lead time of the risk leaves; null where none opens: the author writes the time. */
function scheduleOf(
  register: Register | undefined,
  { policy, now }: Overview,
  risk: 'high' | 'medium',
): Exclude<NewAnswers['schedule'], undefined> | null {
  const { leadTimeWorkingDays } = policy.quorum[risk];
  const earliest = addWorkingDays(now, leadTimeWorkingDays, policy.calendar.holidays) ?? now;
  const time = register === undefined ? null : proposeTime(register, earliest);
  return time === null ? null : { plannedStart: time.start, plannedEnd: time.end };
}
