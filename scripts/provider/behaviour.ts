/**
 * What the provider does with a resource beyond its schema: what deleting and updating it does, what a read takes over
 * from Cloudflare, what it computes anew on every update, and which other values Cloudflare may report for a while.
 */
import { factsOf } from './facts.ts';
import type { Behaviour } from './entry.ts';
import { providerType } from './types.ts';

/** The behaviour of a Cloudflare type, or null when this provider or type is not in the table. */
export function behaviourOf(type: string, provider: string): Behaviour | null {
  const entry = factsOf(type, provider) === null ? null : providerType(type);
  return entry === null ? null : (entry.behaviour ?? {});
}
