/** The example estates are what the lint says that they should be. */
import { expect, it } from 'vitest';
import type { JsonObject } from '../../scripts/plan/types.ts';
import { lintConfiguration } from '../../scripts/waf/lint/lint.ts';
import { listKindsOf } from '../../scripts/waf/lint/model.ts';
import { configuredObjects } from '../../scripts/waf/rulesets/configured-bundle.ts';
import { synthesizeEstate } from './synthesized-estate.ts';

const estate = [...synthesizeEstate()].map(
  ([stack, { text }]) => [stack, configuredObjects(JSON.parse(text) as JsonObject)] as const,
);

it.each(estate)('%s has no error and no warning', (stack, objects) => {
  const otherLists = listKindsOf(estate.flatMap(([, all]) => all));
  const found = lintConfiguration(objects, { prefix: `${stack}/`, otherLists, plan: 'enterprise' });
  expect(found.filter(({ severity }) => severity !== 'info')).toEqual([]);
});
