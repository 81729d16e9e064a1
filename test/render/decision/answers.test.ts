/** What a change still lacks, as acts of people; commands come after. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { CheckResult } from '../../../policies/model/decision.ts';
import { missingIn } from '../../../scripts/render/decision/answers.ts';

const gate = new URL('../../../policies/gate/', import.meta.url);

function missing(...next: readonly string[]) {
  const check: CheckResult = { id: 'rules', verdict: 'deny', summary: '', reasons: [], next };
  return missingIn({ checks: [check, check] });
}

describe('what is missing', () => {
  it.each([
    ['an act', 'lengthen the slot', ['lengthen the slot'], []],
    ['a seat', 'missing: 1 x cab; Jana Novak could give it', ['1 x cab; Jana Novak could give it'], []],
    ['a command', 'sluice gate --pr 42', [], ['sluice gate --pr 42']],
    ['commands', 'sluice rehearse a, then sluice raise', [], ['sluice rehearse a, then sluice raise']],
    ['both', 'approve again: sluice gate --pr 42', ['approve again'], ['sluice gate --pr 42']],
    ['the command last', 'add it, then sluice check', ['add it'], ['sluice check']],
  ])('is told from what is run afterwards: %s', (_, step, lacking, commands) => {
    expect(missing(step)).toEqual({ lacking, commands });
  });

  it('has no command in any of its items, whatever the gate says', () => {
    const texts = readdirSync(gate)
      .filter((name) => name.endsWith('.ts'))
      .flatMap((name) =>
        [...readFileSync(new URL(name, gate), 'utf8').matchAll(/next:\s*['`](.+)['`],?\n/gu)].map(
          ([, text = '']) => text.replaceAll('${gateCommand(facts)}', 'sluice gate --pr 42'),
        ),
      );
    expect(texts.length).toBeGreaterThan(40);
    expect(
      missing(...texts).lacking.filter((act) => /(?:^|[^\w`])(?:sluice|git|npm) [a-z]/u.test(act)),
    ).toEqual([]);
  });
});
