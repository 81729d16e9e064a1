/** Whose account a resource is in: names of lists hold within one. */
import type { ResourceChange } from '../../../scripts/plan/types.ts';
import { objectAt } from '../../../scripts/waf/rulesets/attributes.ts';
import type { RuleContext } from '../../model/finding.ts';
import { registerOfStack } from '../estate-context.ts';
import { isReference } from '../values.ts';

/** The id as it is written, or that of the zone, or that of the register; null when none of them tells. */
function accountOf(
  change: ResourceChange,
  { estate, policy }: Pick<RuleContext, 'estate' | 'policy'>,
): string | null {
  const own = textOf((change.after ?? change.before)?.['account_id']);
  if (own !== null) {
    return own;
  }
  const zone = estate.all('cloudflare_zone').find((one) => change.zone !== null && one.zone === change.zone);
  const values = zone?.after ?? zone?.before ?? null;
  return (
    (values === null ? null : textOf(objectAt(values, 'account')['id'])) ??
    registerOfStack(policy, change.stack)?.accountId ??
    null
  );
}

/** False only where two accounts are known and are not the same. */
export function mayShareAccount(
  a: ResourceChange,
  b: ResourceChange,
  context: Pick<RuleContext, 'estate' | 'policy'>,
): boolean {
  const [first, second] = [accountOf(a, context), accountOf(b, context)];
  return first === null || second === null || first === second;
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' && !isReference(value) ? value : null;
}
