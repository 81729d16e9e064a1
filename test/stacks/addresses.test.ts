/**
 * Holds every address and every rule ref of the estate. A changed address is a destroy and a create; a changed ref is
 * another rule. After an intended change: `npx vitest run --config test/vitest.config.ts test/stacks -u`, and read the diff.
 */
import { describe, expect, it } from 'vitest';
import { found, stackNames, synthesizeEstate } from './synthesized-estate.ts';

const estate = synthesizeEstate();

describe('addresses', () => {
  it.each(stackNames)('of %s are those on record', async (name) => {
    const stack = found(estate.get(name), name);
    const lines = Object.entries(stack.resource).flatMap(([type, byName]) =>
      Object.entries(byName).flatMap(([id, { rules = [] }]) => [
        `${type}.${id}`,
        ...(type === 'cloudflare_ruleset' ? rules.map(({ ref, action }) => `  #${ref} ${action}`) : []),
      ]),
    );
    await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot(`../golden/stacks/${name}.txt`);
  });
});
