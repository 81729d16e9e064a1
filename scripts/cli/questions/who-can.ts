import type { SluiceContext } from '../../contract/context.ts';
import { gatherOverview } from '../../questions/answer/overview.ts';
import { foresee } from '../../questions/answer/foreseen.ts';
import { printedJson } from '../../render/text/printed-json.ts';
import { renderWhoCan } from '../../render/questions/who-can.ts';
import { changeCalled } from './known-change.ts';

export interface WhoCanFlags {
  readonly format: 'text' | 'json';
}

/** `sluice who-can`: the seats of a change and who could fill them. Publishes nothing and asks nobody. */
export async function whoCanCommand(this: SluiceContext, flags: WhoCanFlags, id: string): Promise<void> {
  const services = await this.services();
  const overview = await gatherOverview(services, 'with-pulls');
  const change = changeCalled(id, overview, 'who-can');
  const answer = await foresee(services, change, overview);
  if (flags.format === 'text') {
    this.print(renderWhoCan(change, answer, overview, this.style));
    return;
  }
  const { from, risk, asking, excluded, reviewers, missing, instead } = answer;
  this.print(
    printedJson({
      kind: 'sluice.who-can',
      version: 1,
      change: id,
      from,
      risk: risk.effective,
      level: asking.level,
      seats: asking.seats,
      wayOut: asking.wayOut,
      excluded: Object.fromEntries(excluded),
      reviewers,
      missing,
      instead,
      unknown: overview.unknown,
    }),
  );
}
