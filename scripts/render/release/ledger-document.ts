/** A document beside a release. The ledger verified, so it is of the form that its name says. */
import { limits } from '../../json/limits.ts';
import { parseJson } from '../../json/parse.ts';
import type { Plan } from '../../plan/types.ts';
import type { Ledger, LedgerFolder } from '../../release/types.ts';
import type { Decision } from '../../../policies/model/decision.ts';

interface Documents {
  readonly 'decision.json': Decision;
  readonly 'plan.json': Plan;
}

/** Null where the release has none: a baseline, or a rollback. */
export function ledgerDocument<Name extends keyof Documents>(
  { files }: Ledger,
  { folder }: LedgerFolder,
  name: Name,
): Documents[Name] | null {
  const text = files.get(`${folder}/${name}`);
  return text === undefined ? null : (parseJson(text, limits.document) as Documents[Name]);
}
