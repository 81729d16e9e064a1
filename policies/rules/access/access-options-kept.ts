import type { ResourceChange } from '../../../scripts/plan/types.ts';
import { isInForce, optionOn, options } from '../../reading/access/options.ts';
import type { Option } from '../../reading/access/options.ts';
import { applicationType, policyType } from '../../reading/access/policies.ts';
import { show, subjectOf } from '../../reading/estate-context.ts';
import { changesOf } from '../../reading/plan-index.ts';
import type { Value } from '../../reading/values.ts';
import { defineRule, doubt, fine, finding, judgeEach } from '../../rule.ts';
import type { Judgement } from '../../rule.ts';

export const accessOptionsKept = defineRule({
  id: 'access-options-kept',
  title: 'Access asks for no less than before',
  area: 'estate',
  severity: 'deny',
  why: 'Longer sessions, skipped checks and open cross-origin requests let in whoever holds an old cookie or comes by another page.',
  fix: 'Leave the option as it is, or loosen it for an application of a single path, under a waiver of the security seat.',
  since: '2026-11-30',
  source: 'Cloudflare documentation of Access applications; provider 5.14.0',
  protects: 'security',
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
  return options
    .filter((option) => isInForce(change, option))
    .flatMap((option) => {
      const subject = subjectOf(change, option.path.join('.'));
      const [before, after] = [optionOn(change, 'before', option), optionOn(change, 'after', option)];
      if (after.kind === 'unknown') {
        return doubt(subject, `${option.id} is known only after apply`, option.id);
      }
      return option.isLooser(valueOf(before), valueOf(after))
        ? finding(subject, `${nameOf(option)}: ${text(before)} -> ${text(after)}`, 'no looser than before', {
            kind: option.id,
          })
        : fine;
    });
}

/** Of a part of a value the part is named. */
function nameOf({ id, path, part }: Option): string {
  return part === undefined ? path.join('.') : id;
}

function text(value: Value): string {
  return value.kind === 'known' ? show(value.value) : value.kind === 'absent' ? '(not set)' : '(unknown)';
}

function valueOf(value: Value) {
  return value.kind === 'known' ? value.value : null;
}
