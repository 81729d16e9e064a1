/** What was asked of Cloudflare itself, in words that claim no more than was asked. */
import type { LiveFindings, LiveObject, LiveSetting, NotAsked } from '../../live/types.ts';
import { isDestructive, keepsValue } from '../../provider/kind.ts';
import type { StackPlan } from '../../plan/types.ts';
import { escapeTerminalLine } from '../text/escape.ts';

/** How a rollback that ended well was verified, and what it did not undo; a line or more. */
export function renderVerified(subject: string, findings: LiveFindings | null): string {
  if (findings === null) {
    return `${subject} is back: a plan shows no changes.\n`;
  }
  const { notAsked, restored = [], kept: unchanged = [] } = findings;
  const questionCount = findings.asked.length + findings.settings.length;
  const byName =
    questionCount === 0 ? '' : `, and Cloudflare was asked for ${String(questionCount)} object(s) one by one`;
  const how =
    notAsked.length + unchanged.length === 0
      ? 'back: a plan shows no changes'
      : 'back as far as a plan shows';
  const texts = [
    ...restored.map(renderRestored),
    ...unchanged.map(renderUnchanged),
    renderNotAsked(notAsked),
  ];
  return `${subject} is ${how}${byName}.\n${texts.join('')}`;
}

/** What a rollback does beside its plan: values that Cloudflare keeps are set to what was there before, where that is known. */
export function renderToRestore(before: readonly LiveSetting[], { changes }: StackPlan): string {
  const forgotten = new Set(
    changes.filter((change) => isDestructive(change) && keepsValue(change)).map(({ address }) => address),
  );
  const known = before.filter(({ address }) => forgotten.has(address));
  const lines = known.map(({ address, identity, value }) =>
    value === null
      ? `NOT undone: ${address}: ${identity} stays as it is; there was nothing before`
      : `Set again: ${address}: ${identity} becomes ${JSON.stringify(value)}, as read before the release`,
  );
  const unknown = [...forgotten]
    .filter((address) => !known.some((setting) => setting.address === address))
    .map((address) => `NOT undone: ${address} stays as it is; what was there before was not read`);
  return [...lines, ...unknown].map((line) => `${escapeTerminalLine(line)}.\n`).join('');
}

function renderRestored({ address, identity, value }: LiveSetting): string {
  return `${escapeTerminalLine(`${address}: ${identity} is ${JSON.stringify(value)} again, as before; nobody manages it`)}.\n`;
}

function renderUnchanged({ address, identity, value }: LiveSetting): string {
  return `NOT undone: ${escapeTerminalLine(`${address}: ${identity} is no longer managed and stays ${JSON.stringify(value)}; what was there before is not known`)}.\n`;
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
  const unchanged = left.map((object) => `${whereIs(object)}, in no state, and was not taken over.\n`);
  return [...taken, ...unchanged, renderNotAsked(notAsked)].join('');
}

function whereIs({ address, identity, id }: LiveObject): string {
  return escapeTerminalLine(`${address}: ${identity} is at Cloudflare (${id})`);
}
