/** `sluice lift`: takes the moves of an emergency out of the code, with a record, on a branch of its own. */
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
import { personNamed } from '../person.ts';
import { changeCalled } from '../questions/known-change.ts';
import { newRecord } from '../record/new-record.ts';
import { proposeTime, windowOf } from '../record/new-schedule.ts';
import { refuseInvalid } from '../record/valid-record.ts';
import { sayComputed } from '../record/new-command.ts';
import { refuseElsewhere } from './elsewhere.ts';

export interface LiftFlags {
  readonly by: string;
  readonly backup?: string;
  readonly reason?: string;
  readonly dryRun: boolean;
}

export async function liftCommand(this: SluiceContext, flags: LiftFlags, id: string): Promise<void> {
  const services = await this.services();
  const overview = await gatherOverview(services, 'without-pulls');
  const change = changeCalled(id, overview, 'lift');
  const command = `sluice lift ${id} --by ${flags.by}`;
  const by = personNamed(overview.policy.roster, flags.by, `sluice lift ${id} --by <person>`);
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
  const record = recordOf({ change, overview, register, by, flags, lifted, ids: await idsOf(services) });
  this.print(
    `${lifted.map((move) => `Out    ${shown(move)}\n`).join('')}code    ${file.path}\nrecord  ${record.path}\n`,
  );
  if (flags.dryRun) {
    this.print(`Nothing was written. Next: ${command}\n`);
    return;
  }
  await refuseElsewhere(services, 'What is taken out gets a branch of its own, with nothing else in it.');
  const root = await services.git.root();
  await services.files.writeText(`${root}/${file.path}`, withoutMoves(file.text, isMeant));
  await services.files.writeText(`${root}/${record.path}`, record.text);
  await services.git.commitOn(record.id, `Take out what ${id} switched on`, [file.path, record.path]);
  await sayComputed(this, record.path);
  this.print(`It is committed on the branch ${record.id}. Next: sluice check, then sluice raise\n`);
}

function shown({ description, ref, expires, incident }: WrittenMove): string {
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

interface Lifted {
  readonly change: KnownChange;
  readonly overview: Overview;
  readonly register: Register | undefined;
  readonly by: string;
  readonly flags: LiftFlags;
  readonly lifted: readonly WrittenMove[];
  readonly ids: readonly string[];
}

function recordOf({ change, overview, register, by, flags, lifted, ids }: Lifted): {
  readonly id: string;
  readonly path: string;
  readonly text: string;
} {
  const { now } = overview;
  const { client, service, emergency } = change.record;
  const id = nextId(Number(now.slice(0, 4)), ids);
  const path = `changes/${client}/${id}.yaml`;
  const time = register === undefined ? null : proposeTime(register, now);
  const window = time === null || register === undefined ? null : windowOf(register, time);
  const text = newRecord({
    id,
    kind: 'Change',
    client,
    ...(service === '' ? {} : { service }),
    type: 'normal',
    title: `Take out what ${change.record.id} switched on for ${emergency?.incident ?? ''}`,
    reason:
      flags.reason ??
      `${lifted.map(shown).join('; ')}: switched on by ${change.record.id}, and not needed any more.`,
    requester: by,
    owner: by,
    implementer: by,
    ...(flags.backup === undefined ? {} : { backupImplementer: flags.backup }),
    ...(time === null || window === null
      ? {}
      : { schedule: { plannedStart: time.start, plannedEnd: time.end } }),
  });
  refuseInvalid(
    { path, text },
    { fix: 'Say the reason in 30 characters or more.', next: 'sluice lift --reason "…"' },
  );
  return { id, path, text };
}
