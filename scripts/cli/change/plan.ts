import { affectedHosts } from '../../../policies/reading/places/affected-hosts.ts';
import { indexPlan } from '../../../policies/reading/plan-index.ts';
import type { SluiceContext } from '../../contract/context.ts';
import { gatherPlan, type PlanRequest } from '../../facts/plan.ts';
import { chooseMode } from './modes.ts';
import { renderPlanJson } from '../../render/plan/json.ts';
import { renderPlanMarkdown } from '../../render/plan/markdown.ts';
import { renderPlanText } from '../../render/plan/text.ts';

export interface PlanFlags extends Omit<PlanRequest, 'stacks'> {
  readonly format: 'text' | 'json' | 'markdown';
}

/** `sluice plan`: what a change does. Ends with `ok` whether or not anything changes. */
export async function planCommand(this: SluiceContext, flags: PlanFlags, ...stacks: string[]): Promise<void> {
  chooseMode('plan', flags);
  const { plan } = await gatherPlan(await this.services(), { ...flags, stacks });
  const hosts = affectedHosts(indexPlan(plan));
  switch (flags.format) {
    case 'text':
      this.print(renderPlanText(plan, { style: this.style, hosts }));
      break;
    case 'json':
      this.print(renderPlanJson(plan, { hosts }));
      break;
    case 'markdown':
      this.print(renderPlanMarkdown(plan, { hosts }));
      break;
  }
}
