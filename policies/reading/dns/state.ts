/** DNS records as they stand after a change, name by name: those that change and those beside them. */
import type { ResourceChange } from '../../../scripts/plan/types.ts';
import { formatIp, readIp } from '../../../scripts/waf/language/ip.ts';
import { canonicalJson } from '../../../scripts/json/json.ts';
import { dnsName, dnsType } from '../estate-context.ts';
import type { Estate } from '../estate.ts';
import { knownText, readValue } from '../values.ts';
import type { Side } from '../values.ts';

/** Types that say where a host is. */
const hostTypes: ReadonlySet<string> = new Set(['A', 'AAAA', 'CNAME']);

/** What of a record is answered, in one spelling; null when it is not known. */
export function answerOf(record: ResourceChange, side: Side): string | null {
  const type = dnsType(record, side);
  const data = readValue(record, side, ['data']);
  const content = readValue(record, side, ['content']);
  if (type === null || data.kind === 'unknown' || (data.kind === 'absent' && content.kind !== 'known')) {
    return null;
  }
  const value =
    data.kind === 'known' ? canonicalJson(data.value) : spelled(type, knownText(record, side, ['content']));
  // Two mail servers of one name with other priorities are two records.
  const priority = readValue(record, side, ['priority']);
  return value === null || priority.kind === 'unknown'
    ? null
    : [type, value, priority.kind === 'known' ? canonicalJson(priority.value) : ''].join(' ');
}

/** An address or a host in one spelling; other contents as they are. */
function spelled(type: string, content: string | null): string | null {
  if (content === null) {
    return null;
  }
  if (type === 'A' || type === 'AAAA') {
    const address = readIp(content);
    return address === null ? content : formatIp(address);
  }
  return type === 'TXT' || type === 'CAA' ? content : content.toLowerCase().replace(/\.$/u, '');
}

/** Records of hosts stand for each other (an A in place of a CNAME); any other type only for itself. */
export function kindOf(type: string | null): string | null {
  return type !== null && hostTypes.has(type) ? 'host' : type;
}

/** The name and kind that a change takes away although a record stays: by a rename, or by another type; null when none. */
export function nameLost(
  change: ResourceChange,
  estate: Estate,
): { readonly name: string; readonly type: string } | null {
  if (change.before === null || change.after === null) {
    return null;
  }
  const [name, type] = [dnsName(change, 'before'), dnsType(change, 'before')];
  const isSame = name === dnsName(change, 'after') && kindOf(type) === kindOf(dnsType(change, 'after'));
  if (name === null || type === null || isSame) {
    return null;
  }
  const isUnchanged = estate
    .records('after', change.zone, name)
    .some((record) => kindOf(dnsType(record, 'after')) === kindOf(type));
  return isUnchanged ? null : { name, type };
}
