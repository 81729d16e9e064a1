/** The reference estate and its registers agree on whose everything is: no stack reaches what its register does not list. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { isProduction } from '../../policies/reading/estate-context.ts';
import { indexPlan } from '../../policies/reading/plan-index.ts';
import { reachOf } from '../../policies/reading/places/reach.ts';
import { readRegister } from '../../scripts/read/register/register.ts';
import { canonicalBundle } from '../../scripts/plan/bundle.ts';
import { assemblePlan, diffBundles } from '../../scripts/plan/difference/diff.ts';
import type { JsonObject } from '../../scripts/plan/types.ts';
import { synthesizeEstate } from './synthesized-estate.ts';

const registers = ['acme', 'borough', 'platform'].flatMap((client) => {
  const path = `stacks/clients/${client}/service.yaml`;
  const read = readRegister(readFileSync(path, 'utf8'), path);
  return read.ok ? [read.value] : [];
});

it.each([...synthesizeEstate()])('%s', (stack, { text }) => {
  const after = canonicalBundle(stack, JSON.parse(text) as JsonObject);
  const plan = assemblePlan([diffBundles({ stack, before: null, after })], 'configuration');
  const { beyond } = reachOf(indexPlan(plan), { registers });
  const foreign = [...beyond].flatMap(([{ address }, { stacks, nobodys, unknown }]) =>
    [...[...stacks.keys()].filter((other) => isProduction({ registers }, other)), ...nobodys, ...unknown].map(
      (what) => `${address}: ${what}`,
    ),
  );
  expect(foreign).toEqual([]);
});
