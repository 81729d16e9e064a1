/** Private destinations of Access applications: whether one lies within another, by network, ports and the rest. */
import { sameJson } from '../../../scripts/json/json.ts';
import type { Json, JsonObject } from '../../../scripts/plan/types.ts';
import { relation } from './selectors.ts';

/** What a destination does not say is not restricted; networks and ranges of ports may be wider, all else is the same. */
export function includesTarget(outer: JsonObject, inner: JsonObject): boolean {
  return Object.entries(outer).every(([name, value]) => includesMember(name, value, inner[name] ?? null));
}

function includesMember(name: string, outer: Json, inner: Json): boolean {
  if (sameJson(outer, inner)) {
    return true;
  }
  if (typeof outer !== 'string' || typeof inner !== 'string') {
    return false;
  }
  return name === 'cidr'
    ? relation(`ip ${inner}`, `ip ${outer}`) === 'implies'
    : name === 'port_range' && includesPorts(outer, inner);
}

function includesPorts(outer: string, inner: string): boolean {
  const [has, had] = [portsIn(inner), portsIn(outer)];
  return has !== null && had !== null && had.first <= has.first && has.last <= had.last;
}

/** `443` or `8000-8010`; null for what is written in another way. */
function portsIn(text: string): { readonly first: number; readonly last: number } | null {
  const found = /^(\d{1,5})(?:-(\d{1,5}))?$/u.exec(text);
  const first = Number(found?.[1]);
  return found === null ? null : { first, last: Number(found[2] ?? first) };
}
