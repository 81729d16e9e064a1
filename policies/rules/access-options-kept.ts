import type { ResourceChange } from '../../scripts/plan/types.ts';
import { optionAfter, options } from '../reading/access/options.ts';
import { applicationType, policyType } from '../reading/access/policies.ts';
import { showAt, subjectOf } from '../reading/estate-context.ts';
import { changesOf } from '../reading/plan-index.ts';
import { readValue } from '../reading/values.ts';
import type { Value } from '../reading/values.ts';
import { defineRule, doubt, fine, finding, judgeEach } from '../rule.ts';
import type { Judgement } from '../rule.ts';

export const accessOptionsKept = defineRule({
  id: 'access-options-kept',
  title: 'Access asks for no less than before',
  area: 'estate',
  severity: 'deny',
  why: 'Longer sessions, skipped checks and open cross-origin requests let in whoever holds an old cookie or comes by another page.',
  fix: 'Leave the option as it is, or loosen it for an application of a single path, under a waiver of the security seat.',
  since: '2026-11-30',
  source: 'Cloudflare documentation of Access applications; provider 5.14.0',
  waivable: true,
  kinds: options.map(({ id }) => id),
  evaluate: (context) =>
    judgeEach(
      changesOf(context.index, applicationType, policyType).filter(
        (change) => change.before !== null && change.after !== null,
      ),
      'no Access application or policy changes',
      judge,
    ),
});

function judge(change: ResourceChange): Judgement {
  return options.flatMap((option) => {
    const subject = subjectOf(change, option.path.join('.'));
    const before = readValue(change, 'before', option.path);
    const after = optionAfter(change, option);
    if (after.kind === 'unknown') {
      return doubt(subject, `${option.id} is known only after apply`, option.id);
    }
    return option.isLooser(valueOf(before), valueOf(after))
      ? finding(
          subject,
          `${option.path.join('.')}: ${showAt(change, 'before', option.path)} -> ${showAt(change, 'after', option.path)}`,
          'no looser than before',
          { kind: option.id },
        )
      : fine;
  });
}

function valueOf(value: Value) {
  return value.kind === 'known' ? value.value : null;
}
