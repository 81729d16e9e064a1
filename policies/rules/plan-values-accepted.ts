import { refusedIn } from '../../scripts/plan/accepted.ts';
import { cloudflareSource, factsOf } from '../../scripts/plan/facts.ts';
import { formatPath } from '../../scripts/plan/path.ts';
import type { ResourceChange, StackSettings } from '../../scripts/plan/types.ts';
import { subjectOf } from '../reading/estate-context.ts';
import { defineRule, finding, judgeEach } from '../rule.ts';
import type { Judgement } from '../rule.ts';

export const planValuesAccepted = defineRule({
  id: 'plan-values-accepted',
  title: 'The provider takes every value that is written',
  area: 'plan',
  severity: 'deny',
  why: 'The provider refuses the configuration before it plans anything: what was approved could never be released.',
  fix: 'Write a value that the provider takes; its documentation has the list.',
  since: '2026-11-30',
  source: 'Validators in the sources of cloudflare/cloudflare 5.14.0',
  waivable: false,
  evaluate: ({ plan }) =>
    judgeEach(
      // In a plan of Terraform the provider was asked, and computed values stand beside those that were written.
      (plan.source === 'configuration' ? plan.stacks : [])
        .filter(({ settings }) => !isOlder(settings.after))
        .flatMap(({ changes }) => changes)
        .filter(({ mode, after }) => mode === 'managed' && after !== null),
      'no resource is created or changed in a configuration',
      judge,
    ),
});

/** The validators are those of version 5; what is held to an older one has other values, which that one judges. */
function isOlder(settings: StackSettings | null): boolean {
  const version = settings?.providers.find(({ source }) => source === cloudflareSource)?.version ?? '';
  return /^(?:=|~>)?\s*[0-4]\.\d/u.test(version.trim());
}

function judge(change: ResourceChange): Judgement {
  const { type, provider, after } = change;
  return (factsOf(type, provider) === null ? [] : refusedIn(type, after ?? {})).flatMap(
    ({ path, required }) =>
      finding(
        subjectOf(change, formatPath(path)),
        'a value that the provider refuses',
        `it has to ${required}`,
      ),
  );
}
