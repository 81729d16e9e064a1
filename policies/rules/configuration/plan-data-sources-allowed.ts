import { defineRule, finding, judged, notApplicable } from '../../rule.ts';
import { settingsChanges, unseenSettings } from '../../reading/stack-settings.ts';

export const planDataSourcesAllowed = defineRule({
  id: 'plan-data-sources-allowed',
  title: 'Only allowed data sources are read',
  area: 'plan',
  severity: 'deny',
  why: 'Data sources such as external and http run programs or fetch addresses while planning, and make plans that cannot be repeated.',
  fix: 'Write the value into the configuration, or read it with an allowed data source.',
  since: '2026-11-23',
  source: 'Threshold allowedDataSources; bypass list B14',
  waivable: true,
  evaluate: (context) => {
    const settings = settingsChanges(context.plan);
    const unseen = unseenSettings(context.plan);
    if (unseen.length === 0 && settings.every(({ after }) => after.dataSources.length === 0)) {
      return notApplicable('no data source is read');
    }
    const allowed = context.policy.thresholds.allowedDataSources;
    return judged([
      ...settings.flatMap(({ stack, before, after }) => {
        const old = new Set(before?.dataSources.map((source) => source.address));
        return after.dataSources
          .filter((source) => !allowed.includes(source.type) && !old.has(source.address))
          .flatMap((source) =>
            finding(`${stack}/${source.address}`, `data source ${source.type}`, allowed.join(', ')),
          );
      }),
      ...unseen,
    ]);
  },
});
