import { defineRule, finding, judged, notApplicable } from '../../rule.ts';
import { settingsChanges, unseenSettings } from '../../reading/stack-settings.ts';

export const planModulesLocal = defineRule({
  id: 'plan-modules-local',
  title: 'Modules come from the repository',
  area: 'plan',
  severity: 'deny',
  why: 'A module from elsewhere can change without a pull request here.',
  fix: 'Write the resources of the module into the stack itself.',
  since: '2026-11-23',
  source: 'Bypass list B14',
  waivable: true,
  evaluate: (context) => {
    const settings = settingsChanges(context.plan);
    const unseen = unseenSettings(context.plan);
    if (unseen.length === 0 && settings.every(({ after }) => after.modules.length === 0)) {
      return notApplicable('no module is used');
    }
    return judged([
      ...settings.flatMap(({ stack, before, after }) => {
        const old = new Set(before?.modules.map((module) => `${module.name} ${module.source}`));
        return after.modules
          .filter(
            (module) => !old.has(`${module.name} ${module.source}`) && !/^\.{1,2}\//.test(module.source),
          )
          .flatMap((module) =>
            finding(
              `${stack}/module.${module.name}`,
              `module from ${module.source}`,
              'a path in the repository',
            ),
          );
      }),
      ...unseen,
    ]);
  },
});
