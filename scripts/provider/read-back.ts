/**
 * What an empty plan does not show: the provider sends some values and never reads them back, so that Terraform compares its
 * own memory with the configuration. From `provider-behaviour.json`; a type that is not in it is taken for one of which
 * nothing is read.
 */
import { behaviourOf } from './behaviour.ts';
import { builtinProvider } from './facts.ts';
import { changeKind } from './kind.ts';
import { formatPath } from '../plan/path.ts';
import type { JsonObject, ResourceChange } from '../plan/types.ts';

/** Values of one resource that are sent and not read back. */
export interface SentOnly {
  readonly address: string;
  /** Attributes, written `a.b`; null for all that the resource has. */
  readonly paths: readonly string[] | null;
}

/** What the change sends without ever reading it back; null when a plan shows all of it. */
export function sentOnly(change: ResourceChange): SentOnly | null {
  const { address, type, provider, mode } = change;
  if (mode !== 'managed' || builtinProvider(provider) || !writes.has(changeKind(change))) {
    return null;
  }
  const behaviour = behaviourOf(type, provider);
  if (behaviour === null || behaviour.refresh !== undefined) {
    return { address, paths: null };
  }
  const paths = (behaviour.notRefreshed ?? []).filter((path) => isSent(change, path));
  return paths.length === 0 ? null : { address, paths };
}

const writes: ReadonlySet<string> = new Set(['create', 'update', 'replace']);

/** A new object sends all that is configured; an update is about what it changes. */
function isSent(change: ResourceChange, path: string): boolean {
  return changeKind(change) === 'update'
    ? change.attributes.some((attribute) => touches(formatPath(attribute.path), path))
    : isSet(change.after, path);
}

function touches(changed: string, path: string): boolean {
  const [one, other] = [changed.replaceAll(/\[[^\]]*\]/g, '[]'), path];
  return one === other || startsAt(one, other) || startsAt(other, one);
}

function startsAt(whole: string, part: string): boolean {
  return whole.startsWith(`${part}.`) || whole.startsWith(`${part}[`);
}

function isSet(body: JsonObject | null, path: string): boolean {
  const [first = '', ...rest] = path.split(/\.|\[\]\.?/);
  const value = body?.[first] ?? null;
  const inner = Array.isArray(value) ? value : [value];
  return rest.length === 0
    ? value !== null
    : inner.some(
        (item) => typeof item === 'object' && item !== null && isSet(item as JsonObject, rest.join('.')),
      );
}

/** For people: `schedules`, `all of it`. */
export function sentText({ paths }: SentOnly): string {
  return paths === null ? 'all of it' : paths.join(', ');
}
