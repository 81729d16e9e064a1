import type { PolicySet } from '../../../policies/model/facts.ts';
import type { SluiceContext } from '../../contract/context.ts';
import { UsageError } from '../../contract/errors.ts';
import { loadLedger } from '../../facts/ledger.ts';
import { plannedRollback } from '../../release/run/roll-back.ts';
import { shellWord } from '../../render/text/shell-word.ts';
import { releaseCalled } from '../questions/known-release.ts';
import { showPlan } from '../release/rollback.ts';
import { placesOf, type LiveIncident } from './incident.ts';

interface RollBackOrder {
  /** `R0006`. */
  readonly release: string;
  readonly incident: LiveIncident;
  readonly policy: PolicySet;
}

/**
 * Rolling back takes no record and no pull request: what an earlier release had was agreed to. What it would undo is shown,
 * with the one command that does it. Throws UsageError for a release that is not there or of another service, DeniedError
 * where it would undo something else.
 */
export async function showRollBack(
  context: SluiceContext,
  { release, incident, policy }: RollBackOrder,
): Promise<void> {
  const { ledger } = await loadLedger(await context.services());
  const { stack, id } = releaseCalled(release, ledger.folders).intent;
  const stacks = new Set(
    placesOf(incident, policy.registers, { host: null }).map((place) => place.stack.name),
  );
  if (!stacks.has(stack)) {
    throw new UsageError({
      what: `${id} is a release of ${stack}, which ${incident.id} is not about.`,
      why: `Its services are in ${[...stacks].join(', ') || 'no stack of production'}.`,
      fix: 'Name a release of that, or correct the service in the incident.',
      next: `sluice ledger show --stack ${shellWord([...stacks][0] ?? stack)}`,
    });
  }
  showPlan(context, stack, {
    ledger,
    plan: plannedRollback(ledger, { stack, request: { kind: 'only', id } }),
  });
  const reason = `${incident.id}: ${incident.title}`;
  context.print(
    [
      '',
      'It takes no pull request: what an earlier release had was agreed to. Nothing was changed yet.',
      `Next: sluice rollback ${shellWord(stack)} --only ${id} --reason ${shellWord(reason)}`,
      '',
    ].join('\n'),
  );
}
