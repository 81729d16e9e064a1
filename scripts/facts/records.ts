/** Finds and reads change records: the one that a change is about, and every id that is taken on any ref. */
import { InputError, UsageError } from '../contract/errors.ts';
import { readRecord } from '../read/record/record.ts';
import { findDuplicateIds } from '../read/record/ids.ts';
import type { Parsed } from '../plan/types.ts';
import type { Files, Git } from '../contract/ports.ts';
import type { PolicySource } from './policy.ts';
import { placeOf } from '../../policies/reading/places/places.ts';
import type { LocatedRecord } from '../../policies/model/record.ts';
import type { PastRelease } from '../../policies/model/facts.ts';
import type { Incident } from '../../policies/model/incident.ts';

/** Whether a path of the repository is that of a change record. */
export function isRecordPath(path: string): boolean {
  return placeOf(path) === 'record';
}

/** Id of the record at a path: its file is named after it. */
export function recordIdAt(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1, -'.yaml'.length);
}

/** All change records; one that does not read would make history wrong. */
export async function readRecords(source: PolicySource): Promise<Parsed<readonly LocatedRecord[]>> {
  const files = (await source('changes', isRecordPath)).filter(({ path }) => isRecordPath(path));
  const records = files.map(({ path, text }) => readRecord(text, path));
  const diagnostics = records.flatMap((record) => (record.ok ? [] : record.diagnostics));
  return diagnostics.length > 0
    ? { ok: false, diagnostics }
    : { ok: true, value: records.flatMap((record) => (record.ok ? [record.value] : [])) };
}

export interface RecordId {
  readonly id: string;
  readonly path: string;
  readonly ref: string;
}

/** A record file of the working tree; throws InputError with every diagnostic. */
export async function loadRecord(files: Files, path: string, displayPath: string): Promise<LocatedRecord> {
  return parsedRecord(await files.readText(path, 1024 * 1024), displayPath);
}

/** The same for text from elsewhere. */
export function parsedRecord(text: string, path: string): LocatedRecord {
  const record = readRecord(text, path);
  if (!record.ok) {
    throw new InputError({
      what: `The change record ${path} is not valid.`,
      diagnostics: record.diagnostics,
      fix: 'Correct the places above. Fields: changes/README.md.',
      next: `sluice check --record ${path}`,
    });
  }
  return record.value;
}

/** Records that the working tree adds or edits against the merge base with `base`. */
export async function changedRecords(
  git: Git,
  files: Files,
  base: string,
): Promise<readonly LocatedRecord[]> {
  const root = await git.root();
  const paths = (await git.changedSince(base)).filter(isRecordPath);
  const present: string[] = [];
  for (const path of paths) {
    if (await files.exists(`${root}/${path}`)) {
      present.push(path);
    }
  }
  return Promise.all(present.map((path) => loadRecord(files, `${root}/${path}`, path)));
}

/** The single record of a change; two are refused, none is null. */
export function onlyRecord(records: readonly LocatedRecord[]): LocatedRecord | null {
  if (records.length > 1) {
    throw new UsageError({
      what: `This branch has ${String(records.length)} change records: ${records.map((record) => record.record.id).join(', ')}.`,
      why: 'One change is decided, released and rolled back as one; two records in it could not be told apart.',
      fix: 'Put each on a branch of its own, or name one to look at.',
      next: `sluice check --record ${records[0]?.file ?? 'changes/<client>/<id>.yaml'}`,
    });
  }
  return records[0] ?? null;
}

/** Every record id on every ref and in the working tree. A file that no longer reads still takes its name's id. */
export async function takenIds(git: Git, files: Files): Promise<readonly RecordId[]> {
  const root = await git.root();
  const taken: RecordId[] = [];
  const add = (ref: string, paths: readonly string[]): void => {
    for (const path of paths.filter(isRecordPath)) {
      taken.push({ id: recordIdAt(path), path, ref });
    }
  };
  if (await files.exists(`${root}/changes`)) {
    add(
      'working tree',
      (await files.list(`${root}/changes`)).map((path) => `changes/${path}`),
    );
  }
  const seen = new Set<string>();
  for (const { ref, sha } of await git.refs()) {
    if (!seen.has(sha)) {
      seen.add(sha);
      add(ref, await git.pathsAt(sha, 'changes'));
    }
  }
  return taken;
}

/** Throws UsageError when another file on any ref has the id of the record. */
export async function refuseTakenId(git: Git, files: Files, record: LocatedRecord | null): Promise<void> {
  const duplicate = findDuplicateIds(await takenIds(git, files)).find(
    (taken) => taken.id === record?.record.id,
  );
  if (duplicate !== undefined) {
    throw new UsageError({
      what: `${duplicate.id} is taken: ${duplicate.sightings.map((sighting) => `${sighting.path} on ${sighting.ref}`).join(', ')}.`,
      why: 'An id names one change on every branch, for ever: ledgers and approvals refer to it.',
      fix: 'Give the new record the next free id.',
      next: 'sluice new --help',
    });
  }
}

/**
 * Incidents by the id of the change that caused them: what the tracker says, and what a closed record admits beyond that. An
 * author can add to it and take nothing from it; one whose priority is not known counts as P1.
 */
export function causedIncidents(
  records: readonly LocatedRecord[],
  incidents: readonly Incident[],
): ReadonlyMap<string, PastRelease['causedIncidents']> {
  const known = incidents.filter((incident) => 'priority' in incident);
  const priorities = new Map(known.map(({ id, priority }) => [id, priority]));
  const caused = new Map<string, Set<string>>();
  const add = (changeId: string, incident: string): void => {
    caused.set(changeId, (caused.get(changeId) ?? new Set()).add(incident));
  };
  known.forEach(({ id, causedBy }) => causedBy !== undefined && add(causedBy, id));
  records.forEach(({ record }) => record.outcome?.incidentsCaused?.forEach((id) => add(record.id, id)));
  return new Map(
    [...caused].map(([changeId, ids]) => [
      changeId,
      [...ids].map((id) => ({ id, priority: priorities.get(id) ?? 'P1' })),
    ]),
  );
}
