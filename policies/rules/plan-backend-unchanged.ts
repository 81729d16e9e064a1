import { canonicalJson } from '../../scripts/plan/json.ts';
import { defineRule, finding, judged, notApplicable } from '../rule.ts';
import type { Judgement } from '../rule.ts';
import { settingsChanges, unseenSettings } from '../reading/stack-settings.ts';

export const planBackendUnchanged = defineRule({
  id: 'plan-backend-unchanged',
  title: 'The backend of a stack does not change',
  area: 'plan',
  severity: 'deny',
  why: 'With another state Terraform believes that nothing exists, or that everything of another client does.',
  fix: 'Leave the backend as it is; move a state in an administrative change of its own.',
  since: '2026-11-23',
  source: 'Bypass list B15: backend redirect',
  waivable: true,
  evaluate: (context) => {
    const settings = settingsChanges(context.plan);
    const unseen = unseenSettings(context.plan);
    if (settings.length === 0 && unseen.length === 0) {
      return notApplicable('no stack is left after the change');
    }
    const users = new Map<string, string>();
    const said: Judgement[] = settings.map(({ stack, before, after }) => {
      if (before !== null && canonicalJson(before.backend) !== canonicalJson(after.backend)) {
        return finding(
          stack,
          'the backend is another one than before',
          'the backend of the released configuration',
        );
      }
      const key = after.backend === null ? null : canonicalJson(after.backend);
      const other = key === null ? undefined : users.get(key);
      users.set(key ?? '', stack);
      return other === undefined ? [] : finding(stack, `the same backend as ${other}`, 'a state of its own');
    });
    return judged([...said.flat(), ...unseen]);
  },
});
