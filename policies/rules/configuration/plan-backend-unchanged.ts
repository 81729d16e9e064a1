import { objectionsToBackend, statePlaceOf } from '../../../scripts/plan/terraform/backend.ts';
import { canonicalJson } from '../../../scripts/json/json.ts';
import { defineRule, finding, judged, notApplicable } from '../../rule.ts';
import type { Judgement } from '../../rule.ts';
import { settingsChanges, unseenSettings } from '../../reading/stack-settings.ts';

export const planBackendUnchanged = defineRule({
  id: 'plan-backend-unchanged',
  title: 'The backend of a stack does not change, and a new stack keeps its state where states are kept',
  area: 'plan',
  severity: 'deny',
  why: 'With another state Terraform believes that nothing exists, or that everything of another client does; and a state holds secrets.',
  fix: 'Leave the backend as it is; move a state in an administrative change of its own; a new server is added to thresholds.yaml in one.',
  since: '2026-11-23',
  source: 'Threshold allowedStateHosts; bypass list B15: backend redirect',
  waivable: true,
  evaluate: (context) => {
    const settings = settingsChanges(context.plan);
    const unseen = unseenSettings(context.plan);
    if (settings.length === 0 && unseen.length === 0) {
      return notApplicable('no stack is left after the change');
    }
    const users = new Map<string, string>();
    const judgements: Judgement[] = settings.map(({ stack, before, after }) => {
      if (before !== null && canonicalJson(before.backend) !== canonicalJson(after.backend)) {
        return finding(
          stack,
          'the backend is another one than before',
          'the backend of the released configuration',
        );
      }
      const objections =
        before === null
          ? objectionsToBackend(after.backend, context.policy.thresholds.allowedStateHosts)
          : [];
      const state = statePlaceOf(after.backend);
      const other = state === null ? undefined : users.get(state);
      users.set(state ?? '', stack);
      return [
        ...objections.flatMap((objection) =>
          finding(stack, objection, 'a state where the states of the other stacks are'),
        ),
        ...(other === undefined ? [] : finding(stack, `the same state as ${other}`, 'a state of its own')),
      ];
    });
    return judged([...judgements.flat(), ...unseen]);
  },
});
