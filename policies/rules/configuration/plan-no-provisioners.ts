import { defineRule, finding, judged, notApplicable } from '../../rule.ts';
import { addedItems, settingsChanges, unseenSettings } from '../../reading/stack-settings.ts';

export const planNoProvisioners = defineRule({
  id: 'plan-no-provisioners',
  title: 'No provisioners',
  area: 'plan',
  severity: 'deny',
  why: 'A provisioner runs commands on the release machine, next to the write token, and shows in no plan.',
  fix: 'Remove the provisioner and connection blocks; do such work outside Terraform.',
  since: '2026-11-23',
  source: 'Bypass list B14',
  waivable: false,
  evaluate: (context) => {
    const settings = settingsChanges(context.plan);
    const unseen = unseenSettings(context.plan);
    if (settings.length === 0 && unseen.length === 0) {
      return notApplicable('no stack is left after the change');
    }
    return judged([
      ...settings.flatMap(({ stack, before, after }) =>
        addedItems(before?.provisioners, after.provisioners).flatMap((address) =>
          finding(`${stack}/${address}`, 'a provisioner or connection block', 'none'),
        ),
      ),
      ...unseen,
    ]);
  },
});
