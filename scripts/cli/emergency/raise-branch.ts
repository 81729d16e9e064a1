import type { SluiceContext } from '../../contract/context.ts';
import { raiseChange } from '../../change/raise-change.ts';
import { printRaised } from '../change/raise.ts';

export interface Branch {
  /** Id of the record: the branch is called after it. */
  readonly id: string;
  readonly message: string;
  readonly paths: readonly string[];
}

/** Commits what is written on a branch of its own and raises it. False: something denies, and it is only committed. */
export async function raiseBranch(context: SluiceContext, { id, message, paths }: Branch): Promise<boolean> {
  const services = await context.services();
  await services.git.commitOn(id, message, paths);
  const raised = await raiseChange(services, { draft: false, replace: false, dryRun: false });
  printRaised(context, raised);
  if (raised.stopped) {
    context.print(`It is committed on the branch ${id}. Put right what denies, commit, then: sluice raise\n`);
    context.exit('denied');
  }
  return !raised.stopped;
}
