import type { AttributeChange, ResourceChange } from '../../../scripts/plan/types.ts';
import { formatPath } from '../../../scripts/plan/path.ts';
import { subjectOf } from '../../reading/estate-context.ts';
import { defineRule, finding, judgeEach } from '../../rule.ts';
import { isReference } from '../../reading/values.ts';

export const planNoPlainSecrets = defineRule({
  id: 'plan-no-plain-secrets',
  title: 'No secret stands in the configuration in plain text',
  area: 'plan',
  severity: 'deny',
  why: 'What is in the configuration is in git, in the ledger and in every clone, for ever.',
  fix: 'Pass the value in through a sensitive variable; treat the one written here as leaked and replace it.',
  since: '2026-11-23',
  source: 'Promise 6 of the design: no secret reaches a plan, a comment or the ledger',
  waivable: true,
  evaluate: (context) => {
    const isConfiguration = context.plan.source === 'configuration';
    const suspects = context.index.changes.flatMap((change) =>
      change.attributes
        .filter((attribute) => attribute.sensitive && isLiteral(attribute))
        // In a live plan a value that Terraform itself marks may well come from a variable; one it does not mark is in the code.
        .filter((attribute) => isConfiguration || !isMarked(change, attribute))
        .map((attribute) => ({ change, attribute })),
    );
    return judgeEach(suspects, 'no sensitive value is set', ({ change, attribute }) =>
      finding(
        subjectOf(change, formatPath(attribute.path)),
        'a literal secret (not shown)',
        'a reference to a sensitive variable',
      ),
    );
  },
});

function isLiteral(attribute: AttributeChange): boolean {
  const { after, unknown } = attribute;
  return !unknown && after !== undefined && after !== null && after !== '' && !isReference(after);
}

function isMarked(change: ResourceChange, attribute: AttributeChange): boolean {
  const path = formatPath(attribute.path);
  return change.sensitive.some((one) => path === formatPath(one) || path.startsWith(`${formatPath(one)}.`));
}
