import { chooseMode } from './modes.ts';
import { verdictExit } from './verdict-exit.ts';
import type { SluiceContext } from '../../contract/context.ts';
import type { PlanRequest } from '../../facts/plan.ts';
import { checkChange } from '../../change/check-change.ts';
import { renderCheckJson } from '../../render/decision/check-json.ts';
import { renderCheckText } from '../../render/decision/check-text.ts';
import { renderSarif } from '../../render/findings/sarif.ts';

export interface CheckFlags extends Omit<PlanRequest, 'stacks'> {
  readonly record?: string;
  readonly format: 'text' | 'json' | 'sarif';
}

/** `sluice check`: the gate's view before anybody is asked. People, windows and rehearsal are the gate's business. */
export async function checkCommand(
  this: SluiceContext,
  flags: CheckFlags,
  ...stacks: string[]
): Promise<void> {
  chooseMode('check', flags);
  const services = await this.services();
  const { result, rules, expressions } = await checkChange(services, { ...flags, stacks });
  const outcome = verdictExit(result.report.verdict);
  switch (flags.format) {
    case 'text':
      this.print(renderCheckText(result, this.style, expressions));
      break;
    case 'json':
      this.print(renderCheckJson(result, outcome));
      break;
    case 'sarif':
      this.print(renderSarif(result.report, rules, result.notTaken));
      break;
  }
  this.exit(outcome);
}
