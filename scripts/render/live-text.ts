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
function renderNotAsked(notAsked: readonly NotAsked[]): string {
  return notAsked
    .map(
      ({ address, reason }) => `Not checked at Cloudflare: ${escapeTerminalLine(`${address}: ${reason}`)}.\n`,
    )
    .join('');
}

/** What became of a run that broke off: what was taken over, what could not be, and what nobody could ask about. */
export function renderSettled({ adopted, left, notAsked }: LiveFindings): string {
  const taken = adopted.map((object) => `${whereIs(object)} and was in no state; it is in the state now.\n`);
  const kept = left.map((object) => `${whereIs(object)}, in no state, and was not taken over.\n`);
  return [...taken, ...kept, renderNotAsked(notAsked)].join('');
}

function whereIs({ address, identity, id }: LiveObject): string {
  return escapeTerminalLine(`${address}: ${identity} is at Cloudflare (${id})`);
}
