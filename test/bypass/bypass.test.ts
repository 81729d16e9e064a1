import { afterAll, describe, expect, it } from 'vitest';
import { removePrepared } from './open.ts';
import { runScenario } from './run-scenario.ts';
import { notApplicable, scenarios } from './scenarios.ts';

afterAll(removePrepared);

describe('the list of attacks', () => {
  it('names no number twice', () => {
    const ids = [...scenarios, ...notApplicable].map(({ id }) => id);
    expect(ids).toEqual([...new Set(ids)].toSorted());
  });
});

describe('an attack that is refused, for its reason, where the honest variant is allowed', () => {
  it.each(scenarios.map((scenario) => [scenario.id, scenario.attack, scenario] as const))(
    '%s %s',
    async (_id, _attack, scenario) => {
      expect((await runScenario(scenario)).problems).toEqual([]);
    },
  );
});
