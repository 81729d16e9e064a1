/**
 * What the registers say about a change: whose it is, whether it is production, how its subject is written. What no
 * register knows is treated as production: an unknown place is never the harmless one.
 */
import type { Json, ResourceChange } from '../../scripts/plan/types.ts';
import type { PolicySet, Register } from '../model/facts.ts';
import { knownText, readValue } from './values.ts';
import type { Side } from './values.ts';

export type StackEnvironment = Register['stacks'][number]['environment'] | 'unknown';

/** The register that lists the stack; null when none does. */
export function registerOfStack(policy: Pick<PolicySet, 'registers'>, stack: string): Register | null {
  return policy.registers.find((register) => register.stacks.some((one) => one.name === stack)) ?? null;
}

export function environmentOf(policy: Pick<PolicySet, 'registers'>, stack: string): StackEnvironment {
  const register = registerOfStack(policy, stack);
  return register?.stacks.find((one) => one.name === stack)?.environment ?? 'unknown';
}

/** Everything that is not known to be staging. */
export function isProduction(policy: Pick<PolicySet, 'registers'>, stack: string): boolean {
  return environmentOf(policy, stack) !== 'staging';
}

/** `stack/address`, with `#path` when one attribute is meant. What findings are about and waivers match on. */
export function subjectOf(change: ResourceChange, path?: string): string {
  const subject = `${change.stack}/${change.address}`;
  return path === undefined ? subject : `${subject}#${path}`;
}

/** The record's name in lower case without a trailing dot, `@` and short names completed by the zone where it is known. */
export function dnsName(change: ResourceChange, side: Side): string | null {
  const written = knownText(change, side, ['name']);
  if (written === null) {
    return null;
  }
  const name = written.toLowerCase().replace(/\.$/, '');
  const zone = zoneName(change);
  if (zone === null || name === zone || name.endsWith(`.${zone}`)) {
    return name;
  }
  return name === '@' ? zone : `${name}.${zone}`;
}

/** The zone as a domain name; null for account resources and for zones that are known by their id only. */
export function zoneName(change: ResourceChange): string | null {
  return change.zone !== null && change.zone.includes('.') ? change.zone.toLowerCase() : null;
}

/** True for the zone's own name. Where that is unknown, a name of two labels counts as it; one of one label is a host. */
export function isApex(change: ResourceChange, side: Side): boolean {
  const name = dnsName(change, side);
  if (name === null) {
    return true;
  }
  const zone = zoneName(change);
  return zone === null ? name === '@' || name.split('.').length === 2 : name === zone;
}

/** A DNS record's type in upper case; null when it is unknown. */
export function dnsType(change: ResourceChange, side: Side): string | null {
  return knownText(change, side, ['type'])?.toUpperCase() ?? null;
}

/** A value for a message: short, on one line, `(unknown)` and `(not set)` spelled out. Only for values that are not secrets. */
export function showAt(change: ResourceChange, side: Side, path: readonly (string | number)[]): string {
  const found = readValue(change, side, path);
  if (found.kind !== 'known') {
    return found.kind === 'absent' ? '(not set)' : '(unknown)';
  }
  return show(found.value);
}

export function show(value: Json): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const line = text.replaceAll(/\s+/g, ' ');
  return line.length > 120 ? `${line.slice(0, 117)}...` : line;
}
