import { defineRule, finding, judged, notApplicable } from '../../rule.ts';

export const planSafeConfiguration = defineRule({
  id: 'plan-safe-configuration',
  title: 'Planning the configuration runs nothing, reads nothing of the machine and shows no secret',
  area: 'plan',
  severity: 'deny',
  why: 'Terraform runs providers, data sources, checks and functions while it plans, with the credentials of the release, and publishes what it is told to.',
  fix: 'Take the block or call out and write the value itself or a reference to another resource; hand a secret only to arguments that are kept secret.',
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
