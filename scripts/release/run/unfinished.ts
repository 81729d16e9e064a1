/** What to say about a release that was begun and did not end as it should: what is known, and the command to go on with. */
import { PartialApplyError, SluiceError } from '../../contract/errors.ts';
import type { LiveFindings } from '../../live/types.ts';
import type { AppliedResult } from '../../contract/ports.ts';
import type { Intent, ReleaseEntry } from '../types.ts';

/** The end of it could not be recorded: the intent stays open. */
export function leftOpen(intent: Intent, error: unknown): PartialApplyError {
  const reason =
    error instanceof SluiceError
      ? [error.parts.what, error.parts.why].filter((part) => part !== undefined).join(' ')
      : String(error).slice(0, 300);
  return new PartialApplyError({
    what: `${intent.id} (${intent.action} of ${intent.stack}) broke off before its end was recorded.`,
    ...(error instanceof SluiceError && error.parts.diagnostics !== undefined
      ? { diagnostics: error.parts.diagnostics }
      : {}),
    why: `${reason} How far it came is not known; the ledger shows it as begun.`,
    fix: 'Repair the cause, then give it up: the rollback restores the last good state.',
    next: giveUp(intent),
    cause: error,
  });
}

/** The command that ends an open intent. */
function giveUp({ stack, id, target }: Intent): string {
  return `sluice rollback ${stack} ${targetFlag(target)}--abandon ${id} --reason "release crashed"`;
}

/** For the next command: the sandbox is what is meant when nothing is said. */
export function targetFlag(target: Intent['target']): string {
  return target === 'sandbox' ? '' : `--target ${target} `;
}

/**
 * The refusal for stacks with open intents; at least one. `finish`: the command that ends all of them and goes on, null where
 * that is not what they are of.
 */
export function unfinished(open: readonly Intent[], finish: string | null = null): PartialApplyError {
  const ids = open.map(({ id }) => id).join(', ');
  const [first] = open;
  const next = finish ?? (first === undefined ? 'sluice ledger show' : giveUp(first));
  return new PartialApplyError({
    what: `${open.map(begun).join('; ')} and never ended.`,
    diagnostics: open
      .map((intent) => ({
        message: `${intent.id}: to give it up and roll ${intent.stack} back`,
        fix: giveUp(intent),
      }))
      .filter(({ fix }) => fix !== next),
    why: 'It is running right now, or it crashed and left the stack somewhere in between. Nothing was changed.',
    fix:
      finish === null
        ? 'If it is not running, give it up: the rollback restores the last good state.'
        : `If it is not running, finish it: what ${ids} made is taken over, and the release goes on from there.`,
    next,
  });
}

function begun({ id, action, stack, startedAt, by }: Intent): string {
  return `${id} (${action} of ${stack}) was begun at ${startedAt} by ${by}`;
}

/** The apply ended in the middle, and that is recorded. */
export function brokenOff(
  entry: ReleaseEntry,
  applied: AppliedResult,
  findings: LiveFindings | null,
): PartialApplyError {
  return new PartialApplyError({
    what: `${entry.id}: the apply to ${entry.stack} broke off after ${String(applied.completed.length)} change(s).`,
    diagnostics: [
      ...applied.errors.map((error) => ({
        message: `${error.address ?? 'terraform'}: ${error.summary}`,
        ...(error.detail === '' ? {} : { found: error.detail }),
      })),
      ...(findings?.left ?? []).map((object) => ({
        message: `${object.address}: ${object.identity} is at Cloudflare all the same (${object.id}); what comes next takes it over, or names it`,
      })),
    ],
    why: `Done: ${applied.completed.map((done) => `${done.address} (${done.action})`).join(', ') || 'nothing'}.`,
    ...goingOn(entry),
  });
}

/** How to go on from an apply that broke off: forth or back for a release, only forth for anything else. */
function goingOn({ id, action, stack, target }: ReleaseEntry): {
  readonly fix: string;
  readonly next: string;
} {
  const flags = targetFlag(target);
  switch (action) {
    case 'baseline':
      return {
        fix: 'Repair the cause and run it again: it takes over what was made and goes on from there.',
        next: `sluice baseline ${stack} ${flags}--reason "${id} broke off"`,
      };
    case 'release':
      return {
        fix: 'Undo the part that was done, or repair the cause and run the same release again.',
        next: `sluice rollback ${stack} ${flags}--reason "release ${id} broke off"`,
      };
    case 'rollback':
      return {
        fix: 'Repair the cause and run the rollback again: it goes on from where it stopped.',
        next: `sluice rollback ${stack} ${flags}--reason "rollback ${id} broke off"`,
      };
  }
}
