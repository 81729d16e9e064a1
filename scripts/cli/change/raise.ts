import { printedJson } from '../../render/text/printed-json.ts';
import type { SluiceContext } from '../../contract/context.ts';
import { raiseChange, type Raised, type RaiseOrder } from '../../change/raise-change.ts';
import { renderFindingsText } from '../../render/decision/check-text.ts';
import { renderRaise, type RaiseReport } from '../../render/decision/raise-text.ts';

export interface RaiseFlags extends RaiseOrder {
  readonly format: 'text' | 'json';
}

/**
 * `sluice raise`: check, push, pull request, seats. A rule that denies stops it before anything is pushed, except for a
 * draft; what cannot be decided is said and goes on, since the gate and its people are there to decide it.
 */
export async function raiseCommand(this: SluiceContext, flags: RaiseFlags): Promise<void> {
  const services = await this.services();
  const raised = await raiseChange(services, flags);
  const outcome = raised.stopped ? 'denied' : 'ok';
  if (flags.format === 'json') {
    const { check, ...rest } = raised;
    this.print(
      printedJson({
        kind: 'sluice.raise',
        version: 1,
        outcome,
        ...rest,
        changeId: check.record?.record.id ?? null,
        verdict: check.report.verdict,
        findings: check.report.findings,
      }),
    );
  } else {
    printRaised(this, raised);
  }
  this.exit(outcome);
}

/** What was done, or the findings that stopped it. */
export function printRaised(context: SluiceContext, raised: Raised): void {
  context.print(
    raised.stopped
      ? `${renderFindingsText(raised.check.report, context.style)}\n${context.style.red('Denied')} by the rules above: nothing was pushed, opened or asked. Correct it, or show it as a draft: sluice raise --draft\n`
      : renderRaise(reportOf(raised), context.style),
  );
}

function reportOf({ check, ...raised }: Raised): RaiseReport {
  return { ...raised, verdict: check.report.verdict };
}
