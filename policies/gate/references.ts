/**
 * What a change record names must be there on the default branch: a change that is tried again, one that has to come
 * first, an incident. Names that lead nowhere, to another client's change or in a circle are an author's word for
 * something that nobody can look up. What the default branch's own record names already was judged when it got there.
 */
import type { SourceLocation } from '../../scripts/plan/types.ts';
import type { Incident } from '../model/incident.ts';
import type { ProposalFault } from '../model/proposal.ts';
import type { AuthoredRecord, LocatedRecord } from '../model/record.ts';
import { namedClients } from '../reading/clients.ts';

/** What the default branch and the tracker have. */
export interface ReferenceTargets {
  readonly records: readonly LocatedRecord[];
  readonly incidents: readonly Incident[];
}

/** Owner of what all clients stand on: a client's change may come after one of its. */
const platform = 'platform';

type ReferenceRelation = 'retryOf' | 'dependsOn' | 'conflictsWith';

interface NamedReference {
  readonly pointer: string;
  readonly id: string;
}

/** Every name in `records` that leads nowhere, with its place. */
export function referenceFaults(
  records: readonly LocatedRecord[],
  known: ReferenceTargets,
): readonly ProposalFault[] {
  const changes = new Map(known.records.map(({ record }) => [record.id, record]));
  const incidents = new Map(known.incidents.map((incident) => [incident.id, incident]));
  return records.flatMap((located) => {
    const { record } = located;
    const before = new Set(namedIn(changes.get(record.id)).map(keyOf));
    return namedIn(record)
      .filter((name) => !before.has(keyOf(name)))
      .flatMap((name): readonly ProposalFault[] => {
        const wrong =
          name.relation === 'incident'
            ? unknownIncident(name.id, incidents)
            : wrongChange(name.relation, { record, named: name.id, changes });
        return wrong === null ? [] : [{ ...placeOf(located, name.pointer), ...wrong }];
      });
  });
}

type Wrong = Pick<ProposalFault, 'text' | 'fix'>;
type RecordReference = NamedReference & { readonly relation: ReferenceRelation | 'incident' };

/** All that a record names, in the order of its fields. */
function namedIn(record: AuthoredRecord | undefined): readonly RecordReference[] {
  if (record === undefined) {
    return [];
  }
  const { links, dependsOn, conflictsWith, retryOf, emergency } = record;
  const list = (
    relation: RecordReference['relation'],
    pointer: string,
    ids: readonly string[] = [],
  ): RecordReference[] => ids.map((id, index) => ({ relation, pointer: `${pointer}/${String(index)}`, id }));
  return [
    // The emergency check judges an emergency's own incident; nothing here keeps it from being raised at night.
    ...list('incident', '/links/incidents', links?.incidents).filter(({ id }) => id !== emergency?.incident),
    ...list('dependsOn', '/dependsOn', dependsOn),
    ...list('conflictsWith', '/conflictsWith', conflictsWith),
    ...(retryOf === undefined ? [] : [{ relation: 'retryOf' as const, pointer: '/retryOf', id: retryOf }]),
  ];
}

function keyOf({ relation, id }: RecordReference): string {
  return `${relation} ${id}`;
}

/** Where nobody could be asked, nobody can say that it is not there. */
function unknownIncident(id: string, incidents: ReadonlyMap<string, Incident>): Wrong | null {
  const found = incidents.get(id);
  const fix =
    'name the number of an issue that was opened with the incident form, as INC-41, or delete the entry';
  if (found === undefined) {
    return { text: `incident ${id} is not an issue of the repository`, fix };
  }
  return found.state === 'doubtful' ? { text: `incident ${id} is not believed: ${found.reason}`, fix } : null;
}

interface RequiredReference {
  readonly record: AuthoredRecord;
  readonly named: string;
  readonly changes: ReadonlyMap<string, AuthoredRecord>;
}

function wrongChange(
  relation: ReferenceRelation,
  { record, named, changes }: RequiredReference,
): Wrong | null {
  const other = changes.get(named);
  if (other === undefined) {
    return {
      text: `\`${relation}\` names ${named}, which is not a change of the default branch`,
      fix: 'name a change whose record is merged, or delete the entry: git ls-files changes',
    };
  }
  if (relation === 'conflictsWith') {
    return null;
  }
  const isShared = relation === 'dependsOn' && other.client === platform;
  const own = namedClients(record);
  if (!namedClients(other).some((client) => own.includes(client)) && !isShared) {
    return {
      text: `\`${relation}\` names ${named}, a change of another client`,
      fix: `name a change of ${own.join(', ')}${relation === 'dependsOn' ? ` or of ${platform}` : ''}, or delete the entry`,
    };
  }
  return leadsTo(record.id, named, changes)
    ? {
        text: `\`${relation}\` names ${named}, which itself waits for ${record.id}`,
        fix: 'delete the entry here or the one there: neither could ever come first',
      }
    : null;
}

/** Whether the change `from`, or one that it comes after, comes after the change `id`. */
function leadsTo(id: string, from: string, changes: ReadonlyMap<string, AuthoredRecord>): boolean {
  const seen = new Set<string>();
  const open = [from];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (next === id) {
      return true;
    }
    if (!seen.has(next)) {
      seen.add(next);
      const { dependsOn = [], retryOf } = changes.get(next) ?? {};
      open.push(...dependsOn, ...(retryOf === undefined ? [] : [retryOf]));
    }
  }
  return false;
}

function placeOf({ file, locations }: LocatedRecord, pointer: string): SourceLocation {
  return locations[pointer] ?? { file, line: 1, column: 1 };
}
