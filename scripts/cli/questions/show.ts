import type { SluiceContext } from '../../contract/context.ts';
import { loadLedger } from '../../facts/ledger.ts';
import { foresee, type Foreseen } from '../../questions/answer/foreseen.ts';
import { gatherOverview } from '../../questions/answer/overview.ts';
import { maskPlan } from '../../render/text/mask.ts';
import { printedJson } from '../../render/text/printed-json.ts';
import { renderChange, renderRelease } from '../../render/questions/change.ts';
import { changeJson } from './change-json.ts';
import { changeCalled } from './known-change.ts';
import { releaseCalled } from './known-release.ts';

export interface ShowFlags {
  readonly format: 'text' | 'json';
}

/** `sluice show`: one change, or one release of the ledger. Reads only. */
export async function showCommand(this: SluiceContext, flags: ShowFlags, id: string): Promise<void> {
  const services = await this.services();
  if (/^R\d+$/u.test(id)) {
    const { ledger } = await loadLedger(services);
    const folder = releaseCalled(id, ledger.folders);
    this.print(
      flags.format === 'json'
        ? printedJson({
            kind: 'sluice.shown-release',
            version: 1,
            intent: folder.intent,
            release: folder.entry,
          })
        : `${renderRelease(folder, ledger, this.style).join('\n')}\n`,
    );
    return;
  }
  const overview = await gatherOverview(services, 'with-pulls');
  const found = changeCalled(id, overview, 'show');
  const isOpen = found.releases.length === 0 && found.record.outcome === undefined;
  const foreseen = isOpen ? await foresee(services, found, overview) : null;
  const change = { ...found, record: foreseen?.record ?? found.record };
  this.print(
    flags.format === 'json'
      ? printedJson({
          kind: 'sluice.shown-change',
          version: 1,
          ...changeJson(change),
          record: change.record,
          ledger: change.releases.map(({ intent, entry }) => ({ intent, release: entry })),
          foreseen: foreseen === null ? null : foreseenJson(foreseen),
          unknown: overview.unknown,
        })
      : renderChange(change, { overview, foreseen }, this.style),
  );
}

function foreseenJson({ from, hosts, risk, asking, excluded, reviewers, missing, instead, plan }: Foreseen) {
  return {
    from,
    hosts,
    risk,
    asking,
    reviewers,
    missing,
    instead,
    plan: plan === null ? null : maskPlan(plan),
    excluded: Object.fromEntries(excluded),
  };
}
