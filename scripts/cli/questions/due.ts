import type { SluiceContext } from '../../contract/context.ts';
import { gatherOverview } from '../../questions/answer/overview.ts';
import { dueOf, type DueChange } from '../../questions/due.ts';
import { printedJson } from '../../render/text/printed-json.ts';
import { renderDue } from '../../render/questions/due.ts';
import { instantText } from '../../../policies/gate/instant.ts';

export interface DueFlags {
  readonly format: 'text' | 'json';
}

/** `sluice due`: what is merged and not released yet. Reads only. */
export async function dueCommand(this: SluiceContext, flags: DueFlags): Promise<void> {
  const services = await this.services();
  const overview = await gatherOverview(services, 'without-pulls');
  const due = dueOf(overview);
  if (flags.format === 'text') {
    this.print(renderDue(due, overview.unknown, this.style));
    return;
  }
  const changes: object[] = [];
  for (const one of due) {
    const { ref, file } = one.change;
    const commits = await services.git.firstParents(ref ?? 'HEAD', [file]);
    changes.push({ ...dueJson(one), commit: commits.at(-1) ?? null });
  }
  this.print(
    printedJson({ kind: 'sluice.due', version: 1, at: overview.now, changes, unknown: overview.unknown }),
  );
}

/** `commit`, beside it: the one of the default branch that brought the record, whose pull request is released. */
function dueJson({ change: { record }, when, slot, next }: DueChange): object {
  return {
    id: record.id,
    title: record.title,
    client: record.client,
    when,
    start: slot === null ? null : instantText(slot.start),
    end: slot === null ? null : instantText(slot.end),
    nextSlot: next,
  };
}
