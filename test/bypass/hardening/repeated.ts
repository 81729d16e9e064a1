/** H2051: what `count` and `for_each` come to decides whether a resource is there. */
import type { JsonObject } from '../../../scripts/plan/types.ts';
import { approved, everybody, everyday, newId, propose, releasedChange } from '../acts.ts';
import { withBlock, withRecord, type Estate } from '../estate.ts';
import type { Attempt, Outcome, Scenario } from '../scenario.ts';
import type { World } from '../world.ts';

/** The record of mail with another number, or other keys. */
function mailAs(parts: JsonObject | null): (estate: Estate) => Estate {
  return (estate) =>
    withBlock(withRecord(estate, 'mail', parts), 'locals', (locals) => ({ ...locals, none: 0, nothing: {} }));
}

/** Agreed to by those whom an update of the record needs. */
async function asUpdate(world: World, parts: JsonObject | null): Promise<Outcome> {
  return approved(world, await propose(world, { id: newId(), edit: mailAs(parts) }), ['m-lind', 'j-novak']);
}

const gone: readonly (JsonObject | null)[] = [null, { count: '${0}' }, { for_each: '${local.nothing}' }];
const untold: readonly JsonObject[] = [{ count: '${length([])}' }, { for_each: '${toset([])}' }];

/** One record of the website for each key, at an address of its own. */
const keyed = (...keys: readonly string[]): JsonObject => ({
  content: '${each.value}',
  for_each: Object.fromEntries(keys.map((key) => [key, `203.0.113.${key.slice(1)}`])),
});

export const repeated: readonly Scenario[] = [
  {
    id: 'H2051',
    attack: 'a deletion that everybody approves as an update of count or for_each',
    run: async (world) => {
      const attempts: Attempt[] = [];
      for (const parts of gone) {
        attempts.push({
          trick: JSON.stringify(parts),
          outcome: await asUpdate(world, parts),
          exit: 'denied',
          checks: ['approvals'],
          says: 'missing: ',
        });
      }
      for (const parts of untold) {
        const pull = await propose(world, { id: newId(), edit: mailAs(parts) });
        attempts.push({
          trick: JSON.stringify(parts),
          outcome: await approved(world, pull, everybody),
          exit: 'undetermined',
          checks: ['rules/plan-unknown-guarded'],
          says: 'which instances are left, if any, is not told',
        });
      }
      world.git('checkout', '--quiet', 'main');
      const honest: Outcome[] = [];
      for (const parts of [
        { count: '${1}' },
        { count: 2, content: '203.0.113.${count.index + 3}' },
        { count: 0 },
      ]) {
        honest.push(await releasedChange(world, { id: newId(), edit: mailAs(parts) }));
      }
      const www =
        (...keys: readonly string[]) =>
        (estate: Estate): Estate =>
          withRecord(mailAs({ count: 0 })(everyday.edit(estate)), 'www', keyed(...keys));
      for (const keys of [['a60'], ['a60', 'a61'], ['a61']]) {
        honest.push(await releasedChange(world, { id: newId(), edit: www(...keys) }));
      }
      return { honest, attempts };
    },
  },
];
