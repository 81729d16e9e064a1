/** What was asked of Cloudflare itself, in words that claim no more than was asked. */
import type { LiveFindings, LiveObject, NotAsked } from '../live/types.ts';
import { escapeTerminalLine } from './escape.ts';

/** How a rollback that ended well was verified; one or two lines. */
export function renderVerified(subject: string, findings: LiveFindings | null): string {
  const asked = (findings?.asked.length ?? 0) + (findings?.settings.length ?? 0);
  const notAsked = findings?.notAsked ?? [];
  const byName = asked === 0 ? '' : `, and Cloudflare was asked for ${String(asked)} object(s) one by one`;
  return notAsked.length === 0
    ? `${subject} is back: a plan shows no changes${byName}.\n`
    : `${subject} is back as far as a plan shows${byName}.\n${renderNotAsked(notAsked)}`;
}

/** Names what nobody asked about, and why. */
export function renderNotAsked(notAsked: readonly NotAsked[]): string {
  return notAsked
    .map(
      ({ address, reason }) => `Not checked at Cloudflare: ${escapeTerminalLine(`${address}: ${reason}`)}.\n`,
    )
    .join('');
}

/** What was taken over after a run that broke off. */
export function renderAdopted(objects: readonly LiveObject[]): string {
  return objects
    .map(
      ({ address, identity, id }) =>
        `${escapeTerminalLine(`${address}: ${identity} was at Cloudflare (${id}) and in no state; it is in the state now`)}.\n`,
    )
    .join('');
}
