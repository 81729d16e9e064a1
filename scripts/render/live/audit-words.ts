/** An entry of the audit log in words: who, what, where, from where. Nothing is escaped here. */
import type { AuditEntry, UnauthorisedBurst, UnauthorisedReason } from '../../live/audit/types.ts';

const reasonTexts: Readonly<Record<UnauthorisedReason, string>> = {
  'other-actor': 'not with the token of a release',
  'token-outside-release': 'with the token of a release, while no release of that account ran',
  'token-elsewhere':
    'with the token of a release, in a zone that is not of its stack or on a type of object that it did not change',
};

function actorText({ actor }: AuditEntry): string {
  const person = actor.email ?? actor.id ?? 'nobody named';
  const token = actor.tokenName ?? actor.tokenId;
  const how = [actor.type, actor.context].filter((part) => part !== null).join(', ');
  return `${person}${token === null ? '' : ` with token ${token}`}${how === '' ? '' : ` (${how})`}`;
}

function objectText({ resource, zone, request }: AuditEntry): string {
  const what = [resource.type ?? resource.product, resource.id].filter((part) => part !== null).join(' ');
  const place = zone.name ?? zone.id;
  return `${what === '' ? (request.uri ?? 'something') : what}${place === null ? '' : ` in ${place}`}`;
}

/** One line for each part, without margin. */
export function burstLines({
  first,
  last,
  entries,
  entry,
  from,
  actions,
  reason,
}: UnauthorisedBurst): readonly string[] {
  const { action, request } = entry;
  const when = first === last ? first : `${first} to ${last}, ${String(entries)} entries`;
  const how = [request.method, request.uri].filter((part) => part !== null).join(' ');
  return [
    `${when}  ${actions.join(', ')}  ${objectText(entry)}`,
    `    who   ${actorText(entry)}`,
    `    what  ${action.description ?? action.type ?? 'not told'}${how === '' ? '' : `: ${how}`}`,
    `    from  ${from.length === 0 ? 'not told' : from.join(', ')}${request.ray === null ? '' : `, ray ${request.ray}`}`,
    `    why   ${reasonTexts[reason]}`,
  ];
}
