/** The levels that Sluice gives to typical changes are those that people give, and policies/README.md says so. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { matchCatalogue } from '../../../policies/catalogue.ts';
import type { RuleInput } from '../../../policies/model/facts.ts';
import { completeRecord } from '../../../policies/record/complete.ts';
import { effectKinds } from '../../../scripts/plan/difference/effect-kind.ts';
import { readRecord } from '../../../scripts/read/record/record.ts';
import { policyFiles, readPolicySet } from '../../../scripts/read/register/policy-set.ts';
import { aPastRelease, aRuleInput, classifyRisk } from '../../builders/facts.ts';
import { aBoroughRegister, aPolicySet, aRegister } from '../../builders/policy.ts';
import { typicalChanges, type TypicalChange } from './typical-changes.ts';

const root = new URL('../../../', import.meta.url);
const shipped = readPolicySet(
  new Map(policyFiles.map((name) => [name, readFileSync(new URL(`policies/${name}`, root), 'utf8')])),
);
if (!shipped.ok) {
  throw new Error('the shipped policy files are not valid');
}
const policy = {
  ...aPolicySet(),
  ...shipped.value,
  registers: [
    aRegister({ standardChanges: shipped.value.catalogue.entries.map(({ id }) => id) }),
    aBoroughRegister(),
  ],
};

/** As its author would write it: in a window, with the notice that is due, and nothing that can be computed. */
function recordOf({ change, level }: TypicalChange): NonNullable<RuleInput['record']> {
  const read = readRecord(
    `apiVersion: sluice/v1
kind: Change
id: CHG-2026-0042
title: ${JSON.stringify(change)}
client: acme
service: storefront
type: ${level === 'standard' ? 'standard' : 'normal'}
reason: It is asked for, and it is one of those that come every week.
requester: r.okafor
owner: s.haddad
implementer: m.lind
schedule: { plannedStart: "2026-12-07T20:00:00Z" }
`,
    'changes/acme/CHG-2026-0042.yaml',
  );
  if (!read.ok) {
    throw new Error(read.diagnostics.map(({ message }) => message).join('\n'));
  }
  return read.value;
}

function inputOf(change: TypicalChange): RuleInput {
  const plan = change.plan.withZoneTotals('shop.example', 60).build();
  const kinds = plan.stacks.flatMap(({ changes }) => changes.flatMap(effectKinds));
  const input = aRuleInput({
    plan,
    policy,
    record: recordOf(change),
    // Made before with success, as changes that are typical are.
    history: [
      aPastRelease({ changed: kinds }),
      aPastRelease({ changed: kinds, stack: 'acme-staging', id: 'acme-staging-0003' }),
    ],
  });
  return { ...input, record: completeRecord(recordOf(change), input) };
}

describe('a typical change', () => {
  it('stands in the README with its level and the reason for it', () => {
    const readme = readFileSync(new URL('policies/README.md', root), 'utf8');
    const rows = typicalChanges.map(({ change, level, why }) => `| ${change} | ${level} | ${why} |`);
    expect(rows.length).toBe(30);
    expect(readme).toContain(`\n| change | level | because |\n|---|---|---|\n${rows.join('\n')}\n`);
  });

  it.each(typicalChanges)('$change: $level', (change) => {
    const input = inputOf(change);
    const { effective, reasons } = classifyRisk(input);
    const match = matchCatalogue(input);
    const reached = match.kind === 'matches' ? 'standard' : effective;
    expect({
      level: reached,
      because: reached === change.level ? [] : [...reasons.map(({ id, level }) => `${id} ${level}`), match],
    }).toEqual({
      level: change.level,
      because: [],
    });
  });
});
