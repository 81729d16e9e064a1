/** What the decision beside a release says was computed for its record. */
import type { Decision } from '../../policies/model/decision.ts';
import type { ComputedField } from '../../policies/model/record.ts';
import { limits } from '../json/limits.ts';
import { parseJson } from '../json/parse.ts';
import type { Ledger, LedgerFolder } from './types.ts';

/** Of the newest of the releases of a change, oldest first, that has a decision; empty where none has. */
export function computedBefore(
  { files }: Pick<Ledger, 'files'>,
  releases: readonly Pick<LedgerFolder, 'folder'>[],
): readonly ComputedField[] {
  const text = releases.map(({ folder }) => files.get(`${folder}/decision.json`)).findLast(Boolean);
  return text === undefined ? [] : ((parseJson(text, limits.document) as Decision).computed ?? []);
}
