/** A record where no plan is at hand, as in a question about all changes: what the ledger and the registers say of it. */
import { assemblePlan } from '../../scripts/plan/difference/diff.ts';
import { affectedHostsField } from '../model/record.ts';
import type { AuthoredRecord, ChangeRecord, ComputedField, LocatedRecord } from '../model/record.ts';
import { completeRecord, type Basis } from './complete.ts';

/** What only a plan says is absent unless the author or the ledger says it. */
export type KnownRecord = Omit<ChangeRecord, 'stacks' | 'category'> &
  Pick<AuthoredRecord, 'stacks' | 'category'>;

/** `computed` is what the decision beside the newest release of the change has; empty before its first one. */
export function knownRecord(
  located: LocatedRecord,
  { policy, history, now }: Pick<Basis, 'policy' | 'history' | 'now'>,
  computed: readonly ComputedField[],
): KnownRecord {
  const written = withComputed(located.record, computed);
  const plan = assemblePlan([], 'configuration');
  const basis = { now, policy, history, plan, packages: [], changedFiles: [] };
  const { stacks: _, category: __, ...rest } = completeRecord({ ...located, record: written }, basis).record;
  return {
    ...rest,
    ...(written.stacks === undefined ? {} : { stacks: written.stacks }),
    ...(written.category === undefined ? {} : { category: written.category }),
  };
}

/** The ledger was verified, and what it says was computed has the form of what is written. */
function withComputed(record: AuthoredRecord, computed: readonly ComputedField[]): AuthoredRecord {
  const fields: Record<string, unknown> = { ...record };
  for (const { field, value } of computed.filter((one) => one.field !== affectedHostsField)) {
    const [block = '', part] = field.split('.');
    const inBlock = { ...(fields[block] as object | undefined) };
    if (part === undefined) {
      fields[block] ??= value;
    } else if (!Object.hasOwn(inBlock, part)) {
      fields[block] = { ...inBlock, [part]: value };
    }
  }
  return fields as unknown as AuthoredRecord;
}
