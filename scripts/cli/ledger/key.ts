import type { SluiceContext } from '../../contract/context.ts';
import { InputError, UsageError } from '../../contract/errors.ts';
import type { Git } from '../../contract/ports.ts';
import { renderNewKey } from '../../render/release/ledger-text.ts';

export interface LedgerKeyFlags {
  readonly out: string;
  readonly id: string;
}

/** `sluice ledger key`: the private half goes into a new file and nowhere else; the public half is printed. */
export async function ledgerKey(this: SluiceContext, { out, id }: LedgerKeyFlags): Promise<void> {
  const { git, keys, clock } = await this.services();
  if (!/^[a-z0-9][a-z0-9-]{0,59}$/.test(id) || id === 'sandbox') {
    throw new UsageError({
      what: '--id is not the name of a key.',
      fix: 'Use lower-case letters, digits and hyphens; "sandbox" is taken.',
      next: 'sluice ledger key --help',
    });
  }
  const path = out.startsWith('/') ? out : `${this.surroundings.cwd}/${out}`;
  await refuseInside(git, [path, await keys.landing(path)]);
  const publicKey = await keys.create(path);
  this.print(renderNewKey({ id, publicKey, from: clock.now(), path }));
}

/** A file in the working tree is one `git add --all` away from being published. */
async function refuseInside(git: Git, paths: readonly string[]): Promise<void> {
  const root = await rootOrNull(git);
  const isOutside = (path: string): boolean =>
    path.split('/').every((part) => part !== '..' && part !== '.') &&
    (root === null || !path.startsWith(`${root}/`));
  if (paths.every(isOutside)) {
    return;
  }
  throw new UsageError({
    what: 'The private half of a key must not lie in the repository.',
    why: 'Whatever lies there is committed sooner or later.',
    fix: 'Name a file elsewhere, by its whole path and without "..".',
    next: 'sluice ledger key --help',
  });
}

async function rootOrNull(git: Git): Promise<string | null> {
  try {
    return await git.root();
  } catch (error) {
    if (error instanceof InputError) {
      return null;
    }
    throw error;
  }
}
