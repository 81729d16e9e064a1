/** Rules of an estate's own: what judges a change is what stood on the default branch, and it does answer. */
import { agreed, landOnMain, newId, redirected } from '../acts.ts';
import type { Scenario } from '../scenario.ts';

const path = 'policies/rules/own-address.ts';

function ruleText(body: string, id = 'own-address'): string {
  return `import { defineRule, fine, finding, judgeEach } from 'sluice/policies';
export const rule = defineRule({
  id: '${id}', title: 'Addresses of the old network', area: 'plan', severity: 'deny', why: 'It is switched off.',
  fix: 'Use another one.', since: '2026-11-30', source: 'The team', waivable: false,
  evaluate: ({ index }) =>
    judgeEach(index.changes, 'nothing changes', ({ stack, address, after }) => { ${body} }),
});
`;
}

const objects = `return after?.content === '203.0.113.66' ? finding(stack + '/' + address, 'the old network', 'another') : fine;`;
const blind = ruleText('return fine;');
const fires = 'rules/own-address';
const broken = 'rules/rule-error/own-address';
const together = 'rules/policy-change-alone';

export const ownRules: readonly Scenario[] = [
  {
    id: 'H79',
    attack: "a change that brings its own version of the team's own rule",
    run: async (world) => {
      await landOnMain(world, { [path]: ruleText(objects) });
      const says =
        'own-address on acme-production/cloudflare_dns_record.www: the old network; required: another';
      const bad = (files: Readonly<Record<string, string>>) =>
        agreed(world, { ...redirected, id: newId(), files });
      return {
        honest: [await agreed(world, { id: newId() })],
        attempts: [
          { trick: 'none: the rule holds', outcome: await bad({}), exit: 'denied', checks: [fires], says },
          {
            trick: 'the rule made blind',
            outcome: await bad({ [path]: blind }),
            exit: 'denied',
            checks: ['pull', fires, together],
            says,
          },
          {
            trick: 'another rule beside it',
            outcome: await bad({ 'policies/rules/own-other.ts': blind }),
            exit: 'denied',
            checks: ['pull', fires, together],
            says,
          },
        ],
      };
    },
  },
  {
    id: 'H80',
    attack: "a rule of the team's own that does not answer",
    run: async (world) => {
      const honest = await agreed(world, { id: newId() });
      const tried = async (trick: string, text: string, says: string) => {
        await landOnMain(world, { [path]: text });
        const outcome = await agreed(world, { id: newId() });
        return { trick, outcome, exit: 'denied', checks: [broken], says } as const;
      };
      return {
        honest: [honest],
        attempts: [
          await tried('it throws', ruleText(`throw new Error('too late');`), 'too late'),
          await tried('it does not compile', 'export const rule = {', 'it cannot be compiled'),
          await tried('it reads a file', `import 'node:fs';\n${blind}`, "not 'node:fs'"),
          await tried(
            'it looks at the clock',
            ruleText('return Date.now() > 0 ? fine : fine;'),
            'it uses Date.now()',
          ),
          await tried(
            'it calls itself as a rule of the product',
            ruleText('return fine;', 'plan-zone-deletion'),
            'its answer is not one',
          ),
        ],
      };
    },
  },
];
