/** Which Terraform state a release began with and which it left, as the ledger keeps it beside the bundle. */
import { SluiceError } from '../../contract/errors.ts';
import type { Terraform } from '../../contract/ports.ts';
import { canonicalJson } from '../../json/json.ts';

export const stateBeforeFile = 'state-before.json';
export const stateAfterFile = 'state-after.json';

/** As a document. It is evidence and decides nothing: a state that does not read is named, and holds nothing up. */
export async function stateText(terraform: Terraform, folder: string): Promise<string> {
  return `${canonicalJson(await markOf(terraform, folder))}\n`;
}

async function markOf(
  terraform: Terraform,
  folder: string,
): Promise<{ serial: number | null; lineage: string | null; why: string | null }> {
  try {
    const mark = await terraform.stateMark(folder);
    return mark === null
      ? { serial: null, lineage: null, why: 'there is no state' }
      : { serial: mark.serial, lineage: mark.lineage, why: null };
  } catch (error) {
    if (!(error instanceof SluiceError)) {
      throw error;
    }
    return { serial: null, lineage: null, why: 'the state could not be read' };
  }
}
