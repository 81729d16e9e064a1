/** The facts of a change that was checked in the working tree and that no pull request is asked about. */
import { digestTuple, nothingAnswered } from '../facts/facts.ts';
import type { Facts } from '../../policies/model/facts.ts';
import type { CompleteRecord } from '../../policies/model/record.ts';
import { asWritten } from '../../policies/record/complete.ts';
import type { CheckedChange } from './check-change.ts';

/** `policy` and `baseRecords` are those of the base branch: they decide, whatever the change does to them. */
export function checkedFacts(
  { input, result }: CheckedChange,
  record: CompleteRecord,
  known: Pick<Facts, 'baseRecords' | 'policy' | 'proposal' | 'pull'> & { readonly headSha: string },
): Facts {
  const { headSha, ...given } = known;
  return {
    ...nothingAnswered,
    now: input.now,
    plan: result.plan,
    unchanged: input.unchanged,
    records: [asWritten(record)],
    history: input.history,
    baselines: input.baselines,
    incidents: input.incidents,
    planned: input.planned,
    traffic: input.traffic,
    tuple: digestTuple(headSha, result.plan, record, known.policy),
    packages: input.packages,
    ...given,
  };
}
