import { defineRule, finding, judged, notApplicable } from '../rule.ts';

export const planSafeConfiguration = defineRule({
  id: 'plan-safe-configuration',
  title: 'Planning the configuration runs nothing and reads nothing of the machine',
  area: 'plan',
  severity: 'deny',
  why: 'Terraform runs providers, data sources, checks and functions while it plans, with the credentials of the release.',
  fix: 'Take the block or call out; write the value itself, or a reference to another resource.',
  since: '2026-11-23',
  source: 'Terraform documentation of provisioners, check blocks and functions; attacks B12 and B14',
  waivable: false,
  evaluate: ({ plan }) => {
    const known = plan.stacks.filter(({ settings }) => settings.after !== null);
    return known.length === 0
      ? notApplicable('no configuration is proposed')
      : judged(
          known.flatMap(({ stack, settings }) =>
            (settings.after?.dangers ?? []).flatMap((danger) =>
              finding(
                `${stack}/${danger.split(':')[0] ?? ''}`,
                danger,
                'a configuration that can be planned safely',
              ),
            ),
          ),
        );
  },
});
