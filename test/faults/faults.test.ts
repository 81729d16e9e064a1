/** A few of `npm run test:faults`, one of each kind that takes its own way. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scenarios } from './scenarios.ts';
import { prepare, type Prepared } from './world.ts';

const some = ['kill: after git update-ref, 9', 'power: started terraform apply acme-staging, 1'];

describe('a release of six stacks in three waves', () => {
  let prepared: Prepared;
  beforeAll(async () => {
    prepared = await prepare();
  });
  afterAll(() => prepared.remove());

  it.each(some)('%s', async (name) => {
    const scenario = scenarios.find((each) => each.name === name);
    expect((await scenario?.run(prepared))?.problems).toEqual([]);
  });
});
