import { compareText } from '../../../scripts/json/json.ts';
import { defineRule, finding, judged, notApplicable } from '../../rule.ts';
import {
  addedItems,
  providerAddress,
  settingsChanges,
  unseenSettings,
} from '../../reading/stack-settings.ts';

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
    const ofChanges = context.index.changes
      // A module call has no provider of its own; what it needs stands in the settings.
      .filter((change) => change.type !== 'module')
      .map(({ stack, provider }) => ({ stack, source: providerAddress(provider) }));
    const settings = settingsChanges(context.plan);
    if (ofChanges.length === 0 && settings.length === 0) {
      return notApplicable('no stack has providers');
    }
    const ofSettings = settings.flatMap(({ stack, before, after }) =>
      addedItems(before?.providers.map(addressOf), after.providers.map(addressOf)).map((source) => ({
        stack,
        source,
      })),
    );
    const foreign = new Map(
      [...ofChanges, ...ofSettings]
        .filter(({ source }) => !allowed.has(source))
        .map((one) => [`${one.stack} ${one.source}`, one] as const),
    );
    return judged([
      ...[...foreign]
        .toSorted(([a], [b]) => compareText(a, b))
        .flatMap(([, { stack, source }]) => finding(stack, `provider ${source}`, [...allowed].join(', '))),
      ...unseenSettings(context.plan),
    ]);
  },
});

function addressOf({ source }: { readonly source: string }): string {
  return providerAddress(source);
}
