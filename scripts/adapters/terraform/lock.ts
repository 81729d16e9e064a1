/** A state that somebody else has locked: who, since when, and what to do about it. */
import { ExternalError } from '../../contract/errors.ts';
import type { TerraformEvent } from './events.ts';
import { lockHolder } from './state.ts';

/** Whether a command failed because it did not get the lock. */
export function isLockTimeout(events: readonly TerraformEvent[]): boolean {
  const failedAt = events.findIndex((event) => event.kind === 'diagnostic');
  return failedAt > 0 && events[failedAt - 1]?.kind === 'waiting-for-lock';
}

/** Who holds a lock in object storage, from what Terraform says when it does not get it; null when it does not say. */
function holderIn(message: string): string | null {
  const [who, operation, created] = ['Who', 'Operation', 'Created'].map(
    (name) => new RegExp(String.raw`^\s*${name}:\s+(\S.*)$`, 'm').exec(message)?.[1],
  );
  return who === undefined || operation === undefined || created === undefined
    ? null
    : `held by ${who} for ${operation} since ${created}`;
}

/** Without the advice at its end to go on without the lock. */
export function withoutLockAdvice(message: string): string {
  return message.split('\nTerraform acquires a state lock', 1).join('').trimEnd();
}

/**
 * A lock in object storage outlives the run that took it, and whether that run is dead only a person can say. A lock of
 * this machine goes with its process.
 */
function deadLock(binary: string, folder: string, message: string): string {
  const id = /^\s*ID:\s+([0-9a-f-]{36})\s*$/m.exec(message)?.[1];
  return id === undefined
    ? ''
    : `; if that run was killed and cannot come back: ${binary} -chdir=${folder} force-unlock ${id}`;
}

/** What to say when the lock did not come. `message` is Terraform's own reason. */
export async function lockedError(binary: string, folder: string, message: string): Promise<ExternalError> {
  const local = await lockHolder(folder);
  const holder = local ?? holderIn(message);
  return new ExternalError({
    what: `the state of ${folder} is locked${holder === null ? '' : `: ${holder}`}`,
    why: withoutLockAdvice(message),
    fix: `wait until that run has ended and repeat the command; nothing was changed${local === null ? deadLock(binary, folder, message) : ''}`,
    next: `${binary} -chdir=${folder} plan -lock-timeout=10m`,
  });
}
