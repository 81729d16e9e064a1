import { compareText } from '../reading/plan-index.ts';
import { defineRule, finding, judged, notApplicable } from '../rule.ts';
import { addedItems, providerAddress, settingsChanges, unseenSettings } from '../reading/stack-settings.ts';

export const planProvidersAllowed = defineRule({
  id: 'plan-providers-allowed',
  title: 'Only allowed providers are used',
  area: 'plan',
  severity: 'deny',
  why: 'A provider is a program that Terraform runs with the credentials of the release, already while planning.',
  fix: 'Use the pinned Cloudflare provider; a new one is added to thresholds.yaml in a change of its own.',
  since: '2026-11-23',
  source: 'Threshold allowedProviders; bypass list B14 and B52',
  waivable: false,
  evaluate: (context) => {
    const allowed = new Set(context.policy.thresholds.allowedProviders.map(providerAddress));
    const ofChanges = new Set(
      context.index.changes
        // A module call has no provider of its own; what it needs stands in the settings.
        .filter((change) => change.type !== 'module')
        .map((change) => `${change.stack} ${providerAddress(change.provider)}`),
    );
    const settings = settingsChanges(context.plan);
    if (ofChanges.size === 0 && settings.length === 0) {
      return notApplicable('no stack has providers');
    }
    const used = new Set(ofChanges);
    for (const { stack, before, after } of settings) {
      const sources = (one: typeof after): readonly string[] =>
        one.providers.map((provider) => providerAddress(provider.source));
      for (const source of addedItems(before === null ? [] : sources(before), sources(after))) {
        used.add(`${stack} ${source}`);
      }
    }
    const foreign = [...used].map((one) => one.split(' ')).filter(([, source]) => !allowed.has(source ?? ''));
    return judged([
      ...foreign
        .toSorted((a, b) => compareText(a.join(' '), b.join(' ')))
        .flatMap(([stack, source]) =>
          finding(stack ?? '', `provider ${source ?? ''}`, [...allowed].join(', ')),
        ),
      ...unseenSettings(context.plan),
    ]);
  },
});
